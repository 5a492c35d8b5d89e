from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged

from .common import McpCase


@tagged("post_install", "-at_install")
class TestPrompts(McpCase):
    def listed(self):
        return {prompt["name"]: prompt for prompt in self.client.request("prompts/list")["result"]["prompts"]}

    def get(self, name, **arguments):
        return self.client.request("prompts/get", {"name": name, "arguments": arguments})

    def text(self, name, **arguments):
        (message,) = self.get(name, **arguments)["result"]["messages"]
        self.assertEqual(message["role"], "user")
        return message["content"]["text"]

    def test_at_least_ten_prompts_come_with_the_addon(self):
        prompts = self.env["mcp.prompt"].search([])
        self.assertGreaterEqual(len(prompts), 10)
        for prompt in prompts:
            self.assertTrue(prompt.description and prompt.argument_ids is not None)

    def test_prompts_of_apps_that_are_not_installed_are_not_offered(self):
        listed = self.listed()
        for prompt in self.env["mcp.prompt"].search([]):
            installed = not prompt.needs_module or prompt.needs_module in self.env.registry._init_modules
            self.assertEqual(prompt.name in listed, installed, prompt.name)
        self.env["mcp.prompt"].search([("name", "=", "customer_brief")]).needs_module = "no_such_app"
        self.assertNotIn("customer_brief", self.listed())
        self.assertEqual(self.get("customer_brief", customer="x")["error"]["code"], -32602)

    def test_an_administrator_switches_a_prompt_off(self):
        self.env["mcp.prompt"].search([("name", "=", "customer_brief")]).active = False
        self.assertNotIn("customer_brief", self.listed())

    def test_the_arguments_are_filled_into_the_text(self):
        text = self.text("customer_brief", customer="Deco Addict")
        self.assertIn("meet Deco Addict", text)
        self.assertNotIn("{{", text)

    def test_what_is_filled_in_is_not_looked_into_again(self):
        self.assertIn("meet {{customer}}", self.text("customer_brief", customer="{{customer}}"))

    def test_missing_and_unknown_arguments_are_refused_by_name(self):
        self.assertIn("needs customer", self.get("customer_brief")["error"]["message"])
        self.assertIn("custmer", self.get("customer_brief", customer="x", custmer="y")["error"]["message"])
        self.assertEqual(self.get("no_such_prompt")["error"]["code"], -32602)

    def test_arguments_are_completed_with_names_the_user_may_see(self):
        params = {
            "ref": {"type": "ref/prompt", "name": "customer_brief"},
            "argument": {"name": "customer", "value": "Ground 07"},
        }
        values = self.client.request("completion/complete", params)["result"]["completion"]["values"]
        self.assertEqual(values, ["Ground 07"])
        params["argument"]["name"] = "nope"
        self.assertEqual(self.client.request("completion/complete", params)["error"]["code"], -32602)

    def test_an_administrator_writes_a_prompt_and_others_do_not(self):
        values = {"name": "hello", "title": "Hello", "text": "Say {{what}}", "argument_ids": [(0, 0, {"name": "what"})]}
        self.env["mcp.prompt"].with_user(self.admin).create(values)
        self.assertEqual(self.text("hello", what="hi"), "Say hi")
        with self.assertRaises(AccessError):
            self.env["mcp.prompt"].with_user(self.user).create({**values, "name": "hello2"})

    def test_a_prompt_that_could_not_work_is_refused_when_it_is_saved(self):
        create = self.env["mcp.prompt"].create
        with self.assertRaisesRegex(ValidationError, "no argument of it"):
            create({"name": "broken", "title": "B", "text": "Say {{what}}"})
        with self.assertRaisesRegex(ValidationError, "small letters"):
            create({"name": "Not A Name", "title": "B", "text": "x"})
        with self.assertRaisesRegex(ValidationError, "letters, digits"):
            create({"name": "b", "title": "B", "text": "x", "argument_ids": [(0, 0, {"name": "a b"})]})
