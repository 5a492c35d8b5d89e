from odoo import fields, models


class ResUsers(models.Model):
    """What users do themselves about the AI tools that work in their name."""

    _inherit = "res.users"

    mcp_connection_ids = fields.One2many("mcp.connection", "user_id", string="AI tools")
    mcp_personal_tokens = fields.Boolean(compute="_compute_mcp_personal_tokens")

    @property
    def SELF_READABLE_FIELDS(self):
        return [*super().SELF_READABLE_FIELDS, "mcp_connection_ids", "mcp_personal_tokens"]

    def _compute_mcp_personal_tokens(self):
        self.mcp_personal_tokens = self.env["mcp.settings"].current().personal_tokens

    def action_mcp_connect(self):
        """Connect an AI tool of one's own."""
        action = self.env["ir.actions.act_window"]._for_xml_id("odoo_mcp.mcp_connect_wizard_action")
        return {**action, "context": {"default_personal": True}}

    def action_mcp_token(self):
        """Make a personal access token, for a tool that the person knows how to set up."""
        action = self.action_mcp_connect()
        action["name"] = self.env._("New Personal Access Token")
        context = {"default_client": "other", "default_way_in": "api_key", "default_step": "details"}
        return {**action, "context": {**action["context"], **context}}

    def write(self, vals):
        result = super().write(vals)
        if "password" in vals and self.env["mcp.settings"].current().revoke_on_password_change:
            # sudo: whoever may set the password also ends what works in the user's name
            connections = self.env["mcp.connection"].sudo()
            connections.search([("user_id", "in", self.ids), ("state", "=", "active")]).write({"state": "revoked"})
        return result
