import json

from odoo import api, fields, models

from ..compat import Index
from ..services.governance import sealing

OUTCOMES = [
    ("ok", "Done"),
    ("error", "Failed"),
    ("refused", "Refused"),
    ("pending", "Awaiting approval"),
]


class Mention(fields.Many2one):
    """A many2one without a foreign key: the row tells what was, and inserting it locks and looks up nothing."""

    def update_db_foreign_key(self, model, column):  # noqa: ARG002
        return


def _indented(payload):
    """A payload as it is read best; one that was cut off is shown as it is."""
    try:
        return payload and json.dumps(json.loads(payload), indent=2, ensure_ascii=False)
    except ValueError:
        return payload


class McpAuditLog(models.Model):
    """One row per request, also for those that failed or were refused.

    Rows are written by :mod:`odoo_mcp.services.governance.audit` in SQL. The ORM refuses every change, to
    administrators and to the system itself, so that nothing in Odoo can rewrite what happened.
    """

    _name = "mcp.audit.log"
    _inherit = ["mcp.unchangeable"]
    _description = "MCP Audit Log"
    _order = "id desc"
    _log_access = False

    create_date = fields.Datetime(string="Time", readonly=True, index=True)
    connection_id = Mention("mcp.connection", readonly=True, index="btree_not_null")
    credential_id = Mention("mcp.credential", string="Key", readonly=True)
    session_id = Mention("mcp.session", readonly=True, index="btree_not_null")
    user_id = Mention("res.users", string="User", readonly=True, index="btree_not_null")
    ip_address = fields.Char(string="IP address", readonly=True)
    client = fields.Char(string="AI tool", readonly=True, help="Name and version that the AI tool gave.")
    protocol_version = fields.Char(string="Protocol", readonly=True)
    method = fields.Char(readonly=True)
    tool = fields.Char(readonly=True)
    res_model = fields.Char(string="Model", readonly=True)
    res_ids = fields.Char(string="Record ids", readonly=True, help="The first identifiers that the call was about.")
    outcome = fields.Selection(OUTCOMES, readonly=True, required=True)
    http_status = fields.Integer(string="HTTP status", readonly=True)
    error_code = fields.Integer(readonly=True)
    error = fields.Char(readonly=True)
    rows = fields.Integer(readonly=True, help="Records in the answer.")
    request_payload = fields.Text(string="Request", readonly=True)
    response_payload = fields.Text(string="Answer", readonly=True)
    seal_id = fields.Integer(readonly=True, index="btree_not_null")
    duration_ms = fields.Float(string="Milliseconds", digits=(12, 2), readonly=True)

    change_id = Mention("mcp.change", readonly=True, help="What the call changed, field by field.")
    request_text = fields.Text(string="What was asked", compute="_compute_texts")
    response_text = fields.Text(string="What was answered", compute="_compute_texts")
    call_label = fields.Char(string="Call", compute="_compute_call_label", help="The tool, or what else was asked.")
    model_label = fields.Char(string="Kind of record", compute="_compute_model_label")
    is_write = fields.Boolean(
        string="Writes",
        compute="_compute_is_write",
        search="_search_is_write",
        help="A call of a tool that changes data.",
    )

    _unsealed = Index("(id) WHERE seal_id IS NULL")

    @api.depends("request_payload", "response_payload")
    def _compute_texts(self):
        """The payloads, indented for people."""
        for row in self:
            row.request_text = _indented(row.request_payload)
            row.response_text = _indented(row.response_payload)

    @api.depends("tool", "method")
    def _compute_call_label(self):
        for row in self:
            row.call_label = row.tool or row.method

    @api.depends("call_label")
    def _compute_display_name(self):
        for row in self:
            row.display_name = row.call_label

    @api.depends("res_model")
    @api.depends_context("lang")
    def _compute_model_label(self):
        for row in self:
            # sudo: what people call a kind of record is no secret; calls of apps that were removed keep their name
            row.model_label = self.env["ir.model"].sudo()._get(row.res_model).name or row.res_model

    @api.depends("tool")
    def _compute_is_write(self):
        names = self._writing_tools()
        for row in self:
            row.is_write = row.tool in names

    def _search_is_write(self, operator, value):
        positive = operator in ("=", "in") and (value is True or (not isinstance(value, bool) and True in value))
        positive = positive or (operator in ("!=", "not in") and value is False)
        return [("tool", "in" if positive else "not in", self._writing_tools())]

    @api.model
    def _writing_tools(self):
        return self.env["mcp.tool"].with_context(active_test=False).search([("risk", "!=", "read")]).mapped("name")

    def action_verify(self):
        """Check the whole log and show what was found."""
        return self.env["mcp.audit.check"].action_open()

    @api.autovacuum
    def _gc_old_rows(self):
        """Delete whole sealed batches that are older than the settings keep them."""
        days = self.env["mcp.settings"].current().audit_retention_days
        if days:
            sealing.remove_old(self.env.cr, days)
