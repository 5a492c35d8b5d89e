from odoo import fields, models

from ...compat import Constraint


class McpSettings(models.Model):
    _inherit = "mcp.settings"

    report_generation = fields.Boolean(
        string="Report generation",
        default=True,
        help="An AI may print Odoo's reports, such as quotations and invoices, as PDF or HTML.",
    )
    file_link_minutes = fields.Integer(
        string="File links work for",
        default=15,
        help="Minutes. Files go past the chat through links that work once; after this time they do not work at all.",
    )
    file_max_mb = fields.Integer(
        string="Largest file",
        default=25,
        help="Megabytes that an AI may attach, upload or read the text of.",
    )

    _files_sensible = Constraint(
        "CHECK(file_link_minutes BETWEEN 1 AND 1440 AND file_max_mb BETWEEN 1 AND 128)",
        "File links can work for 1 to 1,440 minutes, and a file can have 1 to 128 megabytes.",
    )
