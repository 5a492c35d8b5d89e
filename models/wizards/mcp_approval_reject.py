from odoo import fields, models


class McpApprovalReject(models.TransientModel):
    """Asks why, so that the AI and its user learn what to do instead."""

    _name = "mcp.approval.reject"
    _description = "Reject an MCP Request"

    approval_ids = fields.Many2many("mcp.approval", required=True)
    reason = fields.Char(required=True, help="The AI is told this, word for word.")

    def action_reject(self):
        self.approval_ids._reject(self.reason)
        return {"type": "ir.actions.act_window_close"}
