from odoo import fields, models

from ...compat import Constraint


class McpSettings(models.Model):
    """How many requests are served, and to whom."""

    _inherit = "mcp.settings"

    rate_per_minute = fields.Integer(
        string="Per connection and minute",
        default=60,
        help="Requests that one connection may make per minute. 0: no limit. A connection can have limits of its own.",
    )
    rate_per_day = fields.Integer(
        string="Per connection and day",
        default=10_000,
        help="Requests that one connection may make per day. 0: no limit. A connection can have limits of its own.",
    )
    user_rate_per_minute = fields.Integer(
        string="Per user and minute", help="All connections of one user together. 0: no limit."
    )
    user_rate_per_day = fields.Integer(
        string="Per user and day", help="All connections of one user together. 0: no limit."
    )
    address_rate_per_minute = fields.Integer(
        string="Per IP address and minute",
        help="All connections from one IP address together. 0: no limit. Hosted AI tools such as claude.ai call for "
        "many people from the same few addresses.",
    )
    address_rate_per_day = fields.Integer(
        string="Per IP address and day", help="All connections from one IP address together. 0: no limit."
    )
    global_rate_per_minute = fields.Integer(
        string="Altogether per minute", help="All connections of this server together. 0: no limit."
    )
    global_rate_per_day = fields.Integer(
        string="Altogether per day", help="All connections of this server together. 0: no limit."
    )
    failures_per_minute = fields.Integer(
        string="Wrong keys per IP address and minute",
        default=30,
        help="Requests with a wrong key that one IP address may make per minute; further ones are answered with 429. "
        "Requests with a good key from there are served as before. 0: no limit.",
    )

    _rates_sensible = Constraint(
        "CHECK(LEAST(rate_per_minute, rate_per_day, user_rate_per_minute, user_rate_per_day, address_rate_per_minute,"
        " address_rate_per_day, global_rate_per_minute, global_rate_per_day, failures_per_minute) >= 0)",
        "A rate limit cannot be negative. 0 means that there is no limit.",
    )
