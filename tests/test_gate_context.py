"""What a client may say of the context of a call, key by key."""

from odoo.tests import tagged

from ..services.governance import call_rules
from ..services.governance.client_context import ALLOWED_KEYS, checked_context
from ..services.governance.gate import Gate
from ..services.tools.errors import RefusedError, ToolError
from .gate_common import OpenGateCase


@tagged("post_install", "-at_install")
class TestGateContext(OpenGateCase):
    def taken(self, **context):
        """What of ``context`` is in the context of the call."""
        return {key: self.gate.in_context(context).env.context.get(key) for key in context}

    def setUp(self):
        super().setUp()
        self.gate = self.open()

    def test_a_good_value_of_each_key_is_taken(self):
        company = self.user.company_id.id
        for context in (
            {"lang": "en_US"},
            {"tz": "America/Lima"},
            {"active_test": False},
            {"active_test": True},
            {"bin_size": True},
            {"allowed_company_ids": [company]},
        ):
            with self.subTest(context):
                self.assertEqual(self.taken(**context), context)
        self.assertEqual(self.taken(allowed_company_ids=company), {"allowed_company_ids": [company]})
        self.assertEqual(self.taken(allowed_company_ids=[company, company]), {"allowed_company_ids": [company]})

    def test_a_wrong_value_of_each_key_is_explained(self):
        for context, sentence in (
            ({"lang": "xx_XX"}, "context.lang: 'xx_XX' is not active here. There are: .*en_US"),
            ({"lang": None}, "context.lang"),
            ({"tz": "Mars/Olympus"}, "no time zone such as"),
            ({"tz": ["Europe/Brussels"]}, "no time zone such as"),
            ({"active_test": 0}, "should be true or false"),
            ({"bin_size": "yes"}, "should be true or false"),
            ({"allowed_company_ids": []}, "is a list of company ids"),
            ({"allowed_company_ids": ["1"]}, "is a list of company ids"),
            ({"allowed_company_ids": [True]}, "is a list of company ids"),
            ({"allowed_company_ids": None}, "is a list of company ids"),
            (["lang"], "context is an object with any of lang, tz"),
            ("lang", "context is an object with any of lang, tz"),
        ):
            with self.subTest(context=context), self.assertRaisesRegex(ToolError, sentence):
                self.gate.in_context(context)

    def test_companies_of_others_are_refused(self):
        other = self.env["res.company"].create({"name": "Elsewhere"})
        for ids in ([other.id], [self.user.company_id.id, other.id], other.id):
            with self.subTest(ids), self.assertRaisesRegex(RefusedError, "whoami"):
                self.gate.in_context({"allowed_company_ids": ids})

    def test_other_keys_are_left_out_and_named(self):
        context = {"force_delete": True, "su": True, "tz": "America/Lima", 1: 2}
        gate = self.gate.in_context(context)
        self.assertEqual(dict(gate.env.context), dict(self.gate.env.context) | {"tz": "America/Lima"})
        self.assertEqual(Gate.ignored_context(context), ["1", "force_delete", "su"])
        self.assertEqual(Gate.ignored_context(dict.fromkeys(ALLOWED_KEYS)), [])
        for context in (None, [], "x"):
            self.assertEqual(Gate.ignored_context(context), [])

    def test_a_call_that_says_nothing_goes_on_with_the_same_gate(self):
        for context in (None, {}, [], {"force_delete": True}):
            self.assertEqual(checked_context(self.gate.env, self.gate.caller, context), {})
            self.assertIs(self.gate.in_context(context), self.gate)
        gate = self.gate.in_context({"tz": "America/Lima"})
        self.assertIsNot(gate, self.gate)
        self.assertEqual(self.gate.env.context["tz"], "Europe/Brussels")
        self.assertEqual((gate.caller, gate.policy, gate.env.uid), (self.gate.caller, self.gate.policy, self.user.id))
        self.assertIs(call_rules.open_gate(self.env.cr), gate)
