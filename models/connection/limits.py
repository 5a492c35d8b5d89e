from odoo import fields, models

from ...compat import Constraint


class McpConnection(models.Model):
    """How many requests this connection may make, where it differs from the others."""

    _inherit = "mcp.connection"

    own_rate_limits = fields.Boolean(
        string="Own rate limits",
        tracking=True,
        help="Off: the limits of the Server Settings apply.",
    )
    rate_per_minute = fields.Integer(
        string="Requests per minute",
        default=lambda self: self.env["mcp.settings"].current().rate_per_minute,
        tracking=True,
        help="0: no limit for this connection. Limits per user, IP address and of the whole server still hold.",
    )
    rate_per_day = fields.Integer(
        string="Requests per day",
        default=lambda self: self.env["mcp.settings"].current().rate_per_day,
        tracking=True,
        help="0: no limit for this connection. Limits per user, IP address and of the whole server still hold.",
    )

    _rates_sensible = Constraint(
        "CHECK(LEAST(rate_per_minute, rate_per_day) >= 0)",
        "A rate limit cannot be negative. 0 means that there is no limit.",
    )
