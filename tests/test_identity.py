"""Who a bearer token stands for at this moment, and why it stands for nobody."""

from contextlib import nullcontext
from datetime import timedelta

from odoo import fields
from odoo.tests import new_test_user, tagged

from ..services.identity import bearer
from ..services.identity.oauth import address
from .common import McpCase


class IdentityCase(McpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.credential = cls.connection.credential_ids

    def identify(self, key=None, **options):
        self.env.flush_all()
        return bearer.identify(self.env, self.key if key is None else key, **options)

    def set(self, **columns):
        """As if the row of the key had always been like that."""
        self.env.flush_all()
        for name, value in columns.items():
            self.env.cr.execute(f'UPDATE mcp_credential SET "{name}" = %s WHERE id = %s', [value, self.credential.id])
        self.env.invalidate_all()

    def set_state(self, state):
        """Of the connection, with its keys as they are."""
        self.env.flush_all()
        self.env.cr.execute("UPDATE mcp_connection SET state = %s WHERE id = %s", [state, self.connection.id])
        self.env.invalidate_all()

    def assert_refused(self, reason, **options):
        found = self.identify(**options)
        self.assertIsNone(found.caller)
        self.assertEqual(found.refusal, reason)
        return found


@tagged("post_install", "-at_install")
class TestIdentity(IdentityCase):
    def test_a_key_stands_for_its_connection_and_user(self):
        found = self.identify()
        self.assertEqual(found.refusal, "")
        known = (self.connection.id, self.credential.id, self.user.id)
        self.assertEqual((found.connection_id, found.credential_id, found.user_id), known)
        caller = found.caller
        self.assertEqual((caller.connection_id, caller.credential_id, caller.user_id), known)
        self.assertEqual((caller.connection_name, caller.lang, caller.tool_mode), ("Claude of Anita", "en_US", "full"))
        self.assertFalse(caller.may_step_up)
        self.assertEqual(caller.policy, caller.connection_policy)
        self.assertTrue(found.limits.enabled)
        self.assertEqual(self.identify("", key_hash=bearer.hash_key(self.key)).caller, caller)

    def test_language_zone_and_mode_are_those_of_the_moment(self):
        self.user.tz = "Asia/Tokyo"
        self.connection.tool_mode = "search"
        caller = self.identify().caller
        self.assertEqual((caller.tz, caller.tool_mode), ("Asia/Tokyo", "search"))
        self.user.tz = False
        self.assertEqual(self.identify().caller.tz, "UTC")

    def test_nobody_is_told_apart_from_somebody(self):
        self.assert_refused("no bearer token", key="")
        self.assertIsNone(self.assert_refused("unknown key", key=self.key + "x").connection_id)

    def test_a_key_is_good_until_it_is_revoked_or_ends(self):
        now = fields.Datetime.now()
        self.set(expires_at=now + timedelta(days=1))
        self.assertTrue(self.identify().caller)
        self.set(expires_at=now - timedelta(days=1))
        found = self.assert_refused("key expired")
        self.assertEqual((found.connection_id, found.user_id), (self.connection.id, self.user.id))
        self.set(expires_at=None, revoked_at=now)
        self.assert_refused("key revoked")
        self.set(revoked_at=None)
        self.env.cr.execute("UPDATE mcp_credential SET expires_at = now() AT TIME ZONE 'UTC'")
        self.assert_refused("key expired")  # at the very moment that it says

    def test_a_login_is_good_at_the_address_it_was_made_for(self):
        self.set(kind="oauth", audience=address.audience(self.env))
        self.assertTrue(self.identify().caller)
        self.set(audience="https://elsewhere.example/odoo/mcp")
        self.assert_refused("token for another address")
        self.set(kind="api_key")
        self.assertTrue(self.identify().caller)

    def test_a_login_for_reading_reads(self):
        self.set(scope="mcp:read", may_step_up=True)
        caller = self.identify().caller
        self.assertEqual((caller.policy.scope, caller.connection_policy.scope), ("read_only", "read_write"))
        self.assertTrue(caller.may_step_up)
        self.set(scope="mcp:read mcp:write")
        self.assertEqual(self.identify().caller.policy.scope, "read_write")

    def test_connection_and_user_must_be_alive(self):
        self.set_state("revoked")
        self.assert_refused("connection revoked")
        self.set_state("active")
        self.user.active = False
        self.assert_refused("user archived")
        self.user.active = True
        group = "group_ids" if "group_ids" in self.user._fields else "groups_id"
        self.user.write({group: [(3, self.env.ref("odoo_mcp.group_user").id)]})
        self.assert_refused("user is not in the MCP User group")

    def test_a_portal_user_is_nobody(self):
        portal = new_test_user(self.env, login="mcp_portal", groups="base.group_portal")
        self.env.flush_all()
        self.env.cr.execute("UPDATE mcp_connection SET user_id = %s WHERE id = %s", [portal.id, self.connection.id])
        self.env.invalidate_all()
        self.assertIn("not an internal user", self.identify().refusal)

    def test_companies_are_those_of_user_connection_and_login_at_once(self):
        first, second, third = self.env["res.company"].create([{"name": f"MCP company {n}"} for n in "abc"])
        self.user.write({"company_ids": [(6, 0, (first + second + third).ids)], "company_id": second.id})
        self.assertEqual(self.identify().caller.company_ids, (second.id, first.id, third.id), "the main one first")
        self.connection.company_ids = first + third
        self.assertEqual(self.identify().caller.company_ids, (first.id, third.id))
        self.set(companies=f"{second.id},{third.id}")
        self.assertEqual(self.identify().caller.company_ids, (third.id,))
        self.connection.company_ids = False
        self.assertEqual(self.identify().caller.company_ids, (second.id, third.id))
        self.set(companies=str(self.env.company.id))
        self.assertIn("of an active company that the connection works for", self.identify().refusal)

    def test_the_address_counts_for_the_client_only(self):
        self.connection.allowed_ips = "203.0.113.0/24"
        self.assert_refused(
            "address 198.51.100.1 is not among those allowed for this connection", ip_address="198.51.100.1"
        )
        self.assertTrue(self.identify(ip_address="203.0.113.9").caller)
        self.assertTrue(self.identify_connection().caller)
        self.connection.write({"allowed_ips": False, "blocked_ips": "203.0.113.9"})
        self.assert_refused("address 203.0.113.9 is blocked for this connection", ip_address="203.0.113.9")
        self.assertTrue(self.identify(ip_address="198.51.100.1").caller)

    def identify_connection(self, connection_id=None):
        self.env.flush_all()
        return bearer.identify_connection(self.env, connection_id or self.connection.id)

    def test_in_the_name_of_a_connection_no_key_is_asked_for(self):
        found = self.identify_connection()
        self.assertEqual((found.caller.user_id, found.caller.credential_id), (self.user.id, None))
        self.set_state("revoked")
        self.assertEqual(self.identify_connection().refusal, "connection revoked")
        self.assertEqual(self.identify_connection(2**30).refusal, "unknown connection")

    def test_the_time_limit_per_query_holds_for_the_rest_of_the_transaction(self):
        self.settings.statement_timeout = 7
        self.identify()
        self.env.cr.execute("SHOW statement_timeout")
        self.assertEqual(self.env.cr.fetchone()[0], "7s")

    def test_the_token_is_what_follows_the_word_bearer(self):
        for header, token in (
            ("Bearer abc", "abc"),
            ("bearer  abc ", "abc"),
            ("Basic abc", ""),
            ("abc", ""),
            ("Bearer", ""),
            ("", ""),
            (None, ""),
        ):
            with self.subTest(header):
                self.assertEqual(bearer.token_of(header), token)
        self.assertEqual(len(bearer.hash_key("\ud800")), 64)

    def test_settings_are_told_as_they_are(self):
        self.settings.write(
            {
                "https_only": True,
                "max_payload_kb": 99,
                "hide_internal_errors": False,
                "allowed_origins": "https://a.example\nhttps://b.example",
                "instructions": "Be kind.",
                "log_payloads": True,
                "redact_payloads": False,
                "rate_per_minute": 5,
            }
        )
        limits = self.identify().limits
        self.assertEqual((limits.https_only, limits.max_payload_kb, limits.hide_internal_errors), (True, 99, False))
        self.assertEqual(limits.allowed_origins, ("https://a.example", "https://b.example"))
        self.assertEqual((limits.instructions, limits.log_payloads, limits.redact_payloads), ("Be kind.", True, False))
        self.assertEqual(limits.rates.connection[0], 5)
        self.settings.write({"allowed_origins": False, "instructions": False, "enabled": False})
        limits = self.identify().limits
        self.assertEqual((limits.allowed_origins, limits.instructions, limits.enabled), ((), "", False))
        self.assertEqual(self.identify("nobody's").limits.max_payload_kb, 99)


@tagged("post_install", "-at_install")
class TestLastUse(IdentityCase):
    """When a key was used last is for people: it is noted once a minute, and at a change of the client."""

    def stale(self, days_ago):
        moment = None if days_ago is None else fields.Datetime.now() - timedelta(days=days_ago)
        self.set(last_used_at=moment)
        return self.identify().last_used_is_stale

    def test_it_is_noted_once_a_minute(self):
        self.assertEqual([self.stale(days) for days in (None, 1, 0)], [True, True, False])

    def test_it_is_noted_with_the_client(self):
        # touch takes a transaction of its own, which does not see what this one has written
        self.patch(self.env.registry, "cursor", lambda **_options: nullcontext(self.env.cr))
        self.set(last_used_at=None)
        bearer.touch(self.env, self.identify(), "Tool 1.0")
        self.env.invalidate_all()
        self.assertTrue(self.credential.last_used_at)
        self.assertTrue(self.connection.last_used_at)
        self.assertEqual(self.connection.last_client, "Tool 1.0")
        again = self.identify()
        self.assertEqual((again.last_client, again.last_used_is_stale), ("Tool 1.0", False))
        for client, noted in (("Tool 1.0", False), ("", False), ("Tool 2.0", True)):
            with self.subTest(client):
                self.env.cr.execute("UPDATE mcp_connection SET last_used_at = NULL")
                bearer.touch(self.env, again, client)
                self.env.invalidate_all()
                self.assertEqual(bool(self.connection.last_used_at), noted)
        self.set(last_used_at=None)
        bearer.touch(self.env, self.identify(), "")
        self.env.invalidate_all()
        self.assertEqual(self.connection.last_client, "Tool 2.0", "a call without a name does not forget it")
