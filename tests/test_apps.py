from odoo.tests import HttpCase, tagged

from ..models.toolsets.apps import RECORDS_APP
from .common import McpCase, McpClient, make_key

MIME_TYPE = "text/html;profile=mcp-app"


@tagged("post_install", "-at_install")
class TestApps(McpCase):
    def tools(self, client):
        return {tool["name"]: tool for tool in client.request("tools/list")["result"]["tools"]}

    def test_the_extension_is_offered_to_versions_that_know_of_it(self):
        for version, offered in (("2025-11-25", True), ("2025-06-18", True), ("2025-03-26", False)):
            params = {"protocolVersion": version, "capabilities": {}, "clientInfo": {"name": "t", "version": "1"}}
            client = McpClient(self.env, self.key, version=version)
            capabilities = client.request("initialize", params)["result"]["capabilities"]
            self.assertEqual("io.modelcontextprotocol/ui" in capabilities.get("extensions", {}), offered)

    def test_record_tools_name_the_app_in_all_three_ways_and_others_name_none(self):
        tools = self.tools(self.client)
        for name in ("search_records", "read_records"):
            self.assertEqual(
                tools[name]["_meta"],
                {
                    "ui": {"resourceUri": RECORDS_APP},
                    "ui/resourceUri": RECORDS_APP,
                    "openai/outputTemplate": RECORDS_APP,
                },
            )
        self.assertNotIn("_meta", tools["count_records"])
        self.assertNotIn("_meta", self.tools(McpClient(self.env, self.key, version="2024-11-05"))["search_records"])

    def test_the_app_is_listed_and_read_with_a_policy_that_lets_nothing_in_or_out(self):
        listed = self.client.request("resources/list")["result"]["resources"]
        entry = next(resource for resource in listed if resource["uri"] == RECORDS_APP)
        content = self.client.request("resources/read", {"uri": RECORDS_APP})["result"]["contents"][0]
        self.assertEqual((entry["mimeType"], content["mimeType"]), (MIME_TYPE, MIME_TYPE))
        self.assertEqual(content["uri"], RECORDS_APP)
        self.assertTrue(content["text"].startswith("<!DOCTYPE html>"))
        nothing = {"connectDomains": [], "resourceDomains": [], "frameDomains": [], "baseUriDomains": []}
        for told in (entry, content):
            self.assertEqual(told["_meta"], {"ui": {"csp": nothing, "prefersBorder": True}})

    def test_the_document_is_the_same_for_everybody(self):
        documents = {
            client.request("resources/read", {"uri": RECORDS_APP})["result"]["contents"][0]["text"]
            for client in (self.client, self.admin_client)
        }
        self.assertEqual(len(documents), 1)

    def test_a_client_without_apps_has_the_same_result_as_text(self):
        params = {"name": "search_records", "arguments": {"model": "res.partner", "domain": [["ref", "=", "MCPTEST"]]}}
        client = McpClient(self.env, self.key, version="2024-11-05")
        result = client.request("tools/call", params)["result"]
        self.assertNotIn("structuredContent", result)
        self.assertIn("Ground 00", result["content"][0]["text"])


@tagged("post_install", "-at_install", "mcp_screens")
class TestRecordViewer(HttpCase):
    """The viewer in a real browser, in a host page that gets everything from the server as an AI client would."""

    def test_the_record_viewer_in_a_sandboxed_frame_of_a_host(self):
        self.env["mcp.settings"].current().enabled = True
        _user, _connection, key = make_key(self.env, "mcp_viewer")
        tags = self.env["res.partner.category"].create([{"name": "One"}, {"name": "Two"}])
        values = [
            {"name": "Zoë", "color": 9, "is_company": True, "comment": "<p>Hello</p>"},
            {"name": "Adam", "color": 2, "category_id": tags.ids, "function": "<img src=x onerror=alert(1)>"},
            {"name": "Émile", "color": 11},
            {"name": "Item 10", "comment": f"<p>{'A long story. ' * 40}</p>"},
            {"name": "Item 2"},
        ]
        partners = self.env["res.partner"].create([{"ref": "APPTEST", **row} for row in values])
        partners[1].parent_id = partners[0]
        self.env.flush_all()
        # the ORM does not let anybody write it
        self.env.cr.execute(
            "UPDATE res_partner SET create_date = '2026-01-05 08:30:00' WHERE id IN %s", [tuple(partners.ids)]
        )
        self.browser_js(
            "/odoo_mcp/static/tests/apps/host.html",
            f"testRecordViewer({key!r})",
            ready="Boolean(window.testRecordViewer)",
            timeout=60,
        )
        calls = self.env["mcp.audit.log"].search_count(
            [("method", "=", "tools/call"), ("tool", "=", "search_records"), ("outcome", "=", "ok")]
        )
        self.assertGreater(calls, 5, "the viewer's data came from the server")
