from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError

from ..compat import Constraint


class McpCredential(models.Model):
    """One version of a connection's key. Only its SHA-256 is stored; the key itself is shown once."""

    _name = "mcp.credential"
    _description = "MCP Key"
    _order = "id desc"
    _rec_name = "prefix"

    connection_id = fields.Many2one("mcp.connection", required=True, ondelete="cascade", index=True)
    kind = fields.Selection(
        [("api_key", "API key"), ("pat", "Personal access token")],
        default="api_key",
        required=True,
        readonly=True,
        help="An API key was made by an administrator, a personal access token by the user it acts as.",
    )
    version = fields.Integer(required=True, readonly=True)
    prefix = fields.Char(required=True, readonly=True, help="The first characters of the key, to tell keys apart.")
    # Not readable by anybody through the ORM: bearer look-up is one SQL statement.
    key_hash = fields.Char(required=True, readonly=True, index=True, groups=fields.NO_ACCESS)
    expires_at = fields.Datetime(string="Expires", readonly=True)
    revoked_at = fields.Datetime(string="Revoked", readonly=True)
    last_used_at = fields.Datetime(string="Last call", readonly=True)
    warned_at = fields.Datetime(string="Owner warned", readonly=True)
    is_live = fields.Boolean(compute="_compute_is_live", string="Works")
    state = fields.Selection(
        [("live", "Works"), ("expired", "Expired"), ("revoked", "Revoked")], compute="_compute_is_live", string="Status"
    )

    _key_hash_unique = Constraint("UNIQUE(key_hash)", "This key already exists.")

    @api.depends("expires_at", "revoked_at")
    def _compute_is_live(self):
        now = fields.Datetime.now()
        for credential in self:
            credential.is_live = not credential.revoked_at and (
                not credential.expires_at or credential.expires_at > now
            )
            ended = "revoked" if credential.revoked_at else "expired"
            credential.state = "live" if credential.is_live else ended

    def action_revoke(self):
        """Refuse this one key from the next call on; other keys of the connection go on working."""
        self.connection_id._check_manageable()
        # sudo: administrators may not write credentials by hand, only through this button
        self.sudo()._revoke()
        return True

    @api.private
    def _end_within(self, hours):
        """Let these keys go on working for ``hours`` at most; a key that ends earlier anyway still does."""
        if not hours:
            return self._revoke()
        # by the clock that decides over every call: those of servers differ
        end = self.env.cr.now().replace(microsecond=0) + timedelta(hours=hours)
        live = self.filtered("is_live")
        live.filtered(lambda credential: not credential.expires_at or credential.expires_at > end).expires_at = end
        return None

    def _revoke(self):
        self.filtered(lambda credential: not credential.revoked_at).write({"revoked_at": fields.Datetime.now()})

    def copy(self, default=None):  # noqa: ARG002  pylint: disable=method-required-super
        raise AccessError(self.env._("A key cannot be copied: only its hash is known. Make a new key instead."))
