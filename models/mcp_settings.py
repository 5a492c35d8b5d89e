from urllib.parse import urlsplit

from odoo import api, fields, models

from ..compat import Constraint
from ..services.identity.caller import DEFAULT_ORIGINS
from ..services.identity.transport import LOCAL_HOSTS


class McpSettings(models.Model):
    """The one record behind the *Server Settings* screen."""

    _name = "mcp.settings"
    _description = "MCP Server Settings"

    singleton = fields.Boolean(default=True, required=True, readonly=True)
    enabled = fields.Boolean(
        string="Server enabled",
        help="The master switch. While it is off, every MCP request is refused, also those with a valid key.",
    )
    key_lifetime_days = fields.Integer(
        string="API key lifetime",
        default=30,
        help="Days until a new key expires. 0 means never.",
    )
    max_payload_kb = fields.Integer(
        string="Largest request",
        default=512,
        help="Kilobytes. A larger request is refused before it is read.",
    )
    max_rows = fields.Integer(
        string="Most records per call",
        default=1000,
        help="However many records an AI asks for, one call never returns more than this.",
    )
    statement_timeout = fields.Integer(
        string="Time limit per query",
        default=30,
        help="Seconds that one database query of a call may take.",
    )
    hide_internal_errors = fields.Boolean(
        string="Hide internal errors",
        default=True,
        help="Unexpected errors reach the AI as a reference number only; the details stay in the server log.",
    )
    allowed_origins = fields.Text(
        string="Allowed origins",
        default=DEFAULT_ORIGINS,
        help="One per line. Web pages from other origins cannot call the server. A port of * means any port.",
    )
    instructions = fields.Text(
        string="Extra instructions",
        help="Added to what every AI is told when it connects, for example naming conventions of your company.",
    )
    audit_retention_days = fields.Integer(
        string="Keep logs for",
        default=90,
        help="Days. 0 keeps the audit log for ever.",
    )
    endpoint_url = fields.Char(string="Endpoint", compute="_compute_endpoint_url")
    sse_url = fields.Char(string="Endpoint for old clients", compute="_compute_endpoint_url")
    base_url_warning = fields.Boolean(compute="_compute_endpoint_url")
    connection_count = fields.Integer(compute="_compute_counts")
    call_count = fields.Integer(compute="_compute_counts")

    _singleton_unique = Constraint("UNIQUE(singleton)", "There is only one MCP server settings record.")
    _singleton_true = Constraint("CHECK(singleton)", "There is only one MCP server settings record.")
    _limits_sensible = Constraint(
        "CHECK(key_lifetime_days >= 0 AND audit_retention_days >= 0 AND max_payload_kb BETWEEN 16 AND 65536"
        " AND max_rows BETWEEN 1 AND 100000 AND statement_timeout BETWEEN 1 AND 3600)",
        "Please check the limits: days cannot be negative, the largest request is 16 to 65,536 KB, "
        "records per call 1 to 100,000, and the time limit 1 to 3,600 seconds.",
    )

    @api.private
    @api.model
    def current(self):
        """The settings record, readable by everybody's calls (they are made with their user's rights)."""
        # sudo: every caller is subject to these limits, whether or not they may open the screen
        return self.sudo().search([], limit=1)

    @api.depends_context("uid")
    def _compute_endpoint_url(self):
        base_url = self.get_base_url()
        for settings in self:
            settings.endpoint_url = f"{base_url}/odoo/mcp"
            settings.sse_url = f"{base_url}/mcp/sse"
            settings.base_url_warning = urlsplit(base_url).hostname in LOCAL_HOSTS

    def _compute_display_name(self):
        for settings in self:
            settings.display_name = self.env._("Server Settings")

    def _compute_counts(self):
        week_ago = fields.Datetime.subtract(fields.Datetime.now(), days=7)
        connections = self.env["mcp.connection"].search_count([("state", "=", "active")])
        calls = self.env["mcp.audit.log"].search_count([("create_date", ">=", week_ago)])
        for settings in self:
            settings.connection_count = connections
            settings.call_count = calls

    def action_toggle_enabled(self):
        for settings in self:
            settings.enabled = not settings.enabled
        return True

    def action_open_connections(self):
        return self.env["ir.actions.act_window"]._for_xml_id("odoo_mcp.mcp_connection_action")

    def action_open_logs(self):
        action = self.env["ir.actions.act_window"]._for_xml_id("odoo_mcp.mcp_audit_log_action")
        return {**action, "context": {"search_default_last_7_days": 1}}
