from odoo import api, fields, models

from ..compat import Constraint


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
    user_id = fields.Many2one(related="connection_id.user_id", store=False)
    session_hash = fields.Char(readonly=True, required=True, index=True, groups=fields.NO_ACCESS)
    client = fields.Char(readonly=True)
    client_info = fields.Json(readonly=True)
    client_capabilities = fields.Json(readonly=True)
    protocol_version = fields.Char(string="Protocol", readonly=True, required=True)
    log_level = fields.Char(readonly=True)
    ip_address = fields.Char(string="IP address", readonly=True)
    create_date = fields.Datetime(string="Opened", readonly=True)
    last_seen_at = fields.Datetime(string="Last call", readonly=True, index=True)
    ended_at = fields.Datetime(string="Ended", readonly=True)

    def action_end(self):
        """End sessions by hand: their clients must initialize again."""
        self.connection_id.check_access("write")
        # sudo: sessions are written by the server only; whoever may change the connection may end them
        self.sudo().filtered(lambda session: not session.ended_at).write({"ended_at": fields.Datetime.now()})
        return True

    @api.autovacuum
    def _gc_sessions(self):
        """Forget sessions that were not used for a day, and what was kept for them."""
        self.env.cr.execute("DELETE FROM mcp_session WHERE last_seen_at < now() AT TIME ZONE 'UTC' - interval '1 day'")
        self.env.cr.execute(
            "DELETE FROM mcp_session_message WHERE create_date < now() AT TIME ZONE 'UTC' - interval '1 hour'"
        )
        self.env.cr.execute(
            "DELETE FROM mcp_used_state WHERE create_date < now() AT TIME ZONE 'UTC' - interval '1 hour'"
        )


class McpSessionMessage(models.Model):
    """What a client sent for a call that runs in another worker: an answer to a question, or a cancellation."""

    _name = "mcp.session.message"
    _description = "MCP Session Message"
    _log_access = False

    session_id = fields.Many2one("mcp.session", required=True, ondelete="cascade", index=True)
    kind = fields.Selection([("answer", "Answer"), ("cancel", "Cancellation")], required=True)
    request_id = fields.Char(required=True, index=True)
    payload = fields.Json()
    create_date = fields.Datetime()


class McpUsedState(models.Model):
    """A requestState that was used, so that it is not used again."""

    _name = "mcp.used.state"
    _description = "MCP Used Request State"
    _log_access = False
    _rec_name = "once"

    once = fields.Char(required=True)
    create_date = fields.Datetime()

    _once_unique = Constraint("UNIQUE(once)", "This state was used before.")
