"""Every tool that names a model and records, whoever wrote it, under the limits of a connection.

Tools are taken from the registry, so that one that is added is attacked as well.
"""

from odoo.tests import tagged

from .test_gate import GateCase

IN_GENT = "[('city', '=', 'Gent')]"
# Arguments that are required beside the model and the record, by name.
FILLED = {
    "values": {"name": "Zz changed"},
    "records": [{"name": "Zz changed"}],
    "body": "Zz told",
    "message": "Zz told",
    "subject": "Zz told",
    "name": "zz.txt",
    "content": "Zz content",
    "text": "Zz content",
    "action": "toggle_active",
    "summary": "Zz to do",
    "activity_type": "To-Do",
    "to": ["somebody@example.com"],
    "add": ["mcp_anita"],
}


@tagged("post_install", "-at_install")
class TestPolicyOfEveryTool(GateCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.hidden = cls.partners[1]
        cls.hidden.name = "Zz Hidden Company"
        cls.env.flush_all()

    def tools(self):
        """The tools that take a model and records, with arguments for a record."""
        for _name, definition in sorted(self.env["mcp.tool.registry"]._definitions().items()):
            properties = definition.input_schema.get("properties", {})
            record = next((key for key in ("id", "ids", "record_id", "record_ids") if key in properties), None)
            if "model" in properties and record:
                yield definition, record

    def arguments(self, definition, record, record_id, model="res.partner"):
        ids = [record_id] if record.endswith("ids") else record_id
        required = set(definition.input_schema.get("required", ())) - {"model", record}
        return {"model": model, record: ids, **{name: FILLED.get(name, "Zz") for name in required}}

    def answer(self, name, arguments):
        reply = self.client.request("tools/call", {"name": name, "arguments": arguments})
        result = reply.get("result") or {"isError": True, "content": [{"text": str(reply["error"])}]}
        return result

    def state(self):
        """What a tool could have left at the hidden contact."""
        self.env.invalidate_all()
        hidden = self.hidden
        files = self.env["ir.attachment"].search([("res_model", "=", "res.partner"), ("res_id", "=", hidden.id)])
        return (hidden.name, hidden.active, hidden.exists(), hidden.message_ids, hidden.activity_ids, files)

    def test_no_tool_reaches_a_record_outside_the_domain(self):  # 33
        self.limit("res.partner", domain=IN_GENT)
        before = self.state()
        attacked = []
        for definition, record in self.tools():
            with self.subTest(tool=definition.name):
                arguments = self.arguments(definition, record, self.hidden.id)
                result = self.answer(definition.name, arguments)
                self.assertNotIn("Zz Hidden", str(result))
                self.assertTrue(result["isError"] or definition.risk == "read", result)
                missing = self.answer(definition.name, self.arguments(definition, record, 2**31 - 1))
                told = str(result["content"]).replace(str(self.hidden.id), "N")
                self.assertEqual(told, str(missing["content"]).replace(str(2**31 - 1), "N"))
                self.assertEqual(self.state(), before)
                attacked.append(definition.name)
        self.assertGreaterEqual(len(attacked), 8)

    def test_no_tool_tells_of_hidden_fields_and_records_when_asked_for_a_visible_one(self):  # 32
        """Answers about a contact that may be seen: no field that is not on the list, no name of a hidden contact."""
        seen = self.partners[0]
        seen.write({"parent_id": self.hidden.id, "type": "other", "city": "Gent", "ref": "ZzSecretRef", "vat": False})
        seen.write({"email": "zzsecret@example.com", "function": "ZzSecretFunction"})
        seen.message_subscribe([self.hidden.id])
        seen.message_post(body="Seen", author_id=self.hidden.id)
        self.limit("res.partner", domain=IN_GENT, fields=["name", "city", "parent_id", "function"])
        self.connection.model_access_ids.field_ids -= self.env["ir.model.fields"]._get("res.partner", "function")
        self.env.flush_all()
        answered = []
        for definition, record in self.tools():
            if definition.name.startswith("delete"):
                continue
            with self.subTest(tool=definition.name):
                result = self.answer(definition.name, self.arguments(definition, record, seen.id))
                for hidden in ("ZzSecret", "zzsecret", "Zz Hidden"):
                    self.assertNotIn(hidden, str(result))
                if not result["isError"]:
                    answered.append(definition.name)
        self.assertGreaterEqual(len(answered), 5, answered)

    def test_no_tool_reaches_a_model_that_is_closed(self):
        self.limit("res.partner", perm_read=False, perm_create=False, perm_write=False, perm_unlink=False)
        before = self.state()
        for definition, record in self.tools():
            with self.subTest(tool=definition.name):
                result = self.answer(definition.name, self.arguments(definition, record, self.hidden.id))
                self.assertTrue(result["isError"] or result["structuredContent"] == {"changes": []}, result)
                self.assertNotIn("Zz Hidden", str(result))
                self.assertEqual(self.state(), before)

    def test_a_read_only_connection_calls_no_tool_that_writes(self):  # 38
        self.connection.scope = "read_only"
        self.env.flush_all()
        shown = {tool["name"] for tool in self.client.request("tools/list")["result"]["tools"]}
        for name, definition in self.env["mcp.tool.registry"]._definitions().items():
            if definition.risk == "read":
                continue
            if name == "call_tool":  # leads to the others
                result = self.answer(
                    name, {"name": "create_record", "arguments": {"model": "res.partner", "values": {}}}
                )
                self.assertTrue(result["isError"])
                continue
            with self.subTest(tool=name):
                self.assertNotIn(name, shown)
                result = self.answer(name, {})
                self.assertTrue(result["isError"])
                self.assertIn("scope", str(result["content"]))

    def test_administrators_change_nothing_that_decides_over_rights_by_any_tool(self):  # 35
        self.admin_connection.scope = "admin"
        group = self.env.ref("base.group_system")
        rule = self.env["ir.rule"].search([], limit=1)
        self.env.flush_all()
        self.client = self.admin_client
        for record in (self.user, group, rule, self.env.ref("base.module_base"), self.connection):
            for definition, key in self.tools():
                if definition.risk == "read" or definition.name in ("post_message", "schedule_activity"):
                    continue
                arguments = self.arguments(definition, key, record.id, record._name)
                label = record._rec_name or "name"
                for values in (arguments.get("values"),):
                    if values:
                        arguments["values"] = {label: "Zz changed"}
                with self.subTest(tool=definition.name, model=record._name):
                    result = self.answer(definition.name, arguments)
                    self.assertTrue(result["isError"], result)
        for model in ("ir.cron", "ir.actions.server", "res.users", "ir.rule", "ir.config_parameter", "base.automation"):
            result = self.answer("create_record", {"model": model, "values": {"name": "Zz"}})
            self.assertTrue(result["isError"])
        result = self.answer(
            "create_record", {"model": "res.partner", "values": {"name": "Zz", "user_ids": [{"login": "zz"}]}}
        )
        self.assertTrue(result["isError"])
        self.assertFalse(self.env["res.users"].search([("login", "=", "zz")]))
