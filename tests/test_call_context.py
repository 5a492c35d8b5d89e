"""The company, language, time zone and archived records of one call, of the tools that change something."""

from odoo.tests import tagged

from .common import McpCase, let_write_partners

CONTACT = "res.partner"


@tagged("post_install", "-at_install")
class TestCallContext(McpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        let_write_partners(cls.user, cls.admin)
        cls.env["res.lang"]._activate_lang("fr_FR")
        cls.second, cls.third = cls.env["res.company"].create([{"name": "Second"}, {"name": "Third"}])
        cls.user.write({"company_ids": [(4, cls.second.id), (4, cls.third.id)], "lang": "en_US"})
        cls.connection.company_ids = cls.user.company_id + cls.second
        cls.partner = cls.partners[0]
        cls.here = {"model": CONTACT, "id": cls.partner.id}
        cls.tag = cls.env["res.partner.category"].create({"name": "Gold"})

    def call(self, tool, **arguments):
        answer = self.client.call(tool, **arguments)
        self.env.invalidate_all()
        return answer

    def rename(self, name, **arguments):
        values = {"model": "res.partner.category", "id": self.tag.id, "values": {"name": name}}
        return {**values, **arguments}

    def names(self):
        return [self.tag.with_context(lang=lang).name for lang in ("en_US", "fr_FR")]

    def company_of_new_file(self, **context):
        answer = self.call("attach_file", **self.here, name="a.txt", text="A", **context)
        return self.env["ir.attachment"].browse(answer["id"]).company_id

    # ------------------------------------------------------------------ what may be said

    def test_every_tool_that_changes_something_takes_it(self):
        for tool in self.client.request("tools/list")["result"]["tools"]:
            if not tool["annotations"]["readOnlyHint"]:
                with self.subTest(tool["name"]):
                    self.assertEqual(tool["inputSchema"]["properties"]["context"], {"type": "object"})

    def test_the_company_of_the_call_is_the_first_of_its_companies(self):
        self.assertEqual(self.company_of_new_file(), self.user.company_id)
        context = {"allowed_company_ids": [self.second.id, self.user.company_id.id]}
        self.assertEqual(self.company_of_new_file(context=context), self.second)
        self.assertEqual(self.company_of_new_file(), self.user.company_id)

    def test_a_company_outside_the_connection_is_refused(self):
        for companies in (self.third.ids, [self.second.id, self.third.id], [0], [10**6]):
            text = self.client.failing(
                "update_record", **self.here, values={"city": "X"}, context={"allowed_company_ids": companies}
            )
            self.assertIn("whoami lists the companies", text)
        self.assertEqual(self.audit_rows(tool="update_record")[0].outcome, "refused")
        self.assertEqual(self.partner.city, "Gent")

    def test_a_translated_field_is_written_in_the_language_of_the_call(self):
        self.call("update_record", **self.rename("Or", context={"lang": "fr_FR"}))
        self.assertEqual(self.names(), ["Gold", "Or"])
        self.call("update_record", **self.rename("Golden"))
        self.assertEqual(self.names(), ["Golden", "Or"])

    def test_a_language_that_is_not_installed_is_refused_with_those_there_are(self):
        for lang in ("nl_BE", "xx", 7, None):
            text = self.client.failing("update_record", **self.rename("Goud", context={"lang": lang}))
            self.assertIn("There are: en_US, fr_FR.", text)
        self.assertEqual(self.names(), ["Gold", "Gold"])

    def test_other_values_that_are_wrong_are_explained(self):
        for context, words in (
            ({"tz": "Nowhere"}, "time zone such as"),
            ({"active_test": "maybe"}, "true or false"),
            ({"allowed_company_ids": []}, "list of company ids"),
            ("[", "no valid JSON"),
        ):
            self.assertIn(words, self.client.failing("post_message", **self.here, body="Hi", context=context))

    def test_what_else_a_context_could_say_to_odoo_has_no_effect_and_is_noted(self):
        self.call("update_record", **self.here, values={"city": "X"}, context={"tracking_disable": True})
        self.assertIn("tracking_disable", self.audit_rows(tool="update_record")[0].error)

    def test_archived_records_are_found_by_name_where_the_call_says_so(self):
        old = self.env[CONTACT].create({"name": "Old Company", "is_company": True, "active": False})
        self.env.flush_all()
        values = {"values": {"parent_id": "Old Company"}}
        self.assertIn("Old Company", self.client.failing("update_record", **self.here, **values))
        self.call("update_record", **self.here, **values, context={"active_test": False})
        self.assertEqual(self.partner.parent_id, old)

    def test_text_is_taken_for_json_as_elsewhere(self):
        self.call("update_record", **self.rename("Or", context='{"lang": "fr_FR"}'))
        self.assertEqual(self.names(), ["Gold", "Or"])

    # ------------------------------------------------------------------ with what belongs to a call

    def test_a_batch_has_one_context_and_a_step_may_have_another(self):
        steps = [
            {"tool": "update_record", "arguments": self.rename("Or", context={"lang": "fr_FR"})},
            {"tool": "search_records", "arguments": {"model": CONTACT, "limit": 1, "context": {"lang": "fr_FR"}}},
            {"tool": "update_record", "arguments": self.rename("Golden")},
        ]
        self.call("run_batch", steps=steps)
        self.assertEqual(self.names(), ["Golden", "Or"])
        self.call("run_batch", steps=steps[2:], context={"lang": "fr_FR"})
        self.assertEqual(self.names(), ["Golden", "Golden"])

    def test_tried_in_a_context_it_is_told_in_it(self):
        report = self.client.call("update_record", **self.rename("Or", context={"lang": "fr_FR"}), dry_run=True)
        self.assertEqual(report["dry_run"]["changes"][0]["fields"]["name"], ["Gold", "Or"])
        self.env.invalidate_all()
        self.assertEqual(self.names(), ["Gold", "Gold"])

    def test_what_was_written_in_another_language_is_undone_in_it(self):
        answer = self.call("update_record", **self.rename("Or", context={"lang": "fr_FR"}))
        self.call("undo_change", change_id=answer["change_id"])
        self.assertEqual(self.names(), ["Gold", "Gold"])

    def test_another_context_is_another_call_for_an_idempotency_key(self):
        self.call("update_record", **self.rename("Or", context={"lang": "fr_FR"}), idempotency_key="k")
        text = self.client.failing("update_record", **self.rename("Or"), idempotency_key="k")
        self.assertIn("used before", text)

    def test_what_waits_for_approval_is_carried_out_in_its_context(self):
        self.connection.approval_tool_ids = self.env["mcp.tool"].search([("name", "=", "update_record")])
        arguments = self.rename("Or", context={"lang": "fr_FR"})
        self.client.request("tools/call", {"name": "update_record", "arguments": arguments})
        approval = self.env["mcp.approval"].search([("connection_id", "=", self.connection.id)])
        approval.with_user(self.admin).action_approve()
        self.env.invalidate_all()
        self.assertEqual(self.names(), ["Gold", "Or"])

    def test_tools_that_look_before_a_change_take_it_too(self):
        french = {"context": {"lang": "fr_FR"}}
        for tool, arguments in (
            ("describe_model", {"model": CONTACT}),
            ("preview_record", {"model": CONTACT, "values": {"name": "New"}}),
            ("list_actions", self.here),
            ("read_messages", self.here),
            ("list_activities", {}),
        ):
            self.client.call(tool, **arguments, **french)
            self.assertIn("There are", self.client.failing(tool, **arguments, context={"lang": "xx"}))
