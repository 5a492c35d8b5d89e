from odoo import fields, models


class McpConnection(models.Model):
    _inherit = "mcp.connection"

    tool_mode = fields.Selection(
        [
            ("full", "All"),
            ("essential", "The most needed"),
            ("search", "A handful"),
        ],
        string="Tools it is shown",
        default="full",
        required=True,
        tracking=True,
        help="Every tool that an AI is shown costs it some of its attention at each request. With fewer, it finds the "
        "others by what it wants to do. This changes what it is shown, not what it may do.",
    )
