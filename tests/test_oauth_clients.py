import json
from base64 import b64encode
from unittest.mock import patch
from urllib.parse import urlencode

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from ..services import net
from ..services.identity.oauth import registration
from .common import MCP_GROUPS
from .oauth_common import CALLBACK, OAuthCase

DOCUMENT = "https://tool.example.com/oauth/client.json"


@tagged("post_install", "-at_install")
class TestMetadata(OAuthCase):
    """What clients find before they know anything (check 20)."""

    SUFFIXES = ("", "/odoo/mcp", "/mcp", "/mcp/sse")

    def get(self, path, headers=None):
        return self.http("GET", path, headers=headers)

    def test_the_resource_is_described_at_every_path_that_clients_probe(self):
        for suffix in self.SUFFIXES:
            response = self.get("/.well-known/oauth-protected-resource" + suffix)
            self.assertEqual((response.status_code, response.headers["Content-Type"]), (200, "application/json"))
            told = response.json()
            self.assertEqual(told["resource"], self.base_url() + (suffix or "/odoo/mcp"))
            self.assertEqual(told["authorization_servers"], [self.base_url()])
            self.assertEqual(told["scopes_supported"], ["mcp:read", "mcp:write"])
            self.assertEqual(told["bearer_methods_supported"], ["header"])

    def test_the_authorization_server_is_described_at_every_path_that_clients_probe(self):
        answers = set()
        for place in ("/.well-known/oauth-authorization-server", "/.well-known/openid-configuration"):
            for suffix in self.SUFFIXES:
                for path in (place + suffix, suffix + place):
                    response = self.get(path)
                    self.assertEqual(response.status_code, 200, path)
                    answers.add(response.text)
        self.assertEqual(len(answers), 1)
        told = json.loads(answers.pop())
        base = self.base_url()
        self.assertEqual(told["issuer"], base)
        for name in ("authorize", "token", "register", "revoke", "introspect"):
            self.assertIn(f"{base}/oauth/{name}", told.values())
        self.assertEqual(told["code_challenge_methods_supported"], ["S256"])
        self.assertEqual(told["response_types_supported"], ["code"])
        self.assertEqual(told["grant_types_supported"], ["authorization_code", "refresh_token"])
        self.assertIn("none", told["token_endpoint_auth_methods_supported"])
        self.assertNotIn("private_key_jwt", str(told))
        self.assertIs(told["authorization_response_iss_parameter_supported"], True)
        self.assertIs(told["client_id_metadata_document_supported"], True)
        self.assertNotIn("admin", str(told["scopes_supported"]))

    def test_nothing_of_it_comes_from_the_request(self):
        forged = {"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https", "Forwarded": "host=evil.example"}
        for path in ("/.well-known/oauth-authorization-server", "/.well-known/oauth-protected-resource"):
            self.assertNotIn("evil", self.get(path, headers=forged).text)
        self.parameters.set_param("web.base.url", "https://odoo.example.com/")
        told = self.get("/.well-known/oauth-authorization-server").json()
        self.assertEqual((told["issuer"], told["token_endpoint"]),
                         ("https://odoo.example.com", "https://odoo.example.com/oauth/token"))  # fmt: skip

    def test_the_endpoint_points_to_it(self):
        for path in ("/odoo/mcp", "/mcp"):
            response = self.post_json(path, {})
            self.assertEqual(response.status_code, 401)
            challenge = response.headers["WWW-Authenticate"]
            self.assertIn(
                f'resource_metadata="{self.base_url()}/.well-known/oauth-protected-resource{path}"', challenge
            )
            self.assertIn('scope="mcp:read mcp:write"', challenge)
            self.assertNotIn("error=", challenge)
            self.assertNotIn("offline_access", challenge)

    def test_a_switched_off_registration_is_not_offered(self):
        self.settings.oauth_registration = False
        told = self.get("/.well-known/oauth-authorization-server").json()
        self.assertNotIn("registration_endpoint", told)
        self.assertIs(told["client_id_metadata_document_supported"], False)

    def test_web_pages_of_allowed_origins_may_ask_and_others_may_not(self):
        paths = ("/.well-known/oauth-protected-resource", "/.well-known/oauth-authorization-server")
        for path in paths:
            allowed = self.get(path, headers={"Origin": "https://claude.ai"})
            self.assertEqual(allowed.headers["Access-Control-Allow-Origin"], "https://claude.ai")
            self.assertNotIn("Access-Control-Allow-Credentials", allowed.headers)
            for origin in ("https://evil.example", "null"):
                self.assertEqual(self.get(path, headers={"Origin": origin}).status_code, 403)
        for path in ("/oauth/token", "/oauth/register", "/oauth/revoke", "/oauth/introspect"):
            evil = self.post_form(path, {"a": "b"}, headers={"Origin": "https://evil.example"})
            self.assertEqual(evil.status_code, 403)
            self.assertNotIn("Access-Control-Allow-Origin", evil.headers)
            preflight = self.http("OPTIONS", path, headers={"Origin": "http://localhost:6274"})
            self.assertEqual(preflight.status_code, 204)
            self.assertEqual(preflight.headers["Access-Control-Allow-Origin"], "http://localhost:6274")

    def test_no_machine_route_sets_a_cookie_or_saves_a_session(self):
        for path in ("/.well-known/oauth-protected-resource", "/.well-known/oauth-authorization-server"):
            self.assertNotIn("Set-Cookie", self.get(path).headers)
        for path in ("/oauth/token", "/oauth/register", "/oauth/revoke", "/oauth/introspect"):
            self.assertNotIn("Set-Cookie", self.post_form(path, {"a": "b"}).headers)

    def test_a_switched_off_server_answers_503(self):
        self.settings.enabled = False
        self.env.flush_all()
        for path in ("/.well-known/oauth-protected-resource", "/.well-known/oauth-authorization-server"):
            self.assertEqual(self.get(path).status_code, 503)
        for path in ("/oauth/token", "/oauth/register", "/oauth/revoke", "/oauth/introspect"):
            self.assertEqual(self.post_form(path, {"a": "b"}).status_code, 503)


