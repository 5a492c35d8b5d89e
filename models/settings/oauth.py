from babel.units import format_unit

from odoo import api, fields, models
from odoo.tools.misc import babel_locale_parse

from ...compat import Constraint
from ...services.identity import standing

_UNITS = (("day", 86400), ("hour", 3600), ("minute", 60), ("second", 1))

DEFAULT_APP_SCHEMES = "cursor vscode vscode-insiders windsurf"


class McpSettings(models.Model):
    """Browser logins: who may give them, to whom, and for how long."""

    _inherit = "mcp.settings"

    oauth_access_seconds = fields.Integer(
        string="Access token",
        default=3600,
        help="Seconds that an AI tool works before it has to renew its login, which it does by itself.",
    )
    oauth_refresh_seconds = fields.Integer(
        string="Refresh token",
        default=2_592_000,
        help="Seconds without a call after which the person has to log in again. 2,592,000 are 30 days.",
    )
    oauth_grace_seconds = fields.Integer(
        string="Refresh grace",
        default=60,
        help="A refresh token works once. An AI tool that did not get the answer may ask again within these seconds, "
        "and gets the same answer; later, its login is ended, since somebody may have stolen it. 0: never twice.",
    )
    oauth_registration = fields.Boolean(
        string="Allow Dynamic Client Registration",
        default=True,
        help="AI tools such as Claude and ChatGPT introduce themselves. Switched off, an administrator creates each "
        "OAuth client by hand.",
    )
    oauth_require_approval = fields.Boolean(
        string="New clients need approval",
        help="AI tools that introduced themselves can be used only after an administrator approved them "
        "under OAuth Clients.",
    )
    oauth_group_ids = fields.Many2many(
        "res.groups",
        "mcp_settings_oauth_group_rel",
        "settings_id",
        "group_id",
        string="Who may log in AI tools",
        help="Only users of these groups may connect AI tools by logging in. Empty: every MCP user.",
    )
    oauth_app_schemes = fields.Char(
        string="Schemes of desktop apps",
        default=DEFAULT_APP_SCHEMES,
        help="Desktop apps that may be sent the result of a login under their own scheme, separated by spaces. "
        "Only name apps that your people use: any program can claim a scheme.",
    )
    oauth_unused_days = fields.Integer(
        string="Forget clients after", default=7, help="Days after which a client that nobody used is deleted."
    )
    oauth_client_count = fields.Integer(compute="_compute_oauth_client_count")
    oauth_access_told = fields.Char(compute="_compute_lifetimes_told")
    oauth_refresh_told = fields.Char(compute="_compute_lifetimes_told")

    _oauth_lifetimes_sensible = Constraint(
        "CHECK(oauth_access_seconds BETWEEN 60 AND 86400 AND oauth_refresh_seconds BETWEEN 3600 AND 31536000"
        " AND oauth_grace_seconds BETWEEN 0 AND 300 AND oauth_unused_days BETWEEN 1 AND 365)",
        "Please check the lifetimes: an access token lasts 60 to 86,400 seconds, a refresh token an hour to a year, "
        "the refresh grace at most 300 seconds, and unused clients are kept for 1 to 365 days.",
    )

    def _compute_oauth_client_count(self):
        count = self.env["mcp.oauth.client"].search_count([])
        for settings in self:
            settings.oauth_client_count = count

    def init(self):
        super().init()
        standing.watch(self.env.cr, self._fields["oauth_group_ids"].relation)

    @api.depends("oauth_access_seconds", "oauth_refresh_seconds")
    @api.depends_context("lang")
    def _compute_lifetimes_told(self):
        for settings in self:
            settings.oauth_access_told = settings._told(settings.oauth_access_seconds)
            settings.oauth_refresh_told = settings._told(settings.oauth_refresh_seconds)

    def _told(self, seconds):
        """ "30 days": a time in the largest unit that fits into it."""
        unit, size = next(((unit, size) for unit, size in _UNITS if seconds >= size), _UNITS[-1])
        locale = babel_locale_parse(self.env.lang)
        return format_unit(round(seconds / size, 1), f"duration-{unit}", locale=locale)

    @api.private
    def app_schemes(self):
        """Schemes of apps that may be redirected to; never one that a browser itself acts upon."""
        harmful = {"http", "https", "javascript", "data", "file", "blob", "about", "vbscript", "ftp", "ws", "wss"}
        return [scheme for scheme in (self.oauth_app_schemes or "").lower().split() if scheme not in harmful]

    def action_open_oauth_clients(self):
        return self.env["ir.actions.act_window"]._for_xml_id("odoo_mcp.mcp_oauth_client_action")
