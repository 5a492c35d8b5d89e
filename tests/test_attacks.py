from odoo.tests import tagged

from .common import McpCase, let_write_partners
from .test_rate_limits import RateCase, forget_counts

SCRIPT = "<script>alert(1)</script>"
HTML = f'<p onclick="alert(1)">Hello</p>{SCRIPT}<img src="x" onerror="alert(2)"><a href="javascript:alert(3)">x</a>'
ATTACHMENT = {"name": "x.txt", "datas": "eA=="}


@tagged("post_install", "-at_install")
class TestAttacksOnRecords(McpCase):
    """What an AI that was talked into it might try (checks 34, 36, 47 and 48)."""

    def setUp(self):
        super().setUp()
        let_write_partners(self.user)

    def test_no_context_with_power_reaches_what_is_written(self):
        partner, seen = self.partners[0], []
        partners = type(self.env["res.partner"])
        write = partners.write

        def spy(records, vals):
            seen.append(dict(records.env.context))
            return write(records, vals)

        self.patch(partners, "write", spy)
        powerful = {"force_delete": True, "_force_unlink": True, "skip_readonly_check": True, "tracking_disable": True}
        arguments = {"model": "res.partner", "id": partner.id, "values": {"city": "Changed"}, "context": powerful}
        self.client.request("tools/call", {"name": "update_record", "arguments": arguments})
        self.client.call("update_record", model="res.partner", id=partner.id, values={"city": "Changed again"})
        self.assertTrue(seen)
        self.assertFalse([context for context in seen if powerful.keys() & context.keys()])

    def test_markup_that_is_written_is_inert(self):
        made = self.client.call("create_record", model="res.partner", values={"name": SCRIPT, "comment": HTML})
        partner = self.env["res.partner"].browse(made["id"])
        self.assertEqual(partner.name, SCRIPT, "text is kept as text")
        for harmful in ("script", "onclick", "onerror", "javascript"):
            self.assertNotIn(harmful, partner.comment)
        self.client.call("post_message", model="res.partner", id=partner.id, body=HTML)
        self.assertNotIn("<script", partner.message_ids[0].body)
        self.assertNotIn("<img", partner.message_ids[0].body)

    def test_no_file_is_made_public_or_fetched(self):
        attachments = self.env["ir.attachment"].search_count([])
        on_own_record = {**ATTACHMENT, "res_model": "res.partner", "res_id": self.partners[0].id}
        for values in (
            {**on_own_record, "public": True},
            {**on_own_record, "access_token": "known-to-the-attacker"},
            {**ATTACHMENT, "res_model": "res.users", "res_id": self.admin.id},
            {"name": "x", "type": "url", "url": "file:///etc/passwd"},
            {"name": "x", "datas": "no base64!"},
        ):
            with self.subTest(values=values):
                self.client.failing("create_record", model="ir.attachment", values=values)
        self.assertEqual(self.env["ir.attachment"].search_count([]), attachments)

    def test_methods_are_no_actions(self):
        partner = self.partners[0]
        for name in ("unlink", "write", "_write", "sudo", "__class__", "env.cr.execute", "copy", "message_post", "ids",
                     "_compute_display_name", "with_user", "export_data", "load", "name_create"):  # fmt: skip
            with self.subTest(name=name):
                self.client.failing("run_action", model="res.partner", ids=partner.ids, action=name)
        self.assertTrue(partner.exists())


@tagged("post_install", "-at_install")
class TestAttacksOnLimits(RateCase):
    """Whoever wants more than their share (check 79)."""

    def test_a_made_up_forwarded_address_is_nobody_elses(self):
        self.settings.address_rate_per_minute = 3
        statuses = [self.post(**{"X-Forwarded-For": f"203.0.113.{number}"}).status_code for number in range(6)]
        self.assertEqual(statuses, [200] * 3 + [429] * 3)

    def test_bad_keys_are_counted_by_the_address_that_they_come_from(self):
        forget_counts(self.env)
        self.settings.failures_per_minute = 3
        statuses = []
        for number in range(6):
            forged = {"X-Forwarded-For": f"203.0.113.{number}", "X-Real-IP": f"203.0.113.{number}"}
            statuses.append(self.post(key=f"mcp_{number}", **forged).status_code)
        self.assertEqual(statuses, [401] * 3 + [429] * 3)
        self.assertEqual(self.post().status_code, 200, "a good key goes on")
