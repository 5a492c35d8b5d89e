"""subscriptions/listen of 2026-07-28."""

import pytest
from library import EVERYTHING, NO_STREAM, Library, Talk, events_of, messages
from odoo_mcp.services.protocol.errors import ProtocolError
from odoo_mcp.services.protocol.streaming import (
    Done,
    Failed,
    Idle,
    Notification,
    Reconnect,
    ServerRequest,
)
from protocol_client import MODERN, SERVER_INFO_KEY, SHORT_SERVER_INFO, Unexpected, Workshop, ask, say

SUBSCRIPTION_KEY = "io.modelcontextprotocol/subscriptionId"
ALL = {
    "toolsListChanged": True,
    "promptsListChanged": True,
    "resourcesListChanged": True,
    "resourceSubscriptions": ["odoo://a"],
}
METHODS = {
    "toolsListChanged": "notifications/tools/list_changed",
    "promptsListChanged": "notifications/prompts/list_changed",
    "resourcesListChanged": "notifications/resources/list_changed",
    "resourceSubscriptions": "notifications/resources/updated",
}
CHANGES = [Notification(method, {"uri": "odoo://a"}) for method in METHODS.values()]
REFUSAL = ProtocolError(-32603, "Too many streams", http_status=503, headers={"Retry-After": "5"})


def listen(*events, wanted=ALL, offers=EVERYTHING, headers=None, **options):
    application = Library(offers=offers, open_stream=Talk(*events), **options)
    heard = ask("subscriptions/listen", {"notifications": wanted}, headers, application=application)
    heard.talk = application.open_stream
    return heard


def acknowledge(honoured):
    return Notification("notifications/subscriptions/acknowledged", {"notifications": honoured})


def kinds(heard):
    return [outcome.kind for outcome in heard.application.outcomes]


def test_the_first_message_acknowledges_what_was_asked_for():
    heard = listen(Idle(), CHANGES[0])
    assert heard.application.told == [("listen", ALL)]
    first, second = messages(heard)
    assert first == {
        "jsonrpc": "2.0",
        "method": "notifications/subscriptions/acknowledged",
        "params": {"notifications": ALL, "_meta": {SUBSCRIPTION_KEY: 1}},
    }
    assert second["method"] == "notifications/tools/list_changed"


@pytest.mark.parametrize("first", [Idle(), CHANGES[3], acknowledge(ALL), Done({})])
def test_there_is_one_acknowledgement_whatever_comes_first(first):
    received = messages(listen(first, acknowledge(ALL), Done({})))
    methods = [message.get("method") for message in received]
    assert methods[0] == "notifications/subscriptions/acknowledged"
    assert methods.count("notifications/subscriptions/acknowledged") == 1


def test_every_message_carries_the_id_of_the_subscription():
    uri = Notification("notifications/resources/updated", {"uri": "odoo://a", "_meta": {"a": 1}})
    received = messages(listen(uri, CHANGES[1], Done({})))
    assert received[1]["params"] == {"uri": "odoo://a", "_meta": {"a": 1, SUBSCRIPTION_KEY: 1}}
    assert received[2]["params"]["_meta"] == {SUBSCRIPTION_KEY: 1}
    assert received[3] == {
        "jsonrpc": "2.0",
        "id": 1,
        "result": {
            "resultType": "complete",
            "_meta": {SUBSCRIPTION_KEY: 1, SERVER_INFO_KEY: SHORT_SERVER_INFO},
        },
    }


def test_the_application_may_honour_less():
    heard = listen(acknowledge({"toolsListChanged": True, "promptsListChanged": False}), *CHANGES)
    first, *changes = messages(heard)
    assert first["params"]["notifications"] == {"toolsListChanged": True}
    assert [change["method"] for change in changes] == ["notifications/tools/list_changed"]


def test_the_application_cannot_honour_what_was_not_asked_for():
    heard = listen(acknowledge(ALL), *CHANGES, wanted={"promptsListChanged": True})
    first, *changes = messages(heard)
    assert first["params"]["notifications"] == {"promptsListChanged": True}
    assert [change["method"] for change in changes] == ["notifications/prompts/list_changed"]


@pytest.mark.parametrize("name", METHODS)
def test_only_what_was_asked_for_is_sent(name):
    _first, *changes = messages(listen(*CHANGES, wanted={name: ALL[name]}))
    assert [change["method"] for change in changes] == [METHODS[name]]


@pytest.mark.parametrize("method", ["notifications/progress", "notifications/message", "notifications/x"])
def test_what_belongs_to_requests_is_never_sent_here(method):
    heard = listen(Idle(), Notification(method, {"progress": 1, "level": "error", "progressToken": 1}))
    assert len(messages(heard)) == 1


def test_what_is_not_announced_is_not_wanted_and_not_acknowledged():
    heard = listen(Idle(), *CHANGES, offers={"tools": {"listChanged": True}, "resources": {}, "prompts": None})
    assert heard.application.told == [("listen", {"toolsListChanged": True})]
    assert [message["method"] for message in messages(heard)[1:]] == ["notifications/tools/list_changed"]
    subscribing = listen(Idle(), offers={"resources": {"subscribe": True}})
    assert subscribing.application.told == [("listen", {"resourceSubscriptions": ["odoo://a"]})]


