"""JSON-RPC batches: 2025-03-26 has them, no other version."""

import pytest
from odoo_mcp.services.protocol.errors import ProtocolError
from odoo_mcp.services.protocol.limits import Limits
from protocol_client import Workshop, modern_request, post, post_bytes, request

BATCHES = {"MCP-Protocol-Version": "2025-03-26"}
NOTE = {"jsonrpc": "2.0", "method": "notifications/x"}
RESPONSE = {"jsonrpc": "2.0", "id": 9, "result": {}}


@pytest.mark.parametrize("headers", [BATCHES, {}], ids=["by header", "by default"])
def test_requests_are_answered_in_their_order(headers):
    body = [request("ping", identifier="b"), NOTE, request("tools/list", identifier="a")]
    heard = post(body, headers)
    assert heard.status == 200
    assert [message["id"] for message in heard.json] == ["b", "a"]
    assert len(heard.application.observed) == 3


@pytest.mark.parametrize("version", ["2025-11-25", "2025-06-18", "2024-11-05", "2026-07-28"])
def test_other_versions_refuse_an_array(version):
    heard = post([request("ping")], {"MCP-Protocol-Version": version})
    assert (heard.status, heard.code) == (400, -32600)
    assert "2025-03-26" in heard.error["message"]


def test_nothing_of_a_refused_array_is_run():
    call = request("tools/call", {"name": "echo"})
    assert not post([call], {"MCP-Protocol-Version": "2025-11-25"}).application.calls


def test_an_empty_batch_is_an_invalid_request():
    heard = post([], BATCHES)
    assert (heard.status, heard.code, heard.json["id"]) == (400, -32600, None)


@pytest.mark.parametrize("body", [[NOTE], [NOTE, RESPONSE, NOTE]])
def test_a_batch_that_is_owed_no_answer_is_202(body):
    heard = post(body, BATCHES)
    assert (heard.status, heard.http.body) == (202, b"")
    assert len(heard.application.observed) == len(body)


def test_each_broken_element_gets_an_error_of_its_own():
    heard = post([1, request("ping"), [], {"jsonrpc": "2.0", "id": 3}], BATCHES)
    assert heard.status == 200
    assert [message["id"] for message in heard.json] == [None, 1, None, 3]
    assert [message.get("error", {}).get("code") for message in heard.json] == [
        -32600,
        None,
        -32600,
        -32600,
    ]


def test_a_batch_as_large_as_allowed_is_served_and_a_larger_one_refused():
    limits = Limits(max_batch=3)
    assert post([request("ping")] * 3, BATCHES, limits=limits).status == 200
    heard = post([request("ping")] * 4, BATCHES, limits=limits)
    assert (heard.status, heard.code) == (400, -32600)
    assert "limit is 3" in heard.error["message"]


def test_initialize_is_refused_in_a_batch():
    heard = post([request("initialize", {"protocolVersion": "2025-03-26"})], BATCHES)
    assert heard.json[0]["error"]["code"] == -32600


def test_a_modern_request_is_refused_in_a_batch():
    heard = post([modern_request("tools/call", {"name": "echo"})])
    assert heard.json[0]["error"]["code"] == -32600
    assert not heard.application.calls


def test_a_limit_broken_anywhere_refuses_the_whole_batch():
    heard = post_bytes(b'[{"jsonrpc":"2.0","id":1,"method":"ping"},{"a":1,"a":2}]', BATCHES)
    assert (heard.status, heard.code, heard.json["id"]) == (400, -32600, None)
    assert heard.context.method == ""


def test_a_refusal_inside_a_batch_is_recorded_with_the_status_that_was_sent():
    application = Workshop(results={"echo": ProtocolError(-32602, "no", http_status=429)})
    heard = post([request("tools/call", {"name": "echo"})], BATCHES, application=application)
    assert heard.status == 200
    assert heard.outcome.http_status == 200


def test_an_unconverted_exception_ends_the_whole_batch():
    application = Workshop(results={"echo": ZeroDivisionError()})
    with pytest.raises(ZeroDivisionError):
        post([request("tools/call", {"name": "echo"})], BATCHES, application=application)
