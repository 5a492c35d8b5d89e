"""Event ids, resumption, and every way in which a stream ends."""

import math

import pytest
from library import NO_STREAM, Library, Talk, events_of, messages, parsed, talks
from odoo_mcp.services.protocol.errors import INVALID_PARAMS, ProtocolError
from odoo_mcp.services.protocol.streaming import Cancelled, Done, Failed, Idle, Notification, Reconnect
from protocol_client import Exploding, Unexpected, ask, say
from streams import DONE, QUESTION, REFUSAL, RESULT, asking, log

BOTH = pytest.mark.parametrize("send", [ask, say], ids=["modern", "handshake"])


# ------------------------------------------------------------------ event ids and resumption


def test_events_carry_their_ids_and_the_first_may_prime_the_client():
    heard = asking(Idle("s-0"), log("info", "s-1"), QUESTION, Done(RESULT, "s-2"))
    events = events_of(heard)
    assert events[0] == {"id": "s-0", "data": ""}
    assert [event.get("id") for event in events] == ["s-0", "s-1", None, "s-2"]
    assert [event.get("event") for event in events[1:]] == ["message"] * 3


@pytest.mark.parametrize("version", ["2025-06-18", "2025-03-26", "2024-11-05"])
def test_older_clients_are_spared_events_without_data(version):
    heard = asking(Idle("s-0"), log("info", "s-1"), Reconnect(7, "s-2"), version=version)
    events = events_of(heard)
    assert events[0] == {"comment": ""}
    assert events[1]["id"] == "s-1"
    assert events[2] == {"retry": "7"}


def test_2026_07_28_has_no_event_ids():
    heard = talks(Idle("s-0"), Notification("notifications/x", {}, "s-1"), Done(RESULT, "s-2"))
    assert b"id: " not in b"".join(heard.http.stream)


def test_a_refusal_on_a_stream_has_its_id_too():
    heard = asking(Idle("s-0"), Failed(REFUSAL, "s-1"))
    assert events_of(heard)[1]["id"] == "s-1"


def test_a_client_sent_away_comes_back_later():
    heard = asking(Idle("s-0"), Reconnect(500, "s-1"), DONE)
    assert events_of(heard) == [{"id": "s-0", "data": ""}, {"id": "s-1", "retry": "500", "data": ""}]
    assert (heard.talk.taken, heard.talk.closed) == (2, 0)
    assert [outcome.kind for outcome in heard.application.outcomes] == ["stream"]


def test_a_client_may_be_sent_away_at_once():
    assert events_of(asking(Reconnect(500))) == [{"retry": "500"}]


def test_a_modern_client_cannot_be_sent_away():
    with pytest.raises(TypeError, match="come back"):
        talks(Reconnect(5))


# ------------------------------------------------------------------ ends


@BOTH
def test_a_stream_is_observed_once_and_at_its_end(send):
    heard = talks(Idle(), DONE, send=send)
    application = heard.application
    assert not application.observed
    next(heard.http.stream)
    assert not application.observed
    next(heard.http.stream)
    [(context, params, outcome)] = application.observed
    assert list(heard.http.stream) == []
    heard.http.stream.close()
    assert len(application.observed) == 1
    assert (context.method, params["name"]) == ("tools/call", "talk")
    assert (outcome.kind, outcome.http_status, outcome.is_tool_error) == ("result", 200, False)


def test_a_failed_tool_is_told_apart_on_a_stream_too():
    heard = talks(Idle(), Done({**RESULT, "isError": True}))
    events_of(heard)
    assert heard.application.outcomes[0].is_tool_error is True


@BOTH
@pytest.mark.parametrize("refused", [Failed(REFUSAL), REFUSAL], ids=["Failed", "raised"])
def test_a_refusal_on_a_stream_is_an_error_message(send, refused):
    heard = talks(Idle(), refused, send=send)
    [message] = messages(heard)
    assert message == {
        "jsonrpc": "2.0",
        "id": 1,
        "error": {"code": INVALID_PARAMS, "message": "No such record", "data": {"id": 5}},
    }
    [outcome] = heard.application.outcomes
    assert (outcome.kind, outcome.http_status, outcome.error_code) == ("error", 200, INVALID_PARAMS)
    assert outcome.error_message == "No such record"
    assert heard.talk.closed == 0


