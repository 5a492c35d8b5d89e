from odoo import fields, models
from odoo.http import request

from ...compat import Constraint
from ...services.identity.transport import is_local_host


class McpSettings(models.Model):
    """How long keys live, how they are replaced, and over which connections they may travel."""

    _inherit = "mcp.settings"

    personal_tokens = fields.Boolean(
        string="Users connect their own AI tools",
        default=True,
        help="Every MCP user can make personal access tokens in their own profile. They act with that user's rights, "
        "never more. Switched off, only MCP administrators connect AI tools.",
    )
    rotation_days = fields.Integer(
        string="Replace keys every",
        default=0,
        help="Days. A key that is older ends after the grace period, unless its owner replaced it before. "
        "0: keys are replaced by hand only.",
    )
    rotation_grace_hours = fields.Integer(
        string="A replaced key works",
        default=24,
        help="Hours that an old key goes on working after it was replaced, so that there is time to paste the new one.",
    )
    rotation_warning_days = fields.Integer(
        string="Warn the owner",
        default=7,
        help="Days before a key ends, its owner gets an activity and a message. 0: no warning.",
    )
    revoke_on_password_change = fields.Boolean(
        string="A new password revokes keys",
        help="When the password of a user changes, all AI tools of this user are disconnected at once.",
    )
    https_only = fields.Boolean(
        string="HTTPS only",
        default=lambda self: self.get_base_url().startswith("https://"),
        help="Refuse AI tools that call over plain HTTP, where a key could be read on the way. "
        "Calls to localhost are exempt.",
    )

    foreign_host = fields.Char(compute="_compute_foreign_host")

    _rotation_sensible = Constraint(
        "CHECK(rotation_days BETWEEN 0 AND 3650 AND rotation_grace_hours BETWEEN 0 AND 8760"
        " AND rotation_warning_days BETWEEN 0 AND 365)",
        "Please check the rotation of keys: at most 3,650 days, a grace period of at most 8,760 hours (a year), "
        "and a warning at most 365 days before.",
    )

    def _compute_foreign_host(self):
        """The host under which the person at the screen reached Odoo, unless it names the machine itself."""
        host = request.httprequest.host if request else ""
        self.foreign_host = host if host and not is_local_host(host) else False

    def action_check(self):
        """Open the doctor: what is between AI tools and this server, and what to change."""
        return self.env["mcp.doctor"]._open()
