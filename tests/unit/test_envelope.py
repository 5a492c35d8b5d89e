"""The shape of a message: what counts as a request, and what its sender is told otherwise."""

import pytest
from protocol_client import Workshop, post, post_bytes, request, say

NO_MESSAGES = {
    "a string": "hello",
    "a number": 5,
    "null": None,
    "true": True,
    "an empty object": {},
    "no jsonrpc": {"id": 1, "method": "ping"},
    "jsonrpc 1.0": {"jsonrpc": "1.0", "id": 1, "method": "ping"},
    "jsonrpc as a number": {"jsonrpc": 2.0, "id": 1, "method": "ping"},
    "no method": {"jsonrpc": "2.0", "id": 1},
    "method null": {"jsonrpc": "2.0", "id": 1, "method": None},
    "method as a number": {"jsonrpc": "2.0", "id": 1, "method": 5},
    "method as a list": {"jsonrpc": "2.0", "id": 1, "method": ["ping"]},
    "an empty method": {"jsonrpc": "2.0", "id": 1, "method": ""},
    "a huge method": {"jsonrpc": "2.0", "id": 1, "method": "p" * 257},
    "method and result": {"jsonrpc": "2.0", "id": 1, "method": "ping", "result": {}},
    "method and error": {"jsonrpc": "2.0", "id": 1, "method": "ping", "error": {}},
}
BAD_IDS = {
    "null": None,
    "true": True,
    "false": False,
    "a fraction": 1.5,
    "a whole float": 1.0,
    "an object": {"a": 1},
    "a list": [1],
    "a huge string": "x" * 257,
}


@pytest.mark.parametrize("message", NO_MESSAGES.values(), ids=NO_MESSAGES)
def test_what_is_no_message_is_an_invalid_request(message):
    heard = post(message)
    assert (heard.status, heard.code) == (400, -32600)


@pytest.mark.parametrize("identifier", BAD_IDS.values(), ids=BAD_IDS)
def test_a_request_with_an_unusable_id_is_refused_and_not_run(identifier):
    heard = post(request("tools/call", {"name": "echo"}, identifier))
    assert (heard.status, heard.code) == (400, -32600)
    assert heard.json["id"] is None
    assert not heard.application.calls


@pytest.mark.parametrize("identifier", [0, -1, 1, 2**63 - 1, "", "a", "é", "x" * 256])
def test_a_usable_id_is_echoed_as_it_came(identifier):
    heard = post(request("ping", identifier=identifier))
    assert heard.status == 200
    assert heard.json["id"] == identifier
    assert type(heard.json["id"]) is type(identifier)


@pytest.mark.parametrize("params", [[], [1], "a", 5, True, ""])
def test_params_that_are_no_object_are_refused(params):
    heard = post(request("ping", params))
    assert (heard.status, heard.code) == (400, -32602)
    assert heard.json["id"] == 1


def test_params_null_count_as_none():
    assert post({**request("ping"), "params": None}).result == {}


def test_the_id_is_echoed_when_the_method_is_none():
    assert post({"jsonrpc": "2.0", "id": "mine", "method": 5}).json["id"] == "mine"


def test_the_id_is_echoed_when_a_limit_is_broken():
    heard = post_bytes(b'{"jsonrpc":"2.0","id":"mine","method":"ping","params":{"a":1e999}}')
    assert (heard.status, heard.code) == (400, -32600)
    assert heard.json["id"] == "mine"
    assert heard.context.method == "ping"


def test_an_id_that_breaks_a_limit_itself_is_not_echoed():
    heard = post_bytes(b'{"jsonrpc":"2.0","id":"\\ud800","method":"ping"}')
    assert (heard.code, heard.json["id"]) == (-32600, None)


def test_an_id_too_large_for_64_bits_is_not_echoed_as_another_one():
    heard = post_bytes(b'{"jsonrpc":"2.0","id":99999999999999999999,"method":"ping"}')
    assert (heard.status, heard.code) == (400, -32600)
    assert heard.json["id"] is None


def test_of_two_ids_none_is_echoed():
    heard = post_bytes(b'{"jsonrpc":"2.0","id":1,"id":2,"method":"ping"}')
    assert (heard.code, heard.json["id"]) == (-32600, None)


@pytest.mark.parametrize("version", ["2024-11-05", "2025-03-26", "2025-06-18"])
def test_an_error_without_known_id_says_null_where_the_schema_wants_an_id(version):
    message = post_bytes(b"{", {"MCP-Protocol-Version": version}).json
    assert message["id"] is None


@pytest.mark.parametrize("version", ["2025-11-25", "2026-07-28", "2999-01-01"])
def test_an_error_without_known_id_has_no_id_where_the_schema_allows_that(version):
    message = post_bytes(b"{", {"MCP-Protocol-Version": version}).json
    assert "id" not in message


def test_unknown_members_of_a_message_are_ignored():
    assert post({**request("ping"), "extra": 1}).result == {}


def test_an_unknown_method_is_named_in_the_error():
    heard = say("resources/paint")
    assert (heard.status, heard.code) == (200, -32601)
    assert "'resources/paint'" in heard.error["message"]


def test_a_hostile_method_name_is_shown_shortened_and_in_ascii():
    heard = say("é" * 250)
    assert heard.code == -32601
    assert heard.error["message"].isascii()
    assert len(heard.error["message"]) < 150


@pytest.mark.parametrize(
    "response",
    [
        {"id": 1, "result": {}},
        {"id": "a", "result": {"roots": []}},
        {"id": 1, "error": {"code": -1, "message": "no"}},
        {"id": None, "error": {"code": -1, "message": "no"}},
        {"error": {"code": -1, "message": "no"}},
    ],
)
def test_a_posted_response_is_accepted_without_an_answer(response):
    heard = post({"jsonrpc": "2.0", **response})
    assert (heard.status, heard.http.body) == (202, b"")
    assert heard.outcome.kind == "response"


@pytest.mark.parametrize(
    "response",
    [
        {"id": 1, "result": {}, "error": {"code": 1, "message": ""}},
        {"result": {}},
        {"id": None, "result": {}},
        {"id": True, "result": {}},
        {"id": 1, "result": 5},
        {"id": 1, "error": "no"},
        {"id": 1, "error": {"code": "1", "message": ""}},
        {"id": 1, "error": {"code": 1}},
        {"id": [], "error": {"code": 1, "message": ""}},
    ],
)
def test_a_malformed_response_is_refused(response):
    heard = post({"jsonrpc": "2.0", **response})
    assert (heard.status, heard.code) == (400, -32600)


def test_a_message_is_observed_once():
    application = Workshop()
    post(request("ping"), application=application)
    post({}, application=application)
    post_bytes(b"{", application=application)
    assert [outcome.kind for _, _, outcome in application.observed] == ["result", "error", "error"]
