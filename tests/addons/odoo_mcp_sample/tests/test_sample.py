import re

from jsonschema import Draft202012Validator

from odoo.tests import tagged

from odoo.addons.odoo_mcp.tests.common import McpCase

VIEWER = "ui://odoo_mcp_sample/card.html"


@tagged("post_install", "-at_install")
class TestSample(McpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        company = cls.env["res.partner"].create({"name": "Acme; Sons, Ltd", "is_company": True})
        cls.contact = cls.env["res.partner"].create(
            {"name": "Wile E. Coyote", "parent_id": company.id, "email": "wile@example.com", "city": "Flagstaff"}
        )

    def listed(self, method, member, key):
        return {row[key]: row for row in self.client.request(method)["result"][member]}

    def complete(self, ref, name, value):
        params = {"ref": ref, "argument": {"name": name, "value": value}}
        return self.client.request("completion/complete", params)["result"]["completion"]["values"]

    def hide(self):
        """Make the contact one that the connection's user may not read."""
        self.contact.company_id = self.env["res.company"].create({"name": "Elsewhere"})
        self.env.flush_all()

    def test_the_tool_is_in_the_catalog_and_described_to_clients(self):
        tool = self.listed("tools/list", "tools", "name")["sample_contact_card"]
        self.assertEqual(tool["title"], "Contact card")
        self.assertEqual(tool["inputSchema"]["required"], ["contact_id"])
        Draft202012Validator.check_schema(tool["outputSchema"])
        self.assertTrue(self.env["mcp.tool"].search([("name", "=", "sample_contact_card")]))

    def test_the_tool_answers_what_its_output_schema_says(self):
        card = self.client.call("sample_contact_card", contact_id=self.contact.id)
        self.assertEqual(
            card,
            {
                "id": self.contact.id,
                "name": "Wile E. Coyote",
                "company": "Acme; Sons, Ltd",
                "email": "wile@example.com",
                "city": "Flagstaff",
            },
        )
        schema = self.listed("tools/list", "tools", "name")["sample_contact_card"]["outputSchema"]
        Draft202012Validator(schema).validate(card)

    def test_a_contact_the_user_may_not_read_is_not_there(self):
        self.hide()
        self.assertIn("name_search", self.client.failing("sample_contact_card", contact_id=self.contact.id))
        answer = self.client.request("resources/read", {"uri": f"sample://cards/{self.contact.id}.vcf"})
        self.assertEqual(answer["error"]["code"], -32002)

    def test_a_call_leaves_what_it_was_about_in_the_audit_log(self):
        self.client.call("sample_contact_card", contact_id=self.contact.id)
        row = self.audit_rows(tool="sample_contact_card")
        self.assertEqual((row.res_model, row.res_ids), ("res.partner", str(self.contact.id)))

    def test_the_rules_are_listed_and_read(self):
        self.assertIn("sample://cards/rules", self.listed("resources/list", "resources", "uri"))
        answer = self.client.request("resources/read", {"uri": "sample://cards/rules"})
        (content,) = answer["result"]["contents"]
        self.assertEqual(content["mimeType"], "text/markdown")
        self.assertIn("country code", content["text"])

    def test_the_template_makes_a_vcard_and_escapes_what_must_be(self):
        templates = self.listed("resources/templates/list", "resourceTemplates", "uriTemplate")
        self.assertIn("sample://cards/{contact_id}.vcf", templates)
        answer = self.client.request("resources/read", {"uri": f"sample://cards/{self.contact.id}.vcf"})
        lines = answer["result"]["contents"][0]["text"].split("\r\n")
        self.assertEqual(lines[0], "BEGIN:VCARD")
        self.assertIn("ORG:Acme\\; Sons\\, Ltd", lines)
        self.assertIn("ADR:;;;Flagstaff;;;", lines)

    def test_arguments_are_completed_by_name(self):
        template = {"type": "ref/resource", "uri": "sample://cards/{contact_id}.vcf"}
        self.assertEqual(self.complete(template, "contact_id", "Wile E."), [str(self.contact.id)])
        introduce = {"type": "ref/prompt", "name": "sample_introduce"}
        (name,) = self.complete(introduce, "who", "Wile E.")
        self.assertIn("Wile E. Coyote", name)

    def test_the_prompt_fills_in_its_arguments(self):
        self.assertIn("sample_introduce", self.listed("prompts/list", "prompts", "name"))
        params = {"name": "sample_introduce", "arguments": {"who": "Wile", "to_whom": "Bugs"}}
        (message,) = self.client.request("prompts/get", params)["result"]["messages"]
        self.assertIn("to Bugs that introduces Wile", message["content"]["text"])
        del params["arguments"]["who"]
        self.assertIn("who", self.client.request("prompts/get", params)["error"]["message"])

    def test_the_tool_names_its_app_and_the_app_is_a_page_that_loads_nothing(self):
        tool = self.listed("tools/list", "tools", "name")["sample_contact_card"]
        self.assertEqual(tool["_meta"]["ui"]["resourceUri"], VIEWER)
        (content,) = self.client.request("resources/read", {"uri": VIEWER})["result"]["contents"]
        self.assertEqual(content["mimeType"], "text/html;profile=mcp-app")
        self.assertEqual(content["_meta"]["ui"]["csp"], {})
        self.assertTrue(content["text"].startswith("<!doctype html>"))
        self.assertFalse(re.findall(r"https?://|\bsrc=|<link|@import|innerHTML", content["text"]))