@pytest.mark.parametrize("read", [0, 1, 2])
@BOTH
def test_a_client_that_leaves_closes_the_conversation(send, read):
    heard = talks(Idle(), Idle(), Idle(), DONE, send=send)
    for _ in range(read):
        next(heard.http.stream)
    heard.http.stream.close()
    assert heard.talk.closed == 1
    assert [(outcome.kind, outcome.http_status) for outcome in heard.application.outcomes] == [("cancelled", 200)]
    assert list(heard.http.stream) == []
    heard.http.stream.close()
    assert heard.talk.closed == 1
    assert len(heard.application.observed) == 1


def test_a_conversation_that_fails_to_close_is_observed_all_the_same():
    class Stuck(Talk):
        def close(self):
            raise Unexpected

    application = Library(results={"talk": Stuck(Idle(), DONE)})
    stream = ask("tools/call", {"name": "talk"}, application=application).http.stream
    with pytest.raises(Unexpected):
        stream.close()
    assert [outcome.kind for outcome in application.outcomes] == ["cancelled"]


@BOTH
def test_a_cancelled_request_gets_no_answer_on_its_stream(send):
    heard = talks(Idle(), Cancelled(), DONE, send=send)
    assert messages(heard) == []
    assert [outcome.kind for outcome in heard.application.outcomes] == ["cancelled"]
    assert (heard.talk.taken, heard.talk.closed) == (2, 0)


@BOTH
@pytest.mark.parametrize("headers", [{}, NO_STREAM])
def test_a_cancelled_request_without_a_stream_gets_an_error(send, headers):
    heard = talks(Cancelled(), DONE, send=send, headers=headers)
    assert (heard.status, heard.code) == (200, -32800)
    assert [outcome.error_code for outcome in heard.application.outcomes] == [-32800]


@BOTH
@pytest.mark.parametrize("headers", [{}, NO_STREAM])
def test_a_conversation_without_an_answer_is_an_accident(send, headers):
    with pytest.raises(TypeError, match="without Done or Failed"):
        talks(send=send, headers=headers)


@BOTH
@pytest.mark.parametrize("event", ["Done", {"content": []}, 5])
def test_what_is_no_event_is_an_accident(send, event):
    with pytest.raises(TypeError, match="no event"):
        talks(event, DONE, send=send)


@pytest.mark.parametrize("events", [(Unexpected(),), (Idle(), Unexpected())], ids=["first", "later"])
def test_a_converted_exception_is_the_answer(events):
    application = Library(conversion=ProtocolError(-32603, "Internal error, reference 12"))
    heard = talks(*events, application=application)
    message = heard.json if len(events) == 1 else messages(heard)[0]
    assert message["error"]["message"] == "Internal error, reference 12"
    assert [outcome.kind for outcome in application.outcomes] == ["error"]
    assert heard.talk.closed == 0


def test_an_exception_before_the_stream_reaches_the_host_for_its_retry():
    with pytest.raises(Unexpected):
        talks(Unexpected())


def test_an_exception_inside_the_stream_is_answered_observed_and_then_let_through():
    heard = talks(Idle(), Unexpected("secret"))
    stream, application = heard.http.stream, heard.application
    next(stream)
    [event] = parsed(next(stream))
    assert event["data"]["error"]["code"] == -32603
    assert "secret" not in str(event)
    assert [outcome.kind for outcome in application.outcomes] == ["error"]
    with pytest.raises(Unexpected):
        next(stream)
    assert list(stream) == []
    assert len(application.observed) == 1


def test_a_result_json_cannot_carry_ends_the_stream_with_an_error():
    application = Library(conversion=ProtocolError(-32603, "Internal error"))
    heard = talks(Idle(), Done({"content": [], "structuredContent": math.nan}), application=application)
    assert messages(heard)[0]["error"]["message"] == "Internal error"
    assert len(application.observed) == 1


def test_a_conversation_that_ends_in_the_middle_is_an_accident_too():
    application = Library(conversion=ProtocolError(-32603, "Internal error"))
    heard = talks(Idle(), application=application)
    assert messages(heard)[0]["error"]["message"] == "Internal error"


def test_an_accident_while_observing_a_stream_reaches_the_host_once():
    class Blind(Exploding, Library):
        pass

    application = Blind()
    application.results["talk"] = Talk(Idle(), DONE)
    stream = ask("tools/call", {"name": "talk"}, application=application).http.stream
    next(stream)
    with pytest.raises(Unexpected):
        next(stream)
    assert list(stream) == []
