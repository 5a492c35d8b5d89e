from odoo import api, fields, models
from odoo.exceptions import ValidationError


class McpConnection(models.Model):
    """Which calls of the AI tool wait for a person."""

    _inherit = "mcp.connection"

    approval_level = fields.Selection(
        [
            ("listed", "Only what is listed below"),
            ("destructive", "Also whatever deletes, or changes how Odoo works"),
            ("everything", "Every change"),
        ],
        string="Needs approval",
        default="listed",
        required=True,
        tracking=True,
    )
    approval_tool_ids = fields.Many2many(
        "mcp.tool",
        "mcp_connection_approval_tool_rel",
        string="Tools that need approval",
        domain=[("risk", "!=", "read")],
        help="A call of one of these does nothing until somebody approves it.",
    )
    approval_model_ids = fields.Many2many(
        "ir.model",
        "mcp_connection_approval_model_rel",
        string="Records that need approval",
        domain=[("transient", "=", False)],
        help="Whatever creates, changes or deletes records of these kinds waits for approval, also when it happens as "
        "a consequence of something else.",
    )
    approver_id = fields.Many2one(
        "res.users",
        domain=[("share", "=", False)],
        tracking=True,
        help="Is notified and decides. MCP administrators can decide as well; without an approver, they are notified.",
    )
    approval_expiry_hours = fields.Integer(
        string="Requests expire after",
        default=24,
        required=True,
        help="Hours in which somebody must decide.",
    )
    own_approval = fields.Boolean(
        string="User may approve their own",
        tracking=True,
        groups="odoo_mcp.group_manager",
        help="The user in whose name the AI acts may approve its requests. Otherwise it takes somebody else.",
    )
    approval_ids = fields.One2many("mcp.approval", "connection_id")
    pending_approval_count = fields.Integer(compute="_compute_pending_approval_count", string="Waiting approvals")

    def _compute_pending_approval_count(self):
        counts = dict(
            self.env["mcp.approval"]._read_group(
                [("connection_id", "in", self.ids), ("state", "=", "pending")], ["connection_id"], ["__count"]
            )
        )
        for connection in self:
            connection.pending_approval_count = counts.get(connection, 0)

    @api.constrains("approval_expiry_hours")
    def _check_approval_expiry(self):
        for connection in self:
            if not 1 <= connection.approval_expiry_hours <= 24 * 90:
                raise ValidationError(self.env._("Requests can expire after 1 hour up to 90 days (2160 hours)."))

    @api.constrains("approver_id")
    def _check_approver(self):
        for connection in self:
            approver = connection.approver_id
            if approver and not approver.has_group("odoo_mcp.group_user"):
                raise ValidationError(
                    self.env._(
                        "%s is not in the group MCP / User, and could not open the requests. Add the user to the "
                        "group, or choose another approver.",
                        approver.name,
                    )
                )

    def _revoked(self):
        super()._revoked()
        pending = self.env["mcp.approval"].search([("connection_id", "in", self.ids), ("state", "=", "pending")])
        pending._close("expired", self.env._("The connection was revoked."))

    def action_open_approvals(self):
        action = self.env["ir.actions.act_window"]._for_xml_id("odoo_mcp.mcp_approval_action")
        return {**action, "domain": [("connection_id", "in", self.ids)], "context": {}}
