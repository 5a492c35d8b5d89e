from odoo.fields import Command
from odoo.tests import tagged

from .test_gate import GateCase

CONTACT = "res.partner"


@tagged("post_install", "-at_install")
class TestExplainAccess(GateCase):
    def explain(self, model=CONTACT, operation="read", client=None, **arguments):
        self.env.flush_all()
        return (client or self.client).call("explain_access", model=model, operation=operation, **arguments)

    def because(self, *arguments, **more):
        answer = self.explain(*arguments, **more)
        self.assertFalse(answer["allowed"])
        return " ".join(answer["because"])

    def rule(self, name, domain, **values):
        model = self.env["ir.model"]._get(CONTACT)
        return self.env["ir.rule"].create({"name": name, "model_id": model.id, "domain_force": domain, **values})

    def test_what_is_allowed_is_said_to_be(self):
        for operation in ("read", "create", "update", "delete"):
            answer = self.explain(operation=operation)
            self.assertEqual((answer["allowed"], answer.get("because")), (True, None))

    # ------------------------------------------------------------------ the connection

    def test_the_scope_of_the_connection_is_named_with_who_can_change_it(self):
        self.connection.scope = "read_only"
        self.assertTrue(self.explain()["allowed"])
        text = self.because(operation="update")
        self.assertIn("read only", text)
        self.assertIn("MCP administrator", text)

    def test_the_line_of_the_model_is_told(self):
        self.limit(CONTACT, perm_unlink=False)
        self.assertIn("res.partner (read, create, write)", self.because(operation="delete"))

    def test_protected_models_say_so(self):
        self.assertIn("no AI changes them", self.because("res.users", "update"))
        self.assertIn("it is protected".capitalize(), self.because("mail.template", "update", client=self.admin_client))

    def test_several_obstacles_are_told_at_once(self):
        self.connection.scope = "read_only"
        answer = self.explain("res.country", "delete")
        self.assertEqual(len(answer["because"]), 2)

    def test_what_the_connection_hides_is_answered_like_what_there_is_not(self):
        self.limit("res.country", perm_read=False, perm_create=False, perm_write=False, perm_unlink=False)
        answers = {
            name: self.client.failing("explain_access", model=name, ids=[1])
            for name in ("res.country", "res.nothing", "ir.config_parameter", "mcp.credential")
        }
        for name, text in answers.items():
            self.assertIn(f"Model {name!r} does not exist.", text)
            self.assertIn("does not exist", self.client.failing("search_records", model=name))

    # ------------------------------------------------------------------ Odoo's rights

    def test_a_missing_right_names_the_groups_that_have_it(self):
        text = self.because("res.country", "update")
        self.assertIn("lacks the right in Odoo to change Country", text)
        self.assertIn("Members of ", text)
        for group in self.env["ir.model.access"].group_names_with_access("res.country", "write"):
            self.assertIn(group.split("/")[-1].strip(), text)

    def test_of_a_model_that_the_user_may_not_read_no_record_or_field_is_told(self):
        answer = self.explain("ir.cron", ids=[1, 999999], fields=["name"])
        self.assertIn("lacks the right in Odoo to read", answer["because"][0])
        self.assertEqual(answer.keys(), {"model", "operation", "allowed", "because"})
        self.assertIn("does not exist", self.client.failing("search_records", model="ir.cron"))

    # ------------------------------------------------------------------ records

    def test_the_record_rule_that_refuses_is_named(self):
        self.rule("Only Gent may change", "[('city', '=', 'Gent')]", perm_read=False)
        gent, brugge = self.partners[:2]
        answer = self.explain(operation="update", ids=[gent.id, brugge.id])
        self.assertEqual(answer["records"][str(gent.id)], "allowed")
        self.assertIn("'Only Gent may change'", answer["records"][str(brugge.id)])
        self.assertIn("'Only Gent may change'", answer["which_records"])
        self.assertFalse(answer["allowed"])
        refusal = self.client.failing("update_record", model=CONTACT, id=brugge.id, values={"city": "X"})
        self.assertIn("explain_access tells what refuses", refusal)

    def test_rules_of_groups_are_told_to_their_members_only(self):
        group = self.env["res.groups"].create({"name": "Some group"})
        self.rule("Of some group", "[]", groups=[Command.link(group.id)])
        self.assertNotIn("Of some group", self.explain().get("which_records", ""))
        self.user.write({self._groups_field(): [Command.link(group.id)]})
        self.assertIn("Of some group", self.explain()["which_records"])

    def test_a_record_that_may_not_be_seen_is_answered_like_none(self):
        self.rule("Not Namur", "[('city', '!=', 'Namur')]")
        hidden = self.partners[2]
        nothing = self.env[CONTACT].search([], order="id desc", limit=1).id + 1000
        for limit in (False, True):
            if limit:
                self.limit(CONTACT, domain="[('city', '=', 'Gent')]")
                hidden = self.partners[1]
            for operation in ("read", "update", "delete"):
                told = self.explain(operation=operation, ids=[hidden.id, nothing])["records"]
                self.assertEqual(
                    told[str(hidden.id)].replace(str(hidden.id), "?"), told[str(nothing)].replace(str(nothing), "?")
                )
                self.assertIn(
                    told[str(hidden.id)],
                    self.client.failing("update_record", model=CONTACT, id=hidden.id, values={"city": "X"}),
                )
        self.assertIn("the limits of this connection", self.explain()["which_records"])

    # ------------------------------------------------------------------ fields

    def test_the_groups_of_a_field_are_named(self):
        self.patch(self.env[CONTACT]._fields["city"], "groups", "base.group_system")
        told = self.explain(fields=["city", "name"])["fields"]
        self.assertIn(self.env.ref("base.group_system").display_name, told["city"])
        self.assertEqual(told["name"], "allowed")
        self.assertTrue(self.explain(fields=["city"], client=self.admin_client)["allowed"])

    def test_fields_that_are_hidden_or_secret_are_answered_like_none(self):
        self.limit(CONTACT, fields=["name", "email"])
        self.patch(self.env[CONTACT]._fields["city"], "groups", "base.group_system")
        told = self.explain(fields=["city", "phone", "signup_token", "nothing", "name"])["fields"]
        for name in ("city", "phone", "signup_token", "nothing"):
            self.assertIn(f"Field of res.partner {name!r} does not exist.", told[name])
        self.assertEqual(told["name"], "allowed")
        self.assertIn("does not exist", self.explain("res.users", fields=["password"])["fields"]["password"])

    def test_fields_that_cannot_be_written_say_why(self):
        told = self.explain(operation="update", fields=["create_date", "complete_name", "name"])["fields"]
        self.assertIn("kept by Odoo itself", told["create_date"])
        self.assertIn("works it out by itself", told["complete_name"])
        self.assertEqual(told["name"], "allowed")
