from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import new_test_user, tagged

from ..services.identity import bearer, keys
from .common import McpCase, McpClient


@tagged("post_install", "-at_install")
class TestConnections(McpCase):
    def refusal(self, key):
        self.env.flush_all()
        return bearer.identify(self.env, key).refusal

    def test_a_key_is_stored_as_a_hash_only(self):
        self.assertRegex(self.key, r"^mcp_[A-Za-z0-9_-]{43}$")
        self.env.flush_all()
        self.env.cr.execute("SELECT to_jsonb(mcp_credential)::text FROM mcp_credential")
        stored = " ".join(text for (text,) in self.env.cr.fetchall())
        self.assertNotIn(self.key, stored)
        self.assertNotIn(self.key[12:], stored)
        self.assertIn(bearer.hash_key(self.key), stored)

    def test_the_hash_is_not_readable_by_an_administrator(self):
        credential = self.connection.with_user(self.admin).credential_ids
        self.assertNotIn("key_hash", credential.fields_get())
        with self.assertRaises(AccessError):
            credential.read(["key_hash"])

    def test_several_keys_of_a_connection_work_until_they_are_revoked(self):
        second = keys.issue_key(self.connection)
        self.assertEqual((self.refusal(self.key), self.refusal(second)), ("", ""))
        newest = self.connection.credential_ids.sorted("id")[-1]
        self.assertEqual(newest.version, 2)
        newest.with_user(self.admin).action_revoke()
        self.assertEqual((self.refusal(self.key), self.refusal(second)), ("", "key revoked"))
        self.assertEqual(self.connection.live_key_count, 1)

    def test_an_expired_key_is_refused(self):
        soon = keys.issue_key(self.connection, expires_at=fields.Datetime.now() + timedelta(minutes=5))
        past = keys.issue_key(self.connection, expires_at=fields.Datetime.now() - timedelta(hours=1))
        self.assertEqual((self.refusal(soon), self.refusal(past)), ("", "key expired"))

    def test_revoked_connection_is_refused_on_the_next_call_and_its_old_keys_stay_dead(self):
        connection = self.connection.with_user(self.admin)
        connection.action_revoke()
        self.assertEqual(connection.status, "revoked")
        self.assertEqual(self.refusal(self.key), "key revoked")
        action = connection.action_reactivate()
        self.assertEqual(action["res_model"], "mcp.key.wizard")
        self.assertEqual(self.refusal(self.key), "key revoked")
        self.assertEqual(self.refusal(keys.issue_key(connection)), "")

    def test_a_connection_set_to_revoked_by_hand_is_refused_too(self):
        self.connection.state = "revoked"
        self.assertEqual(self.refusal(self.key), "key revoked")
        self.connection.credential_ids.revoked_at = False
        self.assertEqual(self.refusal(self.key), "connection revoked")

    def test_unknown_and_missing_keys_are_refused(self):
        self.assertEqual(self.refusal("mcp_" + "x" * 43), "unknown key")
        self.assertEqual(self.refusal(""), "no bearer token")

    def test_only_the_bearer_scheme_carries_a_token(self):
        for header, token in {
            "Bearer abc": "abc", "bearer  abc ": "abc", "Basic abc": "", "abc": "", "": "", None: "", "Bearer": "",
        }.items():  # fmt: skip
            self.assertEqual(bearer.token_of(header), token, header)

    def test_the_status_can_be_searched(self):
        search = self.env["mcp.connection"].search
        mine = [("id", "=", self.connection.id)]
        self.assertEqual(self.connection.status, "awaiting")
        self.assertTrue(search([*mine, ("status", "=", "awaiting")]))
        self.connection.last_used_at = fields.Datetime.now() - timedelta(days=3)
        self.assertEqual((self.connection.status, self.connection.idle_for), ("idle", "3 days"))
        self.assertTrue(search([*mine, ("status", "=", "idle")]))
        self.assertTrue(search([*mine, ("status", "!=", "connected")]))
        self.assertFalse(search([*mine, ("status", "in", ["connected", "awaiting", "revoked"])]))
        self.assertTrue(search([*mine, ("status", "not in", ["connected"])]))

    def test_connections_of_unsuitable_users_are_refused_with_advice(self):
        portal = new_test_user(self.env, login="mcp_portal", groups="base.group_portal")
        outsider = new_test_user(self.env, login="mcp_outsider", groups="base.group_user")
        superuser = self.env.ref("base.user_root")
        for user, advice in ((portal, "internal user"), (outsider, "MCP / User"), (superuser, "OdooBot")):
            with self.subTest(user=user.login), self.assertRaisesRegex(ValidationError, advice):
                self.env["mcp.connection"].create({"name": "x", "user_id": user.id})

    def test_a_connection_with_calls_on_record_cannot_be_deleted(self):
        spare = self.env["mcp.connection"].create({"name": "Never used", "user_id": self.user.id})
        spare.with_user(self.admin).unlink()
        self.client.call("whoami")
        with self.assertRaisesRegex(ValidationError, "Revoke it"):
            self.connection.with_user(self.admin).unlink()

    def test_an_mcp_administrator_lends_no_rights_of_others(self):
        manager = new_test_user(self.env, login="mcp_manager", groups="odoo_mcp.group_manager")
        connections = self.env["mcp.connection"].with_user(manager)
        self.assertTrue(connections.create({"name": "Fine", "user_id": self.user.id}))
        with self.assertRaisesRegex(ValidationError, "rights that you lack"):
            connections.create({"name": "Escalation", "user_id": self.admin.id})
        wizard = self.env["mcp.key.wizard"].with_user(manager).create({"connection_id": self.admin_connection.id})
        with self.assertRaisesRegex(ValidationError, "rights that you lack"):
            wizard.action_create_key()

    def test_a_connection_keeps_its_user(self):
        with self.assertRaisesRegex(ValidationError, "stays with its user"):
            self.connection.user_id = self.admin

    def test_administrators_write_no_credential_by_hand(self):
        credential = self.connection.with_user(self.admin).credential_ids
        for attempt in (
            lambda: credential.write({"revoked_at": False}),
            lambda: credential.create(
                {"connection_id": self.connection.id, "version": 9, "prefix": "x", "key_hash": "y"}
            ),
            lambda: credential.unlink(),
            lambda: credential.copy(),
        ):
            with self.assertRaises(AccessError):
                attempt()

    def test_connect_user_reuses_the_connection_of_that_name(self):
        first = keys.connect_user(self.env, "mcp_anita", "From the command line")
        second = keys.connect_user(self.env, "mcp_anita", "From the command line")
        connection = self.env["mcp.connection"].search([("name", "=", "From the command line")])
        self.assertEqual(len(connection), 1)
        self.assertEqual(McpClient(self.env, first).call("whoami")["connection"], "From the command line")
        self.assertEqual(self.refusal(second), "")
        with self.assertRaisesRegex(ValueError, "no user"):
            keys.connect_user(self.env, "nobody", "x")
