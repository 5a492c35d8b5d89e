from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from ..compat import group_members
from ..services.approvals import effect, execution
from ..services.governance import recording

STATES = [
    ("pending", "Pending"),
    ("done", "Approved"),
    ("failed", "Approved, failed"),
    ("rejected", "Rejected"),
    ("expired", "Expired"),
    ("outdated", "Outdated"),
    ("cancelled", "Cancelled"),
]
_MOST_NOTIFIED = 20


class McpApproval(models.Model):
    """A call of an AI tool that waits for a person's yes, and what came of it.

    Requests are written by :mod:`odoo_mcp.services.approvals`; nobody changes one by hand.
    """

    _name = "mcp.approval"
    _description = "MCP Approval Request"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "id desc"
    _mail_post_access = "read"  # who decides may ask back, though nobody changes a request by hand

    name = fields.Char(string="What would happen", readonly=True, required=True)
    reference = fields.Char(readonly=True, required=True, index=True, help="What the AI calls this request by.")
    state = fields.Selection(STATES, string="Status", readonly=True, required=True, default="pending", tracking=True)
    reason = fields.Char(string="Why it needs approval", readonly=True)
    connection_id = fields.Many2one("mcp.connection", readonly=True, required=True, ondelete="restrict", index=True)
    user_id = fields.Many2one(
        "res.users",
        string="In the name of",
        readonly=True,
        required=True,
        index=True,
        help="It runs with this user's rights, not with those of whoever approves it.",
    )
    company_ids = fields.Many2many("res.company", string="Companies", readonly=True)
    client = fields.Char(string="AI tool", readonly=True)
    approver_id = fields.Many2one("res.users", readonly=True, index="btree_not_null")
    create_date = fields.Datetime(string="Asked", readonly=True)
    expires_at = fields.Datetime(string="Expires", readonly=True, required=True, index=True)
    tool = fields.Char(readonly=True, required=True)
    arguments = fields.Json(readonly=True, groups=fields.NO_ACCESS)
    idempotency_key = fields.Char(readonly=True, groups=fields.NO_ACCESS)
    call_hash = fields.Char(readonly=True, index=True, groups=fields.NO_ACCESS)
    versions = fields.Json(readonly=True, groups=fields.NO_ACCESS)
    seal = fields.Char(readonly=True, groups=fields.NO_ACCESS)
    effect = fields.Json(readonly=True, groups=fields.NO_ACCESS)
    effect_html = fields.Html(string="Before and after", compute="_compute_effect_html", sanitize=False)
    decided_by_id = fields.Many2one("res.users", string="Decided by", readonly=True)
    decided_at = fields.Datetime(string="Decided", readonly=True)
    decision_note = fields.Char(string="Said", readonly=True)
    outcome = fields.Text(string="What came of it", readonly=True)
    answer = fields.Json(readonly=True, groups=fields.NO_ACCESS)
    change_id = fields.Many2one("mcp.change", readonly=True, ondelete="set null")
    may_decide = fields.Boolean(compute="_compute_may_decide")

    @api.depends("effect")
    @api.depends_context("lang")
    def _compute_effect_html(self):
        for approval in self:
            # sudo: the effect is shown as it was told to the requester; only its raw form is closed
            raw = approval.sudo()
            approval.effect_html = effect.as_html(self.env, raw.effect or {}, raw.arguments or {})

    @api.depends_context("uid")
    @api.depends("state", "approver_id", "connection_id")
    def _compute_may_decide(self):
        for approval in self:
            approval.may_decide = approval.state == "pending" and not approval._why_not_decide()

    # ------------------------------------------------------------------ deciding

    def action_approve(self):
        """Carry the calls out, each as one unit and exactly as it was shown."""
        failed = self.browse()
        for approval in self._locked_for_decision():
            approval._decided()
            executed = execution.execute(approval)
            approval.write({"answer": executed.result, "change_id": executed.change_id})
            approval._close(executed.state, executed.text)
            if executed.state != "done":
                failed |= approval
        return failed._say_what_failed() if failed else True

    def action_reject(self):
        """Ask for the reason, which the AI is told."""
        self._check_may_decide()
        action = self.env["ir.actions.act_window"]._for_xml_id("odoo_mcp.mcp_approval_reject_action")
        return {**action, "context": {"default_approval_ids": self.ids}}

    def _reject(self, why):
        for approval in self._locked_for_decision():
            approval._decided(why)
            approval._close("rejected", why)

    def action_cancel(self):
        """Take back one's own request."""
        for approval in self._locked():
            if approval.user_id != self.env.user and not self.env.user.has_group("odoo_mcp.group_manager"):
                raise AccessError(self.env._("Only the user in whose name it was asked can take a request back."))
            approval._close("cancelled", self.env._("Taken back by %s.", self.env.user.name))
        return True

    def _check_may_decide(self):
        if recording.current(self.env.cr) is not None:
            raise AccessError(self.env._("An AI tool cannot decide over requests for approval."))
        for approval in self:
            reason = approval._why_not_decide()
            if reason:
                raise AccessError(reason)

    def _why_not_decide(self):
        """Why the current user may not decide over this request; empty when they may."""
        self.ensure_one()
        user = self.env.user
        connection = self.connection_id.sudo()  # sudo: an approver need not see the connection
        if user == self.user_id and not connection.own_approval:
            return self.env._("This was asked in your own name, so somebody else must decide.")
        if user == self.approver_id or user.has_group("odoo_mcp.group_manager"):
            return ""
        return self.env._("Only %s or an MCP administrator can decide this.", self.approver_id.name or "–")

    def _locked_for_decision(self):
        self._check_may_decide()
        return self._locked()

    def _locked(self):
        """These requests with superuser rights, their rows locked: of two people who decide at once, one comes late."""
        self.check_access("read")
        # sudo: requests are written here only, after it was checked who asks
        approvals = self.sudo()
        approvals.flush_recordset()
        self.env.cr.execute(
            SQL("SELECT id FROM mcp_approval WHERE id IN %s ORDER BY id FOR UPDATE", tuple(self.ids or [0]))
        )
        approvals.invalidate_recordset()
        now = fields.Datetime.now()
        for approval in approvals:
            if approval.state == "pending" and approval.expires_at <= now:
                raise UserError(self.env._("This request has expired: %s The AI can ask again.", approval.name))
            if approval.state != "pending":
                state = dict(self._fields["state"]._description_selection(self.env))[approval.state]
                text = self.env._("This request is not pending any more: %(state)s. %(name)s")
                raise UserError(text % {"state": state, "name": approval.name})
        return approvals

    def _decided(self, note=False):
        user = self.env.user
        self.write({"decided_by_id": user.id, "decided_at": fields.Datetime.now(), "decision_note": note})

    def _close(self, state, text):
        """End requests, whatever way; whoever waits for them hears of it. With superuser rights."""
        self.write({"state": state, "outcome": text})
        self.activity_unlink(["odoo_mcp.mail_activity_approval"])

    def _say_what_failed(self):
        text = "\n".join(f"{approval.name}: {approval.outcome}" for approval in self)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning",
                "sticky": True,
                "title": self.env._("Nothing was changed"),
                "message": text,
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    # ------------------------------------------------------------------ who is told

    def _notify_approvers(self):
        """An activity and a notification on the screen for whoever can decide. With superuser rights."""
        for approval in self:
            for user in approval._deciders():
                approval.activity_schedule(
                    "odoo_mcp.mail_activity_approval",
                    user_id=user.id,
                    summary=self.env._("%s asks", approval.connection_id.name),
                    note=approval.name,
                    date_deadline=fields.Date.context_today(approval, approval.expires_at),
                )
                user._bus_send(
                    "simple_notification",
                    {
                        "type": "info",
                        "sticky": True,
                        "title": self.env._("An AI tool asks for your approval"),
                        "message": approval.name,
                    },
                )

    def _deciders(self):
        """The approver of the connection; without one, the MCP administrators, but whoever it is asked for."""
        self.ensure_one()
        if self.approver_id.active:
            return self.approver_id
        managers = group_members(self.env.ref("odoo_mcp.group_manager"))
        others = managers if self.connection_id.own_approval else managers - self.user_id
        return others[:_MOST_NOTIFIED]

    def _told(self):
        """What the AI is told of the request."""
        self.ensure_one()
        told = {
            "approval_id": self.reference,
            "status": "approved" if self.state == "done" else self.state,
            "what": self.name,
            "approver": self.approver_id.name or self.env._("The MCP administrators"),
            "expires_at": fields.Datetime.to_string(self.expires_at) + "Z",
        }
        if self.state != "pending":
            told["outcome"] = self.outcome or ""
            if self.decided_by_id:
                told["decided_by"] = self.decided_by_id.name
            if self.answer:
                told["result"] = self.answer
            if self.change_id:
                told["change_id"] = self.change_id.id
        return told

    def action_open_change(self):
        return {
            "type": "ir.actions.act_window",
            "res_model": "mcp.change",
            "res_id": self.change_id.id,
            "views": [(False, "form")],
        }

    # ------------------------------------------------------------------ time

    @api.model
    def _cron_expire(self):
        """End requests that nobody decided in time."""
        # sudo: requests are written by the server only
        late = self.sudo().search([("state", "=", "pending"), ("expires_at", "<=", fields.Datetime.now())])
        late._close("expired", self.env._("Nobody decided in time. Ask again if it is still wanted."))

    @api.autovacuum
    def _gc_decided(self):
        """Requests are kept as long as the audit log."""
        days = self.env["mcp.settings"].current().audit_retention_days
        if days:
            limit = fields.Datetime.subtract(fields.Datetime.now(), days=days)
            # sudo: requests are removed by the server only
            self.sudo().search([("state", "!=", "pending"), ("create_date", "<", limit)], limit=1000).unlink()
