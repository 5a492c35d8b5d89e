"""Calls that are answered by a conversation: as JSON where that will do, else as an event stream."""

import math

import pytest
from library import NO_STREAM, Library, Talk, events_of, in_session, messages, parsed, talks, with_session
from odoo_mcp.services.protocol.errors import INVALID_PARAMS
from odoo_mcp.services.protocol.streaming import Done, Failed, Idle, Notification, Reconnect, ServerRequest
from protocol_client import SERVER_INFO_KEY, ask, modern_meta, post, request, say, text
from streams import DONE, FORM, QUESTION, REFUSAL, TOKEN, asking, log, meta_for, progress

BOTH = pytest.mark.parametrize("send", [ask, say], ids=["modern", "handshake"])
LOG_LEVEL_KEY = "io.modelcontextprotocol/logLevel"


# ------------------------------------------------------------------ JSON or stream


@BOTH
def test_an_answer_that_comes_first_is_plain_json(send):
    heard = talks(DONE, send=send)
    assert heard.http.stream is None
    assert heard.http.headers == {"Content-Type": "application/json"}
    assert heard.result["content"] == [text("done")]
    assert [outcome.kind for outcome in heard.application.outcomes] == ["result"]
    assert heard.talk.closed == 0


@BOTH
@pytest.mark.parametrize("refused", [Failed(REFUSAL), REFUSAL], ids=["Failed", "raised"])
def test_a_refusal_that_comes_first_has_the_status_of_its_kind(send, refused):
    heard = talks(refused, send=send)
    assert (heard.status, heard.code) == (400 if send is ask else 200, INVALID_PARAMS)
    assert heard.error["data"] == {"id": 5}
    assert heard.http.headers["X-A"] == "b"
    assert heard.talk.closed == 0


@BOTH
def test_what_nobody_asked_to_hear_opens_no_stream(send):
    meta = meta_for(send)
    application = with_session(log_level="error")
    sender = in_session if send is say else ask
    heard = talks(progress(1), log("info"), DONE, send=sender, meta=meta, application=application)
    assert heard.http.stream is None
    assert heard.result["content"] == [text("done")]


@BOTH
def test_progress_opens_a_stream_that_ends_with_the_answer(send):
    heard = talks(progress(0, total=2), progress(1, message="half"), DONE, send=send, meta=meta_for(send, **TOKEN))
    assert heard.status == 200
    assert heard.http.headers == {
        "Content-Type": "text/event-stream",
        "Cache-Control": "no-store",
        "X-Accel-Buffering": "no",
    }
    assert heard.http.body == b""
    first, second, last = messages(heard)
    assert first == {
        "jsonrpc": "2.0",
        "method": "notifications/progress",
        "params": {"progress": 0, "total": 2, "progressToken": "p"},
    }
    assert second["params"] == {"progress": 1, "message": "half", "progressToken": "p"}
    assert (last["id"], last["result"]["content"]) == (1, [text("done")])
    assert ("resultType" in last["result"]) is (send is ask)
    assert (SERVER_INFO_KEY in last["result"].get("_meta", {})) is (send is ask)
    assert heard.talk.closed == 0


def test_an_idle_conversation_opens_a_stream_and_keeps_it_alive():
    heard = talks(Idle(), Idle(), DONE)
    assert [sorted(event) for event in events_of(heard)] == [["comment"], ["comment"], ["data", "event"]]


def test_nothing_is_pulled_before_it_is_read():
    heard = talks(Idle(), Idle(), Idle(), DONE)
    assert heard.talk.taken == 1
    for taken in (1, 2, 3, 4):
        next(heard.http.stream)
        assert heard.talk.taken == taken


def test_events_behind_the_answer_are_never_asked_for():
    heard = talks(Idle(), DONE, Idle(), DONE)
    assert len(events_of(heard)) == 2
    assert heard.talk.taken == 2
    assert list(heard.http.stream) == []
    assert heard.talk.closed == 0


@BOTH
@pytest.mark.parametrize("accept", ["text/event-stream", "*/*", "text/*", None, ""])
def test_whoever_takes_event_streams_gets_one(send, accept):
    assert talks(Idle(), DONE, send=send, headers={"Accept": accept}).http.stream is not None


@BOTH
@pytest.mark.parametrize("accept", ["application/json", "text/event-stream;q=0, */*"])
def test_whoever_does_not_gets_the_answer_alone(send, accept):
    meta = meta_for(send, **TOKEN)
    heard = talks(Idle(), progress(1), DONE, send=send, meta=meta, headers={"Accept": accept})
    assert heard.http.stream is None
    assert heard.result["content"] == [text("done")]
    assert heard.talk.closed == 0


