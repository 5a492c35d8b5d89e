from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from .oauth_common import CALLBACK, FORM, OAuthCase


@tagged("post_install", "-at_install")
class TestOAuthCodes(OAuthCase):
    """Codes: bound, burnt, used once (checks 12 to 14 and 22 of the security list)."""

    def test_a_code_becomes_tokens_that_work(self):
        tokens = self.log_in()
        self.assertEqual(tokens["token_type"], "Bearer")
        self.assertEqual((tokens["expires_in"], tokens["scope"]), (3600, "mcp:read mcp:write"))
        answer = self.call(tokens["access_token"])
        self.assertEqual(answer.status_code, 200)
        self.assertIn("mcp_anita", answer.text)

    def test_the_answer_is_json_that_nobody_keeps_and_sets_no_cookie(self):
        answer, verifier = self.consent()
        response = self.exchange(answer["code"], verifier)
        self.assertEqual(response.headers["Content-Type"], "application/json")
        self.assertEqual((response.headers["Cache-Control"], response.headers["Pragma"]), ("no-store", "no-cache"))
        self.assertNotIn("Set-Cookie", response.headers)

    def test_a_wrong_short_or_missing_verifier_is_refused_and_burns_the_code(self):
        for wrong, error in (("x" * 64, "invalid_grant"), ("x", "invalid_grant"), ("", "invalid_grant"),
                             ("ü" * 43, "invalid_grant"), (None, "invalid_request")):  # fmt: skip
            with self.subTest(verifier=wrong):
                answer, verifier = self.consent()
                self.assert_error(self.exchange(answer["code"], wrong), error)
                self.assert_error(self.exchange(answer["code"], verifier), "invalid_grant")

    def test_a_code_that_comes_twice_ends_what_came_of_it(self):
        answer, verifier = self.consent()
        tokens = self.exchange(answer["code"], verifier).json()
        self.assert_works(tokens["access_token"])
        self.assert_error(self.exchange(answer["code"], verifier), "invalid_grant")
        self.assertEqual(self.last_audit().error, "code used twice")
        self.assert_refused(tokens["access_token"])
        self.assert_error(self.refresh(tokens["refresh_token"]), "invalid_grant")

    def test_a_code_that_comes_again_later_also_ends_refreshed_tokens(self):
        answer, verifier = self.consent()
        tokens = self.exchange(answer["code"], verifier).json()
        renewed = self.refresh(tokens["refresh_token"]).json()
        self.sql("UPDATE mcp_oauth_code SET expires_at = expires_at - interval '30 minutes'")
        self.assert_error(self.exchange(answer["code"], verifier), "invalid_grant")
        self.assert_refused(renewed["access_token"])

    def test_a_code_is_good_for_its_client_its_redirect_and_its_minute_only(self):
        other = self.register(client_name="Other")["client_id"]
        for changes in ({"client_id": other}, {"redirect_uri": CALLBACK + "/"}):
            with self.subTest(changes=changes):
                answer, verifier = self.consent()
                self.assert_error(self.exchange(answer["code"], verifier, **changes), "invalid_grant")
                self.assert_error(self.exchange(answer["code"], verifier), "invalid_grant")
        answer, verifier = self.consent()
        self.sql("UPDATE mcp_oauth_code SET expires_at = now() AT TIME ZONE 'UTC' - interval '1 second'")
        self.assert_error(self.exchange(answer["code"], verifier), "invalid_grant")
        self.assertEqual(self.last_audit().error, "code expired")

    def test_a_code_lives_for_a_minute(self):
        self.consent()
        code = self.env["mcp.oauth.code"].search([("client_id", "=", self.record.id)])
        self.assertAlmostEqual(
            code.expires_at, fields.Datetime.now() + timedelta(seconds=60), delta=timedelta(seconds=55)
        )

    def test_tokens_for_another_resource_are_not_issued(self):
        answer, verifier = self.consent()
        self.assert_error(
            self.exchange(answer["code"], verifier, resource="https://else.example/mcp"), "invalid_target"
        )
        self.assert_error(self.exchange(answer["code"], verifier), "invalid_grant")
        for path in ("/odoo/mcp", "/odoo/mcp/", "/mcp", "/mcp/sse", "", "/"):
            answer, verifier = self.consent(resource=self.base_url() + path)
            response = self.exchange(answer["code"], verifier, resource=self.base_url() + path)
            self.assertEqual(response.status_code, 200, path)

    def test_an_unknown_code_or_none_is_refused(self):
        self.assert_error(self.exchange("mcpc_" + "x" * 43, "v" * 43), "invalid_grant")
        self.assert_error(self.exchange(None, "v" * 43), "invalid_request")

    def test_other_grants_repeated_parameters_and_queries_are_refused(self):
        for grant in ("password", "client_credentials", "implicit", "urn:ietf:params:oauth:grant-type:device_code"):
            self.assert_error(self.post_form("/oauth/token", {"grant_type": grant}), "unsupported_grant_type")
        self.assert_error(self.post_form("/oauth/token", {"client_id": self.client_id}), "invalid_request")
        answer, verifier = self.consent()
        values = {"grant_type": "authorization_code", "code": answer["code"], "client_id": self.client_id,
                  "redirect_uri": CALLBACK, "code_verifier": verifier}  # fmt: skip
        for name, value in values.items():
            self.assert_error(self.post_form("/oauth/token", [*values.items(), (name, value)]), "invalid_request")
        self.assert_error(self.post_form(f"/oauth/token?code={answer['code']}", values), "invalid_request")
        self.assert_error(self.post_form("/oauth/token", {**values, "code": "a\x00b"}), "invalid_request")
        self.assertEqual(self.post_form("/oauth/token", values).status_code, 200)

    def test_nonsense_is_answered_with_an_oauth_error(self):
        for body, kind in ((b"\xff\xfe\x00", FORM), (b"{}", "application/json"), (b"a=1&" * 300, FORM), (b"&", FORM)):
            response = self.http("POST", "/oauth/token", body, {"Content-Type": kind})
            self.assertEqual(response.status_code, 400, body[:20])
            self.assertIn("error", response.json())
        self.assertEqual(self.http("GET", "/oauth/token").status_code, 405)
        self.assertEqual(self.http("POST", "/oauth/token", b"x" * 70_000, {}).status_code, 400)


