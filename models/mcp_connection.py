from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..compat import OR
from ..services.identity import keys

# After this long without a call a connection counts as idle rather than connected.
IDLE_AFTER = timedelta(hours=24)


class McpConnection(models.Model):
    """The identity of one AI tool, bound to the one Odoo user it acts as."""

    _name = "mcp.connection"
    _description = "MCP Connection"
    _inherit = ["mail.thread"]
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
        [
            ("api_key", "API key"),
            ("oauth", "Browser login"),
            ("custom", "Custom OAuth"),
            ("shared", "Shared client"),
            ("pat", "Personal access token"),
        ],
        string="Way in",
        default="api_key",
        required=True,
        readonly=True,
        copy=False,
        help="How the AI tool proves who it is.",
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
        string="Client", readonly=True, copy=False, help="How the AI tool named itself at its last call."
    )
    call_count = fields.Integer(compute="_compute_call_count", string="Calls")
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

    def _compute_call_count(self):
        counts = dict(
            self.env["mcp.audit.log"]._read_group([("connection_id", "in", self.ids)], ["connection_id"], ["__count"])
        )
        for connection in self:
            connection.call_count = counts.get(connection, 0)

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
        revoked = (
            self.filtered(lambda connection: connection.state == "active")
            if vals.get("state") == "revoked"
            else self.browse()
        )
        result = super().write(vals)
        # sudo: what a connection holds is written by the server only
        revoked.sudo()._revoked()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_if_never_used(self):
        # sudo: also calls that this person may not see keep the connection
        if self.env["mcp.audit.log"].sudo().search_count([("connection_id", "in", self.ids)], limit=1):
            raise ValidationError(
                self.env._("The audit log tells of calls through this connection, so it cannot be deleted. Revoke it.")
            )

    def action_revoke(self):
        """Refuse the connection's keys from the next call on; they cannot be made valid again."""
        self.check_access("write")
        self.write({"state": "revoked"})
        return True

    @api.private
    def _revoked(self):
        """Take away, at once, whatever these connections can still be used with. Called with superuser rights when
        they are revoked, by a button or by hand, in the same transaction.

        Areas that give a connection something to hold extend this: tokens, streams, approvals, jobs.
        """
        self.credential_ids._revoke()
        self.env["mcp.session"].search([("connection_id", "in", self.ids), ("ended_at", "=", False)]).action_end()

    def action_reactivate(self):
        """Let the connection be used again, with a new key."""
        self._check_user()
        self.write({"state": "active"})
        return self.action_new_key()

    def action_new_key(self):
        action = self.env["ir.actions.act_window"]._for_xml_id("odoo_mcp.mcp_key_wizard_action")
        return {**action, "context": {"default_connection_id": self.ensure_one().id}}

    def action_open_logs(self):
        action = self.env["ir.actions.act_window"]._for_xml_id("odoo_mcp.mcp_audit_log_action")
        return {**action, "domain": [("connection_id", "in", self.ids)]}
