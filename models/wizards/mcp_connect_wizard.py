from datetime import timedelta
from urllib.parse import urlsplit

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...services.clients import CLIENTS, KEY_WAYS, render
from ...services.identity import keys
from ...services.identity.transport import LOCAL_HOSTS
from ..mcp_connection import WAYS_IN


class McpConnectWizard(models.TransientModel):
    """*Connect a New Tool*: pick the tool, and it ends with what to paste and do, with the real address and key.

    An MCP administrator connects tools for anybody; every other MCP user for themselves, with a personal access token.
    """

    _name = "mcp.connect.wizard"
    _description = "Connect a New AI Tool"

    step = fields.Selection([("tool", "Choose the tool"), ("details", "Choose how")], default="tool", required=True)
    client = fields.Selection(
        selection=lambda _self: [(code, client.name) for code, client in CLIENTS.items()], string="AI tool"
    )
    catalog = fields.Json(compute="_compute_catalog")
    ways = fields.Json(compute="_compute_ways")
    way_in = fields.Selection(WAYS_IN, string="Way in", compute="_compute_way_in", store=True, readonly=False)
    holds_keys = fields.Boolean(compute="_compute_holds_keys")
    personal = fields.Boolean(
        default=lambda self: not self._is_manager(), help="The person at the screen connects a tool for themselves."
    )
    name = fields.Char(compute="_compute_name", store=True, readonly=False)
    user_id = fields.Many2one("res.users", string="Acts as", default=lambda self: self.env.user)
    expires_at = fields.Datetime(
        string="Valid until",
        default=lambda self: self.env["mcp.key.wizard"]._default_expires_at(),
        help="Empty means: does not expire.",
    )
    problem = fields.Text(compute="_compute_problem")

    # ------------------------------------------------------------------ what can be chosen

    @api.model
    def _is_manager(self):
        return self.env.user.has_group("odoo_mcp.group_manager")

    @api.depends("step")
    def _compute_catalog(self):
        translate = self.env._
        catalog = [
            {
                "code": client.code,
                "name": client.name,
                "summary": translate(client.summary),
                "icon": client.icon,
            }
            for client in CLIENTS.values()
            if self._offered(client)
        ]
        for wizard in self:
            wizard.catalog = catalog

    @api.model
    def _offered(self, client):
        return any(way in self._ways_here() for way in client.guides)

    @api.model
    @api.private
    def _ways_here(self):
        """The ways in that this server offers to the person at the screen. Areas that bring a way in extend it."""
        return ["api_key"] if self._is_manager() or self.env["mcp.settings"].current().personal_tokens else []

    @api.model
    @api.private
    def _way_texts(self):
        """Title and explanation of each way in."""
        return {
            "api_key": (
                self.env._("API key"),
                self.env._(
                    "The tool sends a key with every call. For tools with a configuration file, and for scripts."
                ),
            ),
            "oauth": (
                self.env._("Browser login"),
                self.env._(
                    "The tool opens Odoo's login page, and you allow the access. Nothing to copy but an address."
                ),
            ),
            "custom": (
                self.env._("Custom OAuth"),
                self.env._("For a tool with a callback URL of its own: you get a client ID and a client secret."),
            ),
            "shared": (
                self.env._("Shared client"),
                self.env._("One client ID and secret for a team. Everybody still logs in as themselves."),
            ),
        }

    def _offered_ways(self):
        guides = CLIENTS[self.client].guides if self.client else ()
        here = self._ways_here()
        return [way for way in guides if way in here and self._offers(way)]

    def _offers(self, way):  # noqa: ARG002
        """Whether ``way``, which this server offers, fits what was filled in."""
        return True

    @api.depends("client", "personal")
    def _compute_ways(self):
        texts = self._way_texts()
        for wizard in self:
            offered = wizard._offered_ways()
            wizard.ways = [
                {
                    "code": way,
                    "title": self.env._("Personal access token")
                    if way == "api_key" and wizard.personal
                    else texts[way][0],
                    "text": texts[way][1],
                    "recommended": way == offered[0] and len(offered) > 1,
                }
                for way in offered
            ]

    @api.depends("client", "personal")
    def _compute_way_in(self):
        for wizard in self:
            offered = wizard._offered_ways()
            wizard.way_in = wizard.way_in if wizard.way_in in offered else (offered[0] if offered else False)

    @api.depends("way_in")
    def _compute_holds_keys(self):
        for wizard in self:
            wizard.holds_keys = wizard.way_in in KEY_WAYS

    @api.depends("client", "user_id", "way_in")
    def _compute_name(self):
        for wizard in self:
            if not wizard.client:
                wizard.name = False
                continue
            owner = self.env.company.name if wizard.way_in == "shared" else (wizard.user_id or self.env.user).name
            wizard.name = self.env._("%(tool)s of %(owner)s", tool=CLIENTS[wizard.client].name, owner=owner)

    @api.depends("client", "way_in")
    def _compute_problem(self):
        settings = self.env["mcp.settings"].current()
        address = urlsplit(settings.endpoint_url)
        for wizard in self:
            wizard.problem = wizard._find_problem(settings, address)

    def _find_problem(self, settings, address):
        """Why the tool would not get through, in a sentence, or False."""
        if not settings.enabled:
            return self.env._("The MCP server is switched off: the tool is refused until it is enabled.")
        client = CLIENTS.get(self.client)
        in_cloud = client and client.runs_in_cloud
        if in_cloud and (address.hostname in LOCAL_HOSTS or address.scheme != "https"):
            return self.env._(
                "%(tool)s calls from the internet, and needs an address that begins with https://. The address of "
                "this server is %(address)s. An Odoo administrator changes it in the system parameter web.base.url.",
                tool=client.name,
                address=settings.endpoint_url,
            )
        if settings.https_only and address.scheme != "https" and address.hostname not in LOCAL_HOSTS:
            return self.env._(
                "The address of this server begins with http://, but it accepts HTTPS only. Change the system "
                "parameter web.base.url, or switch off “HTTPS only” in Server Settings."
            )
        return False

    # ------------------------------------------------------------------ the steps

    def action_connect(self):
        """Connect by the chosen way in, and show what is to be done in the tool."""
        self.ensure_one()
        if not self.client or self.way_in not in self._offered_ways():
            raise UserError(self.env._("This way in is not offered for this tool. Choose another one."))
        return getattr(self, f"_connect_{self.way_in}")()

    def _connect_api_key(self):
        if not self.name:
            raise UserError(self.env._("Give the connection a name, by which you will recognise the AI tool."))
        self._check_expiry(self.expires_at)
        values = {
            "name": self.name,
            "client": self.client,
            "user_id": self.user_id.id,
            "way_in": "pat" if self.personal else "api_key",
        }
        if self._is_manager() and not self.personal:
            connection = self.env["mcp.connection"].create(values)
        else:
            # sudo: users connect tools for themselves, if the settings let them, but create no connections otherwise
            values["user_id"] = self.env.uid
            connection = self.env["mcp.connection"].sudo().create(values).sudo(False)
        return self._show(connection, keys.issue_key(connection, expires_at=self.expires_at))

    def _connect_oauth(self):
        return self._show(self.env["mcp.connection"], "", client=self.client, way_in="oauth")

    @api.model
    @api.private
    def _check_expiry(self, expires_at):
        if expires_at and expires_at <= fields.Datetime.now():
            raise UserError(self.env._("“Valid until” has passed already. Choose a later date."))
        days = self.env["mcp.settings"].current().key_lifetime_days
        if not days or self._is_manager():
            return
        # an hour of tolerance: the form was filled in a while ago
        latest = fields.Datetime.now() + timedelta(days=days, hours=1)
        if not expires_at or expires_at > latest:
            raise UserError(
                self.env._("On this server a key is valid for %s days at most. Choose an earlier date.", days)
            )

    # ------------------------------------------------------------------ the last screen

    @api.model
    @api.private
    def _show(self, connection, key, client="", way_in=""):
        """The action that shows what to paste and do, and waits for the tool's first call.

        :param connection: may be empty, when the tool's login will make it
        :param key: shown this once; empty if there is none to show
        """
        way_in = way_in or connection.way_in
        code = client or connection.client or "other"
        settings = self.env["mcp.settings"].current()
        guide = CLIENTS[code].guide(way_in) or CLIENTS["other"].guide(way_in)
        facts = {
            "url": settings.endpoint_url,
            "sse": settings.sse_url,
            "key": key or self.env._("YOUR-KEY"),
        }
        key_place = facts["key"]
        return {
            "type": "ir.actions.client",
            "tag": "odoo_mcp.connected",
            "name": self.env._("Connect %s", CLIENTS[code].name),
            "target": "new",
            "context": {"dialog_size": "large"},
            "params": {
                "credentials": [{"label": self.env._("Key"), "value": key}] if key else [],
                "endpoint": settings.endpoint_url,
                "way_in": way_in,
                "holds_keys": way_in in KEY_WAYS,
                "key_place": key_place,
                "connection_id": connection.id or False,
                "connection_name": connection.name or CLIENTS[code].name,
                "client": CLIENTS[code].name,
                "since": fields.Datetime.to_string(self._database_now()),
                "guide": render(guide, facts, self.env._) if guide else False,
                "problem": self._find_problem(settings, urlsplit(settings.endpoint_url)),
                "can_check": self._is_manager(),
            },
        }

    @api.model
    def _database_now(self):
        """The time by the clock that also notes calls: Odoo's own may be ahead, and would then miss the first one."""
        self.env.cr.execute("SELECT now() AT TIME ZONE 'UTC'")
        return self.env.cr.fetchone()[0]

    @api.model
    @api.private
    def _how_to_connect(self, connection):
        return self._show(connection, "")

    @api.model
    def find_new_connection(self, since):
        """The connection that a browser login made for the person at the screen since ``since`` (UTC, as text).

        :return: its id, or False
        """
        connection = self.env["mcp.connection"].search(
            [
                ("create_date", ">=", since),
                ("way_in", "not in", KEY_WAYS),
                *([] if self._is_manager() else [("user_id", "=", self.env.uid)]),
            ],
            order="id desc",
            limit=1,
        )
        return connection.id
