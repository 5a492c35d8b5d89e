from odoo import api, fields, models

from ...compat import UniqueIndex
from ...services.identity.oauth import grants


class McpConnection(models.Model):
    """Connections that people made themselves by logging in: one per client and person."""

    _inherit = "mcp.connection"

    oauth_client_id = fields.Many2one(
        "mcp.oauth.client",
        string="OAuth client",
        readonly=True,
        copy=False,
        ondelete="restrict",
        index="btree_not_null",
        help="The AI tool that this person allowed to act in their name.",
    )
    grant_ids = fields.One2many("mcp.oauth.grant", "connection_id", string="Logins", readonly=True)

    _one_per_client_and_user = UniqueIndex("(oauth_client_id, user_id) WHERE oauth_client_id IS NOT NULL")

    @api.depends("oauth_client_id")
    def _compute_tool_label(self):
        super()._compute_tool_label()
        for connection in self.filtered(lambda connection: connection.oauth_client_id and not connection.client):
            # sudo: the name of the AI tool that this person connected
            connection.tool_label = connection.oauth_client_id.sudo().name

    @api.private
    def _revoked(self):
        super()._revoked()
        grants.end(self.env, [("connection_id", "in", self.ids)], "the connection was revoked")
