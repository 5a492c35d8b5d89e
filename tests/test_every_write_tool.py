"""Every tool that changes something: tried it leaves no trace; done it is on record and can be undone, or says why
not; repeated with its key it happens once. A new tool needs a line in ``EXAMPLES``, or this fails."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from psycopg2 import IntegrityError

from odoo.tests import tagged

from .common import McpCase, let_write_partners
from .traces_common import Traces

MODEL = "res.partner"
# It passes a call on to another tool, with everything that belongs to that.
PASSES_ON = "call_tool"
# What differs of records that were made again under new ids.
OF_NEW_IDS = ("id", "commercial_partner_id", "parent_path", "res_id", "create_uid", "create_date")
FOLLOWERS = re.compile("mail_followers")


@dataclass(frozen=True)
class Example:
    """One call of a tool, and what is to be seen of it.

    :param arguments: of the call, from the test case
    :param other: arguments that make it another call
    :param back: what an undo brings back: ``all``; ``anew``, the same under new ids; or nothing, and the words in which
        it says so
    :param records: models of the records that the journal must name; none of a call that changes nothing of business
    :param needs_module: the app without which the tool says so
    """

    arguments: Callable[["TestEveryWriteTool"], dict]
    other: dict
    records: set[str]
    back: str = "all"
    needs_module: str | None = None


EXAMPLES = {
    "attach_file": Example(
        lambda case: {"model": MODEL, "id": case.partner.id, "name": "a.txt", "text": "A file"},
        {"text": "Other"},
        {"ir.attachment"},
    ),
    "cancel_approval": Example(lambda case: {"approval_id": case.approval()}, {"approval_id": "x"}, set()),
    "change_followers": Example(
        lambda case: {
            "model": MODEL,
            "id": case.partner.id,
            "add": case.partners[1].ids,
            "remove": case.admin.partner_id.ids,
        },
        {"add": []},
        {"mail.followers"},
        back="anew",
    ),
    "complete_activity": Example(
        lambda case: {"activity_id": case.activity().id, "feedback": "Done"},
        {"feedback": "Other"},
        {"mail.activity"},
        back="anew",
    ),
    "copy_record": Example(
        lambda case: {"model": MODEL, "id": case.partner.id, "values": {"name": "Copy"}},
        {"values": {"name": "Other"}},
        {MODEL},
    ),
    "create_record": Example(
        lambda case: {"model": MODEL, "values": {"name": "New", "category_id": ["Gold"], "child_ids": [{"name": "C"}]}},
        {"values": {"name": "Other"}},
        {MODEL},
    ),
    "create_records": Example(
        lambda case: {"model": MODEL, "records": [{"name": "A"}, {"name": "B", "email": "b@example.com"}]},
        {"records": [{"name": "A"}]},
        {MODEL},
    ),
    "delete_record": Example(lambda case: {"model": MODEL, "id": case.partner.id}, {"id": 1}, {MODEL}, back="anew"),
    "delete_records": Example(
        lambda case: {"model": MODEL, "ids": case.partners[:2].ids}, {"ids": [1]}, {MODEL}, back="anew"
    ),
    "get_upload_link": Example(lambda case: {"model": MODEL, "id": case.partner.id}, {"name": "other.txt"}, set()),
    "import_records": Example(
        lambda case: {"model": MODEL, "csv": "id,name,city\n__test__.one,One,Gent\n,Two,Brugge"},
        {"csv": "name\nOther"},
        {MODEL},
    ),
    "post_message": Example(
        lambda case: {"model": MODEL, "id": case.partner.id, "body": "Hello", "kind": "message"},
        {"body": "Other"},
        {"mail.message"},
        back="what was said is not taken back",
    ),
    "run_action": Example(
        lambda case: {"model": MODEL, "ids": case.partner.ids, "action": "Move to Ostend"},
        {"action": "Merge"},
        {MODEL},
    ),
    "run_batch": Example(
        lambda case: {
            "steps": [
                {"tool": "create_record", "arguments": {"model": MODEL, "values": {"name": "Company"}}},
                {
                    "tool": "update_record",
                    "arguments": {"model": MODEL, "id": case.partner.id, "values": {"parent_id": "$1.id"}},
                },
                {"tool": "post_message", "arguments": {"model": MODEL, "id": case.partner.id, "body": "Of ${1.name}"}},
            ]
        },
        {"steps": [{"tool": "whoami"}]},
        {MODEL, "mail.message"},
    ),
    "schedule_activity": Example(
        lambda case: {"model": MODEL, "id": case.partner.id, "summary": "Call back", "due": "2030-01-31"},
        {"summary": "Other"},
        {"mail.activity"},
    ),
    "send_email": Example(
        lambda case: {"model": MODEL, "id": case.partner.id, "template": "Greeting", "send": True},
        {"subject": "Other"},
        {"mail.message"},
        back="what was said is not taken back",
    ),
    "send_test_email_template": Example(
        lambda case: {"template": "Greeting", "id": case.partner.id},
        {"id": 1},
        {"mail.message"},
        back="what was said is not taken back",
    ),
    "stage_mass_mailing_from_template": Example(
        lambda case: {"template": "Greeting", "model": MODEL, "domain": [["ref", "=", "MCPTEST"]]},
        {"name": "Other"},
        {"mailing.mailing"},
        needs_module="mass_mailing",
    ),
    "undo_change": Example(lambda case: {"change_id": case.change_to_undo()}, {"change_id": 1}, {MODEL}),
    "update_record": Example(
        lambda case: {"model": MODEL, "id": case.partner.id, "values": {"name": "Renamed", "category_id": ["Gold"]}},
        {"values": {"name": "Other"}},
        {MODEL},
    ),
    "update_records": Example(
        lambda case: {"model": MODEL, "ids": case.partners[:3].ids, "values": {"city": "Liège", "active": False}},
        {"values": {"city": "Mons"}},
        {MODEL},
    ),
}


@tagged("post_install", "-at_install")
class TestEveryWriteTool(Traces, McpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        let_write_partners(cls.admin)
        cls.admin.email = "root@example.com"
        if group := cls.env.ref("mass_mailing.group_mass_mailing_user", raise_if_not_found=False):
            cls.admin.write({"group_ids" if "group_ids" in cls.admin._fields else "groups_id": [(4, group.id)]})
        cls.client = cls.admin_client
        cls.partner = cls.partners[0]
        cls.env["res.partner.category"].create({"name": "Gold"})
        cls.partner.message_subscribe(partner_ids=cls.admin.partner_id.ids)
        partner_model = cls.env["ir.model"]._get(MODEL)
        cls.env["mail.template"].create(
            {
                "name": "Greeting",
                "model_id": partner_model.id,
                "subject": "Hello {{ object.name }}",
                "body_html": "<p>Dear <t t-out='object.name'/></p>",
                "partner_to": "{{ object.id }}",
            }
        )
        cls.env["ir.actions.server"].create(
            {
                "name": "Move to Ostend",
                "model_id": partner_model.id,
                "binding_model_id": partner_model.id,
                "state": "code",
                "code": "records.write({'city': 'Ostend'})",
            }
        )

    # ------------------------------------------------------------------ what calls need

    def change_to_undo(self):
        answer = self.client.call("update_record", model=MODEL, id=self.partner.id, values={"city": "Aalst"})
        return answer["change_id"]

    def activity(self):
        return self.partner.activity_schedule("mail.mail_activity_data_todo", summary="Call", user_id=self.admin.id)

    def approval(self):
        tool = self.env["mcp.tool"].search([("name", "=", "update_record")])
        self.admin_connection.approval_tool_ids = tool
        arguments = {"model": MODEL, "id": self.partner.id, "values": {"city": "X"}}
        answer = self.client.request("tools/call", {"name": "update_record", "arguments": arguments})
        self.admin_connection.approval_tool_ids = False
        return answer["result"]["structuredContent"]["approval"]["approval_id"]

    def check_each(self, check):
        """Do ``check(name, example, arguments)`` with every tool that changes something, from the same beginning."""
        definitions = self.env["mcp.tool.registry"]._definitions()
        names = sorted(name for name, one in definitions.items() if one.risk != "read" and name != PASSES_ON)
        self.assertEqual(names, sorted(EXAMPLES), "Each tool that changes something needs an example of its call here.")
        for name, example in EXAMPLES.items():
            with self.subTest(name), self.env.cr.savepoint() as savepoint:
                arguments = example.arguments(self)
                if example.needs_module and example.needs_module not in self.env.registry._init_modules:
                    self.assertIn(f"needs_module: {name}", self.client.failing(name, **arguments, dry_run=True))
                else:
                    check(name, example, arguments)
                savepoint.rollback()
            self.env.invalidate_all()

    # ------------------------------------------------------------------ tests

    def test_tried_it_leaves_no_trace(self):
        self.check_each(self.check_no_trace)

    def check_no_trace(self, name, _example, arguments):
        """Checksums of all tables, document numbers, outgoing mail, what waits for the commit, and connections."""
        self.assertIn("Nothing was changed", self.assertNoTrace(name, **arguments)["note"])

    def test_done_it_is_on_record_and_comes_back_or_says_why_not(self):
        self.check_each(self.check_undo)

    def check_undo(self, name, example, arguments):
        before, before_anew = self.business(), self.business(OF_NEW_IDS)
        answer = self.client.call(name, **arguments)
        self.assertEqual("change_id" in answer, bool(example.records))
        if not example.records:
            self.assertSame(before, self.business())
            return
        [change] = self.client.call("list_changes", change_id=answer["change_id"])["changes"]
        self.assertEqual(change["tool"], name)
        journal = {record["model"] for record in change.get("records", ())} | change.get("also", {}).keys()
        self.assertLessEqual(example.records, journal)
        undo = {"change_id": answer["change_id"]}
        if example.back not in ("all", "anew"):
            self.assertIn(example.back, self.client.failing("undo_change", **undo))
            return
        undone = self.client.call("undo_change", **undo)
        self.check_back(example, before, before_anew)
        if "mail.message" in example.records:
            self.assertIn("What was said is not taken back", str(undone["notes"]))
        # an undo is a change like any other, and the first change can be undone once more
        self.client.call("undo_change", change_id=undone["change_id"])
        self.assertNotEqual(before, self.business())
        self.client.call("undo_change", **undo)
        self.check_back(example, before, before_anew)

    def check_back(self, example, before, before_anew):
        if example.back == "all":
            self.assertSame(before, self.business())
        else:
            # whoever makes a record again follows it
            now = self.business(OF_NEW_IDS)
            self.assertSame(*({k: v for k, v in rows.items() if not FOLLOWERS.match(k)} for rows in (before_anew, now)))

    def test_repeated_with_its_key_it_happens_once(self):
        self.check_each(self.check_key)

    def check_key(self, name, example, arguments):
        answer = self.client.call(name, **arguments, idempotency_key=name)
        after = self.state()
        again = self.client.call(name, **arguments, idempotency_key=name)
        if name == "get_upload_link":  # it works once, and is not kept
            answer["link"] = again["link"]
        self.assertEqual(again, {**answer, "replayed": True})
        others = [(name, {**arguments, **example.other})]
        others += [("create_record", {"model": MODEL, "values": {"name": "Other tool"}})]
        for tool, values in others:
            self.assertIn("used before", self.client.failing(tool, **values, idempotency_key=name))
        self.assertSame(after, self.state())

    def test_what_the_database_refuses_is_told_and_alarms_nobody(self):
        group = "group_ids" if "group_ids" in self.admin._fields else "groups_id"
        self.admin.write({group: [(4, self.env.ref("base.group_system").id)]})
        with self.assertNoLogs("odoo.sql_db"):
            for tried in (True, False):
                text = self.client.failing(
                    "create_record", model="res.country", values={"name": "Other", "code": "BE"}, dry_run=tried
                )
                self.assertIn("code", text)
        with self.assertLogs("odoo.sql_db"), self.assertRaises(IntegrityError), self.env.cr.savepoint():
            self.env["res.country"].create({"name": "Other", "code": "BE"})

    def test_followers_come_back_as_they_were(self):
        before = self.partner.message_partner_ids
        arguments = EXAMPLES["change_followers"].arguments(self)
        answer = self.client.call("change_followers", **arguments)
        self.env.invalidate_all()
        self.assertEqual(self.partner.message_partner_ids, before + self.partners[1] - self.admin.partner_id)
        self.client.call("undo_change", change_id=answer["change_id"])
        self.env.invalidate_all()
        self.assertEqual(self.partner.message_partner_ids, before)
