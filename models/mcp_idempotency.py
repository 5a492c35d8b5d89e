from odoo import api, fields, models

from ..compat import Constraint
from ..services.governance.idempotency import KEPT_FOR


class McpIdempotency(models.Model):
    """The answer of a call that was made with an ``idempotency_key``, so that repeating it has no second effect.

    Rows are written by :mod:`odoo_mcp.services.governance.idempotency` in SQL; nobody reads them through Odoo.
    """

    _name = "mcp.idempotency"
    _description = "MCP Idempotency Key"
    _log_access = False
    _rec_name = "key"

    connection_id = fields.Many2one("mcp.connection", required=True, ondelete="cascade")
    key = fields.Char(required=True)
    tool = fields.Char(required=True)
    payload_hash = fields.Char(required=True)
    answer = fields.Json()
    create_date = fields.Datetime(index=True)

    _connection_key_unique = Constraint("UNIQUE(connection_id, key)", "This key was used before.")

    @api.autovacuum
    def _gc_answers(self):
        self.env.cr.execute(
            "DELETE FROM mcp_idempotency WHERE create_date < now() AT TIME ZONE 'UTC' - %s::interval", [KEPT_FOR]
        )
