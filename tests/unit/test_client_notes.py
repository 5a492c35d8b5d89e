"""What handshake clients tell without being owed an answer: cancellations, roots, responses."""

import pytest
from library import Library, with_session
from odoo_mcp.services.protocol.errors import ProtocolError
from protocol_client import MODERN, Unexpected, modern_meta, post

IN_SESSION = {"Mcp-Session-Id": "s1"}


def tell(method, params=None, headers=IN_SESSION, application=None):
    message = {"jsonrpc": "2.0", "method": method}
    if params is not None:
        message["params"] = params
    return post(message, headers, application=application or with_session())


@pytest.mark.parametrize("request_id", [5, 0, "a", ""])
@pytest.mark.parametrize(("sent", "reason"), [({}, None), ({"reason": "Too slow"}, "Too slow")])
def test_a_cancellation_reaches_the_application(request_id, sent, reason):
    heard = tell("notifications/cancelled", {"requestId": request_id, **sent})
    assert (heard.status, heard.http.body) == (202, b"")
    assert heard.application.told[1:] == [("cancel", request_id, reason)]
    assert heard.application.contexts[-1].session_id == "s1"
    assert heard.outcome.kind == "notification"


@pytest.mark.parametrize("request_id", [None, True, 1.5, [], {}, "x" * 257])
def test_a_cancellation_of_nothing_is_passed_over(request_id):
    heard = tell("notifications/cancelled", {"requestId": request_id})
    assert heard.status == 202
    assert heard.application.told == [("session", "s1")]
    assert tell("notifications/cancelled").status == 202


@pytest.mark.parametrize("reason", [5, [], {}])
def test_a_reason_that_is_no_text_is_left_out(reason):
    heard = tell("notifications/cancelled", {"requestId": 1, "reason": reason})
    assert heard.application.told[1:] == [("cancel", 1, None)]


def test_a_client_without_a_session_may_cancel_too():
    heard = tell("notifications/cancelled", {"requestId": 1}, {}, Library())
    assert heard.application.told == [("cancel", 1, None)]


def test_changed_roots_reach_the_application():
    assert tell("notifications/roots/list_changed").application.told[1:] == [("roots_changed",)]


@pytest.mark.parametrize("method", ["notifications/initialized", "notifications/progress", "roots"])
def test_other_notifications_concern_nobody(method):
    heard = tell(method, {"requestId": 1})
    assert heard.status == 202
    assert heard.application.told == [("session", "s1")]


@pytest.mark.parametrize("method", ["notifications/cancelled", "notifications/roots/list_changed"])
def test_2026_07_28_cancels_by_closing_the_stream_and_has_no_roots_to_change(method):
    application = with_session()
    params = {"requestId": 1, "_meta": modern_meta()}
    heard = tell(method, params, {"MCP-Protocol-Version": MODERN, **IN_SESSION}, application)
    assert heard.status == 202
    assert not application.told
    assert heard.context.method == method


@pytest.mark.parametrize(
    "response",
    [
        {"jsonrpc": "2.0", "id": "q-1", "result": {"action": "accept", "content": {"a": 1}}},
        {"jsonrpc": "2.0", "id": 7, "error": {"code": -1, "message": "no", "data": [1]}},
    ],
)
def test_an_answer_to_a_question_is_handed_over_as_it_came(response):
    application = with_session()
    heard = post(response, IN_SESSION, application=application)
    assert (heard.status, heard.http.body) == (202, b"")
    assert application.told[1:] == [("accept_response", response)]
    assert application.contexts[-1].session_id == "s1"
    assert (heard.outcome.kind, heard.outcome.http_status) == ("response", 202)


@pytest.mark.parametrize("more", [{}, {"id": None}])
def test_an_error_without_id_answers_no_question(more):
    application = with_session()
    message = {"jsonrpc": "2.0", "error": {"code": -1, "message": "no"}, **more}
    assert post(message, IN_SESSION, application=application).status == 202
    assert application.told == [("session", "s1")]


def test_a_refusal_of_a_notification_is_an_error_of_its_status():
    class Strict(Library):
        def accept_response(self, context, response):
            raise ProtocolError(-32600, "Nobody asked", http_status=400)

        def cancel(self, context, request_id, reason):
            raise Unexpected

    response = {"jsonrpc": "2.0", "id": 1, "result": {}}
    heard = post(response, application=Strict())
    assert (heard.status, heard.error["message"]) == (400, "Nobody asked")
    with pytest.raises(Unexpected):
        tell("notifications/cancelled", {"requestId": 1}, {}, Strict())
