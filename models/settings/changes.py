from odoo import fields, models

from ...compat import Constraint


class McpSettings(models.Model):
    """How long the journal of changes is kept."""

    _inherit = "mcp.settings"

    change_retention_days = fields.Integer(
        string="Keep changes for",
        default=90,
        help="Days that what AI tools changed is kept with its values of before, and can be undone. 0: for ever.",
    )

    _change_retention_sensible = Constraint(
        "CHECK(change_retention_days BETWEEN 0 AND 36500)", "Changes are kept for 0 (for ever) to 36,500 days."
    )
