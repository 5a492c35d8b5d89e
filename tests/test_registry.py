from jsonschema import Draft202012Validator

from odoo.tests import tagged

from ..services.tools.definition import ToolDefinition, tool
from .common import McpCase, let_write_partners


@tagged("post_install", "-at_install")
class TestRegistry(McpCase):
    def setUp(self):
        super().setUp()
        self.registry_model = self.env["mcp.tool.registry"]

    def tools(self, client=None):
        return {tool["name"]: tool for tool in (client or self.client).request("tools/list")["result"]["tools"]}

    def test_every_tool_has_what_a_client_shows_and_a_model_needs(self):
        tools = self.tools()
        self.assertLessEqual(
            {
                "whoami", "list_models", "describe_model", "server_info",
                "search_records", "read_records", "count_records", "name_search",
                "create_record", "create_records", "update_record", "update_records", "delete_record",
                "delete_records", "copy_record",
            },
            set(tools),
        )  # fmt: skip
        for name, descriptor in tools.items():
            with self.subTest(tool=name):
                self.assertTrue(descriptor["title"])
                self.assertGreater(len(descriptor["description"]), 20)
                governed = {"dry_run", "idempotency_key"} <= descriptor["inputSchema"].get("properties", {}).keys()
                self.assertNotEqual(descriptor["annotations"]["readOnlyHint"], governed)
                self.assertEqual(descriptor["inputSchema"]["type"], "object")
                self.assertFalse(descriptor["inputSchema"]["additionalProperties"])
                Draft202012Validator.check_schema(descriptor["inputSchema"])
                Draft202012Validator.check_schema(descriptor["outputSchema"])

    def test_results_are_what_the_output_schemas_say(self):
        tools = self.tools()
        calls = {
            "whoami": {},
            "server_info": {},
            "list_models": {"query": "contact"},
            "describe_model": {"model": "res.partner"},
            "search_records": {"model": "res.partner", "domain": [["ref", "=", "MCPTEST"]], "limit": 3},
            "read_records": {"model": "res.partner", "ids": self.partners[:2].ids},
            "count_records": {"model": "res.partner"},
            "name_search": {"model": "res.partner", "text": "Ground"},
        }
        one = {"model": "res.partner", "id": self.partners[0].id, "dry_run": True}
        many = {"model": "res.partner", "ids": self.partners[:2].ids, "dry_run": True}
        let_write_partners(self.user)
        calls |= {
            "create_record": {"model": "res.partner", "values": {"name": "A"}, "dry_run": True},
            "create_records": {"model": "res.partner", "records": [{"name": "A"}], "dry_run": True},
            "update_record": {**one, "values": {"city": "X"}},
            "update_records": {**many, "values": {"city": "X"}},
            "copy_record": one,
            "delete_record": one,
            "delete_records": many,
        }
        for name, arguments in calls.items():
            with self.subTest(tool=name):
                result = self.client.call(name, **arguments)
                Draft202012Validator(tools[name]["outputSchema"]).validate(result)

    def test_a_switched_off_tool_is_neither_listed_nor_callable(self):
        self.env["mcp.tool"].search([("name", "=", "count_records")]).active = False
        self.env.flush_all()
        self.assertNotIn("count_records", self.tools())
        switched_off = self.client.request(
            "tools/call", {"name": "count_records", "arguments": {"model": "res.partner"}}
        )
        unknown = self.client.request("tools/call", {"name": "no_such_tool", "arguments": {}})
        self.assertEqual(switched_off["error"]["code"], -32602)
        self.assertEqual(
            switched_off["error"]["message"].replace("count_records", ""),
            unknown["error"]["message"].replace("no_such_tool", ""),
        )

    def test_the_catalog_follows_the_registry_and_keeps_the_administrators_switch(self):
        catalog = self.env["mcp.tool"].with_context(active_test=False)
        row = catalog.search([("name", "=", "whoami")])
        self.env["mcp.tool"].sudo().search([("name", "=", "name_search")]).active = False
        row.sudo().write({"title": "Something old"})
        catalog.search([("name", "=", "server_info")]).sudo().unlink()
        catalog.sudo().create({"name": "gone_tool", "title": "Gone", "category": "Old", "risk": "read"})
        catalog._synchronize()
        self.assertEqual(row.title, "Who am I")
        self.assertFalse(catalog.search([("name", "=", "name_search")]).active)
        self.assertTrue(catalog.search([("name", "=", "server_info")]))
        self.assertFalse(catalog.search([("name", "=", "gone_tool")]))

    def test_a_tool_of_a_missing_app_names_the_app(self):
        definition = self.registry_model._definitions()["whoami"]
        self.patch(definition, "needs_module", "no_such_app")
        text = self.client.failing("whoami")
        self.assertIn("needs_module", text)
        self.assertIn("no_such_app", text)

    def test_a_wrong_argument_name_is_answered_with_the_right_one(self):
        text = self.client.failing("search_records", model="res.partner", limt=3)
        self.assertIn("limt: there is no such argument; did you mean limit?", text)

    def test_a_missing_and_a_wrong_argument_are_both_named(self):
        text = self.client.failing("search_records", limit="many")
        self.assertIn("model: is required", text)
        self.assertIn("limit:", text)

    def test_lists_that_arrive_as_json_text_are_understood(self):
        result = self.client.call(
            "search_records", model="res.partner", domain='[["ref", "=", "MCPTEST"]]', fields="name, city", limit=1
        )
        self.assertEqual(set(result["records"][0]), {"id", "name", "city"})

    def test_a_tool_without_a_docstring_or_types_is_refused_by_the_registry(self):
        options = tool(title="Bad", category="Bad")

        def undocumented(self, name: str) -> dict: ...

        def untyped(self, name) -> dict:
            """Says something."""

        for method in (undocumented, untyped):
            with self.subTest(method=method.__name__), self.assertRaises(TypeError):
                ToolDefinition(method.__name__, method, options(method)._mcp_tool)

    def test_an_addon_may_bring_tools_as_dictionaries(self):
        registry_class = type(self.registry_model)
        get_tools, execute_tool = registry_class.get_tools, registry_class.execute_tool
        schema = {"type": "object", "properties": {"word": {"type": "string"}}}

        def get_tools_with_more(self):
            return [*get_tools(self), {"name": "raw_tool", "description": "A raw tool.", "inputSchema": schema}]

        def execute_more(self, call, name, arguments):
            if name == "raw_tool":
                return {"echo": arguments["word"]}
            return execute_tool(self, call, name, arguments)

        self.patch(registry_class, "get_tools", get_tools_with_more)
        self.patch(registry_class, "execute_tool", execute_more)
        self.assertIn("raw_tool", self.tools())
        self.assertEqual(self.client.call("raw_tool", word="hello"), {"echo": "hello"})

    def test_a_dictionary_whose_schema_is_a_trap_for_clients_is_refused_at_install(self):
        registry_class = type(self.registry_model)
        get_tools = registry_class.get_tools
        schema = {"type": "object", "properties": {"word": {"$ref": "https://evil.example/schema.json"}}}
        tool = {"name": "raw_tool", "description": "A raw tool.", "inputSchema": schema}
        self.patch(registry_class, "get_tools", lambda registry: [*get_tools(registry), tool])
        with self.assertRaisesRegex(TypeError, "Tool raw_tool: .ref may only point into its own schema"):
            self.env["mcp.tool"]._synchronize()
