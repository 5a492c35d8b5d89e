"""2024-11-05 to 2025-11-25 on the wire: initialize, batches, notifications."""

import json

import pytest
from endpoint import HANDSHAKE_VERSIONS, check_answer, is_fixture

BATCH_VERSION = "2025-03-26"


def initialize(endpoint, version):
    params = {
        "protocolVersion": version,
        "capabilities": {},
        "clientInfo": {"name": "wire test", "version": "1"},
    }
    return endpoint.result("initialize", params)


@pytest.mark.parametrize("version", HANDSHAKE_VERSIONS)
def test_initialize_agrees_to_the_version_that_is_asked_for(endpoint, version, odoo_series):
    result = initialize(endpoint, version)
    assert result["protocolVersion"] == version
    assert result["serverInfo"]["name"] == "odoo_mcp"
    assert odoo_series in result["instructions"]
    assert "tools" in result["capabilities"]


@pytest.mark.parametrize("version", ["2026-07-28", "1999-01-01", "", "latest"])
def test_initialize_with_any_other_version_gets_the_newest_handshake(endpoint, version):
    assert initialize(endpoint, version)["protocolVersion"] == "2025-11-25"


@pytest.mark.parametrize("version", HANDSHAKE_VERSIONS)
def test_each_version_works_after_the_handshake(endpoint, version):
    headers = {"MCP-Protocol-Version": version}
    noted = endpoint.post({"jsonrpc": "2.0", "method": "notifications/initialized"}, headers)
    assert (noted.status, noted.body) == (202, b"")
    listed = endpoint.post(endpoint.request("tools/list"), headers).json["result"]["tools"]
    listed = [tool for tool in listed if not is_fixture(tool["name"])]
    assert listed
    # Output schemas and structured content came with 2025-06-18: before it, no client knows them.
    assert all(("outputSchema" in tool) == (version >= "2025-06-18") for tool in listed)
    called = endpoint.post(endpoint.request("tools/call", {"name": "whoami"}), headers).json["result"]
    assert ("structuredContent" in called) == (version >= "2025-06-18")
    assert json.loads(called["content"][0]["text"])["user"]["name"]


def test_ids_come_back_as_they_were_sent(endpoint):
    for identifier in (
        0,
        -1,
        2**40,
        2**53 + 1,
        -(2**63),
        2**63 - 1,
        "",
        "a",
        "é\U0001f600",
        "x" * 256,
        "0",
    ):
        answer = endpoint.post({"jsonrpc": "2.0", "id": identifier, "method": "ping"}).json
        assert answer == {"jsonrpc": "2.0", "id": identifier, "result": {}}


@pytest.mark.parametrize(
    "message",
    [
        {"jsonrpc": "2.0", "method": "notifications/initialized"},
        {"jsonrpc": "2.0", "method": "notifications/cancelled", "params": {"requestId": 1}},
        {"jsonrpc": "2.0", "method": "notifications/never/heard/of"},
        {"jsonrpc": "2.0", "method": "tools/call", "params": {"name": "whoami"}},
        {"jsonrpc": "2.0", "id": 1, "result": {}},
    ],
    ids=lambda message: message.get("method", "response"),
)
def test_what_owes_no_answer_gets_202_without_a_body(endpoint, message):
    heard = endpoint.post(message)
    assert (heard.status, heard.body) == (202, b"")


def test_a_batch_of_2025_03_26_is_answered_in_order(endpoint):
    batch = [
        {"jsonrpc": "2.0", "id": "first", "method": "ping"},
        {"jsonrpc": "2.0", "method": "notifications/initialized"},
        {"jsonrpc": "2.0", "id": "second", "method": "tools/call", "params": {"name": "whoami"}},
        {"jsonrpc": "2.0", "id": "third", "method": "no/such/method"},
        17,
    ]
    for headers in ({"MCP-Protocol-Version": BATCH_VERSION}, {}):
        heard = endpoint.post(batch, headers)
        check_answer(heard, batch)
        assert [answer.get("id") for answer in heard.json] == ["first", "second", "third", None]
        assert [answer.get("error", {}).get("code") for answer in heard.json] == [
            None,
            None,
            -32601,
            -32600,
        ]
        assert heard.json[1]["result"]["isError"] is False


def test_a_batch_of_notifications_gets_202(endpoint):
    heard = endpoint.post([{"jsonrpc": "2.0", "method": "notifications/initialized"}] * 3)
    assert (heard.status, heard.body) == (202, b"")


@pytest.mark.parametrize("version", ["2025-11-25", "2025-06-18", "2024-11-05", "2026-07-28"])
def test_other_versions_have_no_batches(endpoint, version):
    heard = endpoint.post([endpoint.request("ping")], {"MCP-Protocol-Version": version})
    assert (heard.status, heard.error_code) == (400, -32600)


@pytest.mark.parametrize("batch", [[], [{"jsonrpc": "2.0", "id": 1, "method": "ping"}] * 1000], ids=["empty", "bomb"])
def test_empty_and_huge_batches_are_refused_as_a_whole(endpoint, batch):
    heard = endpoint.post(batch, {"MCP-Protocol-Version": BATCH_VERSION})
    assert (heard.status, heard.error_code) == (400, -32600)


def test_an_error_of_a_request_travels_with_200(endpoint):
    for request, code in (
        (endpoint.request("no/such/method"), -32601),
        (endpoint.request("tools/call", {"name": "no_such_tool"}), -32602),
        (endpoint.request("tools/list", {"cursor": "not ours"}), -32602),
    ):
        heard = endpoint.post(request, {"MCP-Protocol-Version": "2025-11-25"})
        assert (heard.status, heard.error_code, heard.json["id"]) == (200, code, request["id"])
