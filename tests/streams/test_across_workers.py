"""The answer, the question, the change comes in at one worker, and the stream is at another."""

import pytest

ORDINARY_FIRST = pytest.mark.parametrize("direction", ["ordinary first", "evented first"])


@pytest.fixture
def two_workers(direction, ordinary, evented):
    """Where a stream is held, and where everything else of the same session is sent."""
    return (ordinary, evented) if direction == "ordinary first" else (evented, ordinary)


@ORDINARY_FIRST
def test_a_question_is_answered_at_another_worker(two_workers):
    holding, other = two_workers
    holding.initialize(elicitation={})
    stream = holding.call("test_streaming_elicitation")
    question = stream.message()
    assert question["method"] == "elicitation/create"
    answer = {"id": question["id"], "result": {"action": "accept", "content": {"ok": True}}}
    assert holding.also(other).tell(answer) == 202
    _, done = stream.until_result()
    assert "action=accept" in done["result"]["content"][0]["text"]


@ORDINARY_FIRST
def test_a_call_is_cancelled_at_another_worker_and_leaves_nothing(two_workers, person, name):
    holding, other = two_workers
    holding.initialize()
    stream = holding.call("test_slow", {"name": name, "seconds": 30}, request_id="cancel-me")
    assert stream.message()["method"] == "notifications/progress"
    cancelled = {"method": "notifications/cancelled", "params": {"requestId": "cancel-me"}}
    assert holding.also(other).tell(cancelled) == 202
    assert stream.ended.wait(5)
    assert not any("result" in event.get("data", "") for event in stream.events.queue)
    assert person.call("res.partner", "search_count", [[("name", "=", name)]]) == 0


@ORDINARY_FIRST
def test_a_change_made_by_a_person_is_heard_wherever_the_stream_is(two_workers, person, record):
    holding, other = two_workers
    holding.initialize()
    stream = holding.listen()
    record_id, uri = record
    assert holding.also(other).post("resources/subscribe", {"uri": uri})["result"] == {}
    person.call("res.partner", "write", [[record_id], {"city": "Gent"}])
    heard = stream.message()
    assert heard == {"jsonrpc": "2.0", "method": "notifications/resources/updated", "params": {"uri": uri}}
    assert other.post("resources/unsubscribe", {"uri": uri})["result"] == {}
    person.call("res.partner", "write", [[record_id], {"city": "Brugge"}])
    stream.nothing_more()


def test_a_lost_call_goes_on_and_its_answer_is_fetched_at_another_worker(ordinary, evented, person, name):
    ordinary.initialize()
    stream = ordinary.call("test_slow", {"name": name, "seconds": 3}, request_id="lost")
    stream.message()
    stream.close()
    again = ordinary.also(evented).stream(evented.send("GET", headers={"Last-Event-ID": stream.last_id}))
    before, done = again.until_result()
    assert done["id"] == "lost" and done["result"]["isError"] is False
    values = [message["params"]["progress"] for message in before]
    assert values == list(range(1, 30)), "each report once, none missing"
    assert {message["params"]["progressToken"] for message in before} == {"token-lost"}
    assert again.ended.wait(5)
    assert person.call("res.partner", "search_count", [[("name", "=", name)]]) == 1


def test_a_long_call_leaves_the_ordinary_worker_and_is_finished_on_the_evented_one(ordinary, evented):
    ordinary.initialize()
    stream = ordinary.call("test_slow", {"name": "Long", "seconds": 18}, request_id="long")
    assert stream.ended.wait(17), "an ordinary worker is not taken up for longer"
    while not stream.events.empty():
        last = stream.next()
    assert last["retry"] == "1000"
    again = ordinary.also(evented).stream(evented.send("GET", headers={"Last-Event-ID": stream.last_id}))
    _, done = again.until_result()
    assert done["id"] == "long" and done["result"]["isError"] is False


def test_a_2026_client_that_disconnects_has_cancelled(evented, person, eventually, name):
    asked = [("tool", "=", "test_slow"), ("protocol_version", "=", "2026-07-28")]
    before = person.call("mcp.audit.log", "search_count", [asked])
    stream = evented.modern("tools/call", {"name": "test_slow", "arguments": {"name": name, "seconds": 4}})
    assert stream.message()["method"] == "notifications/progress"
    stream.close()
    eventually(lambda: person.call("mcp.audit.log", "search_count", [asked]) > before, 8)
    assert person.call("res.partner", "search_count", [[("name", "=", name)]]) == 0
