"""The limits of a connection, attacked through the tools and resources that a client has.

Numbers in comments are those of the checks in the security research that the project works from.
"""

import json

from odoo.fields import Command
from odoo.tests import tagged

from .common import make_key
from .test_gate import GateCase

IN_GENT = "[('city', '=', 'Gent')]"


@tagged("post_install", "-at_install")
class TestPolicyOfRecords(GateCase):
    """A domain on contacts: the others are as if they were not there, whatever the way to them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.visible, cls.hidden = cls.partners[0], cls.partners[1]
        cls.hidden.write({"name": "Zz Hidden Company", "is_company": True})
        cls.child = cls.env["res.partner"].create(
            {"name": "Visible child", "city": "Gent", "ref": "MCPCHILD", "type": "other", "parent_id": cls.hidden.id}
        )
        cls.mother = cls.env["res.partner"].create({"name": "Mother", "city": "Gent", "ref": "MCPMOTHER"})
        cls.hidden_child = cls.env["res.partner"].create(
            {
                "name": "Zz Hidden child",
                "city": "Brugge",
                "ref": "MCPHIDDENCHILD",
                "type": "other",
                "parent_id": cls.mother.id,
            }
        )
        cls.tag = cls.env["res.partner.category"].create(
            {"name": "Tagged", "partner_ids": [Command.set((cls.visible | cls.hidden).ids)]}
        )

    def setUp(self):
        super().setUp()
        self.limit("res.partner", domain=IN_GENT)

    def count(self, domain, model="res.partner"):
        return self.client.call("count_records", model=model, domain=domain)["count"]

    def found(self, domain, model="res.partner", **more):
        return self.client.call("search_records", model=model, domain=domain, **more)["records"]

    def assertSays(self, value, text, *, never=True):
        (self.assertNotIn if never else self.assertIn)(text, json.dumps(value, default=str))

    def test_the_domain_holds_for_every_way_to_records(self):  # 33
        ours = [["ref", "=", "MCPTEST"]]
        self.assertEqual(self.count(ours), 10)
        self.assertEqual({row["city"] for row in self.found(ours, fields=["city"])}, {"Gent"})
        read = self.client.call("read_records", model="res.partner", ids=[self.hidden.id, 2**30])
        self.assertEqual((read["records"], read["missing"]), ([], [self.hidden.id, 2**30]))
        self.assertEqual(self.client.call("name_search", model="res.partner", text="Zz Hidden")["matches"], [])
        self.assertEqual(self.found(["|", ["id", "=", self.hidden.id], ["id", "=", -0]]), [])
        self.assertEqual(self.count([["id", "child_of", [self.hidden.id]]]), 0)
        self.assertEqual(self.count([["id", "parent_of", [self.child.id]]]), 1)
        self.assertEqual(self.count([["parent_id", "child_of", [self.hidden.id]]]), 0)
        self.assertEqual(self.count(["!", *ours, ["id", "=", self.hidden.id]]), 0)

    def test_no_comparison_tells_of_hidden_records(self):
        for domain in (
            [["parent_id.name", "=like", "Zz%"]],
            [["parent_id", "ilike", "Zz"]],
            [["parent_id", "any", [["name", "=like", "Zz%"]]]],
            [["parent_id.ref", "!=", False]],
            [["child_ids", "!=", False], ["id", "=", self.mother.id]],
            [["child_ids", "in", [self.hidden_child.id]]],
            [["child_ids", "=", self.hidden_child.id]],
            [["child_ids.name", "ilike", "Zz"]],
            [["child_ids", "ilike", "Zz"]],
            [["child_ids", "any", [["city", "=", "Brugge"]]]],
            [["child_ids", "any", []], ["id", "=", self.mother.id]],
            [["category_id.partner_ids", "in", [self.hidden.id]]],
            [["category_id.partner_ids.city", "=", "Brugge"]],
            [["category_id.partner_ids", "any", [["city", "=", "Brugge"]]]],
        ):
            with self.subTest(domain=domain):
                self.assertEqual(self.count(domain), 0)
        self.assertEqual(self.count([["child_ids", "not any", []], ["id", "=", self.mother.id]]), 1)
        self.assertEqual(self.count([["partner_ids", "=", False]], "res.partner.category") >= 0, True)
        self.assertEqual(self.count([["partner_ids", "in", [self.hidden.id]]], "res.partner.category"), 0)
        self.assertEqual(self.count([["partner_ids", "in", [self.visible.id]]], "res.partner.category"), 1)

    def test_fields_that_show_hidden_records_are_neither_read_nor_compared(self):  # 32
        fields = ["name", "display_name", "parent_id", "parent_name", "complete_name", "commercial_company_name"]
        fields = [name for name in fields if name in self.env["res.partner"]._fields]
        record = self.found([["ref", "=", "MCPCHILD"]], fields=fields)[0]
        self.assertEqual((record["name"], record["display_name"]), ("Visible child", "Visible child"))
        self.assertEqual(record["parent_id"], {"id": self.hidden.id})
        self.assertSays(record, "Zz")
        for name in ("parent_name", "complete_name", "commercial_company_name"):
            for arguments in ({"domain": [[name, "=like", "Zz%"]]}, {"order": name}):
                with self.subTest(arguments):
                    text = self.client.failing("search_records", model="res.partner", **arguments)
                    self.assertRegex(text, "may not see|computed and cannot be sorted by")
        for name in ("parent_id", "commercial_partner_id"):
            text = self.client.failing("search_records", model="res.partner", order=name)
            self.assertIn("cannot be sorted by", text)

    def test_names_of_hidden_records_are_not_told_elsewhere(self):
        self.env["res.partner.bank"].create({"acc_number": "BE71096123456769", "partner_id": self.hidden.id})
        rows = self.found([["acc_number", "ilike", "BE71"]], "res.partner.bank", fields=["partner_id", "acc_number"])
        self.assertEqual([row["partner_id"] for row in rows], [{"id": self.hidden.id}])
        rows = self.found([["id", "=", self.tag.id]], "res.partner.category", fields=["partner_ids"])
        self.assertEqual(rows[0]["partner_ids"], [self.visible.id])
        rows = self.found([["id", "=", self.mother.id]], fields=["child_ids"])
        self.assertEqual(rows[0].get("child_ids", []), [])

    def test_the_order_of_other_models_does_not_follow_hidden_records(self):
        text = self.client.failing("search_records", model="res.partner.bank", order="partner_id")
        self.assertIn("cannot be sorted by", text)

    def test_files_and_messages_of_hidden_records_are_hidden(self):
        values = {"raw": b"content", "res_model": "res.partner", "mimetype": "text/plain"}
        files = self.env["ir.attachment"].create(
            [
                {**values, "name": "MCPFILE seen", "res_id": self.visible.id},
                {**values, "name": "MCPFILE hidden", "res_id": self.hidden.id},
                {**values, "name": "MCPFILE public", "res_id": self.hidden.id, "public": True},
            ]
        )
        self.hidden.message_post(body="Zz secret message")
        self.visible.message_post(body="Seen message")
        self.env.flush_all()
        self.assertEqual(
            [row["name"] for row in self.found([["name", "like", "MCPFILE"]], "ir.attachment", fields=["name"])],
            ["MCPFILE seen"],
        )
        for file in files[1:]:
            answer = self.client.request("resources/read", {"uri": f"odoo://attachment/{file.id}"})
            self.assertEqual(answer["error"]["code"], -32002)
        answer = self.client.request("resources/read", {"uri": f"odoo://attachment/{files[0].id}"})
        self.assertEqual(answer["result"]["contents"][0]["text"], "content")
        ids = (self.hidden.message_ids | self.visible.message_ids).ids
        bodies = self.found([["id", "in", ids]], "mail.message", fields=["body", "res_id"])
        self.assertTrue(bodies)
        self.assertEqual({row["res_id"] for row in bodies}, {self.visible.id})

    def test_resources_and_completion_know_hidden_records_no_better(self):
        for uri in (f"odoo://record/res.partner/{self.hidden.id}", "odoo://record/res.partner/2147483647"):
            answer = self.client.request("resources/read", {"uri": uri})
            self.assertEqual(answer["error"]["code"], -32002, uri)
        uri = "odoo://search/res.partner?domain=[[%22name%22,%22ilike%22,%22Zz%22]]&fields=name"
        answer = self.client.request("resources/read", {"uri": uri})
        self.assertSays(answer, "Hidden")
        reference = {"type": "ref/resource", "uri": "odoo://record/{model}/{id}"}
        for value in ("Zz", str(self.hidden.id)):
            answer = self.client.request(
                "completion/complete",
                {
                    "ref": reference,
                    "argument": {"name": "id", "value": value},
                    "context": {"arguments": {"model": "res.partner"}},
                },
            )
            self.assertNotIn(str(self.hidden.id), answer["result"]["completion"]["values"])

    def test_users_are_hidden_with_the_contact_they_are_made_of(self):
        other, _connection, _key = make_key(self.env, "mcp_other")
        other.partner_id.city = "Brugge"
        self.user.partner_id.city = "Gent"
        self.env.flush_all()
        logins = {row["login"] for row in self.found([["login", "like", "mcp_"]], "res.users", fields=["login"])}
        self.assertEqual(logins & {"mcp_other", "mcp_anita"}, {"mcp_anita"})

    def test_the_policy_of_a_call_does_not_reach_the_caches_of_other_calls(self):
        self.limit("res.company", domain="[('id', '=', 0)]")
        self.env.registry.clear_cache()
        gate = self.gate()
        user = gate.env["res.users"].browse(self.user.id)
        self.assertFalse(gate.env["res.company"].search([]))
        self.assertTrue(user._get_company_ids())
        rules = gate.env["ir.rule"]
        self.assertIn("Gent", str(rules._compute_domain("res.users", "read")))
        gate.close()
        self.assertNotIn("Gent", str(rules._compute_domain("res.users", "read")))
        self.assertNotIn("Gent", str(rules._compute_domain("res.partner", "read")))
        self.assertTrue(user._get_company_ids())

    def test_no_context_switches_the_rules_of_the_call_off(self):
        gate = self.gate()
        hidden = gate.env["res.partner"].browse(self.hidden.id)
        for records in (hidden.with_context({}), hidden.with_user(self.user), hidden.with_context(mcp=False, su=True)):  # pylint: disable=context-overridden
            self.assertFalse(records.has_access("read"))
        gate.close()
        self.assertTrue(hidden.has_access("read"))

    def test_a_domain_that_breaks_later_shows_nothing(self):
        line = self.connection.model_access_ids
        self.env.cr.execute("UPDATE mcp_connection_model_access SET domain = '[(1' WHERE id = %s", [line.id])
        with self.assertLogs("odoo.addons.odoo_mcp.services.governance.call_rules", "ERROR"):
            self.assertEqual(self.count([]), 0)


@tagged("post_install", "-at_install")
class TestPolicyOfFields(GateCase):
    """A list of fields: the others are as if they did not exist."""

    def setUp(self):
        super().setUp()
        self.limit("res.partner", fields=["name", "city", "parent_id", "child_ids"])

    def test_hidden_and_unknown_fields_get_the_same_answer_everywhere(self):  # 32
        ways = {
            "read": lambda name: ("read_records", {"ids": [self.partners[0].id], "fields": [name]}),
            "search": lambda name: ("search_records", {"fields": [name]}),
            "order": lambda name: ("search_records", {"order": name}),
            "domain": lambda name: ("search_records", {"domain": [[name, "=", "x"]]}),
            "path": lambda name: ("count_records", {"domain": [[f"parent_id.{name}", "=", "x"]]}),
            "any": lambda name: ("count_records", {"domain": [["child_ids", "any", [[name, "=", "x"]]]]}),
            "not any": lambda name: ("count_records", {"domain": [["child_ids", "not any", [[name, "=", "x"]]]]}),
            "name": lambda name: ("name_search", {"text": "x", "domain": [[name, "=", "x"]]}),
            "description": lambda name: ("describe_model", {"fields": [name]}),
        }
        for what, way in ways.items():
            answers = set()
            for name in ("ref", "refx", "email", "emailx"):
                tool, arguments = way(name)
                answers.add(self.client.failing(tool, model="res.partner", **arguments).replace(f"'{name}'", "…"))
            with self.subTest(what):
                self.assertEqual(len(answers), 1, answers)
                self.assertNotIn("Did you mean", answers.pop())

    def test_paths_from_other_models_end_there_too(self):
        for domain in ([["partner_id.email", "!=", False]], [["email", "!=", False]], [["partner_id.ref", "=", "x"]]):
            with self.subTest(domain=domain):
                text = self.client.failing("count_records", model="res.users", domain=domain)
                self.assertIn("does not exist", text)
        self.assertIn("does not exist", self.client.failing("search_records", model="res.users", fields=["email"]))
        self.client.call("search_records", model="res.users", fields=["login", "name"])

    def test_names_are_looked_up_in_visible_fields_only(self):
        partner = self.partners[0]
        for text in (partner.email, partner.ref):
            self.assertEqual(self.client.call("name_search", model="res.partner", text=text)["matches"], [])
            for domain in ([["display_name", "ilike", text]], [["parent_id", "ilike", text]]):
                self.assertEqual(self.client.call("count_records", model="res.partner", domain=domain)["count"], 0)
        found = self.client.call("name_search", model="res.partner", text=partner.name)["matches"]
        self.assertEqual([match["id"] for match in found], partner.ids)
        domain = [["display_name", "not ilike", "Ground"], ["id", "in", self.partners.ids]]
        self.assertEqual(self.client.call("count_records", model="res.partner", domain=domain)["count"], 0)

    def test_without_asking_only_fields_of_the_list_come(self):
        allowed = {"id", "name", "city", "parent_id", "child_ids", "display_name"}
        rows = self.client.call("search_records", model="res.partner", domain=[["name", "like", "Ground"]])["records"]
        self.assertTrue(rows)
        for row in rows:
            self.assertLessEqual(set(row), allowed)
        described = self.client.call("describe_model", model="res.partner", all_fields=True)
        self.assertLessEqual(set(described["fields"]), allowed)
        answer = self.client.request("resources/read", {"uri": f"odoo://record/res.partner/{self.partners[0].id}"})
        self.assertLessEqual(set(json.loads(answer["result"]["contents"][0]["text"])), allowed)

    def test_records_keep_their_name_to_themselves_where_it_is_not_on_the_list(self):
        self.connection.model_access_ids.unlink()
        self.limit("res.partner", fields=["city"])
        rows = self.client.call("search_records", model="res.users", fields=["partner_id"], limit=3)["records"]
        self.assertTrue(all(set(row["partner_id"]) == {"id"} for row in rows))
        for arguments in ({"fields": ["display_name"]}, {"fields": ["name"]}, {"order": "name"}):
            self.client.failing("search_records", model="res.partner", **arguments)
        self.assertEqual(self.client.call("name_search", model="res.partner", text="Ground")["matches"], [])
        rows = self.client.call("search_records", model="res.partner", domain=[["city", "=", "Gent"]])["records"]
        self.assertEqual([row["id"] for row in rows], sorted(row["id"] for row in rows))

    def test_relatives_are_not_asked_for_without_the_field_that_leads_to_them(self):
        self.connection.model_access_ids.unlink()
        self.limit("res.partner", fields=["name"])
        text = self.client.failing("count_records", model="res.partner", domain=[["id", "child_of", [1]]])
        self.assertIn("parent_id", text)

    def test_files_behind_hidden_fields_are_hidden(self):
        image = b"iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
        self.partners[0].image_1920 = image
        self.env.flush_all()
        domain = [["res_model", "=", "res.partner"], ["res_field", "=", "image_1920"]]
        rows = self.client.call("search_records", model="ir.attachment", domain=domain)["records"]
        self.assertEqual(rows, [])


@tagged("post_install", "-at_install")
class TestPolicyOfModels(GateCase):
    """A list of models: the others are as if they did not exist."""

    def setUp(self):
        super().setUp()
        self.connection.model_limit = "listed"
        self.limit("res.partner.category", perm_create=False, perm_write=False, perm_unlink=False)
        self.env.flush_all()

    def test_models_that_are_not_listed_do_not_exist(self):
        self.assertEqual(
            self.client.call("list_models", query="res", limit=500)["models"][0]["model"], "res.partner.category"
        )
        hidden, unknown = (
            self.client.failing("search_records", model=name).replace(name, "…") for name in ("res.bank", "res.bunk")
        )
        self.assertEqual(hidden, unknown)
        for domain in ([["partner_ids.name", "=", "x"]], [["partner_ids", "!=", False]], [["partner_ids", "any", []]]):
            self.assertIn(
                "does not exist", self.client.failing("count_records", model="res.partner.category", domain=domain)
            )
        rows = self.client.call("search_records", model="res.partner.category", fields=["name", "partner_ids"])
        self.assertTrue(all("partner_ids" not in row for row in rows["records"]))

    def test_what_a_line_does_not_tick_is_refused(self):
        gate = self.gate()
        self.assertEqual(self.client.call("describe_model", model="res.partner.category")["may"], ["read"])
        for operation in ("create", "write", "unlink"):
            self.assertFalse(gate.may("res.partner.category", operation))

    def test_an_app_that_is_removed_does_not_open_the_rest(self):
        self.connection.model_access_ids.model_id = False  # as deleting the model does
        self.env.flush_all()
        self.assertEqual(
            self.client.call("list_models", query="res", limit=500)["models"][0]["model"], "res.partner.category"
        )
        self.client.failing("search_records", model="res.partner")

    def test_an_empty_list_reaches_nothing(self):
        self.connection.model_access_ids.unlink()
        self.env.flush_all()
        self.assertEqual(self.client.call("list_models", query=".", limit=500)["models"], [])

    def test_a_first_list_means_only_these_unless_said_otherwise(self):
        line = [Command.create({"model_id": self.env["ir.model"]._get("res.partner").id})]
        values = {"name": "x", "user_id": self.user.id, "model_access_ids": line}
        self.assertEqual(self.env["mcp.connection"].create(values).model_limit, "listed")
        self.assertEqual(self.env["mcp.connection"].create({**values, "model_limit": "all"}).model_limit, "all")
        later = self.env["mcp.connection"].create({"name": "x", "user_id": self.user.id})
        self.assertEqual(later.model_limit, "all")
        later.model_access_ids = line
        self.assertEqual(later.model_limit, "listed")

    def test_the_client_is_told_its_limits(self):
        self.connection.scope = "read_only"
        self.env.flush_all()
        whoami = self.client.call("whoami")
        self.assertEqual(
            (whoami["scope"], whoami["models"]), ("read_only", ["res.partner.category (read)", "no others"])
        )
        text = self.client.request(
            "initialize",
            {"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": {"name": "x", "version": "1"}},
        )
        self.assertIn("read only", text["result"]["instructions"])
        self.assertIn("res.partner.category", text["result"]["instructions"])
