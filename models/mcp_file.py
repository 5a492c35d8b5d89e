from odoo import api, fields, models

from ..compat import Constraint

DIRECTIONS = [("download", "Download"), ("upload", "Upload")]


class McpFile(models.Model):
    """A link to one file that works once; rows are made and used in ``services/files/links.py`` only."""

    _name = "mcp.file"
    _description = "MCP File Link"
    _order = "id desc"

    token_hash = fields.Char(required=True, readonly=True, index=True)
    direction = fields.Selection(DIRECTIONS, required=True, readonly=True)
    credential_id = fields.Many2one("mcp.credential", required=True, readonly=True, ondelete="cascade", index=True)
    user_id = fields.Many2one("res.users", required=True, readonly=True, ondelete="cascade", index=True)
    name = fields.Char(readonly=True)
    mimetype = fields.Char(readonly=True)
    content = fields.Binary(attachment=True, readonly=True)
    attachment_id = fields.Many2one("ir.attachment", readonly=True, ondelete="cascade")
    res_model = fields.Char(readonly=True)
    res_id = fields.Integer(readonly=True)
    expires_at = fields.Datetime(required=True, readonly=True, index=True)
    used_at = fields.Datetime(readonly=True)

    _token_hash_unique = Constraint("UNIQUE(token_hash)", "There is already a link with this token.")

    @api.autovacuum
    def _delete_used_up(self):
        """Links that were used or have expired, and what they held."""
        # sudo: nobody has rights on this model
        self.sudo().search(
            ["|", ("expires_at", "<", fields.Datetime.now()), ("used_at", "!=", False)], limit=10_000
        ).unlink()
