import json

from odoo.tests import tagged

from .http_common import HttpClient, McpHttpCase

SEARCH = {"call_tool", "describe_model", "find_tools", "search_records"}
# What SPEC promises, in tokens of four characters.
MOST_TOKENS = {"search": 1_500, "full": 12_000}


@tagged("post_install", "-at_install")
class TestToolModes(McpHttpCase):
    def at(self, query="", headers=None, key=None):
        return HttpClient(self, key or self.key, f"/odoo/mcp{query}", headers)

    def tools(self, client=None):
        return {tool["name"]: tool for tool in (client or self.client).request("tools/list")["result"]["tools"]}

    def arguments(self, **more):
        return {"model": "res.partner", "domain": [["ref", "=", "MCPTEST"]], **more}

    # ------------------------------------------------------------------ modes

    def test_a_connection_is_shown_all_tools_unless_it_says_otherwise(self):
        tools = self.tools()
        self.assertGreater(len(tools), 20)
        self.assertFalse({"find_tools", "call_tool"} & set(tools))
        self.connection.tool_mode = "search"
        self.assertEqual(set(self.tools()), SEARCH)
        self.assertEqual(len(self.tools(self.at("?mode=full"))), len(tools))

    def test_url_and_header_choose_the_mode(self):
        self.assertEqual(set(self.tools(self.at("?mode=search"))), SEARCH)
        self.assertEqual(set(self.tools(self.at(headers={"X-MCP-Mode": "Search"}))), SEARCH)
        both = self.at("?mode=search", {"X-MCP-Mode": "full"})
        self.assertEqual(set(self.tools(both)), SEARCH, "the URL counts")
        essential = set(self.tools(self.at("?mode=essential")))
        self.assertTrue(SEARCH < essential < set(self.tools()) | SEARCH)

    def test_the_catalog_keeps_within_its_budget(self):
        for mode, most in MOST_TOKENS.items():
            tools = list(self.tools(self.at(f"?mode={mode}")).values())
            self.assertLess(len(json.dumps(tools, separators=(",", ":"), ensure_ascii=False)) / 4, most, mode)

    def test_the_instructions_tell_of_the_tools_that_are_not_shown(self):
        params = {"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": {"name": "t", "version": "1"}}
        for query, told in (("", False), ("?mode=search", True)):
            instructions = self.at(query).request("initialize", params)["result"]["instructions"]
            self.assertEqual("find_tools" in instructions, told)

    # ------------------------------------------------------------------ finding and calling

    def test_tools_are_found_by_what_people_want_to_do(self):
        client = self.at("?mode=search")
        for query, name in (
            ("send an email to the customer", "send_email"),
            ("print the invoice as PDF", "generate_report"),
            ("confirm a sales order", "run_action"),
            ("register a payment", "run_action"),
            ("make a quotation", "create_record"),
            ("how many records are there", "count_records"),
            ("remind me to call somebody", "schedule_activity"),
            ("upload a document", "get_upload_link"),
            ("add a note in the chatter", "post_message"),
            ("change the price of a product", "update_record"),
        ):
            with self.subTest(query=query):
                found = client.call("find_tools", query=query)["tools"]
                self.assertIn(name, [tool["name"] for tool in found])
                self.assertTrue(all(tool["description"] and "arguments" in tool for tool in found))
        self.assertIn("list_models finds their model", client.call("find_tools", query="xyzzy")["hint"])
        reading = self.at("?mode=search&readonly=true")
        self.assertNotIn("list_models finds", reading.call("find_tools", query="xyzzy")["hint"])
        self.assertGreater(len(client.call("find_tools", query="")["tools"]), 20)

    def test_a_found_tool_is_called_as_if_it_had_been_called_itself(self):
        client = self.at("?mode=search")
        found = client.call("call_tool", name="count_records", arguments=self.arguments())
        self.assertEqual(found, {"model": "res.partner", "count": 30})
        row = self.env["mcp.audit.log"].search([("method", "=", "tools/call")], limit=1)
        self.assertEqual((row.tool, row.res_model), ("count_records", "res.partner"))
        self.assertEqual(client.call("count_records", **self.arguments())["count"], 30, "by its own name, too")
        text = json.dumps(self.arguments())
        self.assertEqual(client.call("call_tool", name="count_records", arguments=text)["count"], 30)

    def test_a_wrong_tool_or_argument_is_explained(self):
        client = self.at("?mode=search")
        self.assertIn("count_records", client.failing("call_tool", name="count_record"))
        self.assertIn("domain", client.failing("call_tool", name="count_records", arguments=self.arguments(domian=[])))
        self.assertIn("does not exist", client.failing("call_tool", name="call_tool", arguments={"name": "whoami"}))
        self.assertIn("name", client.failing("call_tool"))

    def test_call_tool_is_no_way_around_anything(self):
        client = self.at("?mode=search")
        post = {"model": "res.partner", "id": self.partners[0].id, "body": "x"}
        self.env["mcp.tool"].search([("name", "=", "post_message")]).active = False
        self.assertIn("does not exist", client.failing("call_tool", name="post_message", arguments=post))
        self.connection.write(
            {"limit_tools": True, "tool_ids": [(6, 0, self.env["mcp.tool"].search([("name", "=", "whoami")]).ids)]}
        )
        self.assertIn("does not exist", client.failing("call_tool", name="count_records", arguments=self.arguments()))
        self.assertEqual([tool["name"] for tool in client.call("find_tools", query="")["tools"]], ["whoami"])
        self.connection.write({"limit_tools": False, "scope": "read_only"})
        create = {"model": "res.partner", "values": {"name": "x"}}
        self.assertIn("does not exist", client.failing("call_tool", name="create_record", arguments=create))
        self.assertEqual(client.call("call_tool", name="count_records", arguments=self.arguments())["count"], 30)

    # ------------------------------------------------------------------ toolsets and read-only

    def test_toolsets_are_chosen_by_url_and_header(self):
        for client in (self.at("?toolsets=look-around,Talk"), self.at(headers={"X-MCP-Toolsets": "look_around,talk"})):
            tools = set(self.tools(client))
            self.assertTrue({"whoami", "post_message"} <= tools)
            self.assertNotIn("search_records", tools)
            self.assertIn("toolsets", client.failing("search_records", **self.arguments()))
            self.assertIn("does not exist", client.failing("call_tool", name="search_records", arguments={}))
        self.assertEqual(set(self.tools(self.at("?toolsets=all"))), set(self.tools()))

    def test_a_client_may_ask_for_tools_that_only_read(self):
        for client in (self.at("?readonly=true"), self.at(headers={"X-MCP-Readonly": "1"})):
            tools = self.tools(client)
            self.assertTrue(all(tool["annotations"]["readOnlyHint"] for tool in tools.values()))
            self.assertIn("search_records", tools)
            create = {"model": "res.partner", "values": {"name": "x"}}
            self.assertIn("read-only", client.failing("create_record", **create))
            self.assertIn("does not exist", client.failing("call_tool", name="create_record", arguments=create))
        self.assertIn("post_message", self.tools(self.at("?readonly=false")))

    def test_unknown_values_are_refused_with_those_there_are(self):
        for query, headers, words in (
            ("?mode=serach", {}, "search"),
            ("?toolsets=talk,recrods", {}, "records"),
            ("?readonly=perhaps", {}, "true"),
            ("", {"X-MCP-Mode": "all"}, "full, essential, search"),
            ("", {"X-MCP-Toolsets": "everything"}, "talk"),
        ):
            with self.subTest(query=query, headers=headers):
                headers = {"Authorization": f"Bearer {self.key}", **headers}
                message = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
                answer = self.client.send(path=f"/odoo/mcp{query}", json=message, headers=headers)
                self.assertEqual(answer.status_code, 400)
                self.assertIn(words, answer.json()["error"]["message"])
