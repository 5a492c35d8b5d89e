from odoo import models

from ...services.governance.secrets import WITHHELD_MODELS, is_secret_field


class McpSettings(models.Model):
    """The list of what no AI is ever shown, for administrators to look through."""

    _inherit = "mcp.settings"

    def action_open_withheld_fields(self):
        # sudo: MCP administrators need not be administrators of Odoo
        stored = self.env["ir.model.fields"].sudo()
        fields = stored.search_fetch([("model_id.transient", "=", False)], ["model", "name"])
        withheld = fields.filtered(lambda field: field.model in WITHHELD_MODELS or is_secret_field(field.name))
        action = self.env["ir.actions.act_window"]._for_xml_id("odoo_mcp.mcp_withheld_fields_action")
        return {**action, "domain": [("id", "in", withheld.ids)]}
