import time
from urllib.parse import urlencode

from odoo.http import root
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .common import MCP_GROUPS
from .oauth_common import CALLBACK, OAuthCase


@tagged("post_install", "-at_install")
class TestAuthorizationRequest(OAuthCase):
    """What a client may ask for (checks 11, 12, 16, 21 and 22)."""

    def assert_refused_without_redirect(self, response, status=400):
        self.assertEqual(response.status_code, status, response.text)
        self.assertNotIn("Location", response.headers)
        self.assertIn("cannot be connected", response.text)

    def assert_asks(self, response):
        self.assertEqual(response.status_code, 200, response.text)
        self.assertIn('value="allow"', response.text)

    def test_only_the_registered_redirect_uri_is_gone_to(self):
        for uri in (
            CALLBACK + "/", CALLBACK + "?x=1", CALLBACK + "#x", CALLBACK.upper(), CALLBACK.replace("https", "http"),
            "https://tool.example.com/Callback", "https://evil.tool.example.com/callback",
            "https://tool.example.com:444/callback", "https://user@tool.example.com/callback",
            "https://tool.example.com\\@evil.example/callback", "https://tool.example.com/%2e/callback",
            "https://tool.example.com/x/../callback", "https://tool.example.com.evil.example/callback",
            "https://evil.example", "javascript:alert(1)", "//evil.example", "/callback", "",
        ):  # fmt: skip
            with self.subTest(uri=uri):
                pairs, _verifier = self.request_of(redirect_uri=uri)
                self.assert_refused_without_redirect(self.open_consent(pairs))

    def test_on_localhost_the_port_may_differ_and_nothing_else(self):
        client_id = self.register(redirect_uris=["http://127.0.0.1:7777/cb?a=1"])["client_id"]
        for uri in ("http://127.0.0.1:7777/cb?a=1", "http://127.0.0.1:1234/cb?a=1", "http://127.0.0.1/cb?a=1"):
            self.assert_asks(self.open_consent(self.request_of(client_id=client_id, redirect_uri=uri)[0]))
        for uri in ("http://localhost:7777/cb?a=1", "http://127.0.0.1:7777/cb", "https://127.0.0.1:7777/cb?a=1",
                    "http://127.0.0.1:7777@evil.example/cb?a=1"):  # fmt: skip
            pairs, _verifier = self.request_of(client_id=client_id, redirect_uri=uri)
            self.assert_refused_without_redirect(self.open_consent(pairs))

    def test_a_client_with_one_redirect_uri_need_not_repeat_it(self):
        self.assert_asks(self.open_consent(self.request_of(redirect_uri=None)[0]))
        two = self.register(redirect_uris=[CALLBACK, CALLBACK + "2"])["client_id"]
        self.assert_refused_without_redirect(self.open_consent(self.request_of(client_id=two, redirect_uri=None)[0]))

    def test_mistakes_lead_nobody_away_unless_an_administrator_vouched_for_the_client(self):
        mistakes = {
            "unsupported_response_type": {"response_type": "token"},
            "invalid_request": {"response_type": None},
            "invalid_target": {"resource": "https://else.example/mcp"},
            "interaction_required": {"prompt": "none"},
        }
        for error, changes in mistakes.items():
            with self.subTest(error=error):
                pairs, _verifier = self.request_of(**changes)
                page = self.open_consent(pairs)
                self.assert_refused_without_redirect(page)
                self.assertIn(error, page.text)
        self.record.whitelisted = True
        self.env.flush_all()
        for error, changes in mistakes.items():
            with self.subTest(error=error, trusted=True):
                response = self.open_consent(self.request_of(**changes)[0])
                self.assertEqual(response.status_code, 303)
                answer = self.answer_in(response.headers["Location"])
                self.assertEqual((answer["error"], answer["state"], answer["iss"]), (error, "st&te", self.base_url()))
                self.assertTrue(response.headers["Location"].startswith(CALLBACK + "?"))

    def test_pkce_with_s256_is_demanded(self):
        challenge = self.request_of()[0]["code_challenge"]
        for changes in (
            {"code_challenge": None, "code_challenge_method": None},
            {"code_challenge": None},
            {"code_challenge_method": None},
            {"code_challenge_method": "plain"},
            {"code_challenge_method": "s256"},
            {"code_challenge": challenge[:-1]},
            {"code_challenge": challenge + "="},
            {"code_challenge": "+" + challenge[1:]},
        ):
            with self.subTest(changes=changes):
                page = self.open_consent(self.request_of(**changes)[0])
                self.assert_refused_without_redirect(page)
                self.assertIn("invalid_request", page.text)

    def test_unknown_clients_and_repeated_parameters_are_refused(self):
        for client_id in ("mcp-unknown", "", None, "http://tool.example.com/client.json"):
            self.assert_refused_without_redirect(self.open_consent(self.request_of(client_id=client_id)[0]))
        pairs, _verifier = self.request_of()
        for name, value in pairs.items():
            if name != "resource":
                self.assert_refused_without_redirect(self.open_consent([*pairs.items(), (name, value)]))
        twice = [*pairs.items(), ("resource", f"{self.base_url()}/mcp")]
        self.assert_asks(self.open_consent(twice))
        self.assert_refused_without_redirect(self.open_consent([*twice, ("resource", "https://else.example")]))
        self.assert_refused_without_redirect(self.open_consent({**pairs, "state": "x" * 5000}))
        self.assert_refused_without_redirect(self.open_consent({**pairs, "state": "a\x00b"}))

    def test_parameters_nobody_knows_and_missing_optional_ones_do_no_harm(self):
        self.assert_asks(self.open_consent({**self.request_of()[0], "self": "1", "audience": "x", "nonce": "y"}))
        self.assert_asks(self.open_consent(self.request_of(resource=None, state=None)[0]))
        answer, _verifier = self.consent(state=None)
        self.assertEqual(set(answer), {"code", "iss"})

    def test_scopes_are_those_of_the_request_within_those_of_the_client(self):
        reader = self.register(scope="mcp:read")["client_id"]
        for changes, granted in (
            ({"scope": None}, "mcp:read mcp:write"),
            ({"scope": " offline_access"}, "mcp:read mcp:write"),
            ({"scope": "mcp:read openid profile"}, "mcp:read"),
            ({"scope": "mcp:write"}, "mcp:read mcp:write"),
            ({"scope": "mcp:admin"}, "mcp:read mcp:write"),
            ({"scope": "mcp:write", "client_id": reader}, "mcp:read"),
            ({"scope": None, "client_id": reader}, "mcp:read"),
        ):
            with self.subTest(changes=changes):
                self.assertEqual(self.log_in(**changes)["scope"], granted)

    def test_what_the_client_says_of_itself_is_shown_as_text(self):
        name = "<script>alert(1)</script>\"'&\r\n\u202eevil"
        client_id = self.register(client_name=name, logo_uri="https://evil.example/x.png")["client_id"]
        page = self.open_consent(self.request_of(client_id=client_id, state='"><script>alert(2)</script>')[0])
        self.assert_asks(page)
        self.assertNotIn("<script", page.text)
        self.assertNotIn("\u202e", page.text)
        self.assertNotIn("evil.example", page.text)
        self.assertIn("&lt;script&gt;alert(1)&lt;/script&gt;", page.text)

    def test_a_switched_off_server_asks_nobody(self):
        self.settings.enabled = False
        self.env.flush_all()
        page = self.open_consent(self.request_of()[0])
        self.assertEqual(page.status_code, 503)


