from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user, tagged

from ..services.identity import bearer
from .common import MCP_GROUPS, McpCase, McpClient


def key_of(action):
    """The key that the last screen of the wizard shows."""
    return action["params"]["credentials"][0]["value"]


@tagged("post_install", "-at_install")
class TestConnectWizard(McpCase):
    """*Connect a New Tool*, from the button to the last screen."""

    def wizard(self, user, **values):
        return self.env["mcp.connect.wizard"].with_user(user).create({"client": "cursor", "step": "details", **values})

    def refusal(self, key):
        self.env.flush_all()
        return bearer.identify(self.env, key).refusal

    def test_an_administrator_gets_a_key_for_another_user_that_works_and_is_stored_nowhere(self):
        wizard = self.wizard(self.admin, user_id=self.user.id)
        self.assertEqual((wizard.way_in, wizard.name), ("api_key", f"Cursor of {self.user.name}"))
        action = wizard.action_connect()
        key = key_of(action)
        connection = self.env["mcp.connection"].browse(action["params"]["connection_id"])
        self.assertEqual((connection.user_id, connection.client, connection.way_in), (self.user, "cursor", "api_key"))
        self.assertEqual(self.refusal(key), "")
        self.assertEqual(McpClient(self.env, key).call("whoami")["user"]["id"], self.user.id)
        self.env.cr.execute(
            "SELECT (SELECT string_agg(to_jsonb(w)::text, '') FROM mcp_connect_wizard w)"
            " || (SELECT string_agg(to_jsonb(c)::text, '') FROM mcp_credential c)"
            " || (SELECT string_agg(to_jsonb(c)::text, '') FROM mcp_connection c)"
            " || (SELECT string_agg(to_jsonb(m)::text, '') FROM mail_message m)"
        )
        (stored,) = self.env.cr.fetchone()
        self.assertNotIn(key, stored)
        self.assertIn(bearer.hash_key(key), stored)

    def test_the_snippets_of_the_last_screen_hold_the_real_address_and_key(self):
        params = self.wizard(self.admin).action_connect()["params"]
        (snippet,) = params["guide"]["snippets"]
        self.assertIn(self.settings.endpoint_url, snippet["text"])
        self.assertIn(params["credentials"][0]["value"], snippet["text"])
        self.assertIn("cursor://", params["guide"]["links"][0]["href"])

    def test_a_user_connects_tools_for_themselves_only(self):
        wizard = self.wizard(self.user)
        self.assertTrue(wizard.personal)
        self.assertEqual(wizard.ways[0]["title"], "Personal access token")
        wizard.user_id = self.admin
        action = wizard.action_connect()
        connection = self.env["mcp.connection"].browse(action["params"]["connection_id"])
        self.assertEqual((connection.user_id, connection.way_in), (self.user, "pat"))
        self.assertEqual(connection.credential_ids.kind, "pat")
        self.assertEqual(McpClient(self.env, key_of(action)).call("whoami")["user"]["id"], self.user.id)

    def test_a_user_cannot_pass_for_an_administrator_by_a_field_of_the_form(self):
        wizard = self.wizard(self.user, personal=False, user_id=self.admin.id)
        connection_id = wizard.action_connect()["params"]["connection_id"]
        self.assertEqual(self.env["mcp.connection"].browse(connection_id).user_id, self.user)

    def test_personal_tokens_can_be_switched_off(self):
        wizard = self.wizard(self.user, way_in="api_key")
        self.settings.personal_tokens = False
        with self.assertRaisesRegex(UserError, "not offered"):
            wizard.action_connect()
        self.assertTrue(key_of(self.wizard(self.admin).action_connect()))

    def test_a_user_chooses_no_longer_life_than_the_settings_allow(self):
        for expires_at in (False, fields.Datetime.now() + timedelta(days=31)):
            with self.subTest(expires_at=expires_at), self.assertRaisesRegex(UserError, "30 days at most"):
                self.wizard(self.user, expires_at=expires_at).action_connect()
        self.wizard(self.user, expires_at=fields.Datetime.now() + timedelta(days=29)).action_connect()
        self.wizard(self.admin, expires_at=False).action_connect()
        with self.assertRaisesRegex(UserError, "passed already"):
            self.wizard(self.admin, expires_at=fields.Datetime.now() - timedelta(days=1)).action_connect()

    def test_portal_users_and_outsiders_connect_nothing(self):
        portal = new_test_user(self.env, login="mcp_portal2", groups="base.group_portal")
        outsider = new_test_user(self.env, login="mcp_outsider2", groups="base.group_user")
        for user in (portal, outsider):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.wizard(user)
        with self.assertRaisesRegex(ValidationError, "internal user"):
            self.wizard(self.admin, user_id=portal.id).action_connect()

    def test_a_tool_in_the_cloud_is_not_promised_a_local_address(self):
        self.env["ir.config_parameter"].set_param("web.base.url", "http://localhost:8069")
        wizard = self.wizard(self.admin, client="grok")
        self.assertIn("https://", wizard.problem)
        self.assertFalse(self.wizard(self.admin, client="curl").problem)
        self.settings.enabled = False
        wizard.invalidate_recordset()
        self.assertIn("switched off", wizard.problem)

    def test_waiting_tells_the_first_call_and_why_a_call_was_refused(self):
        action = self.wizard(self.user).action_connect()
        connection = self.env["mcp.connection"].with_user(self.user).browse(action["params"]["connection_id"])
        self.assertEqual(connection.get_pulse()["status"], "awaiting")
        other = self.env["mcp.connection"].with_user(new_test_user(self.env, login="mcp_x", groups=MCP_GROUPS))
        with self.assertRaises(AccessError):
            other.browse(connection.id).get_pulse()
        since = fields.Datetime.to_string(fields.Datetime.now() - timedelta(minutes=1))
        self.assertFalse(connection.with_user(self.user).env["mcp.connect.wizard"].find_new_connection(since))

    def test_browser_login_shows_the_address_and_creates_nothing(self):
        before = self.env["mcp.connection"].search_count([])
        wizard = self.wizard(self.user, client="claude_ai")
        self.assertEqual([way["code"] for way in wizard.ways], ["oauth"])
        params = wizard.action_connect()["params"]
        self.assertEqual((params["credentials"], params["connection_id"]), ([], False))
        self.assertEqual(params["guide"]["snippets"][0]["text"], self.settings.endpoint_url)
        self.assertEqual(self.env["mcp.connection"].search_count([]), before)

    def test_the_connection_that_a_login_makes_is_found_by_the_waiting_screen_of_its_owner(self):
        since = fields.Datetime.to_string(fields.Datetime.now() - timedelta(hours=1))
        wizard = self.env["mcp.connect.wizard"].with_user(self.user)
        self.assertFalse(wizard.find_new_connection(since))
        foreign = self.admin_connection.copy({"way_in": "oauth"})
        self.assertFalse(wizard.find_new_connection(since))
        own = self.connection.copy({"way_in": "oauth"})
        self.assertEqual(wizard.find_new_connection(since), own.id)
        self.assertIn(
            self.env["mcp.connect.wizard"].with_user(self.admin).find_new_connection(since), (foreign + own).ids
        )

    def test_an_administrator_makes_a_shared_client_with_the_usual_redirects(self):
        wizard = self.wizard(self.admin, client="claude_ai", way_in="shared", name="Claude of the team")
        self.assertIn("https://claude.ai/api/mcp/auth_callback", wizard.redirect_uris)
        client_id, secret = (row["value"] for row in wizard.action_connect()["params"]["credentials"])
        client = self.env["mcp.oauth.client"].search([("client_id", "=", client_id)])
        self.assertEqual((client.source, client.name), ("shared", "Claude of the team"))
        self.env.flush_all()
        self.env.cr.execute("SELECT to_jsonb(c)::text FROM mcp_oauth_client c WHERE id = %s", [client.id])
        self.assertNotIn(secret, self.env.cr.fetchone()[0])

    def test_users_make_no_oauth_clients(self):
        for way in ("custom", "shared"):
            wizard = self.wizard(self.user, client="claude_ai", way_in=way)
            with self.subTest(way=way), self.assertRaisesRegex(UserError, "not offered"):
                wizard.action_connect()


