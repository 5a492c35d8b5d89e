import json
import time

from odoo.service.model import MAX_TRIES_ON_CONCURRENCY_FAILURE
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from ..services.identity import keys
from .common import make_key

JSON = "application/json"


@tagged("post_install", "-at_install")
class TestEndpoint(HttpCase):
    def setUp(self):
        super().setUp()
        self.settings = self.env["mcp.settings"].current()
        self.settings.enabled = True
        self.user, self.connection, self.key = make_key(self.env, "mcp_anita")
        self.env.flush_all()

    def send(self, method="POST", path="/odoo/mcp", body=None, headers=None, key="own", session=None):
        """One request without cookies or redirects; ``body`` is JSON unless it is bytes."""
        headers = {"Content-Type": JSON, "Accept": f"{JSON}, text/event-stream", **(headers or {})}
        if key:
            headers["Authorization"] = f"Bearer {self.key if key == 'own' else key}"
        data = body if isinstance(body, bytes) else json.dumps(body).encode() if body is not None else None
        self.opener.cookies.clear()
        if session:
            self.opener.cookies.set("session_id", session.sid)
        return self.opener.request(
            method, self.base_url() + path, data=data, headers=headers, allow_redirects=False, timeout=30
        )

    def call(self, tool, arguments=None, **options):
        message = {
            "jsonrpc": "2.0",
            "id": 7,
            "method": "tools/call",
            "params": {"name": tool, "arguments": arguments or {}},
        }
        return self.send(body=message, **options)

    def test_both_paths_answer_a_call_with_json(self):
        for path in ("/odoo/mcp", "/mcp"):
            with self.subTest(path=path):
                response = self.call("whoami", path=path)
                self.assertEqual((response.status_code, response.headers["Content-Type"]), (200, JSON))
                answer = response.json()
                self.assertEqual((answer["jsonrpc"], answer["id"]), ("2.0", 7))
                self.assertIn("mcp_anita", answer["result"]["content"][0]["text"])

    def test_a_call_is_noted_on_the_connection_and_turns_its_pill_green(self):
        self.assertEqual(self.connection.status, "awaiting")
        self.call("whoami", headers={"User-Agent": "some-client/3"})
        self.connection.invalidate_recordset()
        self.assertEqual(self.connection.status, "connected")
        params = {"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": {"name": "claude", "version": "2"}}
        self.send(body={"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": params})
        self.connection.invalidate_recordset()
        self.assertEqual(self.connection.last_client, "claude 2")
        self.assertTrue(self.connection.credential_ids.last_used_at)

    def test_every_bad_credential_gets_the_same_401(self):
        revoked = keys.issue_key(self.connection)
        self.connection.credential_ids.sorted("id")[-1]._revoke()
        _user, archived_connection, archived = make_key(self.env, "mcp_berta")
        archived_connection.user_id.active = False
        self.env.flush_all()
        answers = {}
        for what, options in {
            "none": {"key": None},
            "empty": {"key": None, "headers": {"Authorization": "Bearer "}},
            "basic": {"key": None, "headers": {"Authorization": "Basic YWRtaW46YWRtaW4="}},
            "garbage": {"key": "garbage"},
            "unknown": {"key": "mcp_" + "x" * 43},
            "revoked": {"key": revoked},
            "archived": {"key": archived},
            "a web session": {"key": None, "session": self.authenticate("admin", "admin")},
        }.items():
            response = self.call("whoami", **options)
            answers[what] = (response.status_code, response.text)
            self.assertTrue(response.headers["WWW-Authenticate"].startswith("Bearer "), what)
        self.assertEqual(set(answers.values()), {(401, answers["none"][1])})

    def test_refused_requests_are_on_record_with_their_reason(self):
        self.call("whoami", key="mcp_" + "x" * 43)
        self.connection.with_user(self.env.ref("base.user_admin")).action_revoke()
        self.env.flush_all()
        self.call("whoami")
        known, unknown = self.env["mcp.audit.log"].search([], limit=2)
        self.assertEqual((unknown.http_status, unknown.error, unknown.user_id.id), (401, "unknown key", False))
        self.assertEqual((known.http_status, known.error, known.connection_id), (401, "key revoked", self.connection))

    def test_a_switched_off_server_refuses_valid_keys_too(self):
        self.settings.enabled = False
        self.env.flush_all()
        self.assertEqual(self.call("whoami").status_code, 503)
        self.assertEqual(self.call("whoami", key=None).status_code, 503)
        self.assertEqual(self.env["mcp.audit.log"].search([], limit=1).http_status, 503)

    def test_a_foreign_origin_is_refused_even_when_it_names_itself_as_host(self):
        for origin, status in {
            "https://evil.example": 403,
            "null": 403,
            "https://claude.ai": 200,
            "http://localhost:6274": 200,
            self.base_url(): 200,
        }.items():
            with self.subTest(origin=origin):
                response = self.call("whoami", headers={"Origin": origin})
                self.assertEqual(response.status_code, status)
                allowed = response.headers.get("Access-Control-Allow-Origin")
                self.assertEqual(allowed, origin if status == 200 else None)
                self.assertNotIn("Access-Control-Allow-Credentials", response.headers)
        rebound = {"Origin": "http://evil.example", "Host": "evil.example"}
        self.assertEqual(self.call("whoami", headers=rebound).status_code, 403)

    def test_a_preflight_is_answered_without_a_key(self):
        asked = {"Origin": "https://claude.ai", "Access-Control-Request-Method": "POST"}
        response = self.send("OPTIONS", headers=asked, key=None)
        self.assertEqual(response.status_code, 204)
        self.assertIn("Authorization", response.headers["Access-Control-Allow-Headers"])
        self.assertEqual(self.send("OPTIONS", headers={"Origin": "https://evil.example"}, key=None).status_code, 403)

    def test_query_and_form_fields_never_become_arguments(self):
        for options in (
            {"path": "/odoo/mcp?self=1&model=x"},
            {"body": b"self=1", "headers": {"Content-Type": "application/x-www-form-urlencoded"}},
        ):
            for key, statuses in (("own", (400, 415)), (None, (401,))):
                with self.subTest(options=options, key=key):
                    response = self.send(**{"body": {}, **options}, key=key)
                    self.assertIn(response.status_code, statuses)
                    self.assertIn("error", response.json())

    def test_other_methods_are_not_offered(self):
        for method in ("GET", "DELETE", "PUT", "PATCH"):
            response = self.send(method)
            self.assertEqual(response.status_code, 405)
            self.assertIn("POST", response.headers["Allow"])
            self.assertEqual(self.send(method, key=None).status_code, 401)

    def test_a_request_without_a_length_or_beyond_the_limit_is_refused_unread(self):
        self.settings.max_payload_kb = 16
        self.env.flush_all()
        self.assertEqual(self.send(body=b" " * 17_000).status_code, 413)
        self.opener.cookies.clear()
        chunked = self.opener.post(
            self.base_url() + "/odoo/mcp",
            data=iter([b"{}"]),
            headers={"Authorization": f"Bearer {self.key}"},
            timeout=30,
        )
        self.assertEqual(chunked.status_code, 411)

    def test_a_wrong_content_type_is_refused(self):
        self.assertEqual(self.call("whoami", headers={"Content-Type": "text/plain"}).status_code, 415)

    def test_json_that_is_none_is_a_parse_error(self):
        response = self.send(body=b"{not json")
        self.assertEqual((response.status_code, response.json()["error"]["code"]), (400, -32700))

    def test_a_notification_is_accepted_without_a_body(self):
        response = self.send(body={"jsonrpc": "2.0", "method": "notifications/initialized"})
        self.assertEqual((response.status_code, response.content), (202, b""))

    def test_the_stateless_era_checks_headers_against_the_body(self):
        version = "2026-07-28"
        meta = {
            "io.modelcontextprotocol/protocolVersion": version,
            "io.modelcontextprotocol/clientCapabilities": {},
        }
        message = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": "whoami", "_meta": meta}}
        headers = {"MCP-Protocol-Version": version, "Mcp-Method": "tools/call", "Mcp-Name": "whoami"}
        good = self.send(body=message, headers=headers)
        self.assertEqual((good.status_code, good.json()["result"]["resultType"]), (200, "complete"))
        wrong = self.send(body=message, headers={**headers, "Mcp-Name": "server_info"})
        self.assertEqual((wrong.status_code, wrong.json()["error"]["code"]), (400, -32020))
        gone = {**message, "method": "ping", "params": {"_meta": meta}}
        response = self.send(body=gone, headers={"MCP-Protocol-Version": version, "Mcp-Method": "ping"})
        self.assertEqual((response.status_code, response.json()["error"]["code"]), (404, -32601))

    def test_no_answer_sets_a_cookie_or_keeps_a_session(self):
        sessions = set(self._session_files())
        for response in (
            self.call("whoami"),
            self.call("whoami", key=None),
            self.send("GET"),
            self.send("OPTIONS", headers={"Origin": "https://claude.ai"}),
            self.send(body=b"{"),
        ):
            self.assertNotIn("Set-Cookie", response.headers)
        self.assertEqual(set(self._session_files()), sessions)

    def _session_files(self):
        from odoo.http import root

        return root.session_store.list()

    def test_a_web_session_of_somebody_else_does_not_change_who_calls(self):
        session = self.authenticate("admin", "admin")
        response = self.call("whoami", session=session)
        self.assertIn('"login":"mcp_anita"', response.json()["result"]["content"][0]["text"])

    def test_a_serialization_failure_is_retried_by_odoo_and_at_last_explained(self):
        registry_class = type(self.env["mcp.tool.registry"])
        attempts = []

        def conflicting(model, call):
            attempts.append(1)
            if len(attempts) < failures:
                model.env.cr.execute(
                    "DO $$ BEGIN RAISE EXCEPTION 'conflict' USING ERRCODE = 'serialization_failure'; END $$"
                )
            return {"user": {}}

        self.patch(registry_class, "whoami", conflicting)
        self.patch(time, "sleep", lambda _seconds: None)
        failures = 3
        with mute_logger("odoo.sql_db", "odoo.service.model"):
            response = self.call("whoami")
            self.assertFalse(response.json()["result"]["isError"])
            self.assertEqual(len(attempts), 3)
            attempts.clear()
            failures = 99
            response = self.call("whoami")
        self.assertEqual(len(attempts), MAX_TRIES_ON_CONCURRENCY_FAILURE)
        self.assertEqual(response.status_code, 200)
        self.assertIn("Try again", response.json()["result"]["content"][0]["text"])
        rows = self.env["mcp.audit.log"].search([], limit=2)
        self.assertEqual(rows.mapped("outcome"), ["error", "ok"])
