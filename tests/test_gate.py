"""What the gate answers to tools that write: the functions that every write goes through."""

from odoo.fields import Command
from odoo.tests import tagged

from ..services.governance.gate import Gate
from ..services.identity import bearer
from ..services.tools.errors import NoRecordError, RefusedError, ToolError, UnknownNameError
from .common import McpCase


class GateCase(McpCase):
    """Opens gates as calls do, and closes them after the test."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.company"].create({"name": "Elsewhere"})
        cls.user.write({cls._groups_field(): [Command.link(cls.env.ref("base.group_partner_manager").id)]})

    @classmethod
    def _groups_field(cls):
        return "group_ids" if "group_ids" in cls.env["res.users"]._fields else "groups_id"

    def limit(self, model, connection=None, **limits):
        """One line of the connection's list of models."""
        connection = connection or self.connection
        names = limits.pop("fields", None)
        fields = self.env["ir.model.fields"].search([("model", "=", model), ("name", "in", names or [])])
        line = self.env["mcp.connection.model.access"].create(
            {
                "connection_id": connection.id,
                "model_id": self.env["ir.model"]._get(model).id,
                "perm_create": True,
                "perm_write": True,
                "perm_unlink": True,
                "limit_fields": names is not None,
                "field_ids": [Command.set(fields.ids)],
                **limits,
            }
        )
        self.env.flush_all()
        return line

    def gate(self, key=None):
        self.env.flush_all()
        identification = bearer.identify(self.env, key or self.key, "127.0.0.1")
        self.assertFalse(identification.refusal)
        caller = identification.caller
        gate = Gate(self.env(user=caller.user_id, context=caller.context(), su=False), caller)
        self.addCleanup(gate.close)
        return gate


@tagged("post_install", "-at_install")
class TestGate(GateCase):
    def test_a_read_only_connection_opens_no_model_for_writing(self):
        self.connection.scope = "read_only"
        gate = self.gate()
        self.assertTrue(gate.may("res.partner", "read"))
        for operation in ("create", "write", "unlink"):
            with self.assertRaisesRegex(RefusedError, "read only"):
                gate.model("res.partner", operation)

    def test_records_outside_the_domain_are_as_if_they_did_not_exist(self):
        self.limit("res.partner", domain="[('city', '=', 'Gent')]")
        gate = self.gate()
        partners = gate.env["res.partner"].browse(self.partners.ids)
        for operation in ("read", "write", "unlink"):
            gate.check_records(partners[:1], operation)
            with self.assertRaisesRegex(NoRecordError, str(self.partners[1].id)):
                gate.check_records(partners[:2], operation)
        with self.assertRaises(NoRecordError):
            gate.check_records(gate.env["res.partner"].browse(2**31 - 1), "read")

    def test_values_are_checked_field_by_field_and_line_by_line(self):
        self.limit(
            "res.partner", fields=["name", "child_ids", "category_id", "parent_id"], domain="[('ref', '=', 'MCPTEST')]"
        )
        self.connection.model_limit = "listed"
        gate = self.gate()
        model = gate.env["res.partner"]
        stranger = self.env["res.partner"].create({"name": "Stranger"})
        known = self.partners[0]
        gate.check_values(model, {"name": "x", "child_ids": [Command.create({"name": "y"})]}, "create")
        gate.check_values(
            model, {"parent_id": known.id, "child_ids": [Command.update(known.id, {"name": "z"})]}, "write"
        )
        wrong = {
            "a field that is not on the list": {"email": "x"},
            "a field that does not exist": {"emial": "x"},
            "the same in a line": {"child_ids": [Command.create({"name": "x", "email": "y"})]},
            "in a line of a line": {"child_ids": [Command.create({"child_ids": [Command.create({"email": "y"})]})]},
            "another's record changed through a line": {"child_ids": [Command.update(stranger.id, {"name": "x"})]},
            "another's record deleted through a line": {"child_ids": [Command.delete(stranger.id)]},
            "another's record taken as a line": {"child_ids": [Command.link(stranger.id)]},
            "another's record in a set": {"child_ids": [Command.set([stranger.id])]},
            "another's record pointed to": {"parent_id": stranger.id},
            "a model that is not on the list": {"category_id": [Command.create({"name": "x"})]},
            "what Odoo keeps itself": {"create_uid": 1},
            "no command": {"child_ids": [(7, 0, 0)]},
            "a lot of nesting": {"child_ids": [Command.create(self._nested(10))]},
        }
        for what, values in wrong.items():
            with self.subTest(what), self.assertRaises(ToolError):
                gate.check_values(model, values, "write")

    def _nested(self, depth):
        return {"name": "x", "child_ids": [Command.create(self._nested(depth - 1))]} if depth else {"name": "x"}

    def test_no_administrator_writes_what_decides_over_rights(self):
        self.admin_connection.scope = "admin"
        gate = self.gate(self.admin_key)
        for name in (
            "res.users",
            "res.groups",
            "ir.rule",
            "ir.cron",
            "ir.ui.view",
            "ir.model.access",
            "mcp.connection",
        ):
            for operation in ("create", "write", "unlink"):
                with self.subTest(model=name, operation=operation), self.assertRaises(RefusedError):
                    gate.model(name, operation)
        with self.assertRaises(RefusedError):
            gate.check_values(gate.env["res.partner"], {"user_ids": [Command.create({"login": "x"})]}, "write")

    def test_protected_models_take_the_scope_and_a_line_of_their_own(self):
        for scope, listed in (("admin", False), ("read_write", True)):
            self.admin_connection.scope = scope
            if listed:
                self.limit("mail.template", self.admin_connection)
            with self.assertRaisesRegex(RefusedError, "protected"):
                self.gate(self.admin_key).model("mail.template", "write")
        self.admin_connection.scope = "admin"
        self.assertTrue(self.gate(self.admin_key).model("mail.template", "write") is not None)

    def test_tools_are_allowed_by_scope_and_list(self):
        definitions = self.env["mcp.tool.registry"]._definitions()
        self.assertTrue(
            all(
                self.gate().tool_allowed(definition) for definition in definitions.values() if definition.risk == "read"
            )
        )
        self.connection.write({"limit_tools": True, "tool_ids": self.env["mcp.tool"].search([("name", "=", "whoami")])})
        allowed = [name for name, definition in definitions.items() if self.gate().tool_allowed(definition)]
        self.assertEqual(set(allowed) - {"find_tools", "call_tool"}, {"whoami"})  # those two only lead to others

    def test_unknown_and_hidden_fields_cannot_be_told_apart(self):
        self.limit("res.partner", fields=["name"])
        gate = self.gate()
        messages = set()
        for name in ("email", "emall"):
            with self.assertRaises(UnknownNameError) as caught:
                gate.writable_field(gate.env["res.partner"], name)
            messages.add(str(caught.exception).replace(name, "…"))
        self.assertEqual(len(messages), 1)
