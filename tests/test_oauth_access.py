import re

from odoo import fields
from odoo.tests import tagged

from ..services.identity import bearer, keys
from .oauth_common import OAuthCase


@tagged("post_install", "-at_install")
class TestOAuthAccess(OAuthCase):
    """What an access token is good for, and for how long (checks 25, 26, 38)."""

    def setUp(self):
        super().setUp()
        self.tokens = self.log_in()
        self.token = self.tokens["access_token"]
        self.connection = self.env["mcp.connection"].search([("oauth_client_id", "=", self.record.id)])

    def test_it_opens_every_path_of_the_endpoint_and_is_looked_up_like_a_key(self):
        for path in ("/odoo/mcp", "/mcp"):
            self.assertEqual(self.call(self.token, path=path).status_code, 200)
        row = self.last_audit()
        self.assertEqual((row.connection_id, row.user_id), (self.connection, self.user))
        key = keys.issue_key(self.connection)
        self.env.flush_all()
        counts = []
        for token in (key, key, self.token):
            before = self.env.cr.sql_log_count
            self.assertEqual(bearer.identify(self.env, token).refusal, "")
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[1], counts[2])

    def test_the_cookie_of_a_login_opens_nothing(self):
        self.authenticate("mcp_anita", "mcp_anita")
        response = self.http("POST", "/odoo/mcp", b"{}", {"Content-Type": "application/json"}, cookies=True)
        self.assertEqual(response.status_code, 401)

    def test_other_tokens_open_nothing(self):
        for token in (self.tokens["refresh_token"], self.token[:-1], self.token.upper(), "mcpa_", ""):
            self.assertEqual(self.call(token).status_code, 401)
        in_a_day = fields.Datetime.add(fields.Datetime.now(), days=1)
        key = self.env["res.users.apikeys"].with_user(self.user)._generate("rpc", "an Odoo API key", in_a_day)
        self.assertEqual(self.call(key).status_code, 401)

    def test_it_is_not_taken_from_the_address(self):
        response = self.post_json(f"/odoo/mcp?access_token={self.token}", {})
        self.assertEqual(response.status_code, 401)

    def test_it_does_not_open_odoo_itself(self):
        for path in ("/web/session/get_session_info", "/odoo"):
            response = self.http("GET", path, headers={"Authorization": f"Bearer {self.token}"})
            self.assertNotEqual(response.status_code, 200)

    def test_at_another_address_it_is_refused(self):
        """A copy of the database under another name does not honour the tokens of the original."""
        self.parameters.set_param("web.base.url", "https://staging.example.com")
        self.assert_refused(self.token)
        self.assertEqual(self.last_audit().error, "token for another address")
        self.assert_error(self.refresh(self.tokens["refresh_token"]), "invalid_grant")

    def test_archiving_the_user_ends_it_for_good(self):
        self.user.active = False
        self.assert_refused(self.token)
        self.user.active = True
        self.assert_refused(self.token)
        self.assert_error(self.refresh(self.tokens["refresh_token"]), "invalid_grant")

    def test_losing_the_group_ends_it(self):
        field = "group_ids" if "group_ids" in self.user._fields else "groups_id"
        self.user.write({field: [(3, self.env.ref("odoo_mcp.group_user").id)]})
        self.assert_refused(self.token)
        self.assert_error(self.refresh(self.tokens["refresh_token"]), "invalid_grant")
        self.user.write({field: [(4, self.env.ref("odoo_mcp.group_user").id)]})
        self.env.flush_all()
        self.assert_error(self.refresh(self.tokens["refresh_token"]), "invalid_grant")

    def test_becoming_a_portal_user_ends_it(self):
        field = "group_ids" if "group_ids" in self.user._fields else "groups_id"
        self.user.write({field: [(6, 0, [self.env.ref("base.group_portal").id])]})
        self.assert_refused(self.token)
        self.assert_error(self.refresh(self.tokens["refresh_token"]), "invalid_grant")

    def test_revoking_the_connection_ends_it_and_logging_in_again_needs_whoever_revoked_it(self):
        self.connection.with_user(self.env.ref("base.user_admin")).action_revoke()
        self.assert_refused(self.token)
        self.assert_error(self.refresh(self.tokens["refresh_token"]), "invalid_grant")
        page = self.open_consent(self.request_of()[0])
        self.assertEqual(page.status_code, 403)
        self.assertIn("revoked by", page.text)
        self.connection.with_user(self.env.ref("base.user_admin")).action_reactivate()
        self.env.flush_all()
        self.assert_refused(self.token)
        self.assert_works(self.log_in()["access_token"])

    def test_what_one_revoked_oneself_one_may_connect_again(self):
        self.connection.with_user(self.user).sudo().action_revoke()
        self.assert_refused(self.token)
        self.assert_works(self.log_in()["access_token"])
        self.assertEqual(self.connection.state, "active")

    def test_a_code_is_worth_nothing_after_the_connection_was_revoked(self):
        answer, verifier = self.consent()
        self.connection.with_user(self.env.ref("base.user_admin")).action_revoke()
        self.env.flush_all()
        self.assert_error(self.exchange(answer["code"], verifier), "invalid_grant")

    def test_a_single_login_is_ended_by_hand(self):
        other = self.log_in()
        grant = self.connection.grant_ids.sorted("id")[0]
        grant.with_user(self.env.ref("base.user_admin")).action_revoke()
        self.assert_refused(self.token)
        self.assert_works(other["access_token"])

    def test_while_the_server_is_off_nothing_works(self):
        self.settings.enabled = False
        self.env.flush_all()
        self.assertEqual(self.call(self.token).status_code, 503)
        self.assertEqual(self.refresh(self.tokens["refresh_token"]).status_code, 503)

    def test_a_login_for_reading_reads_and_asks_for_more_before_it_changes(self):
        narrow = self.log_in(choice={"access": "read"})
        self.assertEqual(self.call(narrow["access_token"], "whoami").status_code, 200)
        new_partner = {"model": "res.partner", "values": {"name": "Made by a reader"}}
        response = self.call(narrow["access_token"], "create_record", **new_partner)
        self.assertEqual(response.status_code, 403)
        self.assertFalse(self.env["res.partner"].search([("name", "=", "Made by a reader")]))
        challenge = response.headers["WWW-Authenticate"]
        self.assertIn('error="insufficient_scope"', challenge)
        self.assertIn('scope="mcp:read mcp:write"', challenge)
        self.assertIn("resource_metadata=", challenge)
        self.assertEqual(self.last_audit().outcome, "refused")
        self.assertEqual(self.call(self.token, "server_info").status_code, 200)
        self.assertEqual(self.call(narrow["access_token"], "no_such_tool").status_code, 200, "a JSON-RPC error")

    def listed(self, token):
        body = {"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {}}
        headers = {"Authorization": f"Bearer {token}", "MCP-Protocol-Version": "2025-11-25"}
        return {tool["name"] for tool in self.post_json("/odoo/mcp", body, headers).json()["result"]["tools"]}

    def test_tools_that_change_are_listed_for_those_who_may_ask_for_them(self):
        self.assertIn("create_record", self.listed(self.token))
        by_choice = self.log_in(choice={"access": "read"})["access_token"]
        self.assertNotIn("create_record", self.listed(by_choice))
        by_request = self.log_in(scope="mcp:read")["access_token"]
        self.assertIn("create_record", self.listed(by_request))
        self.assertEqual(self.call(by_request, "create_record", model="res.partner", values={}).status_code, 403)

    def test_an_administrator_narrows_a_connection_below_what_the_person_allowed(self):
        self.connection.scope = "read_only"
        self.env.flush_all()
        response = self.call(self.token, "create_record", model="res.partner", values={"name": "x"})
        self.assertEqual(response.status_code, 200, "no login would help, so none is asked for")
        self.assertTrue(response.json()["result"]["isError"])

    def test_nothing_of_oauth_is_readable_through_mcp(self):
        for model in ("mcp.oauth.client", "mcp.oauth.grant", "mcp.oauth.code", "mcp.oauth.refresh.token"):
            answer = self.call(self.token, "count_records", model=model)
            self.assertIn("Model", answer.json()["result"]["content"][0]["text"])
            self.assertTrue(answer.json()["result"]["isError"])

    def test_no_issued_secret_is_anywhere_in_the_database(self):
        """Codes, tokens and client secrets of two hundred kinds of use, against every table (check 27)."""
        secrets = set()
        for _number in range(12):
            told = self.register(token_endpoint_auth_method="client_secret_post")
            proof = {"client_id": told["client_id"], "client_secret": told["client_secret"]}
            self.sql("UPDATE mcp_oauth_client SET create_date = create_date - interval '2 hours'")
            answer, verifier = self.consent(client_id=told["client_id"])
            secrets |= {told["client_secret"], answer["code"], verifier}
            tokens = self.exchange(answer["code"], verifier, **proof).json()
            for _turn in range(8):
                secrets |= {tokens["access_token"], tokens["refresh_token"]}
                self.call(tokens["access_token"])
                self.refresh(tokens["refresh_token"], **proof)
                tokens = self.refresh(tokens["refresh_token"], **proof).json()
        self.assertGreater(len(secrets), 200)
        self.env.flush_all()
        self.env.cr.execute(
            "SELECT table_name FROM information_schema.tables"
            " WHERE table_schema = 'public' AND table_type = 'BASE TABLE'"
        )
        tails = re.compile("|".join(re.escape(secret[5:]) for secret in secrets))
        for (table,) in self.env.cr.fetchall():
            self.env.cr.execute(f'SELECT t::text FROM "{table}" t')
            for (row,) in self.env.cr.fetchall():
                self.assertIsNone(tails.search(row), f"a secret in {table}")