@pytest.mark.parametrize("needed", [QUESTION, Reconnect(5)], ids=["question", "reconnect"])
def test_what_needs_a_stream_is_406_without_one_and_the_application_is_told(needed):
    application = with_session(capabilities={"elicitation": {}})
    heard = talks(Idle(), needed, DONE, send=in_session, headers=NO_STREAM, application=application)
    assert (heard.status, heard.code) == (406, -32600)
    assert "text/event-stream" in heard.error["message"]
    assert (heard.talk.taken, heard.talk.closed) == (2, 1)
    assert [outcome.http_status for outcome in application.outcomes] == [406]


def test_a_batch_is_one_answer_without_streams():
    application = Library()
    application.results["talk"] = Talk(Idle(), DONE)
    batch = [request("tools/call", {"name": "talk"}), request("ping", identifier=2)]
    heard = post(batch, {"MCP-Protocol-Version": "2025-03-26"}, application=application)
    assert [message["id"] for message in heard.json] == [1, 2]
    assert heard.json[0]["result"]["content"] == [text("done")]


def test_prompts_and_resources_may_take_their_time_too():
    link = {"type": "resource_link", "uri": "odoo://a", "name": "a"}
    application = Library(
        rendered={"p": Talk(Idle(), Done({"messages": [{"role": "user", "content": link}]}))},
        contents={"odoo://a": Talk(Idle(), Done({"contents": [{"uri": "odoo://a", "_meta": {}}]}))},
    )
    prompt = say("prompts/get", {"name": "p"}, "2025-03-26", application=application)
    assert messages(prompt)[0]["result"]["messages"][0]["content"] == text("a: odoo://a")
    read = say("resources/read", {"uri": "odoo://a"}, "2025-03-26", application=application)
    assert messages(read)[0]["result"] == {"contents": [{"uri": "odoo://a"}]}
    application.contents["odoo://a"] = Talk(Idle(), Done({"contents": [{"uri": "odoo://a"}]}))
    modern = messages(ask("resources/read", {"uri": "odoo://a"}, application=application))
    assert modern[0]["result"]["ttlMs"] == 0


def test_a_generator_is_a_conversation():
    closed = []

    def count():
        try:
            yield Idle()
            yield Idle()
        finally:
            closed.append(True)

    application = Library(results={"talk": count()})
    stream = ask("tools/call", {"name": "talk"}, application=application).http.stream
    next(stream)
    stream.close()
    assert closed == [True]


# ------------------------------------------------------------------ progress and log messages


@BOTH
def test_progress_that_does_not_increase_is_dropped(send):
    values = [0, 0, 1, 0.5, math.nan, 1, 1.5, -3, 2]
    heard = talks(*map(progress, values), DONE, send=send, meta=meta_for(send, **TOKEN))
    sent = [message["params"]["progress"] for message in messages(heard)[:-1]]
    assert sent == [0, 1, 1.5, 2]


def test_the_token_is_the_clients_whatever_the_application_says():
    heard = talks(progress(1, progressToken="other"), DONE, meta=modern_meta(progressToken=0))
    assert messages(heard)[0]["params"]["progressToken"] == 0


@BOTH
def test_without_a_token_there_is_no_progress(send):
    heard = talks(Idle(), progress(1), DONE, send=send)
    assert len(messages(heard)) == 1


def test_2024_11_05_gets_progress_without_words():
    heard = talks(progress(1, message="half"), DONE, send=say, version="2024-11-05", meta=TOKEN)
    assert messages(heard)[0]["params"] == {"progress": 1, "progressToken": "p"}


@pytest.mark.parametrize(
    ("wanted", "sent"),
    [(None, []), ("warning", ["warning", "emergency"]), ("debug", ["info", "warning", "emergency"])],
)
def test_a_modern_request_gets_the_log_messages_it_asks_for(wanted, sent):
    meta = modern_meta(**({LOG_LEVEL_KEY: wanted} if wanted else {}))
    heard = talks(Idle(), log("info"), log("warning"), log("emergency"), DONE, meta=meta)
    assert [message["params"]["level"] for message in messages(heard)[:-1]] == sent


