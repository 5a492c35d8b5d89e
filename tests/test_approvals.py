from unittest.mock import patch

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from ..services.conversations import sessions, watching
from ..services.governance import approval_rules, recording
from ..services.governance.gate import Gate
from ..services.identity import bearer
from .common import MCP_GROUPS, McpCase, let_write_partners


class ApprovalCase(McpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        let_write_partners(cls.user, cls.admin)
        cls.approver = new_test_user(cls.env, login="mcp_approver", groups=MCP_GROUPS)
        cls.stranger = new_test_user(cls.env, login="mcp_stranger", groups=MCP_GROUPS)
        cls.connection.approver_id = cls.approver
        cls.partner = cls.partners[0]

    def listed(self, *names):
        tools = self.env["mcp.tool"].search([("name", "in", names)])
        self.assertEqual(len(tools), len(names))
        self.connection.approval_tool_ids = tools

    def ask(self, tool="update_record", **arguments):
        """A call that must end as a request; the request."""
        arguments = arguments or {"model": "res.partner", "id": self.partner.id, "values": {"city": "Aalst"}}
        result = self.client.request("tools/call", {"name": tool, "arguments": arguments})["result"]
        self.assertTrue(result["isError"])
        self.assertIn("Waiting for approval", result["content"][0]["text"])
        told = result["structuredContent"]["approval"]
        self.assertEqual(told["status"], "pending")
        return self.env["mcp.approval"].search([("reference", "=", told["approval_id"])])

    def approve(self, approval, user=None):
        approval.with_user(user or self.approver).action_approve()
        self.partner.invalidate_recordset()

    def status(self, approval):
        return self.client.call("approval_status", approval_id=approval.reference)


@tagged("post_install", "-at_install")
class TestApprovals(ApprovalCase):
    # ------------------------------------------------------------------ asking

    def test_a_listed_tool_does_nothing_until_somebody_approves(self):
        self.listed("update_record")
        approval = self.ask()
        self.assertEqual(self.partner.city, "Gent")
        self.assertEqual(approval.name, "Change Ground 00 (Contact): City from Gent to Aalst.")
        self.assertIn("The tool update_record is on this connection's list", approval.reason)
        html = str(approval.with_user(self.approver).effect_html)
        self.assertIn("Gent", html)
        self.assertIn("Aalst", html)
        self.approve(approval)
        self.assertEqual(self.partner.city, "Aalst")
        self.assertEqual((approval.state, approval.decided_by_id), ("done", self.approver))
        told = self.status(approval)
        self.assertEqual(told["status"], "approved")
        self.assertEqual(told["result"]["id"], self.partner.id)
        self.assertEqual(told["change_id"], approval.change_id.id)

    def test_the_call_runs_with_the_rights_of_the_requester(self):
        self.listed("update_record")
        approval = self.ask()
        self.approve(approval, self.admin)
        self.assertEqual(self.partner.write_uid, self.user)
        self.assertEqual(approval.change_id.user_id, self.user)

    def test_the_audit_log_has_the_request_and_the_execution(self):
        self.listed("update_record")
        approval = self.ask()
        row = self.audit_rows(tool="update_record", connection_id=self.connection.id)
        self.assertEqual((row.outcome, row.error), ("pending", approval.name))
        self.approve(approval)
        rows = self.audit_rows(tool="update_record", connection_id=self.connection.id)
        self.assertEqual(sorted(rows.mapped("outcome")), ["ok", "pending"])
        self.assertEqual(rows.filtered("change_id").change_id, approval.change_id)

    def test_the_same_call_again_finds_the_request_that_waits(self):
        self.listed("update_record")
        self.assertEqual(self.ask(), self.ask())
        other = self.ask(model="res.partner", id=self.partner.id, values={"city": "Ieper"})
        self.assertEqual(other.name, "Change Ground 00 (Contact): City from Gent to Ieper.")

    def test_a_call_that_would_fail_is_answered_at_once(self):
        self.listed("update_record")
        text = self.client.failing("update_record", model="res.partner", id=self.partner.id, values={"nme": "x"})
        self.assertIn("nme", text)
        self.assertFalse(self.env["mcp.approval"].search([("connection_id", "=", self.connection.id)]))

    def test_a_dry_run_needs_no_approval(self):
        self.listed("update_record")
        answer = self.client.call(
            "update_record", model="res.partner", id=self.partner.id, values={"city": "Aalst"}, dry_run=True
        )
        self.assertTrue(answer["dry_run"])
        self.assertFalse(self.env["mcp.approval"].search([("connection_id", "=", self.connection.id)]))

    # ------------------------------------------------------------------ rules

    def test_levels_ask_for_what_deletes_or_for_every_change(self):
        self.connection.approval_level = "destructive"
        self.client.call("update_record", model="res.partner", id=self.partner.id, values={"city": "Ieper"})
        self.ask("delete_record", model="res.partner", id=self.partner.id)
        self.connection.approval_level = "everything"
        self.env.flush_all()
        approval = self.ask("create_record", model="res.partner", values={"name": "New"})
        self.assertEqual(approval.name, "Create New (Contact).")
        self.client.call("cancel_approval", approval_id=approval.reference)  # which is not asked about

    def test_a_listed_model_asks_whatever_tool_changes_it(self):
        self.connection.approval_model_ids = self.env["ir.model"]._get("res.partner")
        for tool, arguments in (
            ("create_record", {"values": {"name": "New"}}),
            ("update_record", {"id": self.partner.id, "values": {"city": "Aalst"}}),
            ("delete_record", {"id": self.partner.id}),
        ):
            approval = self.ask(tool, model="res.partner", **arguments)
            self.assertIn("records of Contact", approval.reason)
        self.assertEqual(self.partner.city, "Gent")
        self.client.call("create_record", model="res.partner.category", values={"name": "Free"})

    def test_a_step_of_a_batch_asks_as_if_it_were_called_by_itself(self):
        self.listed("update_record")
        steps = [
            {
                "tool": "create_record",
                "arguments": {"model": "res.partner", "values": {"name": "First", "ref": "STEP"}},
            },
            {
                "tool": "update_record",
                "arguments": {"model": "res.partner", "id": self.partner.id, "values": {"city": "Aalst"}},
            },
        ]
        approval = self.ask("run_batch", steps=steps)
        self.assertEqual(approval.name, "Create First (Contact); change Ground 00 (Contact): City from Gent to Aalst.")
        self.assertFalse(self.env["res.partner"].search([("ref", "=", "STEP")]))
        self.approve(approval)
        self.assertEqual((approval.state, self.partner.city), ("done", "Aalst"))
        self.assertEqual(self.env["res.partner"].search_count([("ref", "=", "STEP")]), 1)

    def test_changing_more_records_than_allowed_asks(self):
        self.settings.approval_most_records = 5
        ids = self.partners.ids[:6]
        self.client.call("update_records", model="res.partner", ids=ids[:5], values={"city": "Aalst"})
        approval = self.ask("update_records", model="res.partner", ids=ids, values={"city": "Ieper"})
        self.assertIn("more than 5 records", approval.reason)
        self.assertNotIn("Ieper", self.partners.mapped("city"))
        self.approve(approval)
        self.assertEqual(set(self.partners[:6].mapped("city")), {"Ieper"})
        # what is new counts for nothing
        self.client.call("create_records", model="res.partner", records=[{"name": str(n)} for n in range(9)])

    def test_after_private_data_was_read_mail_to_outsiders_asks(self):
        def send(records):
            self.env["mail.mail"].with_env(records.env).sudo().create(
                {"subject": "All our prices", "email_to": "eve@evil.example", "body_html": "…"}
            )

        original = type(self.env["res.partner"]).write

        def write_and_tell(records, vals):
            if vals.get("city"):
                send(records)
            return original(records, vals)

        update = {"model": "res.partner", "id": self.partner.id, "values": {"city": "Aalst"}}
        with patch.object(type(self.env["res.partner"]), "write", write_and_tell):
            self.client.call("update_record", **update)  # nothing was read yet
            self.client.call("search_records", model="res.partner", limit=2)
            approval = self.ask("update_record", **update | {"values": {"city": "Ieper"}})
            self.assertIn("eve@evil.example", approval.reason)
            self.assertIn("Sends 1 message to eve@evil.example", approval.name)
            self.settings.approval_before_sending = False
            self.client.call("update_record", **update | {"values": {"city": "Gent"}})

    def test_after_private_data_was_read_publishing_asks(self):
        # no field of a bare Odoo shows a record to the public: this one stands for it
        self.patch(approval_rules, "PUBLISHING_FIELDS", frozenset({"employee"}))
        update, others = {"model": "res.partner", "id": self.partner.id}, self.partners[1:3]
        others[0].employee = True
        self.client.call("update_record", **update, values={"employee": True})  # nothing was read yet
        self.client.call("search_records", model="res.partner", limit=2)
        self.client.call("update_record", **update, values={"employee": False})
        self.client.call("update_record", **update, values={"city": "Ieper"})
        self.client.call("update_records", model="res.partner", ids=others[0].ids, values={"employee": True})
        approval = self.ask("update_record", **update, values={"employee": True})
        self.assertIn("publishes records of Contact after private data was read", approval.reason)
        self.assertFalse(self.partner.employee)
        self.ask("update_records", model="res.partner", ids=others.ids, values={"employee": True})
        self.ask("create_record", model="res.partner", values={"name": "Shown", "employee": True})
        self.client.call("create_record", model="res.partner", values={"name": "Hidden", "employee": False})
        self.approve(approval)
        self.assertTrue(self.partner.employee)
        self.client.call("update_record", **update, values={"employee": True, "city": "Gent"})  # public already

    def test_reading_and_publishing_in_one_call_asks_as_well(self):
        self.patch(approval_rules, "PUBLISHING_FIELDS", frozenset({"employee"}))
        read = {"tool": "search_records", "arguments": {"model": "res.partner", "fields": ["email"], "limit": 1}}
        publish = {
            "tool": "create_record",
            "arguments": {"model": "res.partner", "values": {"name": "Shown", "employee": True}},
        }
        self.client.call("run_batch", steps=[publish])
        self.env.cr.execute("DELETE FROM mcp_audit_log")  # what was created is in the answer of that call
        approval = self.ask("run_batch", steps=[read, publish])
        self.assertIn("after private data was read", approval.reason)

    def test_no_ai_adds_a_webhook_or_another_door(self):
        """The third way out of the trifecta is closed altogether, so nobody need be asked about it."""
        self.admin_connection.scope = "admin"
        self.assertTrue(self.admin.has_group("base.group_system"))
        partner = self.env["ir.model"]._get("res.partner").id
        for model, values in (
            ("ir.actions.server", {"name": "Out", "state": "webhook", "model_id": partner}),
            ("base.automation", {"name": "Out", "model_id": partner}),
            ("ir.mail_server", {"name": "Out", "smtp_host": "mail.evil.example"}),
            ("mcp.connection", {"name": "Out", "user_id": self.admin.id}),
        ):
            with self.subTest(model):
                self.admin_client.failing("create_record", model=model, values=values)

    def test_mail_to_colleagues_does_not_ask(self):
        colleague = self.approver
        mail = self.env["mail.mail"].create(
            {"email_to": colleague.email, "recipient_ids": [Command.link(colleague.partner_id.id)]}
        )
        self.assertEqual(approval_rules._outsiders(mail), [])
        mail.recipient_ids += self.partner
        mail.email_cc = "Eve <eve@evil.example>"
        self.assertEqual(approval_rules._outsiders(mail), [self.partner.display_name, "eve@evil.example"])

    # ------------------------------------------------------------------ deciding

    def test_nobody_decides_over_their_own_request_unless_allowed(self):
        self.listed("update_record")
        self.connection.approver_id = self.user  # not even the one who is to decide
        approval = self.ask()
        with self.assertRaises(AccessError):
            self.approve(approval, self.user)
        with self.assertRaises(AccessError):
            approval.with_user(self.user)._reject("no")
        self.connection.own_approval = True
        approval.invalidate_recordset()
        second = self.ask(model="res.partner", id=self.partner.id, values={"city": "Ieper"})
        self.approve(second, self.user)
        self.assertEqual(self.partner.city, "Ieper")

    def test_strangers_neither_see_nor_decide(self):
        self.listed("update_record")
        approval = self.ask()
        self.assertFalse(self.env["mcp.approval"].with_user(self.stranger).search([("id", "=", approval.id)]))
        for action in ("action_approve", "action_reject", "action_cancel"):
            with self.assertRaises(AccessError):
                getattr(approval.with_user(self.stranger), action)()
        with self.assertRaises(AccessError):
            approval.with_user(self.approver).write({"state": "done"})

    def test_an_ai_can_never_decide(self):
        self.listed("update_record")
        approval = self.ask()
        self.admin_connection.scope = "admin"
        values = {"state": "done"}
        self.admin_client.failing("update_record", model="mcp.approval", id=approval.id, values=values)
        recording.begin(self.env.cr)
        try:
            with self.assertRaises(AccessError):
                self.approve(approval)
        finally:
            recording.end(self.env.cr)
        self.assertEqual(approval.state, "pending")

    def test_it_runs_once(self):
        self.listed("create_record")
        approval = self.ask("create_record", model="res.partner", values={"name": "Only once", "ref": "ONCE"})
        self.approve(approval)
        with self.assertRaises(UserError):
            self.approve(approval, self.admin)
        self.assertEqual(self.env["res.partner"].search_count([("ref", "=", "ONCE")]), 1)

    def test_a_rejection_tells_the_ai_why(self):
        self.listed("update_record")
        approval = self.ask()
        action = approval.with_user(self.approver).action_reject()
        wizard = self.env["mcp.approval.reject"].with_user(self.approver).with_context(**action["context"])
        wizard.create({"reason": "The customer moved to Brugge"}).action_reject()
        told = self.status(approval)
        self.assertEqual((told["status"], told["outcome"]), ("rejected", "The customer moved to Brugge"))
        self.assertEqual(self.partner.city, "Gent")

    # ------------------------------------------------------------------ exactly as approved

    def test_a_record_that_was_changed_since_is_left_alone(self):
        self.listed("update_record")
        approval = self.ask()
        self.partner.write({"street": "Somewhere else"})
        self.env.flush_all()
        self.approve(approval)
        self.assertEqual((approval.state, self.partner.city), ("outdated", "Gent"))
        self.assertIn("was changed since", self.status(approval)["outcome"])
        self.assertNotEqual(self.ask(), approval)

    def test_a_request_that_was_tampered_with_is_not_carried_out(self):
        self.listed("update_record")
        for change in (
            {"arguments": {"model": "res.partner", "id": self.partner.id, "values": {"city": "Evil"}}},
            {"tool": "delete_record"},
            {"user_id": self.admin.id},
            {"versions": {}},
        ):
            approval = self.ask()
            approval.write(change)
            self.approve(approval, self.env.ref("base.user_admin"))
            self.assertIn(approval.state, ("failed", "expired"), change)
            self.assertEqual(self.partner.city, "Gent")

    def test_touching_another_record_than_was_shown_stops_it(self):
        self.listed("update_record")
        approval = self.ask()
        original, other = type(self.env["res.partner"]).write, self.partners[1]

        def write_both(records, vals):
            if vals.get("city") == "Aalst" and records == self.partner:
                original(other.with_env(records.env), {"city": "Aalst"})
            return original(records, vals)

        with patch.object(type(self.env["res.partner"]), "write", write_both):
            self.approve(approval)
        other.invalidate_recordset()
        self.assertEqual((approval.state, self.partner.city, other.city), ("outdated", "Gent", "Brugge"))

    def test_a_right_or_limit_that_is_gone_counts(self):
        self.listed("update_record")
        approval = self.ask()
        self.connection.scope = "read_only"
        self.approve(approval)
        self.assertEqual((approval.state, self.partner.city), ("failed", "Gent"))
        self.assertIn("read only", approval.outcome)

    def test_a_job_ends_what_nobody_decided(self):
        self.listed("update_record")
        late, waiting = self.ask(), self.ask(model="res.partner", id=self.partner.id, values={"city": "Ieper"})
        late.expires_at = fields.Datetime.subtract(fields.Datetime.now(), minutes=1)
        job = self.env.ref("odoo_mcp.cron_expire_approvals")
        self.assertTrue(job.active)
        job.ir_actions_server_id.run()
        self.assertEqual((late.state, waiting.state), ("expired", "pending"))
        self.assertFalse(late.activity_ids)
        self.assertIn("Nobody decided in time", self.status(late)["outcome"])

    def test_revoked_expired_and_switched_off(self):
        self.listed("update_record")
        approval = self.ask()
        approval.expires_at = fields.Datetime.subtract(fields.Datetime.now(), minutes=1)
        with self.assertRaises(UserError):
            self.approve(approval)
        self.env["mcp.approval"]._cron_expire()
        self.assertEqual(approval.state, "expired")
        second = self.ask()
        self.assertNotEqual(second, approval)
        self.settings.enabled = False
        self.approve(second)
        self.assertEqual(second.state, "expired")
        self.settings.enabled = True
        third = self.ask()
        self.connection.action_revoke()
        self.assertEqual(third.state, "expired")
        with self.assertRaises(UserError):
            self.approve(third)
        self.assertEqual(self.partner.city, "Gent")

    def test_an_archived_requester_ends_the_request(self):
        self.listed("update_record")
        approval = self.ask()
        self.user.active = False
        self.approve(approval, self.admin)
        self.assertEqual((approval.state, self.partner.city), ("expired", "Gent"))

    # ------------------------------------------------------------------ people and the AI

    def test_the_approver_gets_an_activity_that_goes_away(self):
        self.listed("update_record")
        approval = self.ask()
        activity = approval.activity_ids
        self.assertEqual((activity.user_id, activity.activity_category), (self.approver, "mcp_approval"))
        self.approve(approval)
        self.assertFalse(approval.activity_ids)

    def test_the_approver_is_told_on_the_screen_and_nobody_else(self):
        told = []
        self.patch(
            self.env.registry["res.users"],
            "_bus_send",
            lambda user, kind, message, **_o: told.append((user, kind, message)),
        )
        self.listed("update_record")
        approval = self.ask()
        self.assertEqual([(user, kind) for user, kind, _message in told], [(self.approver, "simple_notification")])
        self.assertEqual(told[0][2]["message"], approval.name)
        self.ask()  # the same call again
        self.assertEqual(len(told), 1)

    def test_the_ai_hears_of_the_decision_as_a_subscriber(self):
        self.listed("update_record")
        approval = self.ask()
        uri = self.status(approval)["resource"]
        read = self.client.request("resources/read", {"uri": uri})["result"]["contents"][0]["text"]
        self.assertIn(approval.name, read)
        caller = bearer.identify(self.env, self.key).caller
        gate = Gate(self.env(user=self.user.id, context=caller.context(), su=False), caller)
        self.addCleanup(gate.close)
        session = sessions.open_session(self.env.cr, caller, "2025-11-25", {"name": "x"}, {}, None)[0]
        self.env.cr.flush()
        watching.subscribe(self.env.cr, session, watching.subscription_to(self.env["mcp.tool.registry"], gate, uri))
        self.env.cr.execute("DELETE FROM mcp_event")
        self.approve(approval)
        self.env.cr.flush()
        self.env.cr.execute("SELECT res_ids FROM mcp_event WHERE kind = 'updated' AND res_model = 'mcp.approval'")
        self.assertEqual({tuple(ids) for (ids,) in self.env.cr.fetchall()}, {(approval.id,)})

    def test_a_connection_that_may_not_read_requests_is_not_sent_there(self):
        self.listed("update_record")
        partner = self.env["ir.model"]._get("res.partner").id
        line = {"model_id": partner, "perm_write": True}
        self.connection.write({"model_limit": "listed", "model_access_ids": [Command.create(line)]})
        self.assertNotIn("resource", self.status(self.ask()))

    def test_without_an_approver_the_administrators_are_told(self):
        self.connection.approver_id = False
        self.listed("update_record")
        approval = self.ask()
        self.assertIn(self.admin, approval.activity_ids.user_id)
        self.assertNotIn(self.user, approval.activity_ids.user_id)

    def test_an_ai_sees_its_own_requests_only(self):
        self.listed("update_record")
        approval = self.ask()
        listed = self.client.call("list_approvals")
        self.assertEqual([entry["approval_id"] for entry in listed["approvals"]], [approval.reference])
        self.assertEqual(self.admin_client.call("list_approvals")["approvals"], [])
        text = self.admin_client.failing("approval_status", approval_id=approval.reference)
        self.assertIn("There is no request", text)
        self.assertEqual(self.client.call("cancel_approval", approval_id=approval.reference)["status"], "cancelled")
        self.assertIn("not pending any more", self.client.failing("cancel_approval", approval_id=approval.reference))

    def test_an_idempotency_key_finds_the_outcome(self):
        self.listed("create_record")
        call = {"model": "res.partner", "values": {"name": "Keyed", "ref": "KEYED"}, "idempotency_key": "k1"}
        approval = self.ask("create_record", **call)
        self.approve(approval)
        answer = self.client.call("create_record", **call)
        self.assertEqual(answer["id"], self.env["res.partner"].search([("ref", "=", "KEYED")]).id)
        self.assertTrue(answer["replayed"])
