"""How streams end: by revocation, by limits, and never by blocking Odoo."""

import json
import time

SECONDS = 5


def _three_streams(client):
    """One of each kind: a session's, a 2026-07-28 client's, and that of a running call."""
    client.initialize()
    session_stream = client.listen()
    running = client.call("test_slow", {"name": "Revoked meanwhile", "seconds": 60})
    running.message()
    modern = client.modern("subscriptions/listen", {"notifications": {"toolsListChanged": True}})
    modern.message()
    return session_stream, modern, running


def _end_in_time(streams):
    started = time.monotonic()
    for stream in streams:
        assert stream.ended.wait(max(0.1, started + SECONDS - time.monotonic()))


def test_revoking_a_connection_ends_its_streams_and_calls(evented, person, connection):
    connection_id, evented.key = connection
    streams = _three_streams(evented)
    person.call("mcp.connection", "action_revoke", [[connection_id]])
    _end_in_time(streams)
    assert person.call("res.partner", "search_count", [[("name", "=", "Revoked meanwhile")]]) == 0


def test_revoking_a_key_ends_what_was_opened_with_it(evented, person, connection):
    connection_id, evented.key = connection
    streams = _three_streams(evented)
    keys = person.call("mcp.credential", "search", [[("connection_id", "=", connection_id)]])
    person.call("mcp.credential", "action_revoke", [keys])
    _end_in_time(streams)


def test_archiving_the_user_ends_the_streams(evented, person):
    values = {"name": "Leaving", "login": f"leaving{time.time()}"}
    user = person.call("res.users", "create", [values])
    group = person.call("ir.model.data", "check_object_reference", ["odoo_mcp", "group_user"])[1]
    person.call("res.groups", "write", [[group], {_users_field(person): [(4, user)]}])
    connection_id = person.call("mcp.connection", "create", [{"name": "Of one who leaves", "user_id": user}])
    evented.key = person.new_key(connection_id)
    stream = evented.initialize().listen()
    person.call("res.users", "write", [[user], {"active": False}])
    _end_in_time([stream])
    evented.session = None


def _users_field(person):
    return "user_ids" if person.call("res.groups", "fields_get", [["user_ids"]]) else "users"


def test_ending_a_session_by_hand_ends_its_stream_and_its_calls(evented, person):
    evented.initialize()
    streams = [evented.listen(), evented.call("test_slow", {"name": "Session ended", "seconds": 60})]
    streams[1].message()
    newest = person.call("mcp.session", "search", [[]], limit=1, order="id desc")
    person.call("mcp.session", "action_end", [newest])
    _end_in_time(streams)
    connection, response = evented.send("GET")
    assert response.status == 404
    connection.close()


def test_switching_the_server_off_ends_every_stream(evented, person):
    stream = evented.initialize().listen()
    settings = person.call("mcp.settings", "search", [[]])
    person.call("mcp.settings", "write", [settings, {"enabled": False}])
    try:
        _end_in_time([stream])
    finally:
        person.call("mcp.settings", "write", [settings, {"enabled": True}])


def test_a_client_that_leaves_without_a_word_frees_its_place(evented, person):
    settings = person.call("mcp.settings", "search", [[]])
    person.call("mcp.settings", "write", [settings, {"streams_per_connection": 1}])
    try:
        first = evented.initialize().listen()
        connection, response = evented.send("GET")
        assert (response.status, response.getheader("Retry-After")) == (503, "10")
        assert "as many streams" in json.loads(response.read())["error"]["message"]
        connection.close()
        assert not first.ended.is_set()
        first.close()
        time.sleep(SECONDS)
        evented.listen()
    finally:
        person.call("mcp.settings", "write", [settings, {"streams_per_connection": 10}])


def test_one_worker_is_always_left_for_people(ordinary, evented, person):
    ordinary.initialize()
    stream = ordinary.listen()
    connection, response = ordinary.send("GET")
    assert response.status == 503
    connection.close()
    assert person.page_time() < 5
    assert stream.ended.wait(20), "on an ordinary worker a stream is short"
    last = [event for event in stream.events.queue if "retry" in event][-1]
    assert int(last["retry"]) >= 10_000
    again = ordinary.also(evented).listen(last["id"])
    assert not again.ended.is_set()
