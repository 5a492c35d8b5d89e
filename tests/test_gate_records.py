"""Which models and records the gate opens, for what, and what it says when it does not."""

from contextlib import suppress
from unittest.mock import patch

from odoo.tests import tagged

from ..services.governance.gate import Gate
from ..services.tools.errors import NoRecordError, RefusedError, UnknownNameError
from .gate_common import EVERYTHING, OpenGateCase, line, without

IN_GENT = "[('city', '=', 'Gent')]"


@tagged("post_install", "-at_install")
class TestGateRecords(OpenGateCase):
    def test_the_gate_opens_for_the_user_of_the_call_only(self):
        caller = self.caller()
        for env in (self.env(user=self.user, su=True), self.env(user=self.admin, su=False)):
            with self.assertRaisesRegex(RuntimeError, "own user"):
                Gate(env, caller)
        self.assertIs(self.open().caller.user_id, self.user.id)

    def test_a_gate_within_another_call_leaves_no_narrowed_relations_behind(self):
        self.partners[1].parent_id = self.partners[0]
        for lines, error, forgotten in (
            ((line("res.partner", "read", domain=IN_GENT),), None, 1),
            ((line("res.partner", "read", domain=IN_GENT),), ValueError, 0),
            ((), None, 0),
            ((), ValueError, 0),
        ):
            gate = self.open(*lines)
            with self.subTest(lines=lines, error=error), patch.object(type(gate.env), "invalidate_all") as invalidate:
                with suppress(ValueError), gate as opened:
                    self.assertIs(opened, gate)
                    if error:
                        raise error
                self.assertEqual(invalidate.call_count, forgotten)
                self.assertTrue(gate.rules.ended)

    def test_only_stored_models_that_policy_and_user_allow_are_open(self):
        self.env["ir.model.access"].create(
            {
                "name": "as a careless app might",
                "model_id": self.env["ir.model"]._get("mail.thread").id,
                "group_id": self.env.ref("base.group_user").id,
                "perm_read": True,
            }
        )
        gate = self.open(line("res.country"), user=self.admin)
        closed = ("no.model", "mail.thread", "mail.compose.message", "ir.config_parameter", "res.country")
        for name in (*closed, "res.partner"):
            with self.subTest(name):
                self.assertIs(gate.may_read_model(name), name == "res.partner")
                self.assertIs(gate.may(name, "read"), name == "res.partner")
                if name in closed:
                    with self.assertRaises(UnknownNameError):
                        gate.model(name)
        self.assertTrue(self.env["mail.thread"].with_user(self.admin).has_access("read"))
        self.assertTrue(self.env["mail.compose.message"].with_user(self.admin).has_access("read"))
        self.assertNotIn("res.country", gate.readable_models)
        self.assertFalse(self.open().may_read_model("ir.rule"))
        self.assertTrue(self.open(user=self.admin).may_read_model("ir.rule"))

    def test_an_unknown_model_is_answered_with_those_there_are(self):
        with self.assertRaises(UnknownNameError) as caught:
            self.open().model("res.partnr")
        self.assertIn("res.partner", str(caught.exception))

    def test_a_refused_operation_says_who_can_change_that(self):
        for lines, limits, model, operation, sentence in (
            ((), {"scope": "read_only"}, "res.partner", "write", "may not change records .* this connection is read"),
            ((line("res.partner", *without("unlink")),), {}, "res.partner", "unlink", "delete .* list of models"),
            ((), {}, "res.country", "create", "may not create .* lacks the right in Odoo. Members of .+ have it"),
            ((), {"user": self.admin}, "res.users", "write", "decide over rights"),
        ):
            gate = self.open(*lines, **limits)
            with self.subTest(sentence):
                self.assertFalse(gate.may(model, operation))
                with self.assertRaisesRegex(RefusedError, sentence):
                    gate.model(model, operation)
                self.assertEqual(gate.model(model)._name, model)
        for operation in EVERYTHING:
            self.assertTrue(self.open().may("res.partner", operation))

    def test_tools_outside_the_scope_are_refused(self):
        definitions = self.env["mcp.tool.registry"]._definitions()
        gate = self.open(scope="read_only")
        for name, allowed in (("search_records", True), ("create_record", False)):
            self.assertIs(gate.tool_allowed(definitions[name]), allowed)
        gate.check_tool(definitions["search_records"])
        with self.assertRaisesRegex(RefusedError, "create_record"):
            gate.check_tool(definitions["create_record"])

    def test_records_are_answered_or_none_of_them_is(self):
        gate = self.open(line("res.partner", *EVERYTHING, domain=IN_GENT))
        partners = gate.env["res.partner"].browse(self.partners.ids)
        for operation in EVERYTHING:
            self.assertEqual(gate.check_records(partners[:1], operation), partners[:1])
            with self.assertRaisesRegex(NoRecordError, str(partners[1].id)):
                gate.check_records(partners[:2], operation)
        self.assertEqual(gate.check_records(partners[0] + partners[0], "read")._ids, (partners[0].id,) * 2)
        self.assertFalse(gate.check_records(partners.browse(), "write"))
        self.partners[0].active = False
        self.env.flush_all()
        self.assertTrue(gate.check_records(partners[:1], "read"))
        for records in (partners.new({}), partners.new({}, origin=partners[0])):
            with self.assertRaises(NoRecordError):
                gate.check_records(records, "read")

    def test_record_rules_of_odoo_decide_over_each_operation(self):
        self.env["ir.rule"].create(
            {
                "name": "change one only",
                "model_id": self.env["ir.model"]._get("res.partner").id,
                "domain_force": [("id", "=", self.partners[0].id)],
                "perm_read": False,
            }
        )
        gate = self.open()
        partners = gate.env["res.partner"].browse(self.partners.ids)
        gate.check_records(partners, "read")
        gate.check_records(partners[0], "write")
        for operation, word in (("write", "change"), ("unlink", "delete")):
            with self.assertRaisesRegex(RefusedError, f"but not {word}, these records") as caught:
                gate.check_records(partners, operation)
            self.assertEqual(str(caught.exception).count(", "), 21)  # of the sentence, and between twenty ids

    def test_values_are_written_only_where_the_operation_is_open(self):
        gate = self.open(line("res.partner", *without("create")))
        gate.check_values(gate.env["res.partner"], {"name": "x"}, "write")
        with self.assertRaises(RefusedError):
            gate.check_values(gate.env["res.partner"], {"name": "x"}, "create")

    def test_records_may_be_pointed_to_when_they_may_be_read(self):
        here, there = self.user.company_id, self.env["res.company"].create({"name": "Elsewhere"})
        self.user.company_ids = here | there
        gate = self.open(companies=frozenset(here.ids))
        gate.check_links("res.company", here.ids)
        for ids in (there.ids, (here | there).ids):
            with self.assertRaisesRegex(NoRecordError, str(there.id)):
                gate.check_links("res.company", ids)
        self.open().check_links("res.company", (here | there).ids)
        with self.assertRaises(UnknownNameError):
            gate.check_links("no.model", [1])
        with self.assertRaises(UnknownNameError):
            self.open(line("res.partner")).check_links("res.partner", self.partners.ids)

    def test_records_pointed_to_again_are_not_asked_for_again(self):
        gate = self.open(line("res.partner", "read", domain=IN_GENT))
        seen, hidden = self.partners[0].id, self.partners[1].id
        gate.check_links("res.partner", [seen])
        with self.assertQueryCount(0):
            gate.check_links("res.partner", [seen])
        for _time in range(2):
            with self.assertRaises(NoRecordError):
                gate.check_links("res.partner", [seen, hidden])
