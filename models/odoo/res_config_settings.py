from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    """The main switches of the MCP server on Odoo's own Settings page."""

    _inherit = "res.config.settings"

    mcp_settings_id = fields.Many2one(
        "mcp.settings", string="MCP Server Settings", default=lambda self: self.env["mcp.settings"].current()
    )
    mcp_enabled = fields.Boolean(related="mcp_settings_id.enabled", readonly=False)
    mcp_endpoint_url = fields.Char(related="mcp_settings_id.endpoint_url")
    mcp_rate_per_minute = fields.Integer(related="mcp_settings_id.rate_per_minute", readonly=False)
    mcp_rate_per_day = fields.Integer(related="mcp_settings_id.rate_per_day", readonly=False)
    mcp_audit_retention_days = fields.Integer(related="mcp_settings_id.audit_retention_days", readonly=False)
    mcp_log_payloads = fields.Boolean(related="mcp_settings_id.log_payloads", readonly=False)
    mcp_use_redis = fields.Boolean(related="mcp_settings_id.use_redis", readonly=False)

    def action_open_mcp_settings(self):
        return self.env["ir.actions.act_window"]._for_xml_id("odoo_mcp.mcp_settings_action")
