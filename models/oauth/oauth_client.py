from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError

from ...compat import Constraint
from ...services.identity.oauth import clients, grants, redirects, scopes, tokens


class McpOauthClient(models.Model):
    """An AI tool that asks people, in their browser, for the permission to act in their name."""

    _name = "mcp.oauth.client"
    _description = "MCP OAuth Client"
    _inherit = ["mail.thread"]
    _order = "id desc"

    name = fields.Char(required=True, tracking=True, help="What people read when they are asked for permission.")
    source = fields.Selection(
        [
            ("registered", "Registered itself"),
            ("document", "Metadata document"),
            ("custom", "Custom OAuth"),
            ("shared", "Shared client"),
        ],
        required=True,
        readonly=True,
        default="custom",
    )
    client_id = fields.Char(string="Client ID", required=True, readonly=True, copy=False)
    # Not readable by anybody through the ORM; compared in one place.
    secret_hash = fields.Char(readonly=True, copy=False, groups=fields.NO_ACCESS)
    auth_method = fields.Selection(
        [
            ("none", "Public: no secret, proof by PKCE"),
            ("client_secret_basic", "Secret in the header"),
            ("client_secret_post", "Secret in the form"),
        ],
        string="Proves itself by",
        required=True,
        readonly=True,
        default="none",
    )
    redirect_uris = fields.Text(
        string="Redirect URIs",
        required=True,
        tracking=True,
        help="Where people are sent back to after they agreed, one address per line. Only exactly these are accepted; "
        "for addresses on localhost, any port.",
    )
    scope = fields.Char(string="May ask for", required=True, readonly=True, default=scopes.join(scopes.SCOPES))
    refreshes = fields.Boolean(
        string="Stays connected", readonly=True, default=True, help="It gets refresh tokens: no new login every hour."
    )
    approved = fields.Boolean(
        default=True,
        tracking=True,
        copy=False,
        help="Only approved clients can be used. Taking the approval away disconnects everybody at once.",
    )
    whitelisted = fields.Boolean(
        string="White list",
        tracking=True,
        copy=False,
        help="Further registrations with the same redirect URIs are approved without asking. "
        "Mind that addresses on localhost are shared by all programs on a computer.",
    )
    client_uri = fields.Char(string="Website", readonly=True)
    software = fields.Char(readonly=True)
    registered_ip = fields.Char(string="Registered from", readonly=True, index=True)
    last_used_at = fields.Datetime(string="Last login", readonly=True, copy=False)
    document_expires_at = fields.Datetime(string="Document valid until", readonly=True, copy=False)
    connection_ids = fields.One2many("mcp.connection", "oauth_client_id", string="Connected users", readonly=True)
    connection_count = fields.Integer(compute="_compute_connection_count", string="Users")

    _client_id_unique = Constraint("UNIQUE(client_id)", "There is a client with this ID already.")

    def _compute_connection_count(self):
        counts = dict(
            self.env["mcp.connection"]._read_group(
                [("oauth_client_id", "in", self.ids), ("state", "=", "active")], ["oauth_client_id"], ["__count"]
            )
        )
        for client in self:
            client.connection_count = counts.get(client, 0)

    @api.private
    def redirects(self):
        """The registered redirect URIs, as a list."""
        return (self.redirect_uris or "").split()

    @api.constrains("redirect_uris")
    def _check_redirect_uris(self):
        app_schemes = self.env["mcp.settings"].current().app_schemes()
        for client in self:
            if not client.redirects():
                raise ValidationError(self.env._("Give at least one redirect URI: where people are sent back to."))
            for uri in client.redirects():
                try:
                    redirects.check(uri, app_schemes)
                except redirects.BadRedirectError as error:
                    raise ValidationError(str(error)) from error

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            vals.setdefault("client_id", tokens.new_client_id())
        return super().create(vals_list)

    def write(self, vals):
        result = super().write(vals)
        if vals.get("approved") is False:
            grants.end(self.env, [("client_id", "in", self.ids)], "the client's approval was taken away")
        return result

    def copy(self, default=None):  # noqa: ARG002  pylint: disable=method-required-super
        raise AccessError(self.env._("A client cannot be copied: its secret is unknown. Create a new one instead."))

    @api.ondelete(at_uninstall=False)
    def _unlink_if_nobody_connected(self):
        # sudo: also connections that this person may not see count
        if self.env["mcp.connection"].sudo().search_count([("oauth_client_id", "in", self.ids)], limit=1):
            raise ValidationError(
                self.env._("People connected through this client. Take its approval away instead of deleting it.")
            )

    def action_approve(self):
        return self.write({"approved": True})

    def action_disapprove(self):
        return self.write({"approved": False})

    def action_revoke_all(self):
        """Disconnect everybody who connected through these clients; they can be used by others again."""
        self.check_access("write")
        self.connection_ids.filtered(lambda connection: connection.state == "active").action_revoke()
        return True

    def action_new_secret(self):
        """Replace the secret by another one, which is shown once."""
        self.ensure_one()
        self.check_access("write")
        if self.auth_method == "none":
            raise ValidationError(self.env._("A public client has no secret."))
        return self._show(clients.issue_secret(self))

    def _show(self, secret):
        """The dialog with what is to be pasted into the AI tool; ``secret`` is in this answer only, or None."""
        return {
            "type": "ir.actions.client",
            "tag": "odoo_mcp.show_client",
            "name": self.env._("Your OAuth client"),
            "target": "new",
            "params": {
                "name": self.name,
                "client_id": self.client_id,
                "secret": secret or False,
                "endpoint": self.env["mcp.settings"].current().endpoint_url,
            },
        }

    def action_open_connections(self):
        action = self.env["ir.actions.act_window"]._for_xml_id("odoo_mcp.mcp_connection_action")
        return {**action, "domain": [("oauth_client_id", "in", self.ids)], "context": {}}

    @api.autovacuum
    def _gc_unused(self):
        """Forget self-made clients that nobody used: clients register anew at every attempt to connect."""
        days = self.env["mcp.settings"].current().oauth_unused_days
        limit = fields.Datetime.subtract(fields.Datetime.now(), days=days)
        unused = self.search(
            [
                ("source", "in", ("registered", "document")),
                ("create_date", "<", limit),
                ("connection_ids", "=", False),
                ("whitelisted", "=", False),
                "|",
                ("last_used_at", "=", False),
                ("last_used_at", "<", limit),
            ],
            limit=10_000,
        )
        unused.unlink()
