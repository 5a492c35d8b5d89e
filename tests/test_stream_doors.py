"""How many streams there may be, and what the doors to them answer."""

from unittest.mock import patch

from odoo.tests import HttpCase, tagged

from ..services.conversations import bounds, followers
from ..services.protocol.errors import ProtocolError
from .common import make_key
from .test_streams import BOTH, JSON, URI, StreamCase


@tagged("post_install", "-at_install")
class TestBounds(StreamCase):
    def limits(self, **values):
        return bounds.StreamLimits(**{"enabled": True, "ordinary": 2, "evented": 2, "per_connection": 2, **values})

    def test_seats_are_bounded_for_each_connection_and_in_all(self):
        seats = bounds.Seats()
        first = seats.take("db", 1, self.limits(per_connection=1))
        with self.assertRaisesRegex(ProtocolError, "This connection"):
            seats.take("db", 1, self.limits(per_connection=1))
        seats.take("db", 2, self.limits(per_connection=1))
        with self.assertRaisesRegex(ProtocolError, "This server") as caught:
            seats.take("db", 3, self.limits())
        self.assertEqual(caught.exception.http_status, 503)
        self.assertIn("Retry-After", caught.exception.headers)
        first()
        seats.take("db", 3, self.limits())

    def test_one_worker_is_left_for_people_and_one_for_calls(self):
        seats, limits = bounds.Seats(), self.limits(ordinary=10)
        self.patch(bounds, "is_evented", lambda: False)
        with patch.dict(bounds.config.options, {"workers": 4}):
            taken = [seats.take("db", connection, limits) for connection in (1, 2)]
            with self.assertRaisesRegex(ProtocolError, "All workers") as caught:
                seats.take("db", 3, limits)
            self.assertEqual(caught.exception.http_status, 503)
            taken.append(seats.take("db", 3, limits, call=True))
            with self.assertRaisesRegex(ProtocolError, "All workers"):
                seats.take("db", 4, limits, call=True)
            taken.pop(0)()
            seats.take("db", 3, limits)()
            for give_back in taken:
                give_back()

    def test_two_workers_hold_no_stream_to_listen_on_so_that_calls_can_ask(self):
        seats = bounds.Seats()
        self.patch(bounds, "is_evented", lambda: False)
        with patch.dict(bounds.config.options, {"workers": 2}):
            with self.assertRaisesRegex(ProtocolError, "too few workers") as caught:
                seats.take("db", 1, self.limits())
            self.assertEqual(caught.exception.http_status, 405)
            seats.take("db", 1, self.limits(), call=True)()
            seats.take("db", 1, self.limits(ordinary=0), call=True)()

    def test_a_lone_worker_holds_no_stream_but_answers_calls(self):
        seats = bounds.Seats()
        self.patch(bounds, "is_evented", lambda: False)
        with patch.dict(bounds.config.options, {"workers": 1}):
            with self.assertRaises(ProtocolError):
                seats.take("db", 1, self.limits())
            seats.take("db", 1, self.limits(), call=True)()

    def test_a_stream_ends_before_odoo_would_end_its_worker(self):
        with patch.dict(bounds.config.options, {"limit_time_real": 60}):
            self.assertEqual(bounds.longest_stream(), 50)


