from odoo import fields, models


class McpConnection(models.Model):
    """Whether the audit log keeps what this connection asked and was answered."""

    _inherit = "mcp.connection"

    payload_logging = fields.Selection(
        [("default", "As in the Server Settings"), ("on", "Keep them"), ("off", "Do not keep them")],
        string="Payloads in the log",
        default="default",
        required=True,
        tracking=True,
        help="Whether the audit log keeps what was asked and answered. "
        "Passwords, keys and tokens are always taken out.",
    )