@tagged("post_install", "-at_install")
class TestRegistration(OAuthCase):
    """Clients that introduce themselves (check 17, RFC 7591)."""

    def test_a_public_client_gets_an_identifier_and_no_secret(self):
        told = self.register(client_name="Claude", scope="mcp:read", application_type="native")
        self.assertNotIn("client_secret", told)
        self.assertEqual(told["token_endpoint_auth_method"], "none")
        self.assertEqual((told["client_name"], told["redirect_uris"]), ("Claude", [CALLBACK]))
        self.assertEqual(told["scope"], "mcp:read")
        record = self.client_record(told["client_id"])
        self.assertEqual((record.source, record.approved, record.registered_ip), ("registered", True, "127.0.0.1"))

    def test_a_confidential_client_proves_itself_in_the_header_or_in_the_form(self):
        for method in ("client_secret_basic", "client_secret_post", None):
            told = self.register(token_endpoint_auth_method=method)
            self.assertEqual(told["token_endpoint_auth_method"], method or "client_secret_basic")
            self.assertEqual(told["client_secret_expires_at"], 0)
            client_id, secret = told["client_id"], told["client_secret"]
            for headers, proof in (
                (self.basic(client_id, secret), {"client_id": None}),
                (self.basic(client_id, secret), {"client_id": client_id}),
                ({}, {"client_id": client_id, "client_secret": secret}),
            ):
                answer, verifier = self.consent(client_id=client_id)
                response = self.exchange(answer["code"], verifier, headers, **proof)
                self.assertEqual(response.status_code, 200, response.text)
                response = self.refresh(response.json()["refresh_token"], headers, **proof)
                self.assertEqual(response.status_code, 200, response.text)

    def basic(self, client_id, secret):
        return {"Authorization": "Basic " + b64encode(f"{client_id}:{secret}".encode()).decode()}

    def test_a_confidential_client_without_its_secret_is_refused_and_the_code_stays_good(self):
        told = self.register(token_endpoint_auth_method="client_secret_basic")
        client_id, secret = told["client_id"], told["client_secret"]
        other = self.register(token_endpoint_auth_method="client_secret_basic")
        answer, verifier = self.consent(client_id=client_id)
        for headers, proof in (
            ({}, {"client_id": client_id}),
            ({}, {"client_id": client_id, "client_secret": ""}),
            ({}, {"client_id": client_id, "client_secret": "mcps_wrong"}),
            ({}, {"client_id": client_id, "client_secret": other["client_secret"]}),
            ({}, {"client_id": None}),
            ({}, {"client_id": "mcp-unknown", "client_secret": secret}),
            (self.basic(client_id, "wrong"), {"client_id": None}),
            (self.basic(client_id, secret), {"client_id": other["client_id"]}),
            (self.basic(client_id, secret), {"client_id": client_id, "client_secret": secret}),
            ({"Authorization": "Basic !!"}, {"client_id": None}),
            ({"Authorization": "Basic YQ=="}, {"client_id": None}),
        ):
            with self.subTest(headers=headers, proof=proof):
                response = self.exchange(answer["code"], verifier, headers, **proof)
                self.assert_error(response, "invalid_client", 401)
                self.assertIn("Basic", response.headers["WWW-Authenticate"])
        response = self.exchange(answer["code"], verifier, self.basic(client_id, secret), client_id=None)
        self.assertEqual(response.status_code, 200)

    def test_a_public_client_that_sends_a_secret_is_refused(self):
        answer, verifier = self.consent()
        self.assert_error(self.exchange(answer["code"], verifier, client_secret="x"), "invalid_client", 401)

    def test_private_key_jwt_is_answered_honestly(self):
        told = self.register(400, token_endpoint_auth_method="private_key_jwt")
        self.assertEqual(told["error"], "invalid_client_metadata")
        self.assertIn("client_secret_basic", told["error_description"])
        answer, verifier = self.consent()
        response = self.exchange(
            answer["code"],
            verifier,
            client_assertion="e30.e30.e30",
            client_assertion_type="urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        )
        self.assert_error(response, "invalid_client", 401)
        self.assertIn("private_key_jwt is not supported", response.json()["error_description"])

    def test_the_secret_is_stored_as_a_hash_that_nobody_reads(self):
        secret = self.register(token_endpoint_auth_method="client_secret_post")["client_secret"]
        self.env.cr.execute("SELECT to_jsonb(c)::text FROM mcp_oauth_client c")
        self.assertNotIn(secret[5:], str(self.env.cr.fetchall()))
        self.assertNotIn("secret_hash", self.record.with_user(self.env.ref("base.user_admin")).fields_get())
        self.env.cr.execute("SELECT to_jsonb(m)::text FROM mail_message m ORDER BY id DESC LIMIT 20")
        self.assertNotIn(secret[5:], str(self.env.cr.fetchall()))

    def test_harmful_redirect_uris_are_refused(self):
        for uri in (
            "javascript:alert(1)", "data:text/html,x", "http://tool.example.com/cb", "myapp://cb", "https://*.x.example",
            "https://tool.example.com/#x", "https://a@tool.example.com", "", None, "/cb", "file:///x",
        ):  # fmt: skip
            self.assertEqual(self.register(400, redirect_uris=[CALLBACK, uri])["error"], "invalid_redirect_uri", uri)
        for uris in ([], None, CALLBACK, {}, [CALLBACK] * 21):
            self.assertEqual(self.register(400, redirect_uris=uris)["error"], "invalid_redirect_uri")
        self.register(redirect_uris=["cursor://anysphere.cursor-mcp/oauth/callback"])

    def test_an_administrator_decides_on_the_schemes_of_apps(self):
        self.settings.oauth_app_schemes = "myapp javascript data"
        self.register(redirect_uris=["myapp://cb"])
        for uri in ("cursor://x/cb", "javascript://x/%0aalert(1)", "data://x"):
            self.assertEqual(self.register(400, redirect_uris=[uri])["error"], "invalid_redirect_uri")

    def test_other_nonsense_is_refused_with_a_reason(self):
        for body in (b"", b"[]", b"null", b"{", b'"x"', b"[" * 60_000):
            response = self.post_json("/oauth/register", body)
            self.assertIn(response.status_code, (400, 411))
            self.assertTrue(response.json()["error_description"])
        for metadata in ({"grant_types": ["password"]}, {"response_types": ["token"]}, {"grant_types": "x"}):
            self.assertEqual(self.register(400, **metadata)["error"], "invalid_client_metadata")
        self.assertEqual(self.http("GET", "/oauth/register").status_code, 405)
        self.assertEqual(self.post_json("/oauth/register", {"x": "y" * 70_000}).status_code, 400)

    def test_odd_values_of_optional_fields_do_no_harm(self):
        told = self.register(client_name=7, client_uri="javascript:alert(1)", logo_uri="http://10.0.0.1/", contacts=[1],
                             scope=["x"], software_id={"a": 1}, jwks_uri="http://10.0.0.1/")  # fmt: skip
        record = self.client_record(told["client_id"])
        self.assertEqual((record.name, record.client_uri), ("tool.example.com", False))
        self.assertLessEqual(len(self.register(client_name="x" * 9000)["client_name"]), 80)

    def test_one_address_registers_only_so_often(self):
        self.patch(registration, "PER_MINUTE", 5)
        statuses = [self.post_json("/oauth/register", {"redirect_uris": [CALLBACK]}).status_code for _ in range(10)]
        self.assertEqual(set(statuses[5:]), {429}, "fewer than five when other tests of this minute registered, too")
        response = self.post_json("/oauth/register", {"redirect_uris": [CALLBACK]})
        self.assertTrue(int(response.headers["Retry-After"]))

    def test_switched_off_nobody_registers(self):
        self.settings.oauth_registration = False
        response = self.post_json("/oauth/register", {"redirect_uris": [CALLBACK]})
        self.assertEqual(response.status_code, 403)

    def test_with_approval_required_new_clients_wait_unless_their_like_is_on_the_white_list(self):
        self.settings.oauth_require_approval = True
        waiting = self.register()
        self.assertFalse(self.client_record(waiting["client_id"]).approved)
        self.assertEqual(self.open_consent(self.request_of(client_id=waiting["client_id"])[0]).status_code, 403)
        self.client_record(waiting["client_id"]).write({"approved": True, "whitelisted": True})
        self.assertTrue(self.client_record(self.register()["client_id"]).approved)
        for uris in ([CALLBACK + "2"], [CALLBACK, "https://evil.example/cb"], ["http://localhost/cb"]):
            self.assertFalse(self.client_record(self.register(redirect_uris=uris)["client_id"]).approved)

    def test_unused_clients_are_forgotten_and_used_ones_stay(self):
        used = self.log_in() and self.record
        fresh = self.client_record(self.register()["client_id"])
        old = self.client_record(self.register()["client_id"])
        kept = self.client_record(self.register()["client_id"])
        kept.whitelisted = True
        by_hand = self.env["mcp.oauth.client"].create({"name": "By hand", "redirect_uris": CALLBACK})
        ids = (used.id, old.id, kept.id, by_hand.id)
        self.sql("UPDATE mcp_oauth_client SET create_date = create_date - interval '8 days' WHERE id IN %s", ids)
        self.env["mcp.oauth.client"]._gc_unused()
        self.assertFalse(old.exists())
        self.assertTrue(all(client.exists() for client in (used, fresh, kept, by_hand)))


@tagged("post_install", "-at_install")
class TestMetadataDocuments(OAuthCase):
    """Clients whose identifier is the address of a document (check 18)."""

    def setUp(self):
        super().setUp()
        self.document = {
            "client_id": DOCUMENT,
            "client_name": "Document Tool",
            "redirect_uris": [CALLBACK],
            "token_endpoint_auth_method": "none",
        }
        self.fetched = []

    def serve(self, body=None, status=200, kind="application/json", headers=None, error=None):
        def fetch(url, **options):
            self.fetched.append((url, options))
            if error:
                raise error
            content = json.dumps(self.document).encode() if body is None else body
            return net.Reply(status, {"content-type": kind, **(headers or {})}, content)

        self.startPatcher(patch.object(net, "fetch", fetch))

    def ask(self, client_id=DOCUMENT):
        return self.open_consent(self.request_of(client_id=client_id)[0])

    def assert_unusable(self, page):
        self.assertEqual(page.status_code, 400, page.text)
        self.assertNotIn('value="allow"', page.text)

    def test_the_document_names_the_client_and_it_works(self):
        self.serve(headers={"cache-control": "public, max-age=600"})
        page = self.ask()
        self.assertIn("Document Tool", page.text)
        self.assertEqual(self.fetched[0][0], DOCUMENT)
        self.assertLessEqual(self.fetched[0][1]["max_bytes"], 5120)
        self.assertLessEqual(self.fetched[0][1]["seconds"], 10)
        tokens = self.log_in(client_id=DOCUMENT)
        self.assert_works(tokens["access_token"])
        self.assertEqual(self.refresh(tokens["refresh_token"], client_id=DOCUMENT).status_code, 200)
        self.assertEqual(len(self.fetched), 1, "it is kept as long as its server allows")

    def test_it_is_fetched_again_when_it_is_old(self):
        self.serve()
        self.ask()
        self.document["client_name"] = "Renamed Tool"
        self.sql("UPDATE mcp_oauth_client SET document_expires_at = now() AT TIME ZONE 'UTC' - interval '1 second'")
        self.assertIn("Renamed Tool", self.ask().text)
        self.assertEqual(len(self.fetched), 2)
        self.assertEqual(self.env["mcp.oauth.client"].search_count([("client_id", "=", DOCUMENT)]), 1)

    def test_it_is_kept_for_minutes_at_least_and_a_day_at_most(self):
        for asked, seconds in (("max-age=1", 300), ("no-store", 300), ("max-age=99999999", 86400)):
            self.serve(headers={"cache-control": asked})
            self.ask()
            self.sql(
                "SELECT extract(epoch FROM document_expires_at - write_date) FROM mcp_oauth_client"
                " WHERE client_id = %s",
                DOCUMENT,
            )
            self.assertEqual(self.env.cr.fetchone()[0], seconds)
            self.sql("UPDATE mcp_oauth_client SET document_expires_at = now() AT TIME ZONE 'UTC' - interval '1 day'")

    def test_documents_that_are_wrong_are_refused(self):
        for changes in (
            {"client_id": DOCUMENT + "x"}, {"client_id": None}, {"redirect_uris": ["javascript:alert(1)"]},
            {"redirect_uris": []}, {"client_secret": "x"}, {"token_endpoint_auth_method": "client_secret_basic"},
            {"token_endpoint_auth_method": "private_key_jwt"},
        ):  # fmt: skip
            with self.subTest(changes=changes):
                good, self.document = self.document, {**self.document, **changes}
                self.serve()
                self.assert_unusable(self.ask())
                self.document = good
        for options in ({"body": b"[]"}, {"body": b"{"}, {"status": 302}, {"status": 404}, {"kind": "text/html"},
                        {"error": net.FetchError("too long")},
                        {"error": net.TargetRefusedError("not public")}):  # fmt: skip
            with self.subTest(options=options):
                self.serve(**options)
                self.assert_unusable(self.ask())
        self.assertFalse(self.env["mcp.oauth.client"].search([("client_id", "=", DOCUMENT)]))

    def test_a_document_that_prefers_private_key_jwt_but_takes_none_is_accepted(self):
        self.document |= {
            "token_endpoint_auth_method": "private_key_jwt",
            "token_endpoint_auth_methods_supported": ["private_key_jwt", "none"],
        }
        self.serve()
        self.assertIn("Document Tool", self.ask().text)

    def test_addresses_of_no_document_are_refused_unfetched(self):
        self.serve()
        for client_id in ("https://tool.example.com", "https://tool.example.com/", "https://a@tool.example.com/x",
                          "https://tool.example.com/../x", "https://tool.example.com/%2e%2e/x",
                          "https://tool.example.com/x#y", "https://" + "x" * 600 + "/x"):  # fmt: skip
            self.assert_unusable(self.ask(client_id))
        self.assertEqual(self.fetched, [])

    def test_private_addresses_are_not_asked(self):
        for client_id in ("https://127.0.0.1/c.json", "https://localhost/c.json", "https://169.254.169.254/c.json",
                          "https://[::1]/c.json", "https://10.0.0.1:8443/c.json", "https://2130706433/c"):  # fmt: skip
            with self.subTest(client_id=client_id):
                self.assert_unusable(self.ask(client_id))

    def test_strangers_cannot_make_this_server_ask_others(self):
        self.serve()
        pairs, _verifier = self.request_of(client_id=DOCUMENT)
        self.assertEqual(self.http("GET", "/oauth/authorize?" + urlencode(pairs)).status_code, 303)
        new_test_user(self.env, login="mcp_outsider", groups="base.group_user")
        self.assertEqual(self.open_consent(pairs, login="mcp_outsider").status_code, 403)
        self.assertEqual(self.fetched, [])

    def test_switched_off_registration_holds_for_documents_too(self):
        self.serve()
        self.settings.oauth_registration = False
        self.assert_unusable(self.ask())
        self.assertEqual(self.fetched, [])

    def test_with_approval_required_documents_wait_too(self):
        self.serve()
        self.settings.oauth_require_approval = True
        self.assertEqual(self.ask().status_code, 403)
        self.client_record(DOCUMENT).with_user(self.env.ref("base.user_admin")).action_approve()
        self.assertEqual(self.ask().status_code, 200)


@tagged("post_install", "-at_install")
class TestClientsByHand(OAuthCase):
    """What administrators do with clients."""

    def wizard(self, login="admin", **values):
        user = self.env["res.users"].search([("login", "=", login)])
        return self.env["mcp.oauth.client.wizard"].with_user(user).create({"name": "Team", **values})

    def test_a_shared_client_lets_everybody_log_in_as_themselves(self):
        wizard = self.wizard(source="shared")
        self.assertIn("https://claude.ai/api/mcp/auth_callback", wizard.redirect_uris)
        self.assertIn("https://chatgpt.com/connector_platform_oauth_redirect", wizard.redirect_uris)
        self.assertIn("http://localhost/callback", wizard.redirect_uris)
        shown = wizard.action_create_client()["params"]
        proof = {"client_id": shown["client_id"], "client_secret": shown["secret"]}
        new_test_user(self.env, login="mcp_berta", groups=MCP_GROUPS)
        uri = "http://localhost:5555/callback"
        for login in ("mcp_anita", "mcp_berta"):
            answer, verifier = self.consent(login, client_id=shown["client_id"], redirect_uri=uri)
            tokens = self.exchange(answer["code"], verifier, redirect_uri=uri, **proof).json()
            self.assertIn(login, self.call(tokens["access_token"]).text)
        connections = self.client_record(shown["client_id"]).connection_ids
        self.assertEqual(sorted(connections.mapped("user_id.login")), ["mcp_anita", "mcp_berta"])
        self.assertEqual(set(connections.mapped("way_in")), {"shared"})

    def test_the_secret_is_shown_once_and_stored_nowhere(self):
        wizard = self.wizard(source="custom", redirect_uris=CALLBACK)
        shown = wizard.action_create_client()["params"]
        record = self.client_record(shown["client_id"])
        for table in ("mcp_oauth_client", "mcp_oauth_client_wizard", "mail_message"):
            self.env.flush_all()
            self.env.cr.execute(f"SELECT to_jsonb(t)::text FROM {table} t")
            self.assertNotIn(shown["secret"][5:], str(self.env.cr.fetchall()))
        again = record.with_user(self.env.ref("base.user_admin")).action_new_secret()["params"]
        self.assertNotEqual(again["secret"], shown["secret"])
        old = {"client_id": shown["client_id"], "client_secret": shown["secret"]}
        self.env.flush_all()
        self.assert_error(self.exchange("x", "y", **old), "invalid_client", 401)
        self.assert_error(self.exchange("x", "y", **{**old, "client_secret": again["secret"]}), "invalid_grant")

    def test_addresses_that_may_not_be_redirected_to_are_refused(self):
        for uris in ("http://tool.example.com/cb", "javascript:alert(1)", "  "):
            with self.assertRaises(ValidationError):
                self.wizard(source="custom", redirect_uris=uris).action_create_client()
        with self.assertRaisesRegex(ValidationError, "https"):
            self.record.redirect_uris = "ftp://x"

    def test_taking_the_approval_away_disconnects_everybody_at_once(self):
        tokens = self.log_in()
        self.record.with_user(self.env.ref("base.user_admin")).action_disapprove()
        self.assert_refused(tokens["access_token"])
        self.assert_error(self.refresh(tokens["refresh_token"]), "invalid_client", 401)

    def test_one_person_or_all_are_disconnected_from_a_client(self):
        new_test_user(self.env, login="mcp_berta", groups=MCP_GROUPS)
        anita, berta = self.log_in(), self.log_in("mcp_berta")
        admin = self.env.ref("base.user_admin")
        connections = self.record.with_user(admin).connection_ids
        connections.filtered(lambda connection: connection.user_id.login == "mcp_anita").action_revoke()
        self.assert_refused(anita["access_token"])
        self.assert_error(self.refresh(anita["refresh_token"]), "invalid_grant")
        self.assert_works(berta["access_token"])
        self.record.with_user(admin).action_revoke_all()
        self.assert_refused(berta["access_token"])
        self.assertEqual(self.record.connection_count, 0)

    def test_only_administrators_see_and_change_clients(self):
        record = self.record.with_user(self.user)
        with self.assertRaises(AccessError):
            record.read(["name"])
        self.log_in()
        self.assertEqual(record.read(["name"])[0]["name"], "Test Tool", "their own")
        for attempt in (
            record.action_disapprove,
            record.action_revoke_all,
            lambda: record.write({"redirect_uris": "https://evil.example"}),
            record.unlink,
            lambda: self.wizard("mcp_anita", redirect_uris=CALLBACK),
        ):
            with self.assertRaises(AccessError):
                attempt()

    def test_a_client_that_people_use_is_not_deleted_and_none_is_copied(self):
        self.log_in()
        with self.assertRaisesRegex(ValidationError, "approval"):
            self.record.with_user(self.env.ref("base.user_admin")).unlink()
        with self.assertRaises(AccessError):
            self.record.copy()

    def test_settings_that_make_no_sense_are_refused(self):
        for values in ({"oauth_access_seconds": 1}, {"oauth_refresh_seconds": 10}, {"oauth_grace_seconds": -1},
                       {"oauth_grace_seconds": 3600}, {"oauth_unused_days": 0}):  # fmt: skip
            refused = self.assertRaises(IntegrityError)
            with self.subTest(values=values), mute_logger("odoo.sql_db"), refused, self.cr.savepoint():
                self.settings.write(values)
                self.settings.flush_recordset()
