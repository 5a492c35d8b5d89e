"""The policy of a connection by itself: plain values, no database."""

from odoo.tests import BaseCase, tagged

from ..services.governance.policy import ConnectionPolicy, ModelAccess, networks_of, policy_of, why_not_address
from ..services.governance.protected import is_never_written, is_protected
from ..services.governance.secrets import is_secret_field

ALL = frozenset({"read", "create", "write", "unlink"})


def policy(*lines, **values):
    return ConnectionPolicy(models={line.model: line for line in lines}, **values)


@tagged("post_install", "-at_install")
class TestPolicyValues(BaseCase):
    def test_scopes_cover_risks(self):
        expected = {
            "read_only": {"read": True, "write": False, "destructive": False, "admin": False, None: False},
            "read_write": {"read": True, "write": True, "destructive": True, "admin": False, None: True},
            "admin": {"read": True, "write": True, "destructive": True, "admin": True, None: True},
        }
        for scope, risks in expected.items():
            for risk, allowed in risks.items():
                with self.subTest(scope=scope, risk=risk):
                    self.assertEqual(ConnectionPolicy(scope=scope).why_not_tool("x", risk) == "", allowed)

    def test_a_refused_tool_says_which_scope_it_takes(self):
        self.assertIn("'admin'", ConnectionPolicy(scope="read_write").why_not_tool("x", "admin"))
        for risk in ("write", "destructive", None):
            self.assertIn("'read and write'", ConnectionPolicy(scope="read_only").why_not_tool("x", risk))
        self.assertIn("this one is read only", ConnectionPolicy(scope="read_only").why_not_tool("x", "write"))
        text = ConnectionPolicy(tools=frozenset()).why_not_tool("x", "read")
        self.assertEqual(text, "This connection may not use x.")

    def test_only_listed_tools_are_shown_when_there_is_a_list(self):
        self.assertFalse(ConnectionPolicy().hides_tool("x"))
        self.assertTrue(ConnectionPolicy(tools=frozenset()).hides_tool("x"))
        self.assertFalse(ConnectionPolicy(tools=frozenset({"x"})).hides_tool("x"))
        self.assertTrue(ConnectionPolicy(tools=frozenset({"y"})).hides_tool("x"))
        self.assertFalse(ConnectionPolicy(tools=frozenset()).hides_tool("find_tools"))

    def test_operations_are_those_of_the_line(self):
        line = ModelAccess("res.partner", frozenset({"read", "write"}))
        for other_models in (True, False):
            limited = policy(line, other_models=other_models)
            allowed = {operation for operation in ALL if limited.may("res.partner", operation)}
            self.assertEqual(allowed, {"read", "write"})
            self.assertEqual(limited.may("res.country", "read"), other_models)
            self.assertEqual(limited.may("res.country", "create"), other_models)
        self.assertTrue(policy(ModelAccess("ir.rule", ALL)).may("ir.rule", "read"))
        self.assertFalse(policy(ModelAccess("ir.rule", ALL), scope="admin").may("ir.rule", "write"))
        self.assertTrue(policy(line, scope="read_only").may("res.partner", "read"))
        self.assertFalse(policy(line, scope="read_only").may("res.partner", "write"))

    def test_reasons_why_nothing_is_written(self):
        self.assertEqual(ConnectionPolicy().why_not_written("res.partner"), "")
        self.assertIn("read only", ConnectionPolicy(scope="read_only").why_not_written("res.partner"))
        self.assertIn("rights", ConnectionPolicy(scope="admin").why_not_written("res.users"))
        template = ModelAccess("mail.template", ALL)
        for scope, lines, allowed in (
            ("read_write", (), False),
            ("read_write", (template,), False),
            ("admin", (), False),
            ("admin", (template,), True),
        ):
            reason = policy(*lines, scope=scope).why_not_written("mail.template")
            self.assertEqual(reason[:15], "" if allowed else "it is protected")

    def test_fields_are_those_of_the_line_and_the_id(self):
        limited = policy(ModelAccess("res.partner", ALL, fields=frozenset({"name"})), ModelAccess("res.country", ALL))
        for model, name, allowed in (
            ("res.partner", "name", True),
            ("res.partner", "id", True),
            ("res.partner", "email", False),
            ("res.country", "code", True),
            ("res.users", "login", True),
        ):
            self.assertEqual(limited.allows_field(model, name), allowed, (model, name))
        limits = {name: limited.limits_fields(name) for name in ("res.partner", "res.country", "res.users")}
        self.assertEqual(limits, {"res.partner": True, "res.country": False, "res.users": False})

    def test_a_policy_narrows_when_anything_is_hidden(self):
        self.assertFalse(ConnectionPolicy(scope="read_only", tools=frozenset()).narrows)
        self.assertTrue(policy(ModelAccess("res.partner", ALL)).narrows)
        self.assertTrue(ConnectionPolicy(other_models=False).narrows)
        self.assertTrue(ConnectionPolicy(companies=frozenset({1})).narrows)

    def test_the_limits_in_words(self):
        self.assertEqual(ConnectionPolicy().in_words(), [])
        self.assertEqual(ConnectionPolicy(scope="read_only").in_words(), ["This connection is read only."])
        line = ModelAccess("res.partner", frozenset({"write", "read"}), "[('id', '=', 1)]", frozenset({"name", "ref"}))
        self.assertEqual(line.in_words(), "res.partner (read, write; some records; 2 fields)")
        self.assertEqual(ModelAccess("res.partner", frozenset()).in_words(), "res.partner (closed)")
        text = "Models open to you: res.partner (read, write; some records; 2 fields); {}."
        self.assertEqual(policy(line, other_models=False).in_words(), [text.format("no others")])
        self.assertEqual(policy(line).in_words(), [text.format("the others as you may")])
        many = [ModelAccess(f"model.{number:02}", frozenset({"read"})) for number in range(40)]
        self.assertEqual(policy(*many).in_words()[0].count("model."), 30)

    def test_a_row_of_the_database_becomes_a_policy(self):
        row = {
            "scope": "admin",
            "model_limit": "listed",
            "allowed_tools": None,
            "allowed_companies": None,
            "model_access": None,
        }
        self.assertEqual(policy_of(row), ConnectionPolicy(scope="admin", other_models=False, models={}))
        line = {"model": "x", "read": True, "create": False, "write": None, "unlink": True, "fields": None}
        for domain in (None, "", "[]", " [] "):
            made = policy_of({**row, "model_limit": "all", "model_access": [{**line, "domain": domain}]})
            self.assertTrue(made.other_models)
            self.assertEqual(made.models["x"], ModelAccess("x", frozenset({"read", "unlink"})))
        made = policy_of(
            {
                **row,
                "allowed_tools": [],
                "allowed_companies": [1],
                "model_access": [{**line, "fields": [], "domain": " [(1, '=', 1)] "}],
            }
        )
        self.assertEqual((made.tools, made.companies), (frozenset(), frozenset({1})))
        self.assertEqual((made.models["x"].fields, made.models["x"].domain), (frozenset(), "[(1, '=', 1)]"))

    def test_addresses_without_lists_are_not_looked_at(self):
        for address in ("203.0.113.1", "nonsense", None):
            self.assertEqual(why_not_address(address, "", None), "")
            self.assertEqual(why_not_address(address, " ", "\n"), "")
        self.assertIn("blocked", why_not_address("203.0.113.1", None, "203.0.113.0/24"))
        self.assertIn("not among", why_not_address("203.0.113.1", "198.51.100.0/24", ""))
        self.assertEqual(why_not_address("198.51.100.1", "198.51.100.0/24", "203.0.113.0/24"), "")
        self.assertEqual(why_not_address("198.51.100.1", "", "203.0.113.0/24"), "")

    def test_addresses_are_read_as_people_write_them(self):
        # with the bits of a host, as IPv6 writes IPv4, and several in a row
        self.assertEqual(why_not_address("203.0.113.1", "203.0.113.7/24", None), "")
        self.assertEqual(why_not_address("::ffff:203.0.113.1", "203.0.113.1", None), "")
        self.assertIn("blocked", why_not_address(" ::ffff:203.0.113.1 ", "", "198.51.100.1,203.0.113.1"))
        self.assertIn("not among", why_not_address("2001:db8::1", "203.0.113.0/24", ""))
        self.assertEqual(why_not_address("2001:db8::1", "2001:db8::/32\n203.0.113.0/24", ""), "")

    def test_an_address_or_list_that_cannot_be_read_refuses(self):
        for address, allowed, blocked in (
            ("nonsense", "203.0.113.0/24", ""),
            (None, "", "203.0.113.0/24"),
            ("203.0.113.1", "203.0.113.1 nonsense", ""),
            ("203.0.113.1", "203.0.113.1", "nonsense"),
        ):
            self.assertIn("cannot be read", why_not_address(address, allowed, blocked))
        with self.assertRaisesRegex(ValueError, "^nonsense$"):
            networks_of("203.0.113.1, nonsense")
        self.assertEqual(len(networks_of("203.0.113.1, 2001:db8::/32")), 2)
        self.assertEqual(networks_of(None), [])

    def test_what_nobody_writes(self):
        for name in ("ir.rule", "ir.cron", "res.users", "res.groups", "mcp.connection", "payment.token"):
            self.assertTrue(is_never_written(name), name)
        for name in ("auth.oauth.provider", "iap.account", "change.password.own", "res.users.apikeys"):
            self.assertTrue(is_never_written(name), name)
        for name in ("res.partner", "ir.attachment", "sale.order", "mail.activity", "ir.sequence", "resource.calendar"):
            self.assertFalse(is_never_written(name), name)
        self.assertTrue(is_protected("ir.sequence"))
        self.assertFalse(is_protected("res.partner"))

    def test_secret_names(self):
        for name in ("password", "access_token", "totp_secret", "api_key", "merchant_key", "PASSWORD"):
            self.assertTrue(is_secret_field(name), name)
        for name in ("name", "key", "keyboard", "totp_enabled", "tokens_used"):
            self.assertFalse(is_secret_field(name), name)
