"""Sessions of the handshake era: opened, named with each request, ended."""

import pytest
from library import NO_STREAM, Library, Talk, in_session, with_session
from odoo_mcp.services.protocol.errors import ProtocolError
from odoo_mcp.services.protocol.messages import Session
from odoo_mcp.services.protocol.streaming import Idle
from protocol_client import HANDSHAKES, MODERN, Unexpected, ask, post, request, say, tool

CLIENT = {"name": "Cursor", "version": "3"}
INITIALIZE = {"protocolVersion": "2025-06-18", "capabilities": {"roots": {}}, "clientInfo": CLIENT}
NOTE = {"jsonrpc": "2.0", "method": "notifications/initialized"}
RESPONSE = {"jsonrpc": "2.0", "id": 1, "result": {}}
IN_SESSION = {"Mcp-Session-Id": "s1"}


def beside(http_method, application, headers=None, **options):
    """A GET or DELETE of session ``s1``."""
    merged = {"Accept": "text/event-stream", "Content-Type": None, **IN_SESSION, **(headers or {})}
    return post(None, merged, application=application, method=http_method, **options)


def test_initialize_opens_a_session_and_names_it():
    application = Library(opens="fresh")
    heard = post(request("initialize", INITIALIZE), application=application)
    assert heard.status == 200
    assert heard.http.headers["Mcp-Session-Id"] == "fresh"
    assert application.told == [("open_session", CLIENT, {"roots": {}})]
    assert application.contexts[-1].protocol_version == "2025-06-18"


def test_an_application_without_sessions_opens_none():
    heard = post(request("initialize", INITIALIZE), application=Library(opens=None))
    assert "Mcp-Session-Id" not in heard.http.headers


def test_only_initialize_opens_a_session():
    application = Library(opens="fresh")
    for heard in (say("ping", application=application), ask("tools/list", application=application)):
        assert "Mcp-Session-Id" not in heard.http.headers
    post(request("initialize", {}), application=application)
    assert not application.told


def test_initialize_needs_no_session_and_ignores_one():
    application = Library(opens="fresh", requires_session=True)
    for headers in ({}, {"Mcp-Session-Id": "ended"}):
        heard = post(request("initialize", INITIALIZE), headers, application=application)
        assert heard.http.headers["Mcp-Session-Id"] == "fresh"
    assert ("session", "ended") not in application.told


@pytest.mark.parametrize("version", HANDSHAKES)
def test_version_client_and_capabilities_come_from_the_session(version):
    application = with_session(version, {"sampling": {}}, "warning")
    context = in_session("ping", application=application).context
    assert context.protocol_version == version
    assert context.client_info == CLIENT
    assert context.client_capabilities == {"sampling": {}}
    assert context.session_id == "s1"
    assert context.session is application.sessions["s1"]
    assert context.log_level == "warning"
    assert (context.method, context.request_id) == ("ping", 1)


@pytest.mark.parametrize(("version", "shown"), [("2025-03-26", False), ("2025-06-18", True)])
def test_the_session_decides_the_dialect_without_the_header(version, shown):
    application = with_session(version, tools=[tool("echo", title="Echo")])
    listed = in_session("tools/list", application=application).result["tools"][0]
    assert ("title" in listed) is shown


def test_without_a_session_nothing_is_known_of_the_client():
    context = say("ping", application=Library()).context
    assert (context.session_id, context.session, context.client_info) == (None, None, {})
    assert context.log_level is None


def test_the_header_may_repeat_the_version_of_the_session():
    application = with_session("2025-06-18")
    assert say("ping", None, "2025-06-18", IN_SESSION, application=application).status == 200


@pytest.mark.parametrize("version", ["2025-11-25", "2025-03-26"])
@pytest.mark.parametrize("message", [request("ping"), NOTE, RESPONSE], ids=["request", "note", "response"])
def test_a_header_that_names_another_handshake_version_changes_nothing(message, version):
    application = with_session("2025-06-18")
    headers = {**IN_SESSION, "MCP-Protocol-Version": version}
    heard = post(message, headers, application=application)
    assert heard.status in (200, 202)
    assert heard.context.protocol_version == "2025-06-18"