@tagged("post_install", "-at_install")
class TestOwnConnections(McpCase):
    """What users do themselves, and what they cannot."""

    def refusal(self, key):
        self.env.flush_all()
        return bearer.identify(self.env, key).refusal

    def test_a_user_sees_and_manages_own_connections_only(self):
        own = self.connection.with_user(self.user)
        foreign = self.admin_connection.with_user(self.user)
        self.assertIn(own, own.search([]))
        self.assertNotIn(foreign, own.search([]))
        for attempt in (
            foreign.action_revoke, foreign.action_new_key, foreign.action_how_to_connect, foreign.get_pulse,
            lambda: foreign.credential_ids.action_revoke(),
            lambda: own.write({"name": "x"}), lambda: own.create({"name": "x"}), own.unlink,
        ):  # fmt: skip
            with self.subTest(attempt=attempt), self.assertRaises(AccessError):
                attempt()
        self.assertEqual(self.refusal(self.admin_key), "")

    def test_a_user_rotates_an_own_key_and_the_old_one_ends_after_the_grace_period(self):
        wizard = self.env["mcp.key.wizard"].with_user(self.user).create({"connection_id": self.connection.id})
        self.assertEqual(wizard.grace_hours, 24)
        key = key_of(wizard.action_create_key())
        old, new = self.connection.credential_ids.sorted("id")
        self.assertEqual((self.refusal(self.key), self.refusal(key)), ("", ""))
        day = fields.Datetime.now() + timedelta(hours=24)
        self.assertAlmostEqual(old.expires_at, day, delta=timedelta(minutes=1))
        self.assertEqual(new.version, 2)
        old.expires_at = fields.Datetime.now() - timedelta(hours=1)
        self.assertEqual((self.refusal(self.key), self.refusal(key)), ("key expired", ""))

    def test_a_grace_period_of_zero_ends_the_old_keys_at_once(self):
        wizard = self.env["mcp.key.wizard"].with_user(self.admin).create(
            {"connection_id": self.connection.id, "grace_hours": 0}
        )  # fmt: skip
        key = key_of(wizard.action_create_key())
        self.assertEqual((self.refusal(self.key), self.refusal(key)), ("key revoked", ""))
        wizard.grace_hours = -1
        with self.assertRaisesRegex(UserError, "0 hours or more"):
            wizard.action_create_key()

    def test_a_user_revokes_and_reactivates_an_own_connection(self):
        own = self.connection.with_user(self.user)
        own.action_revoke()
        self.assertEqual((own.status, own.revoked_by_id, self.refusal(self.key)), ("revoked", self.user, "key revoked"))
        action = own.action_reactivate()
        self.assertEqual((action["res_model"], own.state, bool(own.revoked_at)), ("mcp.key.wizard", "active", False))
        self.assertEqual(self.refusal(self.key), "key revoked")

    def test_a_user_does_not_undo_what_an_administrator_revoked(self):
        self.connection.with_user(self.admin).action_revoke()
        with self.assertRaisesRegex(AccessError, "somebody else"):
            self.connection.with_user(self.user).action_reactivate()
        wizard = self.env["mcp.key.wizard"].with_user(self.user).create({"connection_id": self.connection.id})
        with self.assertRaisesRegex(UserError, "revoked"):
            wizard.action_create_key()
        self.connection.with_user(self.admin).action_reactivate()
        self.assertEqual(self.connection.state, "active")

    def test_revoking_ends_sessions_and_activities(self):
        client = McpClient(self.env, self.key)
        client.request(
            "initialize",
            {"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": {"name": "t", "version": "1"}},
        )
        self.env.invalidate_all()
        sessions = self.env["mcp.session"].search([("connection_id", "=", self.connection.id)])
        self.assertEqual((len(sessions), self.connection.session_count), (1, 1))
        self.connection.activity_schedule("odoo_mcp.activity_replace_key", user_id=self.user.id)
        self.connection.with_user(self.user).action_revoke()
        self.assertTrue(sessions.ended_at)
        self.assertFalse(self.connection.activity_ids)

    def test_a_new_password_revokes_keys_when_the_settings_say_so(self):
        self.user.password = "a new password 1"
        self.assertEqual(self.refusal(self.key), "")
        self.settings.revoke_on_password_change = True
        self.user.password = "a new password 2"
        self.assertEqual(self.refusal(self.key), "key revoked")
        self.assertEqual(self.connection.state, "revoked")
        self.assertEqual(self.refusal(self.admin_key), "")

    def test_the_profile_lists_own_connections_for_everybody(self):
        me = self.user.with_user(self.user)
        self.assertIn("mcp_connection_ids", me.SELF_READABLE_FIELDS)
        values = me.read(["mcp_connection_ids", "mcp_personal_tokens"])[0]
        self.assertEqual((values["mcp_connection_ids"], values["mcp_personal_tokens"]), (self.connection.ids, True))
        action = me.action_mcp_token()
        wizard = me.env["mcp.connect.wizard"].with_context(action["context"]).create({})  # pylint: disable=context-overridden
        self.assertEqual((wizard.client, wizard.way_in, wizard.personal), ("other", "api_key", True))
        self.assertTrue(key_of(wizard.action_connect()))