@tagged("post_install", "-at_install")
class TestOAuthRefresh(OAuthCase):
    """Families of refresh tokens (checks 21, 23 and 24)."""

    def age_last_use(self, seconds):
        self.sql(
            "UPDATE mcp_oauth_refresh_token SET used_at = used_at - %s * interval '1 second' WHERE used_at IS NOT NULL",
            seconds,
        )

    def test_each_refresh_gives_new_tokens(self):
        first = self.log_in()
        second = self.refresh(first["refresh_token"]).json()
        third = self.refresh(second["refresh_token"]).json()
        self.assertEqual(len({answer["access_token"] for answer in (first, second, third)}), 3)
        self.assertEqual(len({answer["refresh_token"] for answer in (first, second, third)}), 3)
        self.assertEqual(third["scope"], "mcp:read mcp:write")
        self.assert_works(third["access_token"])

    def test_the_immediate_predecessor_gets_the_same_answer_again_within_the_grace_time(self):
        first = self.log_in()
        second = self.refresh(first["refresh_token"]).json()
        again = self.refresh(first["refresh_token"]).json()
        self.assertLessEqual(again.pop("expires_in"), second.pop("expires_in"))
        self.assertEqual(again, second)
        self.assert_works(again["access_token"])
        grant = self.env["mcp.oauth.grant"].search([("client_id", "=", self.record.id)])
        self.assertEqual((len(grant), grant.reuse_count), (1, 1))
        unused = [("grant_id", "=", grant.id), ("used_at", "=", False)]
        self.assertEqual(self.env["mcp.oauth.refresh.token"].search_count(unused), 1)

    def test_after_the_grace_time_it_ends_the_login(self):
        first = self.log_in()
        second = self.refresh(first["refresh_token"]).json()
        self.age_last_use(61)
        self.assert_error(self.refresh(first["refresh_token"]), "invalid_grant")
        self.assertIn("used again", self.last_audit().error)
        self.assert_refused(second["access_token"])
        self.assert_error(self.refresh(second["refresh_token"]), "invalid_grant")

    def test_a_token_two_generations_old_ends_the_login_also_within_the_grace_time(self):
        first = self.log_in()
        second = self.refresh(first["refresh_token"]).json()
        third = self.refresh(second["refresh_token"]).json()
        self.assert_error(self.refresh(first["refresh_token"]), "invalid_grant")
        self.assert_refused(third["access_token"])
        self.assert_error(self.refresh(third["refresh_token"]), "invalid_grant")

    def test_without_a_grace_time_each_token_works_once(self):
        self.settings.oauth_grace_seconds = 0
        first = self.log_in()
        second = self.refresh(first["refresh_token"]).json()
        self.assert_error(self.refresh(first["refresh_token"]), "invalid_grant")
        self.assert_refused(second["access_token"])

    def test_what_is_kept_for_the_grace_time_is_readable_with_the_predecessor_only(self):
        first = self.log_in()
        second = self.refresh(first["refresh_token"]).json()
        self.env.cr.execute("SELECT to_jsonb(t)::text FROM mcp_oauth_refresh_token t")
        stored = str(self.env.cr.fetchall())
        for secret in (first["refresh_token"], second["refresh_token"], second["access_token"]):
            self.assertNotIn(secret[5:], stored)
        self.refresh(second["refresh_token"])
        self.env.invalidate_all()
        family = self.env["mcp.oauth.refresh.token"].search([("grant_id.client_id", "=", self.record.id)], order="id")
        self.assertEqual([bool(token.successor_masked) for token in family], [False, True, False])

    def test_a_refresh_token_expires_unless_it_is_used(self):
        first = self.log_in()
        self.sql("UPDATE mcp_oauth_refresh_token SET expires_at = now() AT TIME ZONE 'UTC' - interval '1 second'")
        self.assert_error(self.refresh(first["refresh_token"]), "invalid_grant")

    def test_the_lifetimes_are_those_of_the_settings(self):
        self.settings.write({"oauth_access_seconds": 120, "oauth_refresh_seconds": 7200})
        tokens = self.log_in()
        self.assertEqual(tokens["expires_in"], 120)
        refresh = self.env["mcp.oauth.refresh.token"].search([("grant_id.client_id", "=", self.record.id)])
        self.assertAlmostEqual(
            refresh.expires_at, fields.Datetime.now() + timedelta(hours=2), delta=timedelta(minutes=10)
        )
        self.sql("UPDATE mcp_credential SET expires_at = expires_at - interval '121 seconds' WHERE kind = 'oauth'")
        self.assert_refused(tokens["access_token"])

    def test_a_refresh_cannot_widen_what_was_allowed_and_may_narrow_it(self):
        narrow = self.log_in(choice={"access": "read"})
        self.assertEqual(narrow["scope"], "mcp:read")
        self.assertEqual(self.refresh(narrow["refresh_token"], scope="mcp:read mcp:write").json()["scope"], "mcp:read")
        wide = self.log_in()
        renewed = self.refresh(wide["refresh_token"], scope="mcp:read offline_access").json()
        self.assertEqual(renewed["scope"], "mcp:read")
        self.assertEqual(self.refresh(renewed["refresh_token"]).json()["scope"], "mcp:read mcp:write")

    def test_a_refresh_token_is_good_for_its_client_and_resource_only(self):
        tokens = self.log_in()
        other = self.register(client_name="Other")["client_id"]
        self.assert_error(self.refresh(tokens["refresh_token"], client_id=other), "invalid_grant")
        self.assert_error(self.refresh(tokens["refresh_token"], resource="https://else.example/"), "invalid_target")
        self.assert_error(self.refresh(tokens["access_token"]), "invalid_grant")
        self.assert_error(self.refresh("mcpr_" + "x" * 43), "invalid_grant")
        self.assert_error(self.refresh(None), "invalid_request")
        self.assertEqual(self.refresh(tokens["refresh_token"]).status_code, 200)

    def test_a_client_that_did_not_ask_for_refresh_tokens_gets_none(self):
        client_id = self.register(grant_types=["authorization_code"])["client_id"]
        tokens = self.log_in(client_id=client_id)
        self.assertNotIn("refresh_token", tokens)
        self.assert_works(tokens["access_token"])


