from datetime import timedelta

from odoo import api, fields, models

from ...services.identity import keys


class McpKeyWizard(models.TransientModel):
    """Makes a key for a connection and shows it, once."""

    _name = "mcp.key.wizard"
    _description = "New MCP Key"

    connection_id = fields.Many2one("mcp.connection", required=True, ondelete="cascade")
    expires_at = fields.Datetime(
        string="Valid until", default=lambda self: self._default_expires_at(), help="Empty means: does not expire."
    )
    revoke_others = fields.Boolean(
        string="Revoke the other keys now",
        help="Otherwise they go on working until they expire, so that you can replace the key without an interruption.",
    )
    endpoint_url = fields.Char(compute="_compute_endpoint_url")

    @api.model
    def _default_expires_at(self):
        days = self.env["mcp.settings"].current().key_lifetime_days
        return fields.Datetime.now() + timedelta(days=days) if days else False

    def _compute_endpoint_url(self):
        for wizard in self:
            wizard.endpoint_url = self.env["mcp.settings"].current().endpoint_url

    def action_create_key(self):
        """Make the key and open the dialog that shows it. The key is in that answer only, never in the database."""
        self.ensure_one()
        self.connection_id.check_access("write")
        self.connection_id._check_user()
        if self.revoke_others:
            # sudo: administrators may not write credentials by hand, only through these buttons
            self.sudo().connection_id.credential_ids._revoke()
        key = keys.issue_key(self.connection_id, expires_at=self.expires_at)
        return {
            "type": "ir.actions.client",
            "tag": "odoo_mcp.show_key",
            "name": self.env._("Your new key"),
            "target": "new",
            "params": {
                "key": key,
                "endpoint": self.endpoint_url,
                "connection": self.connection_id.name,
                "expires_at": self.expires_at and fields.Datetime.to_string(self.expires_at),
            },
        }