@tagged("post_install", "-at_install")
class TestDoors(HttpCase):
    """What the doors answer; what comes later on streams is tested with real workers, in tests/streams."""

    def setUp(self):
        super().setUp()
        self.settings = self.env["mcp.settings"].current()
        self.settings.enabled = True
        self.user, self.connection, self.key = make_key(self.env, "mcp_anita")
        self.env.flush_all()
        self.patch(followers.HUB, "add", lambda _follower: None)
        # within the test, which must not leave requests behind
        self.patch(bounds, "longest_stream", lambda: 0.5)
        self.patch(bounds, "exempt_from_time_limit", lambda: 0.5)

    def send(self, method="POST", path="/odoo/mcp", body=None, key=None, **headers):
        sent = {"Content-Type": JSON, "Accept": BOTH, "Authorization": f"Bearer {key or self.key}"}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        self.opener.cookies.clear()
        return self.opener.request(method, self.base_url() + path, json=body, headers=sent, timeout=30)

    def ask(self, method, params=None, **options):
        return self.send(body={"jsonrpc": "2.0", "id": 1, "method": method, "params": params or {}}, **options)

    def initialize(self, **options):
        client = {"name": "claude", "version": "2"}
        params = {"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": client}
        return self.ask("initialize", params, **options)

    def first_event(self, response):
        """The lines of the first event; reads the stream to its end."""
        return response.content.decode().split("\n\n")[0].splitlines()

    def test_get_opens_the_stream_of_a_session(self):
        session = self.initialize().headers["Mcp-Session-Id"]
        response = self.send("GET", Mcp_Session_Id=session)
        self.assertEqual((response.status_code, response.headers["Content-Type"]), (200, "text/event-stream"))
        self.assertEqual(response.headers["X-Accel-Buffering"], "no")
        identifier, data = self.first_event(response)
        self.assertRegex(identifier, r"^id: -\.\d+\.\d+\.[0-9a-f]{20}$")
        self.assertEqual(data, "data: ")

    def test_get_without_a_session_or_with_another_ones_is_refused(self):
        session = self.initialize().headers["Mcp-Session-Id"]
        _user, _connection, other_key = make_key(self.env, "mcp_berta")
        self.env.flush_all()
        self.assertEqual(self.send("GET").status_code, 405)
        self.assertEqual(self.send("GET", Mcp_Session_Id="x" * 43).status_code, 404)
        self.assertEqual(self.send("GET", Mcp_Session_Id=session, key=other_key).status_code, 404)
        self.assertEqual(self.send("GET", Mcp_Session_Id=session, Accept=JSON).status_code, 406)
        refused = self.send("GET", Mcp_Session_Id=session, Last_Event_ID="-.1.1.00000000000000000000")
        self.assertEqual(refused.status_code, 400)

    def test_capabilities_say_what_is_true(self):
        capabilities = self.initialize().json()["result"]["capabilities"]
        self.assertEqual(capabilities["resources"], {"subscribe": True, "listChanged": True})
        self.assertEqual(capabilities["tools"], {"listChanged": True})
        self.settings.event_streaming = False
        self.env.flush_all()
        answer = self.initialize()
        capabilities = answer.json()["result"]["capabilities"]
        self.assertEqual((capabilities["resources"], capabilities["tools"]), ({}, {}))
        session = answer.headers["Mcp-Session-Id"]
        self.assertEqual(self.send("GET", Mcp_Session_Id=session).status_code, 405)
        subscribed = self.ask("resources/subscribe", {"uri": "odoo://search/res.partner"}, Mcp_Session_Id=session)
        self.assertEqual(subscribed.json()["error"]["code"], -32601)
        self.assertEqual(self.send("GET", "/mcp/sse").status_code, 405)

    def test_one_stream_too_many_is_503_with_a_time_to_come_back(self):
        self.settings.streams_ordinary = 0
        self.env.flush_all()
        session = self.initialize().headers["Mcp-Session-Id"]
        for path, headers in (("/odoo/mcp", {"Mcp_Session_Id": session}), ("/mcp/sse", {})):
            response = self.send("GET", path, **headers)
            self.assertEqual((response.status_code, response.headers["Retry-After"]), (503, "10"))

    def test_subscribing_needs_a_session_and_a_resource_that_may_be_read(self):
        session = self.initialize().headers["Mcp-Session-Id"]
        uri = URI.format(self.user.partner_id.id)
        self.assertEqual(self.ask("resources/subscribe", {"uri": uri}, Mcp_Session_Id=session).json()["result"], {})
        self.assertEqual(self.ask("resources/subscribe", {"uri": uri}, Mcp_Session_Id=session).json()["result"], {})
        self.assertEqual(self.env["mcp.subscription"].sudo().search_count([("uri", "=", uri)]), 1)
        self.assertIn("session", self.ask("resources/subscribe", {"uri": uri}).json()["error"]["message"])
        missing = self.ask("resources/subscribe", {"uri": URI.format(2**31 - 1)}, Mcp_Session_Id=session).json()
        self.assertEqual(missing["error"]["code"], -32002)
        self.ask("resources/unsubscribe", {"uri": uri}, Mcp_Session_Id=session)
        self.assertFalse(self.env["mcp.subscription"].sudo().search_count([("uri", "=", uri)]))

    def test_the_old_transport_names_where_to_post_and_answers_on_the_stream(self):
        stream = self.send("GET", "/mcp/sse", Accept="text/event-stream")
        self.assertEqual((stream.status_code, stream.headers["Content-Type"]), (200, "text/event-stream"))
        name, data = self.first_event(stream)
        self.assertEqual(name, "event: endpoint")
        path = data.removeprefix("data: ")
        self.assertRegex(path, r"^/mcp/messages\?session_id=[\w-]{43}$")
        session = self.env["mcp.session"].search([("transport", "=", "sse")])
        self.assertEqual(session.state, "ended")
        self.assertEqual(self.ask("ping", path=path).status_code, 404)
        session.sudo().ended_at = False  # as if the stream were still open
        self.env.flush_all()
        self.assertEqual(self.initialize(path=path).status_code, 202)
        answer = self.env["mcp.event"].sudo().search([("session_id", "=", session.id)])
        self.assertEqual(answer.kind, "message")
        self.assertIn("claude 2", session.client)
        _user, _connection, other_key = make_key(self.env, "mcp_berta")
        self.env.flush_all()
        self.assertEqual(self.ask("ping", path=path, key=other_key).status_code, 404)
        self.assertEqual(self.ask("ping", path="/mcp/messages?session_id=x").status_code, 404)
        self.assertEqual(self.ask("ping", path="/mcp/messages").status_code, 404)
        self.assertEqual(self.send("GET", path).status_code, 405)
        self.assertEqual(self.send("POST", path, key="mcp_wrong").status_code, 401)

    def test_a_session_of_the_new_transport_is_none_of_the_old_one(self):
        session = self.initialize().headers["Mcp-Session-Id"]
        self.assertEqual(self.ask("ping", path=f"/mcp/messages?session_id={session}").status_code, 404)

    def test_the_old_address_is_an_alias_of_the_endpoint(self):
        answer = self.initialize(path="/mcp/sse")
        self.assertEqual(answer.json()["result"]["serverInfo"]["name"], "odoo_mcp")
        session = answer.headers["Mcp-Session-Id"]
        self.assertEqual(self.first_event(self.send("GET", "/mcp/sse", Mcp_Session_Id=session))[1], "data: ")
        self.assertEqual(self.send("DELETE", "/mcp/sse", Mcp_Session_Id=session).status_code, 200)

    def test_every_door_wants_a_key(self):
        doors = (("GET", "/mcp/sse"), ("POST", "/mcp/sse"), ("POST", "/mcp/messages"), ("GET", "/odoo/mcp"))
        for method, path in doors:
            response = self.send(method, path, body={} if method == "POST" else None, key="mcp_wrong")
            self.assertEqual(response.status_code, 401, (method, path))
            self.assertIn("WWW-Authenticate", response.headers)

    def test_requests_are_counted_for_their_session(self):
        session = self.initialize().headers["Mcp-Session-Id"]
        self.ask("ping", Mcp_Session_Id=session)
        record = self.env["mcp.session"].search([("connection_id", "=", self.connection.id)])
        self.assertEqual(record.call_count, 2)
        action = record.action_open_logs()
        self.assertEqual(self.env["mcp.audit.log"].search_count(action["domain"]), 2)
