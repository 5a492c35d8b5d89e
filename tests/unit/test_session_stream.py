"""What a session's GET stream carries."""

import pytest
from library import Talk, events_of, messages, with_session
from odoo_mcp.services.protocol.errors import ProtocolError
from odoo_mcp.services.protocol.streaming import (
    Cancelled,
    Done,
    Failed,
    Idle,
    Notification,
    Reconnect,
    ServerRequest,
)
from protocol_client import Unexpected, text
from test_sessions import beside

UPDATED = Notification("notifications/resources/updated", {"uri": "odoo://a"}, "g-1")
RESULT = {"content": [text("late")], "structuredContent": {"a": 1}}
REFUSAL = ProtocolError(-32602, "No such record")


def listen(*events, version="2025-11-25", capabilities=None, log_level=None, **options):
    application = with_session(version, capabilities, log_level, **options)
    application.open_stream = Talk(*events)
    heard = beside("GET", application)
    heard.talk = application.open_stream
    return heard


def kinds(heard):
    return [outcome.kind for outcome in heard.application.outcomes]


def test_changes_are_sent_with_their_ids():
    heard = listen(Idle("g-0"), UPDATED, Notification("notifications/tools/list_changed"))
    primed, updated, changed = events_of(heard)
    assert primed == {"id": "g-0", "data": ""}
    assert (updated["id"], updated["event"]) == ("g-1", "message")
    assert updated["data"]["params"] == {"uri": "odoo://a"}
    assert changed["data"] == {"jsonrpc": "2.0", "method": "notifications/tools/list_changed"}
    assert kinds(heard) == ["stream"]


def test_a_stream_without_anything_is_an_empty_stream():
    heard = listen()
    assert events_of(heard) == []
    assert kinds(heard) == ["stream"]


def test_questions_are_asked_here_too():
    heard = listen(ServerRequest(5, "roots/list"), capabilities={"roots": {}})
    assert messages(heard) == [{"jsonrpc": "2.0", "id": 5, "method": "roots/list"}]
    assert listen(ServerRequest(5, "roots/list")).code == -32021


@pytest.mark.parametrize(("level", "sent"), [("warning", 1), ("debug", 2), (None, 2)])
def test_log_messages_keep_to_the_level_of_the_session(level, sent):
    levels = [Notification("notifications/message", {"level": name, "data": 1}) for name in ("info", "error")]
    assert len(messages(listen(*levels, log_level=level))) == sent


def test_progress_brings_its_own_token_and_is_dropped_without():
    words = {"progress": 1, "message": "half"}
    bare = Notification("notifications/progress", words)
    full = Notification("notifications/progress", {**words, "progressToken": 0})
    assert messages(listen(bare, full))[0]["params"] == {**words, "progressToken": 0}
    assert len(messages(listen(bare, full, full))) == 2
    old = messages(listen(full, version="2024-11-05"))
    assert old[0]["params"] == {"progress": 1, "progressToken": 0}


def test_a_lost_answer_is_sent_again_in_the_dialect_of_the_session():
    done = Done(RESULT, "g-9", request_id="call-1", method="tools/call")
    heard = listen(Idle(), done, UPDATED, version="2025-03-26")
    event = events_of(heard)[1]
    assert event["id"] == "g-9"
    assert event["data"] == {"jsonrpc": "2.0", "id": "call-1", "result": {"content": [text("late")]}}
    assert heard.talk.taken == 2
    assert kinds(heard) == ["result"]


def test_a_lost_answer_may_come_first_and_is_a_stream_all_the_same():
    heard = listen(Done(RESULT, "g-9", request_id=0, method="tools/call"))
    assert messages(heard)[0]["id"] == 0


@pytest.mark.parametrize("missing", [{"method": "tools/call"}, {"request_id": 1}, {}])
def test_an_answer_to_nothing_is_an_accident(missing):
    heard = listen(Done(RESULT, **missing), conversion=ProtocolError(-32603, "Internal error"))
    assert messages(heard) == []
    assert kinds(heard) == ["error"]


def test_a_lost_refusal_is_sent_again():
    heard = listen(Failed(REFUSAL, "g-9", request_id=7))
    event = events_of(heard)[0]
    assert event["id"] == "g-9"
    assert event["data"]["id"] == 7
    assert event["data"]["error"] == {"code": -32602, "message": "No such record"}
    assert kinds(heard) == ["error"]


def test_a_refusal_of_no_request_just_ends_the_stream():
    heard = listen(Idle(), Failed(REFUSAL))
    assert events_of(heard) == [{"comment": ""}]
    assert heard.application.outcomes[0].error_message == "No such record"


@pytest.mark.parametrize("last", [Reconnect(900), Cancelled()])
def test_the_stream_may_be_ended_for_later(last):
    heard = listen(Idle(), last, UPDATED)
    events = events_of(heard)
    assert len(events) == (2 if isinstance(last, Reconnect) else 1)
    assert heard.outcome.http_status == 200
    assert heard.talk.taken == 2
    assert kinds(heard) == ["stream" if isinstance(last, Reconnect) else "cancelled"]


def test_a_client_that_leaves_closes_the_stream():
    heard = listen(Idle(), Idle())
    next(heard.http.stream)
    heard.http.stream.close()
    assert heard.talk.closed == 1
    assert kinds(heard) == ["stream"]
    context, params, _ = heard.application.observed[0]
    assert (context.method, context.session_id, params) == ("HTTP GET", "s1", {})


def test_an_exception_on_the_stream_is_observed_and_let_through():
    heard = listen(Idle(), Unexpected())
    next(heard.http.stream)
    with pytest.raises(Unexpected):
        next(heard.http.stream)
    assert kinds(heard) == ["error"]
    assert list(heard.http.stream) == []
