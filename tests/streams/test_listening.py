"""What a stream tells, to whom, and from where it goes on."""

import json

import pytest


def test_what_was_missed_is_told_when_the_client_comes_back_to_another_worker(ordinary, evented, person, record):
    evented.initialize()
    stream = evented.listen()
    record_id, uri = record
    evented.post("resources/subscribe", {"uri": uri})
    person.call("res.partner", "write", [[record_id], {"city": "Gent"}])
    stream.message()
    stream.close()
    person.call("res.partner", "write", [[record_id], {"city": "Namur"}])
    again = evented.also(ordinary).stream(ordinary.send("GET", headers={"Last-Event-ID": stream.last_id}))
    assert again.message()["params"] == {"uri": uri}
    again.nothing_more()


def test_a_last_event_id_that_is_not_of_this_session_is_refused(ordinary, evented):
    stolen = evented.initialize().listen().last_id
    ordinary.initialize()
    place, _dot, mac = ordinary.also(evented).listen().last_id.rpartition(".")
    stream, position, sent_at = place.split(".")
    for wrong in (
        stolen,
        "42",
        f"{place}.{mac[:-1]}x",
        f"{stream}.{int(position) - 1}.{sent_at}.{mac}",
        f"other.{position}.{sent_at}.{mac}",
        "-.0.0.",
    ):
        connection, response = ordinary.send("GET", headers={"Last-Event-ID": wrong})
        assert response.status == 400, wrong
        assert "Last-Event-ID" in json.loads(response.read())["error"]["message"]
        connection.close()


def test_the_newest_stream_of_a_session_is_the_one_that_counts(ordinary, evented):
    evented.initialize()
    first = evented.listen()
    second = evented.listen()
    assert first.ended.wait(5)
    assert not second.ended.is_set()


@pytest.mark.parametrize("family", ["tools", "prompts"])
def test_lists_that_an_administrator_changes_are_announced(evented, person, family):
    evented.initialize()
    stream = evented.listen()
    model = {"tools": "mcp.tool", "prompts": "mcp.prompt"}[family]
    changed = person.call(model, "search", [[]], limit=1)
    person.call(model, "write", [changed, {"active": False}])
    try:
        assert stream.message() == {"jsonrpc": "2.0", "method": f"notifications/{family}/list_changed"}
    finally:
        person.call(model, "write", [changed, {"active": True}])


def test_a_2026_client_listens_to_what_it_asks_for_and_is_told_what_is_honoured(evented, person, record):
    record_id, uri = record
    wanted = {"promptsListChanged": True, "resourceSubscriptions": [uri, "odoo://record/res.partner/2000000000"]}
    stream = evented.modern("subscriptions/listen", {"notifications": wanted})
    acknowledged = stream.message()
    assert acknowledged["method"] == "notifications/subscriptions/acknowledged"
    assert acknowledged["params"]["notifications"] == {"promptsListChanged": True, "resourceSubscriptions": [uri]}
    person.call("res.partner", "write", [[record_id], {"city": "Gent"}])
    assert stream.message()["params"]["uri"] == uri
    tool = person.call("mcp.tool", "search", [[]], limit=1)
    person.call("mcp.tool", "write", [tool, {"active": False}])
    person.call("mcp.tool", "write", [tool, {"active": True}])
    person.call("res.partner", "unlink", [[record_id]])
    heard = stream.message()
    assert (heard["method"], heard["params"]["uri"]) == ("notifications/resources/updated", uri)


def test_a_search_hears_of_new_records(evented, person):
    evented.initialize()
    stream = evented.listen()
    evented.post("resources/subscribe", {"uri": "odoo://search/res.partner.category"})
    person.call("res.partner.category", "create", [{"name": "Heard of"}])
    assert stream.message()["params"] == {"uri": "odoo://search/res.partner.category"}


def test_what_does_not_exist_cannot_be_subscribed_to(ordinary):
    ordinary.initialize()
    for uri in ("odoo://record/res.partner/2000000000", "odoo://record/no.such.model/1", "odoo://nothing", "http://x"):
        assert ordinary.post("resources/subscribe", {"uri": uri})["error"]["code"] == -32002, uri
