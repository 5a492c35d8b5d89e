from datetime import date, timedelta

from odoo.tests import new_test_user, tagged

from ..services.talk import emails
from .common import McpCase
from .http_common import McpHttpCase


@tagged("post_install", "-at_install")
class TestTalk(McpHttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        groups = "group_ids" if "group_ids" in cls.user._fields else "groups_id"
        cls.user.write(
            {groups: [(4, cls.env.ref("base.group_partner_manager").id)], "email": "anita@example.com", "lang": "en_US"}
        )
        cls.colleague = new_test_user(cls.env, "bert", groups="base.group_user", name="Bert Colleague")
        cls.partner = cls.partners[0]
        cls.here = {"model": "res.partner", "id": cls.partner.id}
        cls.template = cls.env["mail.template"].create(
            {
                "name": "Greeting",
                "model_id": cls.env["ir.model"]._get("res.partner").id,
                "subject": "Hello {{ object.name }}",
                "body_html": "<p>Dear <t t-out='object.name'/></p>",
                "partner_to": "{{ object.id }}",
            }
        )

    def newest(self):
        domain = [("model", "=", "res.partner"), ("res_id", "=", self.partner.id)]
        return self.env["mail.message"].search(domain, limit=1)

    # ------------------------------------------------------------------ chatter

    def test_a_note_is_for_colleagues_and_what_looks_like_html_is_text(self):
        body = "Line one\n<img src=x onerror=alert(1)> @Bert Colleague please"
        done = self.client.call("post_message", **self.here, body=body, mention=["Bert Colleague"])
        message = self.newest()
        self.assertEqual((message.id, message.author_id), (done["message_id"], self.user.partner_id))
        self.assertTrue(message.subtype_id.internal)
        self.assertNotIn("<img", message.body)
        self.assertIn('data-oe-model="res.partner"', message.body)
        self.assertEqual(message.body.count("@Bert Colleague"), 1)
        self.assertIn(self.colleague.partner_id, message.partner_ids)
        self.assertIn("Bert Colleague", done["notified"][0])

    def test_a_message_reaches_the_followers_with_files(self):
        self.partner.message_subscribe(self.partners[1].ids)
        file = self.env["ir.attachment"].create(
            {"name": "a.txt", "raw": b"x", "res_model": "res.partner", "res_id": self.partner.id}
        )
        done = self.client.call("post_message", **self.here, body="Hello", kind="message", file_ids=file.ids)
        self.assertEqual(done["notified"], ["Ground 01 <g1@example.com>"])
        self.assertEqual(self.newest().attachment_ids, file)

    def test_the_thread_is_read_newest_first_with_changes_and_pages(self):
        for number in range(4):
            self.client.call("post_message", **self.here, body=f"Note {number}")
        thread = self.client.call("read_messages", **self.here, limit=3)
        self.assertEqual([message["text"] for message in thread["messages"]], ["Note 3", "Note 2", "Note 1"])
        self.assertEqual({message["kind"] for message in thread["messages"]}, {"note"})
        older = self.client.call("read_messages", **self.here, before=thread["next_before"])
        self.assertIn("Note 0", [message.get("text") for message in older["messages"]])
        self.connection.name = "Changed"
        self.env.cr.precommit.run()
        changed = self.admin_client.call("read_messages", model="mcp.connection", id=self.connection.id)["messages"][0]
        self.assertIn("Claude of Anita → Changed", changed["changes"][0])

    def test_people_who_are_nobody_or_several_are_asked_for(self):
        self.env["res.partner"].create([{"name": "Twin"}, {"name": "Twin"}])
        for mention, words in (("Nobody Known", "named"), ("Twin", "several"), ("x@nowhere.example", "no contact")):
            with self.subTest(mention=mention):
                text = self.client.failing("post_message", **self.here, body="x", mention=[mention])
                self.assertIn(words, text)
        self.assertIn("empty", self.client.failing("post_message", **self.here, body="  "))

    def test_nobody_writes_where_they_may_not(self):
        company = {"model": "res.company", "id": self.env.company.id}
        calls = [("post_message", {"body": "x"}), ("schedule_activity", {}), ("change_followers", {"add": ["bert"]})]
        for tool, more in calls:
            with self.subTest(tool=tool):
                self.assertTrue(self.client.failing(tool, **company, **more))
        self.assertIn("no chatter", self.client.failing("post_message", model="res.country", id=1, body="x"))
        self.partner.company_id = self.env["res.company"].create({"name": "Elsewhere"})
        for tool, more in (*calls, ("read_messages", {}), ("send_email", {"template": "Greeting"})):
            self.assertIn("There is no record", self.client.failing(tool, **self.here, **more))

    def test_followers_come_and_go(self):
        done = self.client.call("change_followers", **self.here, add=["bert", self.partners[2].id])
        self.assertEqual(len(done["followers"]), 2)
        done = self.client.call("change_followers", **self.here, remove="Bert Colleague")
        self.assertEqual(done["followers"], ["Ground 02"])

    # ------------------------------------------------------------------ e-mails

    def test_an_email_is_previewed_without_a_trace_and_then_sent(self):
        messages, mails = self.env["mail.message"].search_count([]), self.env["mail.mail"].search_count([])
        preview = self.client.call("send_email", **self.here, template="greeting")
        self.assertEqual((preview["subject"], preview["text"]), ("Hello Ground 00", "Dear Ground 00"))
        self.assertFalse(preview["sent"])
        self.assertEqual(preview["to"], ["Ground 00 <g0@example.com>"])
        self.assertEqual(self.env["mail.message"].search_count([]), messages)
        self.assertEqual(self.env["mail.mail"].search_count([]), mails)
        sent = self.client.call("send_email", **self.here, template="greeting", send=True)
        self.assertTrue(sent["sent"])
        message = self.newest()
        self.assertEqual((message.id, message.subject), (sent["message_id"], "Hello Ground 00"))
        self.assertIn(self.partner, message.notified_partner_ids)

    def test_an_email_of_own_words_goes_to_whom_it_is_said_to(self):
        arguments = {**self.here, "subject": "Hi", "body": "One\n<b>Two</b>"}
        self.assertIn("no recipient", self.client.failing("send_email", **arguments))
        preview = self.client.call("send_email", **arguments, to=["g5@example.com"])
        self.assertEqual((preview["to"], preview["text"]), (["Ground 05 <g5@example.com>"], "One\n<b>Two</b>"))
        self.partners[6].email = "nonsense"
        text = self.client.failing("send_email", **arguments, to=[self.partners[6].id])
        self.assertIn("no valid e-mail address", text)
        self.assertIn("Give a template", self.client.failing("send_email", **self.here, subject="Hi"))

    def test_a_wrong_template_is_answered_with_the_right_one(self):
        self.assertIn("Greeting", self.client.failing("send_email", **self.here, template="Greting"))

    def test_a_template_with_reports_says_that_pdf_is_missing(self):
        report = self.env["ir.actions.report"].create(
            {"name": "Sheet", "model": "res.partner", "report_type": "qweb-pdf", "report_name": "odoo_mcp.none"}
        )
        self.template.report_template_ids = report
        self.patch(emails, "makes_pdf", lambda _reports: False)
        self.assertIn("wkhtmltopdf", self.client.failing("send_email", **self.here, template="Greeting"))

    def test_a_test_goes_to_oneself_only(self):
        self.template.write({"email_cc": "boss@example.com", "email_to": "all@example.com"})
        sent = self.client.call("send_test_email_template", template="Greeting", id=self.partner.id)
        self.assertEqual(sent["to"], ["anita@example.com"])
        mail = self.env["mail.mail"].search([], order="id desc", limit=1)
        self.assertEqual((mail.email_to, mail.subject), ("anita@example.com", "[TEST] Hello Ground 00"))
        self.assertFalse(mail.recipient_ids or mail.email_cc)

    def test_a_mass_mailing_needs_its_app(self):
        if "mass_mailing" in self.env.registry._init_modules:
            self.skipTest("Email Marketing is installed.")
        text = self.client.failing("stage_mass_mailing_from_template", template="Greeting", lists=["News"])
        self.assertTrue(text.startswith("needs_module"), text)
        self.assertIn("mass_mailing", text)

    # ------------------------------------------------------------------ activities

    def test_an_activity_is_scheduled_listed_and_done(self):
        due = (date.today() + timedelta(days=3)).isoformat()
        made = self.client.call("schedule_activity", **self.here, type="Call", summary="Ring", due=due)
        self.assertEqual((made["type"], made["due"], made["user"]), ("Call", due, self.user.name))
        mine = self.client.call("list_activities")["activities"]
        self.assertEqual([(row["id"], row["record"]["name"]) for row in mine], [(made["id"], "Ground 00")])
        self.assertEqual(self.client.call("list_activities", due_until=date.today().isoformat())["activities"], [])
        done = self.client.call("complete_activity", activity_id=made["id"], feedback="All well")
        self.assertEqual(done["done"], "Ring")
        self.assertIn("All well", self.newest().body)
        self.assertEqual(self.client.call("list_activities")["activities"], [])
        self.assertIn("no open activity", self.client.failing("complete_activity", activity_id=made["id"]))

    def test_an_activity_is_given_to_a_colleague(self):
        made = self.client.call("schedule_activity", **self.here, user="Bert Colleague", summary="Look")
        self.assertEqual(made["user"], "Bert Colleague")
        self.assertEqual(self.client.call("list_activities")["activities"], [])
        self.assertEqual(len(self.client.call("list_activities", user="bert")["activities"]), 1)
        self.assertEqual(len(self.client.call("list_activities", **self.here)["activities"]), 1)

    def test_wrong_types_days_and_people_are_explained(self):
        for arguments, words in (
            ({"type": "Cal"}, "Call"),
            ({"due": "tomorrow"}, "2026-01-31"),
            ({"user": "Nobody Known"}, "Nobody Known"),
        ):
            with self.subTest(arguments=arguments):
                self.assertIn(words, self.client.failing("schedule_activity", **self.here, **arguments))


@tagged("post_install", "-at_install", "mcp_business")
class TestMassMailing(McpCase):
    def test_a_mass_mailing_is_staged_and_not_sent(self):
        if "mass_mailing" not in self.env.registry._init_modules:
            self.skipTest("Needs mass_mailing.")
        groups = "group_ids" if "group_ids" in self.admin._fields else "groups_id"
        self.admin.write({groups: [(4, self.env.ref("mass_mailing.group_mass_mailing_user").id)]})
        contacts = self.env["mailing.contact"].create([{"name": "A", "email": "a@example.com"}])
        news = self.env["mailing.list"].create({"name": "MCP News", "contact_ids": [(6, 0, contacts.ids)]})
        self.env["mail.template"].create({"name": "Plain", "subject": "News", "body_html": "<p>Good news</p>"})
        personal = self.env["mail.template"].create(
            {
                "name": "Personal",
                "model_id": self.env["ir.model"]._get("res.partner").id,
                "subject": "Hi {{ object.name }}",
                "body_html": "<p>Good news</p>",
            }
        )
        staged = self.admin_client.call("stage_mass_mailing_from_template", template="Plain", lists=["MCP News"])
        mailing = self.env["mailing.mailing"].browse(staged["id"])
        self.assertEqual((mailing.state, mailing.contact_list_ids, staged["recipients"]), ("draft", news, 1))
        self.assertIn("Good news", mailing.body_html)
        domain = [["ref", "=", "MCPTEST"]]
        people = {"model": "res.partner", "domain": domain}
        staged = self.admin_client.call("stage_mass_mailing_from_template", template=str(personal.id), **people)
        self.assertEqual(staged["recipients"], 30)
        for more, words in (
            ({"template": "Personal", "lists": ["MCP News"]}, "placeholders for res.partner"),
            ({"template": "Plain"}, "who gets it"),
            ({"template": "Plain", "model": "res.partner", "domain": [["name", "=", "no such"]]}, "finds nobody"),
            ({"template": "Plain", "model": "res.country"}, "Mailings cannot be sent"),
        ):
            with self.subTest(more=more):
                self.assertIn(words, self.admin_client.failing("stage_mass_mailing_from_template", **more))
