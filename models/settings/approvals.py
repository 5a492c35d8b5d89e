from odoo import fields, models

from ...compat import Constraint


class McpSettings(models.Model):
    _inherit = "mcp.settings"

    approval_most_records = fields.Integer(
        string="Ask above",
        default=100,
        help="A call that changes or deletes more records than this, of those that are already there, waits for "
        "approval. 0: never.",
    )
    approval_before_sending = fields.Boolean(
        string="Ask before data leaves",
        default=True,
        help="An AI that read data within the last hour needs approval to send mail out of the company or to publish "
        "something. This is what stops instructions hidden in a record or mail from carrying your data away.",
    )
    pending_approval_count = fields.Integer(compute="_compute_pending_approval_count")

    _approvals_sensible = Constraint("CHECK(approval_most_records >= 0)", "The number of records cannot be negative.")

    def _compute_pending_approval_count(self):
        count = self.env["mcp.approval"].search_count([("state", "=", "pending")])
        for settings in self:
            settings.pending_approval_count = count

    def action_open_approvals(self):
        return self.env["ir.actions.act_window"]._for_xml_id("odoo_mcp.mcp_approval_action")