@pytest.mark.parametrize("session_id", ["ended", "", "s1 ", "s\t1", "é", "s1, s1", "x" * 257])
@pytest.mark.parametrize("message", [request("ping"), NOTE, RESPONSE], ids=["request", "note", "response"])
def test_an_unknown_session_is_404(message, session_id):
    application = with_session()
    # White space around a value is no part of it; "s1 " is s1.
    headers = {"Mcp-Session-Id": session_id if session_id != "s1 " else "s1 x"}
    heard = post(message, headers, application=application)
    assert (heard.status, heard.code) == (404, -32600)
    assert "initialize" in heard.error["message"]
    assert application.outcomes[-1].http_status == 404
    assert not application.calls


def test_an_id_that_no_session_can_have_is_not_looked_up():
    application = with_session()
    for session_id in ("é", "a b", "x" * 257, ""):
        post(request("ping"), {"Mcp-Session-Id": session_id}, application=application)
    assert not application.told
    post(request("ping"), {"Mcp-Session-Id": "x" * 256}, application=application)
    assert application.told == [("session", "x" * 256)]


def test_a_session_of_a_version_that_is_served_no_more_is_404():
    application = with_session("2024-10-07")
    assert in_session("ping", application=application).status == 404


@pytest.mark.parametrize("message", [request("ping"), NOTE, RESPONSE], ids=["request", "note", "response"])
def test_a_missing_session_is_400_where_one_is_required(message):
    heard = post(message, application=with_session(requires_session=True))
    assert (heard.status, heard.code) == (400, -32600)
    assert "Mcp-Session-Id is missing" in heard.error["message"]
    assert post(message, application=with_session()).status in (200, 202)


def test_modern_requests_have_no_session_even_where_one_is_required():
    application = with_session(requires_session=True)
    for headers in ({}, {"Mcp-Session-Id": "ended"}):
        heard = ask("tools/list", None, headers, application=application)
        assert heard.status == 200
        assert (heard.context.session, heard.context.session_id) == (None, None)
    assert not application.told


def test_a_session_is_looked_up_once_for_a_request():
    application = with_session()
    in_session("tools/call", {"name": "echo"}, application=application)
    assert application.told == [("session", "s1")]


def test_an_accident_while_looking_up_a_session_is_converted():
    class Broken(Library):
        def session(self, session_id):
            raise Unexpected

    heard = in_session("ping", application=Broken(conversion=ProtocolError(-32603, "Internal error")))
    assert heard.error["message"] == "Internal error"
    with pytest.raises(Unexpected):
        in_session("ping", application=Broken())
    with pytest.raises(Unexpected):
        post([request("ping")], IN_SESSION, application=Broken())
    for http_method in ("GET", "DELETE"):
        with pytest.raises(Unexpected):
            beside(http_method, Broken())


# ------------------------------------------------------------------ batches


def test_a_batch_belongs_to_one_session_that_is_looked_up_once():
    application = with_session("2025-03-26")
    heard = post([request("ping"), NOTE, request("ping")], IN_SESSION, application=application)
    assert len(heard.json) == 2
    assert application.told == [("session", "s1")]
    assert all(context.session_id == "s1" for context, _, _ in application.observed)


def test_the_session_decides_whether_there_are_batches():
    assert post([request("ping")], IN_SESSION, application=with_session("2025-06-18")).status == 400
    modern = {**IN_SESSION, "MCP-Protocol-Version": MODERN}
    heard = post([request("ping")], modern, application=with_session("2025-03-26"))
    assert (heard.status, heard.code) == (400, -32600)
    assert not heard.application.told


def test_a_batch_of_an_unknown_session_is_404_as_a_whole():
    heard = post([request("ping")], {"Mcp-Session-Id": "ended"}, application=with_session())
    assert (heard.status, heard.json["error"]["code"]) == (404, -32600)
    assert len(heard.application.observed) == 1


# ------------------------------------------------------------------ DELETE


def test_a_session_is_ended_by_delete():
    application = with_session()
    heard = beside("DELETE", application)
    assert (heard.status, heard.http.body) == (200, b"")
    assert application.told[-1] == ("close_session", "s1")
    context, params, outcome = application.observed[0]
    assert (context.method, context.session_id, params) == ("HTTP DELETE", "s1", {})
    assert (outcome.kind, outcome.http_status) == ("result", 200)
    assert beside("DELETE", application).status == 404
    assert in_session("ping", application=application).status == 404


