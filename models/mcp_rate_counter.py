from odoo import api, fields, models

from ..services.governance import rate_postgres


class McpRateCounter(models.Model):
    """The counts behind the rate limits; see :mod:`odoo_mcp.services.governance.rate_postgres`, which alone uses them.

    A model only so that Odoo makes the tables when the addon is installed, and drops them with it.
    """

    _name = "mcp.rate.counter"
    _description = "MCP Rate Counter"
    _auto = False
    _log_access = False
    _rec_name = "key"

    key = fields.Char(readonly=True)
    used = fields.Integer(readonly=True)
    ends_at = fields.Datetime(readonly=True)

    def init(self):
        self.env.cr.execute(rate_postgres.SCHEMA)

    @api.autovacuum
    def _gc_ended_windows(self):
        self.env.cr.execute("DELETE FROM mcp_rate_counter WHERE ends_at < clock_timestamp() - interval '1 hour'")
