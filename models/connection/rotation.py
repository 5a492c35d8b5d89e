from odoo import fields, models

from ...compat import Constraint


class McpConnection(models.Model):
    """When the keys of a connection are replaced."""

    _inherit = "mcp.connection"

    rotation = fields.Selection(
        [
            ("default", "As in Server Settings"),
            ("never", "By hand only"),
            ("custom", "On a schedule of its own"),
        ],
        string="Replace keys",
        required=True,
        default="default",
    )
    rotation_days = fields.Integer(string="Every", default=90, help="Days after which a key is to be replaced.")

    _rotation_days_sensible = Constraint(
        "CHECK(rotation_days BETWEEN 1 AND 3650)", "Keys can be replaced every 1 to 3,650 days."
    )
