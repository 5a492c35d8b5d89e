from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...services.identity import keys


class McpKeyWizard(models.TransientModel):
    """Makes a key for a connection and shows it, once; the keys it replaces end after the grace period."""

    _name = "mcp.key.wizard"
    _description = "New MCP Key"

    connection_id = fields.Many2one("mcp.connection", required=True, ondelete="cascade")
    expires_at = fields.Datetime(
        string="Valid until", default=lambda self: self._default_expires_at(), help="Empty means: does not expire."
    )
    replaces = fields.Integer(related="connection_id.live_key_count", string="Working keys")
    grace_hours = fields.Integer(
        string="Old keys go on working for",
        default=lambda self: self.env["mcp.settings"].current().rotation_grace_hours,
        help="Hours, so that there is time to paste the new key into the AI tool. 0 ends the old keys at once.",
    )

    @api.model
    def _default_expires_at(self):
        days = self.env["mcp.settings"].current().key_lifetime_days
        return fields.Datetime.now() + timedelta(days=days) if days else False

    def action_create_key(self):
        """Make the key and open the dialog that shows it. The key is in that answer only, never in the database."""
        self.ensure_one()
        connection = self.connection_id
        connection._check_manageable()
        connection._check_user()
        self._check_form()
        # sudo: credentials are written by the server only, on behalf of whoever may manage the connection
        replaced = connection.sudo()._live_keys()
        replaced._end_within(self.grace_hours)
        key = keys.issue_key(connection, expires_at=self.expires_at)
        connection.sudo().activity_feedback(
            ["odoo_mcp.activity_replace_key"], feedback=self.env._("The key was replaced.")
        )
        return self.env["mcp.connect.wizard"]._show(connection, key)

    def _check_form(self):
        if self.connection_id.state != "active":
            raise UserError(self.env._("This connection is revoked. Reactivate it first."))
        if self.grace_hours < 0:
            raise UserError(self.env._("Old keys can go on working for 0 hours or more."))
        self.env["mcp.connect.wizard"]._check_expiry(self.expires_at)
