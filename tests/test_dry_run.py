import socket
import threading
from unittest.mock import patch

from odoo.tests import tagged

from ..services.governance import outside
from .common import McpCase, let_write_partners
from .traces_common import Traces


@tagged("post_install", "-at_install")
class TestDryRun(Traces, McpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        let_write_partners(cls.user, cls.admin)
        cls.partner = cls.partners[0]
        cls.partner.message_subscribe(partner_ids=cls.admin.partner_id.ids)

    def try_call(self, tool, **arguments):
        return self.client.call(tool, **arguments, dry_run=True)

    # ------------------------------------------------------------------ no trace

    def test_new_records_are_told_with_those_that_come_with_them(self):
        report = self.assertNoTrace(
            "create_record", model="res.partner", values={"name": "Tried", "child_ids": [{"name": "C"}]}
        )
        self.assertEqual([change["kind"] for change in report["changes"]], ["create", "create"])

    def test_an_update_is_told_field_by_field_with_what_follows_from_it(self):
        company = self.env["res.partner"].create({"name": "Deco", "is_company": True, "vat": "BE0477472701"})
        child = self.env["res.partner"].create({"name": "Child", "parent_id": company.id})
        self.env.flush_all()
        report = self.assertNoTrace("update_record", model="res.partner", id=company.id, values={"name": "Deco 2"})
        changes = {change["id"]: change["fields"] for change in report["changes"]}
        self.assertEqual(changes[company.id]["name"], ["Deco", "Deco 2"])
        # computed values of other records that follow
        self.assertEqual(changes[child.id]["complete_name"], ["Deco, Child", "Deco 2, Child"])
        self.assertEqual(company.name, "Deco")

    def test_a_deletion_tells_what_goes_with_it(self):
        bank = self.env["res.partner.bank"].create({"acc_number": "BE1", "partner_id": self.partner.id})
        report = self.assertNoTrace("delete_record", model="res.partner", id=self.partner.id)
        told = {(change["model"], change["id"], change["kind"]) for change in report["changes"]}
        self.assertIn(("res.partner", self.partner.id, "delete"), told)
        also = report.get("also", {})
        self.assertTrue(("res.partner.bank", bank.id, "delete") in told or also.get("res.partner.bank"))

    def test_document_numbers_are_foreseen_and_not_drawn(self):
        sequence = self.env["ir.sequence"].create(
            {"name": "Tried", "code": "mcp.tried", "prefix": "T", "padding": 3, "implementation": "standard"}
        )
        numbers = []
        draw = type(self.env["res.partner"]).create

        def create(partners, vals_list):
            numbers.extend(partners.env["ir.sequence"].sudo().next_by_code("mcp.tried") for _ in range(2))
            return draw(partners, vals_list)

        self.assertEqual(sequence.next_by_id(), "T001")
        self.env.flush_all()
        with patch.object(self.env.registry["res.partner"], "create", create):
            self.assertNoTrace("create_record", model="res.partner", values={"name": "Tried"})
        self.assertEqual(numbers, ["T002", "T003"])
        self.assertEqual(sequence.next_by_id(), "T002")

    def test_mails_are_told_and_not_sent(self):
        def write(partners, vals):
            partners.message_post(
                body="Hello", subject="News", message_type="comment", subtype_xmlid="mail.mt_comment",
                partner_ids=self.admin.partner_id.ids,
            )  # fmt: skip
            self.env["mail.mail"].sudo().create({"email_to": "x@example.com", "subject": "Direct"}).send()
            return original(partners, vals)

        original = type(self.env["res.partner"]).write
        self.admin.write({"notification_type": "email", "email": "root@example.com"})
        self.env.flush_all()
        with patch.object(self.env.registry["res.partner"], "write", write):
            report = self.assertNoTrace("update_record", model="res.partner", id=self.partner.id, values={"city": "X"})
        self.assertIn({"to": ["x@example.com"], "subject": "Direct"}, report["would_send"])
        self.assertTrue(any("root@example.com" in str(mail["to"]) for mail in report["would_send"]))

    def test_connections_are_refused_and_told(self):
        listener = socket.create_server(("127.0.0.1", 0))
        self.addCleanup(listener.close)
        listener.settimeout(0.2)
        port = listener.getsockname()[1]
        refused = []

        def write(partners, vals):
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
            except OSError as error:
                refused.append(error)
            return original(partners, vals)

        original = type(self.env["res.partner"]).write
        with patch.object(self.env.registry["res.partner"], "write", write):
            report = self.try_call("update_record", model="res.partner", id=self.partner.id, values={"city": "X"})[
                "dry_run"
            ]
        self.assertIsInstance(refused[0], outside.OutsideRefused)
        self.assertTrue(any("127.0.0.1" in place for place in report["would_reach"]))
        with self.assertRaises(TimeoutError):
            listener.accept()

    def test_other_threads_reach_the_world_meanwhile(self):
        listener = socket.create_server(("127.0.0.1", 0))
        self.addCleanup(listener.close)
        reached = []

        def reach():
            socket.create_connection(listener.getsockname(), timeout=1).close()
            reached.append(True)

        with outside.refused() as tried:
            thread = threading.Thread(target=reach)
            thread.start()
            thread.join()
        self.assertEqual((reached, tried), ([True], []))

    def test_code_that_commits_half_way_does_not_get_through(self):
        def write(partners, vals):
            result = original(partners, vals)
            partners.env.cr.commit()
            return result

        original = type(self.env["res.partner"]).write
        with patch.object(self.env.registry["res.partner"], "write", write):
            self.assertNoTrace("update_record", model="res.partner", id=self.partner.id, values={"city": "Committed"})
        self.assertEqual(self.partner.city, "Gent")

    def test_a_failing_dry_run_says_what_would_be_wrong(self):
        text = self.client.failing(
            "update_record", model="res.partner", id=99999999, values={"city": "X"}, dry_run=True
        )
        self.assertIn("no record", text)

    def test_reading_tools_do_not_take_dry_run(self):
        self.assertIn("no such argument", self.client.failing("count_records", model="res.partner", dry_run=True))

    def test_what_the_user_may_not_see_is_only_counted(self):
        field = self.env["res.partner"]._fields["city"]
        self.patch(field, "groups", "base.group_system")
        report = self.admin_client.call(
            "update_records", model="res.partner", ids=self.partner.ids, values={"city": "Y"}, dry_run=True
        )["dry_run"]
        self.assertEqual(report["changes"][0]["fields"]["city"], ["Gent", "Y"])
        self.assertIn(
            "does not exist",
            self.client.failing(
                "update_records", model="res.partner", ids=self.partner.ids, values={"city": "Y"}, dry_run=True
            ),
        )
