"""Whose limits are in force on a cursor, and what a domain of a policy may speak of."""

from datetime import datetime
from unittest.mock import patch
from zoneinfo import ZoneInfo

from odoo.tests import tagged

from ..services.governance import call_rules
from .gate_common import EVERYTHING, OpenGateCase, line

GENT = [("city", "=", "Gent")]
IN_GENT = line("res.partner", *EVERYTHING, domain=str(GENT))


@tagged("post_install", "-at_install")
class TestGateTurns(OpenGateCase):
    def in_force(self):
        return call_rules.domain_in_force(self.env.cr, "res.partner", "read")

    def assertNothingInForce(self):
        self.assertEqual(self.in_force(), [])
        self.assertIsNone(call_rules.open_gate(self.env.cr))

    def test_limits_are_in_force_while_the_gate_is_open(self):
        self.assertNothingInForce()
        gate = self.open(IN_GENT)
        self.assertEqual(self.in_force(), GENT)
        self.assertIs(call_rules.open_gate(self.env.cr), gate)
        self.assertEqual(call_rules.domain_in_force(self.env.cr, "res.country", "read"), [])
        gate.close()
        self.assertNothingInForce()
        gate.close()
        self.assertNothingInForce()

    def test_two_connections_take_turns_in_one_transaction(self):
        limited, other = self.open(IN_GENT), self.open()
        self.assertEqual(self.in_force(), [])
        for gate, domain in ((limited, GENT), (other, []), (limited, GENT)):
            self.assertTrue(gate.may_read_model("res.partner"))
            self.assertEqual(self.in_force(), domain)
            self.assertIs(call_rules.open_gate(self.env.cr), gate)

    def test_an_inner_gate_gives_way_to_the_outer_one(self):
        outer, inner = self.open(IN_GENT), self.open()
        inner.close()
        self.assertEqual(self.in_force(), GENT)
        inner.may_read_model("res.partner")
        self.assertIs(call_rules.open_gate(self.env.cr), outer)  # what is closed never comes back

    def test_an_outer_gate_that_closes_first_leaves_the_inner_one_and_does_not_return(self):
        outer, inner = self.open(), self.open(IN_GENT)
        outer.close()
        self.assertEqual(self.in_force(), GENT)
        inner.close()
        self.assertNothingInForce()
        outer, inner = self.open(IN_GENT), self.open()
        outer.close()
        inner.close()
        self.assertNothingInForce()

    def test_a_request_that_is_tried_again_begins_without_limits(self):
        self.open(IN_GENT)
        call_rules.forget(self.env.cr)
        self.assertNothingInForce()
        call_rules.forget(self.env.cr)

    def test_rules_without_a_gate_are_no_open_gate(self):
        rules = call_rules.CallRules(self.env.registry, self.caller(IN_GENT))
        self.assertIsNone(call_rules.begin(self.env.cr, rules))
        self.addCleanup(call_rules.forget, self.env.cr)
        self.assertEqual(self.in_force(), GENT)
        self.assertIsNone(call_rules.open_gate(self.env.cr))

    def test_what_odoo_shares_between_calls_is_worked_out_without_limits(self):
        self.open(IN_GENT)
        with patch.object(call_rules, "in_shared_cache", return_value=True):
            self.assertEqual(self.in_force(), [])
        self.assertEqual(self.in_force(), GENT)

    def test_a_domain_may_speak_of_the_caller_and_of_today(self):
        names = call_rules.names_for(7, (3, 4), "Pacific/Kiritimati")
        for text, expected in (
            ("[('a', '=', 1)]", [("a", "=", 1)]),
            ("[('a', '=', uid)]", [("a", "=", 7)]),
            ("[('a', '=', company_id)]", [("a", "=", 3)]),
            ("[('a', 'in', company_ids + allowed_company_ids)]", [("a", "in", [3, 4, 3, 4])]),
            ("[('a', '=', datetime.date(2026, 1, 1).year)]", [("a", "=", 2026)]),
            ("[('a', '=', (datetime.date(2026, 1, 1) + relativedelta(years=1)).year)]", [("a", "=", 2027)]),
            ("[('a', '!=', time.strftime('%Y') == '')]", [("a", "!=", False)]),
        ):
            self.assertEqual(call_rules.evaluate(text, names), expected)
        before = datetime.now(ZoneInfo("Pacific/Kiritimati")).date()
        ((_field, _operator, today),) = call_rules.evaluate("[('a', '=', context_today())]", names)
        self.assertIn(today, (before, datetime.now(ZoneInfo("Pacific/Kiritimati")).date()))
        for text, error in (
            ("[('a', '=', user.id)]", ValueError),
            ("[('a', '=', env)]", ValueError),
            ("[(1", SyntaxError),
        ):
            with self.subTest(text), self.assertRaises(error):
                call_rules.evaluate(text, names)

    def test_whoever_writes_a_domain_tries_it_with_the_same_names(self):
        env = self.env(user=self.user)
        names = call_rules.sample_names(env)
        self.assertEqual(names.keys(), call_rules.names_for(7, (3,), "UTC").keys())
        self.assertEqual((names["uid"], names["company_ids"]), (self.user.id, [env.company.id]))