@pytest.mark.parametrize(("wanted", "sent"), [(None, ["info", "error"]), ("warning", ["error"])])
def test_a_session_gets_the_log_messages_of_its_level(wanted, sent):
    heard = asking(Idle(), log("info"), log("error"), DONE, log_level=wanted)
    received = messages(heard)
    assert [message["params"] for message in received[:-1]] == [{"level": level, "data": level} for level in sent]


def test_without_a_session_every_log_message_is_sent():
    assert messages(talks(log("debug"), DONE, send=say))[0]["params"]["level"] == "debug"


def test_a_level_that_is_none_is_an_accident():
    with pytest.raises(ValueError):
        talks(log("loud"), DONE, meta=modern_meta(**{LOG_LEVEL_KEY: "info"}))


@pytest.mark.parametrize(
    "method",
    [
        "notifications/tools/list_changed",
        "notifications/prompts/list_changed",
        "notifications/resources/list_changed",
        "notifications/resources/updated",
    ],
)
def test_changes_are_for_subscriptions_in_2026_and_for_every_stream_before(method):
    assert len(messages(talks(Idle(), Notification(method), DONE))) == 1
    assert messages(talks(Notification(method), DONE, send=say))[0] == {"jsonrpc": "2.0", "method": method}


def test_notifications_of_extensions_pass():
    heard = talks(Notification("notifications/x-extension/done", {"a": 1}), DONE)
    assert messages(heard)[0]["params"] == {"a": 1}


# ------------------------------------------------------------------ questions


def test_a_question_is_a_request_on_the_stream():
    heard = asking(QUESTION, DONE)
    first, last = messages(heard)
    assert first == {"jsonrpc": "2.0", "id": "q-1", "method": "elicitation/create", "params": FORM}
    assert last["result"]["content"] == [text("done")]


def test_forms_had_no_mode_before_2025_11_25():
    heard = asking(QUESTION, DONE, version="2025-06-18")
    assert "mode" not in messages(heard)[0]["params"]
    assert QUESTION.params["mode"] == "form"


def test_a_ping_and_a_question_without_params_need_no_more():
    heard = asking(ServerRequest(1, "ping"), ServerRequest(2, "roots/list"), DONE, capabilities={"roots": {}})
    assert messages(heard)[:2] == [
        {"jsonrpc": "2.0", "id": 1, "method": "ping"},
        {"jsonrpc": "2.0", "id": 2, "method": "roots/list"},
    ]


@pytest.mark.parametrize("declared", [{}, {"elicitation": {"url": {}}}, {"elicitation": True}])
def test_a_client_that_cannot_answer_is_not_asked(declared):
    heard = asking(QUESTION, DONE, capabilities=declared)
    assert (heard.status, heard.code) == (200, -32021)
    assert heard.error["data"] == {"requiredCapabilities": {"elicitation": {"form": {}}}}
    assert (heard.talk.taken, heard.talk.closed) == (1, 1)


@pytest.mark.parametrize(("version", "code"), [("2024-11-05", -32021), ("2025-03-26", -32021), ("2025-06-18", None)])
def test_what_its_version_does_not_know_a_client_is_not_asked(version, code):
    heard = asking(QUESTION, DONE, version=version)
    assert (None if heard.http.stream else heard.code) == code
    sampling = ServerRequest(1, "sampling/createMessage", {"messages": [], "maxTokens": 5})
    assert asking(sampling, DONE, version=version, capabilities={"sampling": {}}).http.stream is not None


def test_a_client_without_a_session_is_not_asked():
    assert talks(QUESTION, DONE, send=say).code == -32021


def test_a_question_too_many_ends_a_running_stream():
    heard = asking(Idle(), ServerRequest(1, "roots/list"), DONE)
    assert messages(heard)[0]["error"]["code"] == -32021
    assert (heard.talk.taken, heard.talk.closed) == (2, 1)


def test_what_is_no_question_is_an_accident():
    with pytest.raises(ValueError, match="tools/call"):
        asking(ServerRequest(1, "tools/call"), DONE)


def test_2026_07_28_has_no_requests_on_streams_whatever_the_client_declares():
    meta = modern_meta(**{"io.modelcontextprotocol/clientCapabilities": {"elicitation": {}}})
    with pytest.raises(TypeError, match="InputRequired"):
        talks(QUESTION, DONE, meta=meta)
    running = talks(Idle(), QUESTION, DONE, meta=meta)
    received = b""
    with pytest.raises(TypeError):
        for chunk in running.http.stream:
            received += chunk
    assert parsed(received)[-1]["data"]["error"]["code"] == -32603
    assert b"elicitation" not in received
    assert running.talk.closed == 1
