from odoo import api, fields, models

from ...services.identity.oauth import clients

# Where well-known AI tools want people to be sent back to.
KNOWN_REDIRECTS = (
    "https://claude.ai/api/mcp/auth_callback",
    "https://claude.com/api/mcp/auth_callback",
    "https://chatgpt.com/connector_platform_oauth_redirect",
    "http://localhost/callback",
    "http://localhost/oauth/callback",
    "http://127.0.0.1/callback",
    "http://127.0.0.1/oauth/callback",
)


class McpOauthClientWizard(models.TransientModel):
    """Creates an OAuth client by hand and shows its secret, once."""

    _name = "mcp.oauth.client.wizard"
    _description = "New MCP OAuth Client"

    source = fields.Selection(
        [("shared", "Shared client"), ("custom", "Custom OAuth")], required=True, default="shared"
    )
    name = fields.Char(required=True, help="What people read when they are asked for permission.")
    redirect_uris = fields.Text(
        string="Redirect URIs",
        required=True,
        compute="_compute_redirect_uris",
        store=True,
        precompute=True,
        readonly=False,
        help="One per line. The AI tool's documentation names it, often as callback URL. "
        "ChatGPT shows one for each connector: add it here.",
    )
    public = fields.Boolean(
        string="Without a secret",
        help="For programs that cannot keep one, such as desktop apps; they prove themselves by PKCE.",
    )

    @api.depends("source")
    def _compute_redirect_uris(self):
        for wizard in self:
            wizard.redirect_uris = "\n".join(KNOWN_REDIRECTS) if wizard.source == "shared" else False

    def action_create_client(self):
        """Create the client and open the dialog that shows its secret, which is never in the database."""
        self.ensure_one()
        client = self.env["mcp.oauth.client"].create(
            {
                "name": self.name,
                "source": self.source,
                "redirect_uris": self.redirect_uris,
                "auth_method": "none" if self.public else "client_secret_basic",
            }
        )
        return client._show(None if self.public else clients.issue_secret(client))