def test_a_session_that_ends_between_is_404():
    class Racing(Library):
        def close_session(self, session_id):
            return False

    application = Racing(sessions={"s1": Session("2025-11-25", {}, {})})
    heard = beside("DELETE", application)
    assert (heard.status, heard.code) == (404, -32600)
    assert [outcome.kind for outcome in application.outcomes] == ["error"]


def test_delete_of_an_unknown_session_is_404_and_closes_nothing():
    application = with_session()
    assert beside("DELETE", application, {"Mcp-Session-Id": "ended"}).status == 404
    assert application.told == [("session", "ended")]


def test_delete_may_name_another_handshake_version():
    application = with_session("2025-06-18")
    assert beside("DELETE", application, {"MCP-Protocol-Version": "2025-11-25"}).status == 200
    assert "s1" not in application.sessions


@pytest.mark.parametrize("http_method", ["GET", "DELETE"])
def test_without_a_session_get_and_delete_are_not_allowed(http_method):
    heard = beside(http_method, with_session(), {"Mcp-Session-Id": None})
    assert (heard.status, heard.http.headers["Allow"]) == (405, "POST, OPTIONS")
    assert not heard.application.observed
    required = beside(http_method, with_session(requires_session=True), {"Mcp-Session-Id": None})
    assert (required.status, required.code) == (400, -32600)


@pytest.mark.parametrize("http_method", ["GET", "DELETE"])
@pytest.mark.parametrize("version", [MODERN, "2999-01-01", ""])
def test_other_eras_have_neither_get_nor_delete(http_method, version):
    application = with_session(requires_session=True)
    heard = beside(http_method, application, {"MCP-Protocol-Version": version})
    assert heard.status == 405
    assert not application.told


def test_put_is_told_what_there_is():
    assert beside("PUT", with_session()).http.headers["Allow"] == "POST, GET, DELETE, OPTIONS"
    assert beside("PUT", with_session(streams=False)).http.headers["Allow"] == "POST, OPTIONS"


# ------------------------------------------------------------------ GET


def test_get_opens_the_stream_of_the_session():
    application = with_session(open_stream=Talk(Idle()))
    heard = beside("GET", application)
    assert heard.status == 200
    assert heard.http.headers == {
        "Content-Type": "text/event-stream",
        "Cache-Control": "no-store",
        "X-Accel-Buffering": "no",
    }
    assert application.told[-1] == ("session_stream", None)
    assert application.contexts[-1].session_id == "s1"
    assert application.contexts[-1].method == "HTTP GET"


@pytest.mark.parametrize(("sent", "told"), [("e-7", "e-7"), ("", None), ("x" * 256, "x" * 256)])
def test_the_last_event_is_handed_over(sent, told):
    application = with_session(open_stream=Talk(Idle()))
    beside("GET", application, {"Last-Event-ID": sent})
    assert application.told[-1] == ("session_stream", told)


def test_an_event_id_too_long_to_be_ours_is_400():
    heard = beside("GET", with_session(open_stream=Talk(Idle())), {"Last-Event-ID": "x" * 257})
    assert (heard.status, heard.code) == (400, -32600)


def test_without_streams_get_is_not_allowed():
    heard = beside("GET", with_session(streams=False))
    assert heard.status == 405
    assert not heard.application.told


@pytest.mark.parametrize(("accept", "status"), [(None, 200), ("*/*", 200), ("application/json", 406)])
def test_get_must_accept_event_streams(accept, status):
    application = with_session(open_stream=Talk(Idle()))
    assert beside("GET", application, {"Accept": accept}).status == status


def test_get_of_an_unknown_session_is_404():
    heard = beside("GET", with_session(), {"Mcp-Session-Id": "ended"})
    assert (heard.status, heard.code) == (404, -32600)
    assert heard.outcome.kind == "error"
    assert heard.context.method == "HTTP GET"


def test_one_stream_too_many_is_refused_with_status_and_headers():
    refusal = ProtocolError(-32603, "Too many streams", http_status=503, headers={"Retry-After": "5"})
    for stream in (refusal, Talk(refusal)):
        application = with_session(open_stream=stream)
        heard = beside("GET", application)
        assert (heard.status, heard.http.headers["Retry-After"]) == (503, "5")
        assert heard.http.stream is None
        assert [outcome.http_status for outcome in application.outcomes] == [503]


def test_a_client_without_streams_is_served_its_answers():
    application = with_session()
    heard = in_session("tools/call", {"name": "echo"}, NO_STREAM, application=application)
    assert heard.result["content"]
