import base64
import json

from odoo.tests import tagged

from ..services.resources import service
from .common import McpCase, McpClient

MODERN = "2026-07-28"


@tagged("post_install", "-at_install")
class TestResources(McpCase):
    def answer(self, uri, client=None):
        return (client or self.client).request("resources/read", {"uri": uri})

    def body(self, uri, client=None):
        contents = self.answer(uri, client)["result"]["contents"]
        self.assertEqual([content["uri"] for content in contents], [uri])
        return contents[0]

    def test_templates_tell_what_can_be_read(self):
        templates = {
            template["uriTemplate"]: template
            for template in self.client.request("resources/templates/list")["result"]["resourceTemplates"]
        }
        self.assertLessEqual(
            {
                "odoo://record/{model}/{id}",
                "odoo://model/{model}",
                "odoo://attachment/{id}",
                "odoo://search/{model}{?domain,fields,limit}",
            },
            set(templates),
        )
        for template in templates.values():
            self.assertTrue(template["description"] and template["title"] and template["mimeType"])

    def test_a_record_is_read_with_the_rights_of_the_user(self):
        partner = self.partners[0]
        content = self.body(f"odoo://record/res.partner/{partner.id}")
        self.assertEqual(content["mimeType"], "application/json")
        self.assertEqual(json.loads(content["text"])["id"], partner.id)
        foreign = self.env["res.company"].create({"name": "Elsewhere"})
        partner.company_id = foreign
        self.env.flush_all()
        self.assertEqual(self.answer(f"odoo://record/res.partner/{partner.id}")["error"]["code"], -32002)

    def test_a_model_is_described_as_the_tool_describes_it(self):
        described = json.loads(self.body("odoo://model/res.partner")["text"])
        self.assertEqual(described, self.client.call("describe_model", model="res.partner"))

    def test_a_search_takes_its_arguments_from_the_query(self):
        uri = "odoo://search/res.partner?domain=%5B%5B%22ref%22%2C%22%3D%22%2C%22MCPTEST%22%5D%5D&fields=name&limit=2"
        found = json.loads(self.body(uri)["text"])
        self.assertEqual((len(found["records"]), found["shown"]), (2, "1-2 of 30"))
        self.assertEqual(set(found["records"][0]), {"id", "name"})

    def test_a_file_is_text_or_a_blob_and_never_a_page(self):
        attachments = self.env["ir.attachment"].create(
            [
                {"name": "a.txt", "raw": "Grüß dich".encode(), "mimetype": "text/plain", "public": True},
                {"name": "b.bin", "raw": b"\x00\x01", "mimetype": "application/octet-stream", "public": True},
                {"name": "c.html", "raw": b"<script>1</script>", "mimetype": "text/html", "public": True},
            ]
        )
        text, blob, page = (self.body(f"odoo://attachment/{attachment.id}") for attachment in attachments)
        self.assertEqual((text["mimeType"], text["text"]), ("text/plain", "Grüß dich"))
        self.assertEqual(base64.b64decode(blob["blob"]), b"\x00\x01")
        self.assertEqual(page["mimeType"], "text/plain")

    def test_a_file_of_a_record_the_user_may_not_read_is_not_found(self):
        record = self.env["ir.cron"].search([], limit=1)
        hidden = self.env["ir.attachment"].create(
            {"name": "x", "raw": b"secret", "res_model": "ir.cron", "res_id": record.id}
        )
        answer = self.answer(f"odoo://attachment/{hidden.id}")
        self.assertEqual(answer["error"]["code"], -32002)
        self.assertNotIn("result", answer)

    def test_a_link_is_not_followed(self):
        link = self.env["ir.attachment"].create(
            {"name": "passwd", "type": "url", "url": "file:///etc/passwd", "public": True}
        )
        answer = self.answer(f"odoo://attachment/{link.id}")
        self.assertIn("is a link", answer["error"]["message"])

    def test_what_is_not_there_and_what_may_not_be_seen_are_answered_alike(self):
        for uri in (
            "odoo://record/res.partner/999999999",
            "odoo://record/ir.cron/1",
            "odoo://record/no.such.model/1",
            "odoo://record/res.partner/0",
            "odoo://record/res.partner/abc",
            "odoo://record/res.users.apikeys/1",
            "odoo://model/ir.config_parameter",
            "odoo://attachment/999999999",
            "odoo://nothing/here",
            "file:///etc/passwd",
            "odoo://record/..%2F..%2Fetc/1",
        ):
            with self.subTest(uri=uri):
                error = self.answer(uri)["error"]
                self.assertEqual(error["code"], -32002)
                self.assertEqual(error["data"], {"uri": uri})

    def test_the_stateless_era_has_its_own_code_for_not_found(self):
        params = {
            "uri": "odoo://nothing",
            "_meta": {
                "io.modelcontextprotocol/protocolVersion": MODERN,
                "io.modelcontextprotocol/clientCapabilities": {},
            },
        }
        headers = {"Mcp-Method": "resources/read", "Mcp-Name": "odoo://nothing"}
        client = McpClient(self.env, self.key, version=MODERN, headers=headers)
        self.assertEqual(client.request("resources/read", params)["error"]["code"], -32602)

    def test_the_list_shows_the_models_people_use_and_pages(self):
        self.patch(service, "PAGE_SIZE", 4)
        seen, cursor = [], None
        for _page in range(100):
            result = self.client.request("resources/list", {"cursor": cursor} if cursor else {})["result"]
            self.assertLessEqual(len(result["resources"]), 4)
            seen += [resource["uri"] for resource in result["resources"]]
            cursor = result.get("nextCursor")
            if not cursor:
                break
        self.assertIn("odoo://model/res.partner", seen)
        self.assertEqual(len(seen), len(set(seen)))

    def test_a_changed_or_foreign_cursor_is_refused(self):
        self.patch(service, "PAGE_SIZE", 2)
        cursor = self.client.request("resources/list")["result"]["nextCursor"]
        for client, wrong in (
            (self.client, cursor[:-2] + "AA"),
            (self.client, "x"),
            (self.admin_client, cursor),
        ):
            self.assertEqual(client.request("resources/list", {"cursor": wrong})["error"]["code"], -32602)
        self.patch(service, "CURSOR_AGE", -100)
        self.assertEqual(self.client.request("resources/list", {"cursor": cursor})["error"]["code"], -32602)

    def complete(self, uri, name, value, others=None, client=None):
        params = {
            "ref": {"type": "ref/resource", "uri": uri},
            "argument": {"name": name, "value": value},
            "context": {"arguments": others or {}},
        }
        return (client or self.client).request("completion/complete", params)

    def test_variables_are_completed_with_what_the_user_may_see(self):
        template = "odoo://record/{model}/{id}"
        models = self.complete(template, "model", "res.par")["result"]["completion"]["values"]
        self.assertEqual(models[0], "res.partner")
        self.assertEqual(self.complete(template, "model", "ir.cron")["result"]["completion"]["values"], [])
        partner = self.partners[7]
        ids = self.complete(template, "id", partner.name, {"model": "res.partner"})["result"]["completion"]["values"]
        self.assertEqual(ids, [str(partner.id)])
        search = "odoo://search/{model}{?domain,fields,limit}"
        fields = self.complete(search, "fields", "name,ci", {"model": "res.partner"})["result"]["completion"]["values"]
        self.assertIn("name,city", fields)
        self.assertEqual(self.complete(template, "id", "x", {"model": "ir.cron"})["result"]["completion"]["values"], [])

    def test_an_unknown_template_or_variable_is_refused(self):
        self.assertEqual(self.complete("odoo://no/{such}", "such", "")["error"]["code"], -32602)
        self.assertEqual(self.complete("odoo://model/{model}", "nope", "")["error"]["code"], -32602)

    def test_reading_a_resource_is_on_record(self):
        self.answer(f"odoo://record/res.partner/{self.partners[0].id}")
        row = self.env["mcp.audit.log"].search([], limit=1)
        self.assertEqual((row.method, row.res_model, row.outcome), ("resources/read", "res.partner", "ok"))
        self.assertEqual(row.tool, f"odoo://record/res.partner/{self.partners[0].id}")
