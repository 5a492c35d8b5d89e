from odoo import fields, models


class McpSettings(models.Model):
    """What a busy server needs: Redis."""

    _inherit = "mcp.settings"

    use_redis = fields.Boolean(
        string="Use Redis",
        help="Count requests in Redis instead of the database. Worth it from some hundred requests per second on, or "
        "with many servers. When Redis cannot be reached, the database counts: no request fails.",
    )
    redis_url = fields.Char(
        string="Redis address",
        default="redis://localhost:6379/0",
        help="redis://user:password@host:port/number, or rediss:// for TLS. Odoo servers whose databases have different "
        "names may share a Redis; others need a number of their own.",
    )
