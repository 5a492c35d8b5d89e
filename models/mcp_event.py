from odoo import api, fields, models

from ..compat import Constraint, UniqueIndex
from ..services.conversations import changes

_KINDS = [
    ("updated", "A resource changed"),
    ("tools", "The list of tools changed"),
    ("prompts", "The list of prompts changed"),
    ("resources", "The list of resources changed"),
    ("said", "A running call said something"),
    ("message", "A message to a client of the 2024-11-05 transport"),
    ("answer", "A client's answer to a question"),
    ("cancel", "A client cancelled a call"),
]


class McpEvent(models.Model):
    """The log that streams are made of, and resumed from in any worker.

    Rows are written and read in SQL by :mod:`odoo_mcp.services.conversations`. Without a session, an event is for
    everybody whom it concerns; who that is, and may know of it, is decided when it is delivered.
    """

    _name = "mcp.event"
    _description = "MCP Event"
    _log_access = False
    _rec_name = "kind"

    session_id = fields.Many2one("mcp.session", ondelete="cascade", index="btree_not_null")
    stream = fields.Char(help="Which of the session's streams; empty for the one opened with GET.")
    kind = fields.Selection(_KINDS, required=True)
    connection_id = fields.Integer(help="Concerns only this connection; 0 for all.")
    res_model = fields.Char()
    res_ids = fields.Json(help="The records that changed; empty: too many to tell.")
    uri = fields.Char()
    payload = fields.Text(help="JSON. Text, because jsonb cannot hold all that JSON can.")
    create_date = fields.Datetime(index=True)

    @api.private
    @api.model
    def announce_resource(self, uri: str) -> None:
        """Tell whoever subscribed to ``uri`` that it changed, once this transaction is committed.

        For resources that addons define. Changes of records are noticed without it.
        """
        changes.announce(self.env.cr, "updated", uri=uri)

    @api.private
    @api.model
    def announce_list(self, family: str) -> None:
        """Tell all clients that the list of ``tools``, ``prompts`` or ``resources`` changed, once this is committed."""
        changes.announce(self.env.cr, family)

    def _register_hook(self):
        """Another addon brings tools, prompts, models: all lists may have changed."""
        super()._register_hook()
        if self.env.registry.updated_modules:
            for family in changes.LISTS:
                self.announce_list(family)


class McpSubscription(models.Model):
    """What a client wants to hear of: for as long as its session lives, or its stream is open."""

    _name = "mcp.subscription"
    _description = "MCP Subscription"
    _log_access = False
    _rec_name = "uri"

    session_id = fields.Many2one("mcp.session", ondelete="cascade", index="btree_not_null")
    listener = fields.Char(index="btree_not_null", help="The open stream of a client without session.")
    uri = fields.Char(required=True)
    res_model = fields.Char(index="btree_not_null")
    res_id = fields.Integer(help="0: any record of the model.")
    until = fields.Datetime(help="A stream that is open renews this.")

    _once_for_each_session = UniqueIndex("(session_id, uri) WHERE session_id IS NOT NULL", "Subscribed already.")


class McpUsedState(models.Model):
    """A requestState that was used, so that it is not used again."""

    _name = "mcp.used.state"
    _description = "MCP Used Request State"
    _log_access = False
    _rec_name = "once"

    once = fields.Char(required=True)
    create_date = fields.Datetime()

    _once_unique = Constraint("UNIQUE(once)", "This state was used before.")
