from odoo import api, fields, models
from odoo.exceptions import UserError

from ...services.identity.oauth import clients, people
from .mcp_oauth_client_wizard import KNOWN_REDIRECTS

# Ways in for which an administrator makes a client ID and secret.
_WITH_CLIENT = ("custom", "shared")


class McpConnectWizard(models.TransientModel):
    """The ways in that end in a browser login."""

    _inherit = "mcp.connect.wizard"

    redirect_uris = fields.Text(
        string="Redirect URIs",
        compute="_compute_redirect_uris",
        store=True,
        readonly=False,
        help="Where people are sent back to after they logged in, one address per line. The AI tool's documentation "
        "names it, often as callback URL. ChatGPT shows one for each connector: add it to the client in Odoo.",
    )
    makes_client = fields.Boolean(compute="_compute_makes_client")

    @api.model
    @api.private
    def _ways_here(self):
        ways = super()._ways_here()
        if self._is_manager():
            return [*ways, "oauth", *_WITH_CLIENT]
        return ways if people.why_not_allowed(self.env.user) else [*ways, "oauth"]

    def _offers(self, way):
        return super()._offers(way) and not (self.personal and way in _WITH_CLIENT)

    @api.depends("way_in")
    def _compute_makes_client(self):
        for wizard in self:
            wizard.makes_client = wizard.way_in in _WITH_CLIENT

    @api.depends("client", "way_in")
    def _compute_redirect_uris(self):
        hosts = {"claude_ai": "claude", "chatgpt": "chatgpt"}
        for wizard in self:
            host = hosts.get(wizard.client)
            known = [uri for uri in KNOWN_REDIRECTS if wizard.way_in == "shared" or (host and f"//{host}." in uri)]
            wizard.redirect_uris = "\n".join(known) if wizard.way_in in _WITH_CLIENT else False

    def _connect_custom(self):
        return self._connect_with_client("custom")

    def _connect_shared(self):
        return self._connect_with_client("shared")

    def _connect_with_client(self, source):
        if not self.name or not self.redirect_uris:
            raise UserError(self.env._("Give the client a name, and the redirect URIs of the AI tool."))
        client = self.env["mcp.oauth.client"].create(
            {
                "name": self.name,
                "source": source,
                "redirect_uris": self.redirect_uris,
                "auth_method": "client_secret_basic",
            }
        )
        secret = clients.issue_secret(client)
        action = self._show(self.env["mcp.connection"], "", client=self.client, way_in=source)
        action["params"]["credentials"] = [
            {"label": self.env._("Client ID"), "value": client.client_id},
            {"label": self.env._("Client secret"), "value": secret},
        ]
        return action