@pytest.mark.parametrize(
    ("wanted", "told"),
    [
        ({}, {}),
        ({"toolsListChanged": False, "resourceSubscriptions": []}, {}),
        ({"toolsListChanged": None, "resourceSubscriptions": None, "unknown": 5}, {}),
        ({"resourceSubscriptions": ["odoo://b", "odoo://a", "odoo://b"]}, {"resourceSubscriptions": ["odoo://b", "odoo://a"]}),
    ],
)  # fmt: skip
def test_the_wish_is_cleaned_up_for_the_application(wanted, told):
    assert listen(Idle(), wanted=wanted).application.told == [("listen", told)]


@pytest.mark.parametrize(
    "wanted",
    [
        None,
        [],
        "x",
        {"toolsListChanged": 1},
        {"promptsListChanged": "yes"},
        {"resourcesListChanged": []},
        {"resourceSubscriptions": "odoo://a"},
        {"resourceSubscriptions": {"a": 1}},
        {"resourceSubscriptions": [5]},
        {"resourceSubscriptions": ["no uri"]},
    ],
)
def test_a_malformed_wish_is_invalid_params(wanted):
    heard = listen(Idle(), wanted=wanted)
    assert (heard.status, heard.code) == (400, -32602)
    assert not heard.application.told


@pytest.mark.parametrize(
    "offers", [{}, {"tools": {}}, {"tools": {"listChanged": False}, "resources": {"subscribe": False}}]
)
def test_where_nothing_is_announced_there_is_nothing_to_listen_to(offers):
    heard = listen(Idle(), offers=offers)
    assert (heard.status, heard.code) == (404, -32601)
    assert not heard.application.told


def test_an_application_that_announces_but_does_not_offer_is_an_error_and_no_accident():
    application = Workshop(offers=EVERYTHING)
    assert ask("subscriptions/listen", {"notifications": {}}, application=application).status == 404


def test_handshake_clients_know_nothing_of_it():
    assert say("subscriptions/listen", {"notifications": {}}, application=Library()).code == -32601


def test_a_client_that_takes_no_stream_cannot_listen():
    heard = listen(Idle(), headers=NO_STREAM)
    assert (heard.status, heard.code) == (406, -32600)
    assert (heard.talk.taken, heard.talk.closed) == (0, 1)
    assert kinds(heard) == ["error"]


def test_one_stream_too_many_is_refused_before_it_begins():
    for first in (REFUSAL, Failed(REFUSAL)):
        heard = listen(first)
        assert (heard.status, heard.http.headers["Retry-After"]) == (503, "5")
        assert kinds(heard) == ["error"]


def test_a_refusal_later_ends_the_stream():
    heard = listen(Idle(), Failed(REFUSAL, "g-1"))
    last = messages(heard)[-1]
    assert (last["id"], last["error"]["message"]) == (1, "Too many streams")
    assert b"id: " not in b"".join(listen(Idle(), Failed(REFUSAL, "g-1")).http.stream)
    assert kinds(heard) == ["error"]


def test_the_answer_ends_the_stream_gracefully():
    heard = listen(Idle(), Done({"_meta": {"a": 1}}), CHANGES[0])
    assert messages(heard)[-1]["result"]["_meta"]["a"] == 1
    assert kinds(heard) == ["result"]
    assert heard.outcome.http_status == 200
    assert heard.talk.taken == 2


@pytest.mark.parametrize("last", [[], [Reconnect(5)]])
def test_without_an_answer_the_stream_just_ends_and_the_client_comes_back(last):
    heard = listen(Idle(), *last)
    events = events_of(heard)
    assert [sorted(event) for event in events] == [["data", "event"], ["comment"]]
    assert kinds(heard) == ["stream"]


def test_nothing_has_an_id_here():
    event = Notification("notifications/tools/list_changed", {}, "g-1")
    heard = listen(Idle("g-0"), event, Done({}, "g-2"))
    assert b"id: " not in b"".join(heard.http.stream)


def test_a_client_that_leaves_is_the_normal_end():
    heard = listen(Idle(), Idle())
    next(heard.http.stream)
    heard.http.stream.close()
    assert heard.talk.closed == 1
    context, params, outcome = heard.application.observed[0]
    assert (context.method, context.protocol_version) == ("subscriptions/listen", MODERN)
    assert (params["notifications"], outcome.kind) == (ALL, "stream")


def test_a_client_that_leaves_before_the_last_message_closes_nothing_that_has_ended():
    heard = listen(Done({}))
    heard.http.stream.close()
    assert heard.talk.closed == 0
    assert kinds(heard) == ["stream"]


def test_questions_and_accidents_end_the_stream():
    with pytest.raises(TypeError, match="InputRequired"):
        listen(ServerRequest(1, "ping"))
    heard = listen(Idle(), Unexpected(), conversion=ProtocolError(-32603, "Internal error"))
    assert messages(heard)[-1]["error"]["message"] == "Internal error"
