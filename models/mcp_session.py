from odoo import api, fields, models

from ..services.conversations import events, sessions


class McpSession(models.Model):
    """A session of a handshake client, from ``initialize`` until it is ended or forgotten.

    Rows are written by :mod:`odoo_mcp.services.conversations.sessions` in SQL, in the hot path. The id that a client
    shows is stored as its SHA-256; it is no credential, only good together with the connection's own key.
    """

    _name = "mcp.session"
    _description = "MCP Session"
    _order = "last_seen_at desc, id desc"
    _rec_name = "client"
    _log_access = False

    connection_id = fields.Many2one("mcp.connection", readonly=True, required=True, ondelete="cascade", index=True)
    user_id = fields.Many2one(related="connection_id.user_id", string="User")
    session_hash = fields.Char(readonly=True, required=True, index=True, groups=fields.NO_ACCESS)
    client = fields.Char(string="AI tool", readonly=True, help="Name and version that the AI tool gave.")
    client_info = fields.Json(readonly=True)
    client_capabilities = fields.Json(readonly=True)
    protocol_version = fields.Char(string="Protocol", readonly=True, required=True)
    transport = fields.Selection(
        [("http", "Streamable HTTP"), ("sse", "HTTP+SSE (2024)")], readonly=True, required=True, default="http"
    )
    log_level = fields.Char(string="Log messages from", readonly=True, help="The lowest level the AI tool asked for.")
    ip_address = fields.Char(string="IP address", readonly=True)
    create_date = fields.Datetime(string="Opened", readonly=True)
    last_seen_at = fields.Datetime(string="Last seen", readonly=True, index=True)
    ended_at = fields.Datetime(string="Ended", readonly=True)
    state = fields.Selection(
        [("active", "Active"), ("ended", "Ended")], compute="_compute_state", search="_search_state"
    )
    call_count = fields.Integer(string="Requests", compute="_compute_call_count")
    # Which of several open streams is the session's own: the one that was opened last.
    stream_owner = fields.Char(readonly=True, groups=fields.NO_ACCESS)
    # Events up to this one were dropped, because there were too many.
    events_lost_until = fields.Integer(readonly=True, groups=fields.NO_ACCESS)

    @api.depends("client")
    def _compute_display_name(self):
        for session in self:
            session.display_name = session.client or self.env._("AI tool without a name")

    @api.depends("ended_at", "last_seen_at")
    def _compute_state(self):
        forgotten = fields.Datetime.subtract(fields.Datetime.now(), seconds=sessions.IDLE_LIFE)
        for session in self:
            alive = not session.ended_at and session.last_seen_at and session.last_seen_at > forgotten
            session.state = "active" if alive else "ended"

    def _search_state(self, operator, value):
        forgotten = fields.Datetime.subtract(fields.Datetime.now(), seconds=sessions.IDLE_LIFE)
        named = {value} if isinstance(value, str | bool) else set(value)
        active = ("active" in named) == (operator in ("=", "in"))
        ended = ("ended" in named) == (operator in ("=", "in"))
        if active and ended:
            return [(1, "=", 1)]
        if active:
            return [("ended_at", "=", False), ("last_seen_at", ">", forgotten)]
        if ended:
            return ["|", ("ended_at", "!=", False), ("last_seen_at", "<=", forgotten)]
        return [(0, "=", 1)]

    def _compute_call_count(self):
        counts = dict(
            self.env["mcp.audit.log"]._read_group([("session_id", "in", self.ids)], ["session_id"], ["__count"])
        )
        for session in self:
            session.call_count = counts.get(session, 0)

    def action_end(self):
        """End sessions by hand: their streams close within seconds, and their clients must initialize again."""
        self.connection_id.check_access("write")
        # sudo: sessions are written by the server only; whoever may change the connection may end them
        self.sudo().filtered(lambda session: not session.ended_at).write({"ended_at": fields.Datetime.now()})
        return True

    def action_open_logs(self):
        action = self.env["ir.actions.act_window"]._for_xml_id("odoo_mcp.mcp_audit_log_action")
        return {**action, "domain": [("session_id", "in", self.ids)], "context": {}}

    @api.autovacuum
    def _gc_sessions(self):
        """End sessions that were not used for a day, forget them after the retention, and what was kept for them."""
        sessions.clean_up(self.env.cr, self.env["mcp.settings"].current().session_retention_days)
        events.trim(self.env.cr)
