"""What people see in a record's chatter of messages and changes that came through an AI tool."""

from odoo.tests import new_test_user, tagged

from odoo.addons.mail.tools.discuss import Store

from .common import McpCase, let_write_partners

VIA = "connection Claude of Anita"


@tagged("post_install", "-at_install")
class TestMessageVia(McpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        let_write_partners(cls.user)
        cls.partner = cls.partners[0]
        cls.here = {"model": "res.partner", "id": cls.partner.id}

    def newest(self):
        self.env.cr.flush()  # what waits for the commit, such as the tracking of changes
        self.env.invalidate_all()
        return self.env["mail.message"].search(
            [("model", "=", "res.partner"), ("res_id", "=", self.partner.id)], order="id desc", limit=1
        )

    def told(self, message, user):
        """What the web client of ``user`` is told of the message."""
        data = Store().add(self.env(user=user)["mail.message"].browse(message.id)).get_result()
        [told] = [row for row in data["mail.message"] if row["id"] == message.id]
        return told

    def test_a_message_of_a_call_names_the_connection(self):
        self.client.call("post_message", **self.here, body="Hello")
        message = self.newest()
        self.assertEqual(message.mcp_via, VIA)
        self.assertEqual(self.told(message, self.admin)["mcp_via"], VIA)

    def test_the_tracking_of_a_change_and_the_note_of_a_new_record_do_so_too(self):
        before = self.newest()
        self.client.call("update_record", **self.here, values={"email": "other@example.com"})
        message = self.newest()
        self.assertNotEqual(message, before)
        self.assertTrue(message.sudo().tracking_value_ids)
        self.assertEqual(message.mcp_via, VIA)
        made = self.client.call("create_record", model="res.partner", values={"name": "New"})
        self.assertEqual(self.env["res.partner"].browse(made["id"]).message_ids.mapped("mcp_via"), [VIA])

    def test_the_client_is_named_where_it_says_what_it_is(self):
        self.client.call("post_message", **self.here, body="Hello")
        change = self.env["mcp.change"].search([], limit=1)
        change.sudo().client = "Claude Desktop 1.2"
        self.assertEqual(change.line_ids[:1].via, f"Claude Desktop 1.2, {VIA}")

    def test_what_people_write_names_nothing_whatever_they_claim(self):
        message = self.partner.with_user(self.user).message_post(body="By hand")
        self.assertFalse(message.mcp_via)
        forged = self.env["mail.message"].create({"body": "x", "mcp_via": "me", "model": "res.partner", "res_id": 1})
        forged.write({"mcp_via": "me"})
        self.assertFalse(forged.mcp_via)
        self.assertNotIn("mcp_via", {key for key, value in self.told(message, self.admin).items() if value})

    def test_customers_are_not_told(self):
        portal = new_test_user(self.env, "mcp_portal", groups="base.group_portal")
        self.partner.message_subscribe(portal.partner_id.ids)
        self.client.call("post_message", **self.here, body="Hello", kind="message")
        self.assertFalse(self.told(self.newest(), portal).get("mcp_via"))
