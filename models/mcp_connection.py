from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError

from ..compat import OR
from ..services.clients import CLIENTS, KEY_WAYS
from ..services.identity import keys

# After this long without a call a connection counts as idle rather than connected.
IDLE_AFTER = timedelta(hours=24)

WAYS_IN = [
    ("api_key", "API key"),
    ("oauth", "Browser login"),
    ("custom", "Custom OAuth"),
    ("shared", "Shared client"),
    ("pat", "Personal access token"),
]


class McpConnection(models.Model):
    """The identity of one AI tool, bound to the one Odoo user it acts as."""

    _name = "mcp.connection"
    _description = "MCP Connection"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "state, last_used_at desc nulls last, id desc"

    name = fields.Char(
        required=True,
        tracking=True,
        help="What you will recognise this AI tool by, for example: Claude Code of Anita.",
    )
    user_id = fields.Many2one(
        "res.users",
        string="Acts as",
        required=True,
        default=lambda self: self.env.user,
        ondelete="restrict",
        index=True,
        tracking=True,
        help="The AI has this user's rights, never more, and everything it does is recorded in this user's name.",
    )
    way_in = fields.Selection(
        WAYS_IN,
        string="Way in",
        default="api_key",
        required=True,
        readonly=True,
        copy=False,
        help="How the AI tool proves who it is.",
    )
    client = fields.Selection(
        selection=lambda _self: [(code, client.name) for code, client in CLIENTS.items()],
        string="AI tool",
        help="Which tool uses this connection: decides what “How to connect” shows.",
    )
    state = fields.Selection(
        [("active", "Active"), ("revoked", "Revoked")],
        default="active",
        required=True,
        copy=False,
        tracking=True,
    )
    status = fields.Selection(
        [
            ("connected", "Connected"),
            ("awaiting", "Awaiting"),
            ("idle", "Idle"),
            ("revoked", "Revoked"),
        ],
        compute="_compute_status",
        search="_search_status",
    )
    idle_for = fields.Char(compute="_compute_status", string="Idle for")
    credential_ids = fields.One2many("mcp.credential", "connection_id", string="Keys", copy=False)
    live_key_count = fields.Integer(compute="_compute_live_key_count", string="Working keys")
    last_used_at = fields.Datetime(string="Last call", readonly=True, copy=False)
    last_client = fields.Char(
        string="Calls itself", readonly=True, copy=False, help="How the AI tool named itself at its last call."
    )
    tool_label = fields.Char(compute="_compute_tool_label", string="What is connected")
    call_count = fields.Integer(compute="_compute_call_count", string="Calls")
    session_count = fields.Integer(compute="_compute_session_count", string="Open sessions")
    change_count = fields.Integer(compute="_compute_change_count", string="Changes")
    revoked_at = fields.Datetime(string="Revoked on", readonly=True, copy=False)
    revoked_by_id = fields.Many2one("res.users", string="Revoked by", readonly=True, copy=False)
    holds_keys = fields.Boolean(compute="_compute_holds_keys")
    is_mine = fields.Boolean(compute="_compute_is_mine")
    note = fields.Text(help="For your own use. The AI does not see this.")

    @api.depends("state", "last_used_at")
    def _compute_status(self):
        now = fields.Datetime.now()
        for connection in self:
            connection.idle_for = False
            if connection.state == "revoked":
                connection.status = "revoked"
            elif not connection.last_used_at:
                connection.status = "awaiting"
            elif now - connection.last_used_at < IDLE_AFTER:
                connection.status = "connected"
            else:
                connection.status = "idle"
                days = (now - connection.last_used_at).days
                connection.idle_for = self.env._("%s days", days) if days > 1 else self.env._("1 day")

    def _search_status(self, operator, value):
        if operator not in ("=", "!=", "in", "not in"):
            raise ValidationError(self.env._("A status can only be compared for equality."))
        limit = fields.Datetime.now() - IDLE_AFTER
        active = [("state", "=", "active")]
        conditions = {
            "revoked": [("state", "=", "revoked")],
            "awaiting": [*active, ("last_used_at", "=", False)],
            "connected": [*active, ("last_used_at", ">", limit)],
            "idle": [*active, ("last_used_at", "<=", limit)],
        }
        named = {value} if isinstance(value, str | bool) else set(value)
        wanted = named if operator in ("=", "in") else conditions.keys() - named
        return OR(*(conditions[status] for status in wanted if status in conditions))

    @api.depends("credential_ids.revoked_at", "credential_ids.expires_at")
    def _compute_live_key_count(self):
        for connection in self:
            connection.live_key_count = len(connection.credential_ids.filtered("is_live"))

    @api.depends("client", "last_client")
    def _compute_tool_label(self):
        """What the list shows: the tool that was chosen or, where nobody chose one, what it calls itself."""
        labels = dict(self._fields["client"]._description_selection(self.env))
        for connection in self:
            connection.tool_label = labels.get(connection.client) or connection.last_client

    def _compute_call_count(self):
        counts = dict(
            self.env["mcp.audit.log"]._read_group([("connection_id", "in", self.ids)], ["connection_id"], ["__count"])
        )
        for connection in self:
            connection.call_count = counts.get(connection, 0)

    def _compute_session_count(self):
        counts = dict(
            self.env["mcp.session"]._read_group(
                [("connection_id", "in", self.ids), ("ended_at", "=", False)], ["connection_id"], ["__count"]
            )
        )
        for connection in self:
            connection.session_count = counts.get(connection, 0)

    def _compute_change_count(self):
        counts = dict(
            self.env["mcp.change"]._read_group([("connection_id", "in", self.ids)], ["connection_id"], ["__count"])
        )
        for connection in self:
            connection.change_count = counts.get(connection, 0)

    @api.depends("way_in")
    def _compute_holds_keys(self):
        for connection in self:
            connection.holds_keys = connection.way_in in KEY_WAYS

    @api.depends("user_id")
    @api.depends_context("uid")
    def _compute_is_mine(self):
        for connection in self:
            connection.is_mine = connection.user_id == self.env.user

    @api.constrains("user_id")
    def _check_user(self):
        for connection in self:
            reason = keys.why_not_connectable(connection.user_id)
            if reason:
                raise ValidationError(reason)

    def write(self, vals):
        if "user_id" in vals and any(connection.user_id.id != vals["user_id"] for connection in self):
            raise ValidationError(
                self.env._(
                    "A connection stays with its user, so that its records of the past stay true. "
                    "Revoke this one and create another for the other user."
                )
            )
        if "state" not in vals:
            return super().write(vals)
        changing = self.filtered(lambda connection: connection.state != vals["state"])
        result = super().write(vals)
        # sudo: what a connection holds, and who revoked it, is written by the server only
        if vals["state"] == "revoked":
            who = {"revoked_at": fields.Datetime.now(), "revoked_by_id": self.env.uid}
            super(McpConnection, changing.sudo()).write(who)
            changing.sudo()._revoked()
        else:
            super(McpConnection, changing.sudo()).write({"revoked_at": False, "revoked_by_id": False})
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_if_never_used(self):
        # sudo: also calls that this person may not see keep the connection
        if self.env["mcp.audit.log"].sudo().search_count([("connection_id", "in", self.ids)], limit=1):
            raise ValidationError(
                self.env._("The audit log tells of calls through this connection, so it cannot be deleted. Revoke it.")
            )

    @api.private
    def _check_manageable(self):
        """MCP administrators manage every connection that they may change, all other users their own."""
        if self.env.su or self.env.user.has_group("odoo_mcp.group_manager"):
            self.check_access("write")
            return
        self.check_access("read")
        if any(connection.user_id != self.env.user for connection in self):
            raise AccessError(self.env._("This connection is not yours. Ask an MCP administrator."))

    @api.private
    def _revoked(self):
        """Take away, at once, whatever these connections can still be used with. Called with superuser rights when
        they are revoked, by a button or by hand, in the same transaction.

        Areas that give a connection something to hold extend this: tokens, streams, approvals, jobs.
        """
        self.credential_ids._revoke()
        self.env["mcp.session"].search([("connection_id", "in", self.ids), ("ended_at", "=", False)]).action_end()
        self.activity_unlink(["odoo_mcp.activity_replace_key"])

    def action_revoke(self):
        """Refuse whatever the AI tool has, from its next call on; it cannot be made valid again."""
        self._check_manageable()
        # sudo: users revoke their own connections, but may not write on them otherwise
        self.sudo().write({"state": "revoked"})
        return True

    def action_reactivate(self):
        """Let the connection be used again: with a new key, or after a new login."""
        self._check_manageable()
        if not self.env.user.has_group("odoo_mcp.group_manager") and any(
            connection.revoked_by_id != self.env.user for connection in self
        ):
            raise AccessError(
                self.env._("This connection was revoked by somebody else. Ask an MCP administrator to reactivate it.")
            )
        self._check_user()
        # sudo: as in action_revoke
        self.sudo().write({"state": "active"})
        return self.action_new_key() if len(self) == 1 and self.holds_keys else True

    def action_new_key(self):
        """Open the dialog that makes a further key; the others end after the grace period."""
        self.ensure_one()._check_manageable()
        action = self.env["ir.actions.act_window"]._for_xml_id("odoo_mcp.mcp_key_wizard_action")
        if self.live_key_count:
            action["name"] = self.env._("Rotate Key")
        return {**action, "context": {"default_connection_id": self.id}}

    def action_how_to_connect(self):
        """Show the steps for this connection's tool again; of the key only its place."""
        self.ensure_one().check_access("read")
        return self.env["mcp.connect.wizard"]._how_to_connect(self)

    def action_check(self):
        """Open the doctor, with checks of this connection, too."""
        self.ensure_one().check_access("read")
        return self.env["mcp.doctor"]._open(self)

    def action_open_logs(self):
        action = self.env["ir.actions.act_window"]._for_xml_id("odoo_mcp.mcp_audit_log_action")
        return {**action, "domain": [("connection_id", "in", self.ids)]}

    def action_open_sessions(self):
        action = self.env["ir.actions.act_window"]._for_xml_id("odoo_mcp.mcp_session_action")
        return {**action, "domain": [("connection_id", "in", self.ids)]}

    def action_open_changes(self):
        action = self.env["ir.actions.act_window"]._for_xml_id("odoo_mcp.mcp_change_action")
        return {**action, "domain": [("connection_id", "in", self.ids)]}

    def get_pulse(self, since=False):
        """How the connection lives, for screens that wait for a call.

        :param since: UTC, as text; refused calls before that are not told
        :return: ``status``, ``last_used_at`` (UTC, as text), ``last_client`` and ``refused``: why the last call was
            refused, if it was refused after the last good one
        """
        self.ensure_one().check_access("read")
        domain = [("connection_id", "=", self.id), ("http_status", ">=", 400)]
        newest = max(filter(None, [since and fields.Datetime.to_datetime(since), self.last_used_at]), default=None)
        if newest:
            domain.append(("create_date", ">", newest))
        refused = self.env["mcp.audit.log"].search(domain, order="id desc", limit=1)
        return {
            "status": self.status,
            "last_used_at": self.last_used_at and fields.Datetime.to_string(self.last_used_at),
            "last_client": self.last_client or "",
            "refused": refused.error or "",
        }
