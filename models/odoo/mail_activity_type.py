from odoo import fields, models


class MailActivityType(models.Model):
    _inherit = "mail.activity.type"

    # The web client shows its buttons for this one; see static/src/approval_activity.
    category = fields.Selection(
        selection_add=[("mcp_approval", "MCP approval")], ondelete={"mcp_approval": "set default"}
    )
