from odoo import fields, models


class McpCredential(models.Model):
    """Access tokens are keys like others, so that finding one costs the same; these say what they may be used for."""

    _inherit = "mcp.credential"

    kind = fields.Selection(selection_add=[("oauth", "Browser login")], ondelete={"oauth": "cascade"})
    grant_id = fields.Many2one("mcp.oauth.grant", readonly=True, ondelete="cascade", index="btree_not_null")
    scope = fields.Char(readonly=True, help="What the person allowed; empty: whatever the connection allows.")
    audience = fields.Char(readonly=True, help="The endpoint that the token is for.")
    may_step_up = fields.Boolean(readonly=True, help="The client asked for less than it could have, and may ask again.")
    companies = fields.Char(readonly=True, help="Comma-separated ids that the person allowed; empty: all.")