@tagged("post_install", "-at_install")
class TestConsent(OAuthCase):
    """Who is asked, what they are told, and what comes of their answer (checks 15, 19)."""

    def test_nobody_is_asked_without_logging_in_first(self):
        response = self.http("GET", "/oauth/authorize?" + urlencode(self.request_of()[0]))
        self.assertEqual(response.status_code, 303)
        self.assertTrue(response.headers["Location"].startswith("/web/login?redirect=%2Foauth%2Fauthorize%3F"))

    def test_the_page_names_everything_that_matters(self):
        page = self.open_consent(self.request_of()[0])
        for text in ("Test Tool", "tool.example.com", "Anita", "mcp_anita", "Read only", "Read and change",
                     "introduced itself", "30 days"):  # fmt: skip
            self.assertIn(text, page.text)
        local = self.register(client_name="CLI", redirect_uris=["http://localhost/cb"])["client_id"]
        page = self.open_consent(self.request_of(client_id=local, redirect_uri="http://localhost:999/cb")[0])
        self.assertIn("localhost:999", page.text)
        self.assertIn("your own computer", page.text)

    def test_the_page_cannot_be_framed_cached_scripted_or_leaked(self):
        page = self.open_consent(self.request_of()[0])
        csp = page.headers["Content-Security-Policy"]
        self.assertIn("frame-ancestors 'none'", csp)
        self.assertIn("default-src 'none'", csp)
        self.assertNotIn("unsafe", csp)
        self.assertEqual(page.headers["X-Frame-Options"], "DENY")
        self.assertEqual(page.headers["Cache-Control"], "no-store")
        self.assertEqual(page.headers["Referrer-Policy"], "same-origin")

    def test_asking_grants_nothing(self):
        codes = self.env["mcp.oauth.code"].search_count([])
        connections = self.env["mcp.connection"].search_count([])
        self.open_consent(self.request_of()[0])
        self.assertEqual(self.env["mcp.oauth.code"].search_count([]), codes)
        self.assertEqual(self.env["mcp.connection"].search_count([]), connections)

    def test_allowing_gives_a_code_the_state_and_the_issuer(self):
        answer, _verifier = self.consent()
        self.assertEqual(set(answer), {"code", "state", "iss"})
        self.assertEqual((answer["state"], answer["iss"]), ("st&te", self.base_url()))
        connection = self.env["mcp.connection"].search([("oauth_client_id", "=", self.record.id)])
        self.assertEqual((connection.user_id, connection.state, connection.way_in), (self.user, "active", "oauth"))
        self.assertIn("Test Tool", connection.name)

    def test_a_redirect_uri_with_a_query_keeps_it(self):
        uri = "https://tool.example.com/cb?tenant=a%20b"
        client_id = self.register(redirect_uris=[uri])["client_id"]
        page = self.open_consent(self.request_of(client_id=client_id, redirect_uri=uri)[0])
        location = self.send_answer(self.form_of(page)).headers["Location"]
        self.assertTrue(location.startswith(uri + "&code="), location)

    def test_cancelling_tells_the_client_and_leaves_nothing(self):
        page = self.open_consent(self.request_of()[0])
        response = self.send_answer(self.form_of(page), decision="deny")
        answer = self.answer_in(response.headers["Location"])
        self.assertEqual((answer["error"], answer["state"]), ("access_denied", "st&te"))
        self.assertEqual(answer["iss"], self.base_url())
        self.assertFalse(self.env["mcp.connection"].search([("oauth_client_id", "=", self.record.id)]))

    @mute_logger("odoo.http")
    def test_only_our_own_form_in_the_same_login_session_counts(self):
        page = self.open_consent(self.request_of()[0])
        form = self.form_of(page)
        for what, wrong in {
            "no CSRF token": {**form, "csrf_token": ""},
            "another CSRF token": {**form, "csrf_token": "0" * 40 + "o9999999999"},
            "no question": {**form, "request": ""},
            "a changed question": {**form, "request": form["request"][:-2] + "AA"},
        }.items():
            with self.subTest(what):
                self.assertEqual(self.send_answer(wrong).status_code, 400)
        foreign = self.send_answer(form, headers={"Origin": "https://evil.example"})
        self.assertEqual(foreign.status_code, 400)
        self.assertEqual(self.send_answer(form, headers={"Origin": "null"}).status_code, 400)
        self.authenticate("mcp_anita", "mcp_anita")
        again = self.form_of(self.open_consent(self.request_of()[0]))
        self.assertEqual(self.send_answer({**again, "request": form["request"]}).status_code, 400)
        self.assertEqual(self.send_answer(again, headers={"Origin": self.base_url()}).status_code, 303)

    def test_the_question_of_one_person_is_not_answered_by_another(self):
        new_test_user(self.env, login="mcp_berta", groups=MCP_GROUPS)
        question = self.form_of(self.open_consent(self.request_of()[0]))["request"]
        form = self.form_of(self.open_consent(self.request_of()[0], login="mcp_berta"))
        self.assertEqual(self.send_answer({**form, "request": question}).status_code, 400)

    def test_the_question_is_for_one_client_and_its_redirect_of_that_moment(self):
        form = self.form_of(self.open_consent(self.request_of()[0]))
        self.record.redirect_uris = "https://tool.example.com/elsewhere"
        self.env.flush_all()
        self.assertEqual(self.send_answer(form).status_code, 400)

    def test_a_question_is_forgotten_after_half_an_hour(self):
        form = self.form_of(self.open_consent(self.request_of()[0]))
        later = time.time() + 1801
        self.patch(time, "time", lambda: later)
        self.assertEqual(self.send_answer(form).status_code, 400)

    def test_the_person_is_asked_again_each_time(self):
        self.log_in()
        page = self.open_consent(self.request_of()[0])
        self.assertIn("You allowed this AI tool before", page.text)
        other = self.register(client_name="Test Tool")["client_id"]
        self.assertNotIn("before", self.open_consent(self.request_of(client_id=other)[0]).text)

    def test_a_second_login_uses_the_same_connection(self):
        first, second = self.log_in(), self.log_in()
        self.assertEqual(self.env["mcp.connection"].search_count([("oauth_client_id", "=", self.record.id)]), 1)
        self.assert_works(first["access_token"])
        self.assert_works(second["access_token"])

    def test_people_who_may_not_connect_get_no_code(self):
        new_test_user(self.env, login="mcp_portal", groups="base.group_portal")
        new_test_user(self.env, login="mcp_outsider", groups="base.group_user")
        self.env.flush_all()
        for login in ("mcp_portal", "mcp_outsider"):
            with self.subTest(login=login):
                page = self.open_consent(self.request_of()[0], login=login)
                self.assertEqual(page.status_code, 403)
                self.assertIn("error=access_denied", page.text)
                self.assertNotIn("Location", page.headers)
                self.assertEqual(self.last_audit().outcome, "refused")

    def test_whoever_loses_the_right_while_thinking_gets_no_code(self):
        form = self.form_of(self.open_consent(self.request_of()[0]))
        self.remove_from_group(self.user)
        self.assertEqual(self.send_answer(form).status_code, 403)

    def remove_from_group(self, user):
        group = self.env.ref("odoo_mcp.group_user")
        field = "group_ids" if "group_ids" in user._fields else "groups_id"
        user.write({field: [(3, group.id)]})
        self.env.flush_all()

    def test_only_groups_that_the_administrator_allows_may_log_in(self):
        group = self.env["res.groups"].create({"name": "May log in AI tools"})
        self.settings.oauth_group_ids = group
        self.env.flush_all()
        self.assertEqual(self.open_consent(self.request_of()[0]).status_code, 403)
        field = "group_ids" if "group_ids" in self.user._fields else "groups_id"
        self.user.write({field: [(4, group.id)]})
        self.env.flush_all()
        tokens = self.log_in()
        self.assert_works(tokens["access_token"])
        self.user.write({field: [(3, group.id)]})
        self.assert_refused(tokens["access_token"])
        self.user.write({field: [(4, group.id)]})
        self.env.flush_all()
        self.assert_works(tokens["access_token"])
        self.settings.oauth_group_ids = self.env.ref("base.group_system")
        self.assert_refused(tokens["access_token"])
        self.assertEqual(self.last_audit().error, "user is in no group that may log in AI tools")
        self.assert_error(self.refresh(tokens["refresh_token"]), "invalid_grant")

    def test_a_login_that_waits_for_its_second_factor_is_no_login(self):
        """The password alone leaves ``pre_uid`` in the session; the person is sent to the login page again."""
        session = self.authenticate("mcp_anita", "mcp_anita")
        session.update(pre_uid=session.uid, pre_login="mcp_anita", uid=None, session_token=None)
        root.session_store.save(session)
        response = self.browse("/oauth/authorize?" + urlencode(self.request_of()[0]))
        self.assertEqual(response.status_code, 303)
        self.assertIn("/web/login?redirect=", response.headers["Location"])

    def test_the_session_gets_another_identifier_at_login(self):
        before = self.authenticate(None, None).sid
        self.assertNotEqual(self.authenticate("mcp_anita", "mcp_anita").sid, before)

    def test_unapproved_clients_are_refused_and_say_whom_to_ask(self):
        self.record.approved = False
        self.env.flush_all()
        page = self.open_consent(self.request_of()[0])
        self.assertEqual(page.status_code, 403)
        self.assertIn("approve", page.text)
        self.assertIn("error=access_denied", page.text)

    def test_of_several_companies_the_person_chooses(self):
        second = self.env["res.company"].create({"name": "Second Company"})
        self.user.write({"company_ids": [(4, second.id)]})
        self.env.flush_all()
        page = self.open_consent(self.request_of()[0])
        self.assertIn("Second Company", page.text)
        form = self.form_of(page)
        self.assertEqual(self.send_answer(form).status_code, 400)
        foreign = self.env["res.company"].create({"name": "Foreign Company"})
        self.env.flush_all()
        self.assertEqual(self.send_answer(form, company=[foreign.id]).status_code, 400)
        narrow = self.log_in(choice={"company": [second.id, foreign.id]})
        answer = self.call(narrow["access_token"], "whoami").json()["result"]["structuredContent"]
        self.assertEqual(answer["company"]["name"], "Second Company")
        self.assertNotIn(self.user.company_id.name, str(answer.get("companies", "")))
        wide = self.log_in(choice={"company": [second.id, self.user.company_id.id]})
        self.assertIn(self.user.company_id.name, self.call(wide["access_token"], "whoami").text)
