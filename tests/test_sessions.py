import json
import time

from odoo.tests import HttpCase, tagged

from ..services.conversations import sessions, states
from ..services.identity import bearer
from ..services.protocol.errors import ProtocolError
from .common import McpCase, make_key

JSON = "application/json"


@tagged("post_install", "-at_install")
class TestSessions(HttpCase):
    def setUp(self):
        super().setUp()
        self.env["mcp.settings"].current().enabled = True
        self.user, self.connection, self.key = make_key(self.env, "mcp_anita")
        _user, _connection, self.other_key = make_key(self.env, "mcp_berta")
        self.env.flush_all()

    def send(self, method="POST", body=None, session=None, key=None, version=None):
        headers = {
            "Content-Type": JSON,
            "Accept": f"{JSON}, text/event-stream",
            "Authorization": f"Bearer {key or self.key}",
        }
        if session:
            headers["Mcp-Session-Id"] = session
        if version:
            headers["MCP-Protocol-Version"] = version
        self.opener.cookies.clear()
        return self.opener.request(
            method, self.base_url() + "/odoo/mcp", json=body, headers=headers, allow_redirects=False, timeout=30
        )

    def ask(self, method, params=None, **options):
        return self.send(body={"jsonrpc": "2.0", "id": 1, "method": method, "params": params or {}}, **options)

    def open(self, version="2025-11-25"):
        client = {"name": "claude", "version": "2"}
        response = self.ask("initialize", {"protocolVersion": version, "capabilities": {}, "clientInfo": client})
        self.assertEqual(response.status_code, 200)
        return response.headers["Mcp-Session-Id"]

    def test_initialize_opens_a_session_that_is_stored_as_a_hash(self):
        session_id = self.open()
        self.assertRegex(session_id, r"^[\x21-\x7e]{40,}$")
        session = self.env["mcp.session"].search([("connection_id", "=", self.connection.id)])
        self.assertEqual((session.client, session.protocol_version), ("claude 2", "2025-11-25"))
        self.assertNotIn(session_id, str(session.sudo().read()))

    def test_a_session_remembers_the_version_so_that_no_header_is_needed(self):
        with_session = self.ask("tools/list", session=self.open()).json()["result"]["tools"][0]
        without = self.ask("tools/list").json()["result"]["tools"][0]
        self.assertIn("outputSchema", with_session)
        self.assertNotIn("outputSchema", without)

    def test_the_session_decides_the_version_whichever_the_header_repeats(self):
        answer = self.ask("tools/list", session=self.open(), version="2025-03-26")
        self.assertIn("outputSchema", answer.json()["result"]["tools"][0])

    def test_unknown_ended_and_foreign_sessions_are_not_found(self):
        session_id = self.open()
        self.assertEqual(self.ask("ping", session=session_id).status_code, 200)
        self.assertEqual(self.ask("ping", session="x" * 43).status_code, 404)
        self.assertEqual(self.ask("ping", session=session_id, key=self.other_key).status_code, 404)
        self.assertEqual(self.send("DELETE", session=session_id, key=self.other_key).status_code, 404)
        self.assertEqual(self.send("DELETE", session=session_id).status_code, 200)
        self.assertEqual(self.ask("ping", session=session_id).status_code, 404)
        self.assertEqual(self.send("DELETE", session=session_id).status_code, 404)

    def test_an_administrator_ends_a_session_by_hand(self):
        session_id = self.open()
        session = self.env["mcp.session"].search([("connection_id", "=", self.connection.id)])
        session.with_user(self.env.ref("base.user_admin")).action_end()
        self.env.flush_all()
        self.assertEqual(self.ask("ping", session=session_id).status_code, 404)

    def test_a_level_for_log_messages_is_kept_with_the_session(self):
        session_id = self.open()
        self.assertEqual(self.ask("logging/setLevel", {"level": "warning"}, session=session_id).json()["result"], {})
        session = self.env["mcp.session"].search([("connection_id", "=", self.connection.id)])
        self.assertEqual(session.log_level, "warning")


@tagged("post_install", "-at_install")
class TestRequestStates(McpCase):
    """requestState is for one user, one connection, one call, for a while, and once."""

    def setUp(self):
        super().setUp()
        self.caller = bearer.identify(self.env, self.key).caller
        self.other = bearer.identify(self.env, self.admin_key).caller
        used = set()

        def use_up(_env, once):
            if once in used:
                return False
            used.add(once)
            return True

        # the real one commits in a transaction of its own, which a test must not
        self.patch(states, "_use_up", use_up)

    def state(self):
        return states.state_of(self.env, self.caller, "book", {"room": 1}, {"name": {"action": "accept"}})

    def open(self, state, caller=None, name="book", arguments=None):
        return states.answers_of(self.env, caller or self.caller, name, arguments or {"room": 1}, state)

    def test_it_brings_back_what_was_answered(self):
        self.assertEqual(self.open(self.state()), {"name": {"action": "accept"}})

    def test_it_is_refused_for_anything_else(self):
        state = self.state()
        attempts = {
            "another user": {"state": state, "caller": self.other},
            "another tool": {"state": state, "name": "cancel"},
            "other arguments": {"state": state, "arguments": {"room": 2}},
            "tampered": {"state": state[:-3] + "AAA"},
            "garbage": {"state": "x"},
        }
        for what, options in attempts.items():
            with self.subTest(what), self.assertRaises(ProtocolError) as caught:
                self.open(**options)
            self.assertEqual(caught.exception.code, -32602)
        self.open(state)

    def test_it_is_good_once(self):
        state = self.state()
        self.open(state)
        with self.assertRaisesRegex(ProtocolError, "used before"):
            self.open(state)

    def test_it_expires(self):
        state = self.state()
        now = time.time()
        self.patch(states.time, "time", lambda: now + states.STATE_AGE + 1)
        with self.assertRaisesRegex(ProtocolError, "too old"):
            self.open(state)

    def test_answers_are_kept_for_their_session_and_request(self):
        key, session_id = sessions.open_session(self.env.cr, self.caller, "2025-11-25", {"name": "x"}, {}, None)
        found = sessions.find(self.env, self.caller, session_id)
        self.assertEqual((found.key, found.session.protocol_version), (key, "2025-11-25"))
        self.assertIsNone(sessions.find(self.env, self.other, session_id))
        sessions.leave(self.env.cr, key, "answer", "ask-1", {"result": {"action": "accept\0"}})
        event = self.env["mcp.event"].sudo().search([("session_id", "=", key)])
        self.assertEqual((event.stream, json.loads(event.payload)), ("ask-1", {"result": {"action": "accept\0"}}))
