from odoo.tests import tagged

from .test_approvals import ApprovalCase


@tagged("post_install", "-at_install")
class TestWordsOfChanges(ApprovalCase):
    """What people read of a call: first what was asked for, and what follows from it without drowning that."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env["res.partner"].create({"name": "Deco", "is_company": True, "city": "Gent"})
        cls.contacts = cls.env["res.partner"].create(
            [{"name": name, "parent_id": cls.company.id} for name in ("Ann", "Bob")]
        )
        cls.env.flush_all()

    def change(self, tool="update_record", **arguments):
        answer = self.client.call(tool, **arguments)
        return self.env["mcp.change"].browse(answer["change_id"])

    def test_a_request_names_the_record_that_was_asked_for_and_counts_the_others(self):
        self.listed("update_record")
        values = {"city": "Aalst", "street": "Kerkstraat 1"}
        approval = self.ask(model="res.partner", id=self.company.id, values=values)
        self.assertEqual(
            approval.name,
            "Change Deco (Contact): City from Gent to Aalst, Street from nothing to Kerkstraat 1; "
            "2 more records change with it.",
        )

    def test_the_page_of_a_request_begins_with_the_record_that_was_asked_for(self):
        self.listed("update_record")
        approval = self.ask(model="res.partner", id=self.company.id, values={"city": "Aalst"})
        html = str(approval.with_user(self.approver).effect_html)
        asked, _, following = html.partition("more records change with it")
        self.assertIn("<strong>Deco</strong>", asked)
        self.assertNotIn("Ann", asked)
        self.assertIn("Ann", following)
        self.assertIn("Bob", following)

    def test_a_record_that_would_be_renamed_is_told_by_its_present_name(self):
        self.listed("update_record")
        approval = self.ask(model="res.partner", id=self.company.id, values={"name": "Deco Addict"})
        self.assertIn("Change Deco (Contact): Name from Deco to Deco Addict;", approval.name)
        self.assertIn("<strong>Deco</strong>", str(approval.with_user(self.approver).effect_html))

    def test_what_odoo_fills_in_is_folded_away_under_what_was_given(self):
        self.listed("create_record")
        approval = self.ask("create_record", model="res.partner", values={"Name": "New", "city": "Gent"})
        given, _, filled_in = str(approval.with_user(self.approver).effect_html).partition("<details")
        self.assertIn("Gent", given)
        self.assertNotIn("Language", given)
        self.assertIn("Language", filled_in)

    def test_moments_are_told_in_the_zone_and_format_of_the_reader(self):
        self.listed("create_record")
        self.approver.tz = "Europe/Brussels"
        values = {"model_id": self.env["ir.model"]._get_id("res.partner"), "name": "x"}
        approval = self.ask("create_record", model="res.partner", values={"name": "New"})
        effect = {
            "changes": [
                {
                    "kind": "create",
                    "model": "mail.activity.type",
                    "id": 1,
                    "name": "x",
                    "fields": {"create_date": "2026-07-01T12:00:00+00:00"},
                }
            ]
        }
        approval.sudo().write({"effect": effect, "arguments": values})
        html = str(approval.with_user(self.approver).with_context(tz="Europe/Brussels").effect_html)
        self.assertNotIn("2026-07-01T12", html)
        self.assertRegex(html, r"7/1/26, 2:00")

    def test_a_change_is_summed_up_by_the_record_that_was_asked_for(self):
        change = self.change(model="res.partner", id=self.company.id, values={"city": "Aalst"})
        self.assertEqual(change.summary, "Changed Deco (Contact); 2 more records changed with it")
        self.assertEqual(change.line_ids[0].res_id, self.company.id)

    def test_several_records_that_were_asked_for_are_counted_by_kind(self):
        change = self.change("update_records", model="res.partner", ids=self.partners[:3].ids, values={"city": "X"})
        self.assertEqual(change.summary, "Changed 3 × Contact")

    def test_a_batch_is_summed_up_by_all_its_steps(self):
        steps = [
            {"tool": "update_record", "arguments": {"model": "res.partner", "id": one.id, "values": {"city": "X"}}}
            for one in (self.company, self.partner)
        ]
        change = self.change("run_batch", steps=steps)
        self.assertEqual(change.summary, "Changed 2 × Contact; 2 more records changed with it")

    def test_a_message_is_summed_up_by_what_it_is_about(self):
        change = self.change("post_message", model="res.partner", id=self.company.id, body="Hello")
        self.assertEqual(change.summary, "Posted a message on Deco")

    def test_a_long_list_of_values_is_folded(self):
        change = self.change("create_record", model="res.partner", values={"name": "New", "city": "Gent"})
        shown, _, folded = str(change.line_ids[:1].values_html).partition("<details>")
        self.assertTrue(shown.startswith("<div><b>Name</b>: New</div>"), shown[:200])
        self.assertLessEqual(shown.count("<div>"), 8)
        self.assertIn("Complete Name", folded)