@tagged("post_install", "-at_install")
class TestOAuthRevocation(OAuthCase):
    """RFC 7009 and RFC 7662 (check 29)."""

    def revoke(self, token, **changes):
        return self.post_form("/oauth/revoke", {"token": token, "client_id": self.client_id, **changes})

    def secret_client(self):
        """A confidential client, logged in: its identifier, its secret, its tokens."""
        told = self.register(token_endpoint_auth_method="client_secret_post")
        answer, verifier = self.consent(client_id=told["client_id"])
        proof = {"client_id": told["client_id"], "client_secret": told["client_secret"]}
        return proof, self.exchange(answer["code"], verifier, **proof).json()

    def introspect(self, token, proof):
        return self.post_form("/oauth/introspect", {"token": token, **proof})

    def test_a_refresh_token_ends_its_whole_family(self):
        tokens = self.log_in()
        response = self.revoke(tokens["refresh_token"], token_type_hint="refresh_token")
        self.assertEqual((response.status_code, response.text), (200, ""))
        self.assert_refused(tokens["access_token"])
        self.assert_error(self.refresh(tokens["refresh_token"]), "invalid_grant")

    def test_an_access_token_ends_itself_whatever_the_hint(self):
        tokens = self.log_in()
        self.assertEqual(self.revoke(tokens["access_token"], token_type_hint="refresh_token").status_code, 200)
        self.assert_refused(tokens["access_token"])
        self.assertEqual(self.refresh(tokens["refresh_token"]).status_code, 200)

    def test_the_tokens_of_others_and_unknown_ones_are_left_alone(self):
        tokens = self.log_in()
        other = self.register(client_name="Other")["client_id"]
        for token in (tokens["access_token"], tokens["refresh_token"], "mcpr_" + "x" * 43):
            self.assertEqual(self.revoke(token, client_id=other).status_code, 200)
        self.assert_works(tokens["access_token"])
        self.assertEqual(self.refresh(tokens["refresh_token"]).status_code, 200)

    def test_revoking_needs_a_known_client(self):
        tokens = self.log_in()
        self.assert_error(self.revoke(tokens["access_token"], client_id="mcp-unknown"), "invalid_client", 401)
        self.assert_error(self.revoke(None), "invalid_request")
        self.assert_works(tokens["access_token"])

    def test_a_client_with_a_secret_is_told_of_its_own_tokens(self):
        proof, tokens = self.secret_client()
        told = self.introspect(tokens["access_token"], proof).json()
        self.assertEqual(
            {name: told[name] for name in ("active", "scope", "client_id", "username", "token_type", "aud", "iss")},
            {
                "active": True,
                "scope": "mcp:read mcp:write",
                "client_id": proof["client_id"],
                "username": "mcp_anita",
                "token_type": "Bearer",
                "aud": f"{self.base_url()}/odoo/mcp",
                "iss": self.base_url(),
            },
        )
        # in a test all that happens shares the time at which its transaction began
        self.assertAlmostEqual(told["exp"] - told["iat"], 3600, delta=300)
        refresh = self.introspect(tokens["refresh_token"], proof).json()
        self.assertTrue(refresh["active"])
        self.assertNotIn("token_type", refresh)

    def test_dead_and_foreign_tokens_are_inactive_and_nothing_more(self):
        proof, tokens = self.secret_client()
        foreign = self.log_in()
        inactive = [foreign["access_token"], "mcpa_" + "x" * 43, foreign["refresh_token"]]
        self.post_form("/oauth/revoke", {"token": tokens["refresh_token"], **proof})
        for token in (*inactive, tokens["access_token"], tokens["refresh_token"]):
            self.assertEqual(self.introspect(token, proof).json(), {"active": False})

    def test_introspection_needs_a_secret(self):
        proof, tokens = self.secret_client()
        public = self.log_in()
        self.assert_error(self.introspect(public["access_token"], {"client_id": self.client_id}), "invalid_client", 401)
        wrong = {**proof, "client_secret": "mcps_wrong"}
        self.assert_error(self.introspect(tokens["access_token"], wrong), "invalid_client", 401)
