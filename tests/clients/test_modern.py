"""2026-07-28 on the wire: discovery, mirrored headers, and an HTTP status for each refusal."""

import base64

import pytest
from endpoint import HANDSHAKE_VERSIONS, META_CAPABILITIES, META_VERSION, MODERN


def test_discovery_tells_versions_capabilities_and_instructions(endpoint):
    heard = endpoint.post_modern("server/discover")
    result = heard.json["result"]
    assert heard.status == 200
    assert result["supportedVersions"] == [MODERN, *HANDSHAKE_VERSIONS]
    assert result["resultType"] == "complete"
    assert result["ttlMs"] >= 0 and result["cacheScope"] == "private"
    assert "tools" in result["capabilities"]


def test_lists_may_be_cached_by_this_user_only(endpoint, tools):
    result = endpoint.post_modern("tools/list").json["result"]
    assert [tool["name"] for tool in result["tools"]] == sorted(tools)
    assert result["cacheScope"] == "private"


def test_a_call_needs_no_handshake(endpoint):
    result = endpoint.post_modern("tools/call", {"name": "whoami", "arguments": {}}).json["result"]
    assert result["resultType"] == "complete"
    assert result["structuredContent"]["user"]["name"]


def test_the_tool_name_may_be_mirrored_in_base64(endpoint):
    encoded = f"=?base64?{base64.b64encode(b'whoami').decode()}?="
    heard = endpoint.post_modern("tools/call", {"name": "whoami"}, {"Mcp-Name": encoded})
    assert heard.status == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"Mcp-Method": None},
        {"Mcp-Method": "tools/list"},
        {"Mcp-Method": "Tools/Call"},
        {"Mcp-Name": None},
        {"Mcp-Name": "list_models"},
        {"Mcp-Name": "=?base64?***?="},
        {"MCP-Protocol-Version": None},
        {"MCP-Protocol-Version": "2025-11-25"},
    ],
    ids=str,
)
def test_headers_that_differ_from_the_body_are_400(endpoint, headers):
    heard = endpoint.post_modern("tools/call", {"name": "whoami"}, headers)
    assert (heard.status, heard.error_code) == (400, -32020)


@pytest.mark.parametrize("missing", [META_VERSION, META_CAPABILITIES])
def test_incomplete_meta_is_400(endpoint, missing):
    meta = {META_VERSION: MODERN, META_CAPABILITIES: {}}
    del meta[missing]
    request = endpoint.request("server/discover", {"_meta": meta})
    heard = endpoint.post(request, {"MCP-Protocol-Version": MODERN, "Mcp-Method": "server/discover"})
    assert (heard.status, heard.error_code, heard.json["id"]) == (400, -32602, request["id"])


def test_an_unknown_version_is_400_and_told_the_known_ones(endpoint):
    future = "2031-01-01"
    params = {"_meta": {META_VERSION: future}}
    heard = endpoint.post_modern("server/discover", params, {"MCP-Protocol-Version": future})
    assert (heard.status, heard.error_code) == (400, -32022)
    assert heard.json["error"]["data"]["requested"] == future
    assert MODERN in heard.json["error"]["data"]["supported"]


@pytest.mark.parametrize("method", ["initialize", "ping", "logging/setLevel", "resources/subscribe", "no/such/method"])
def test_a_method_of_another_era_is_404(endpoint, method):
    heard = endpoint.post_modern(method)
    assert (heard.status, heard.error_code) == (404, -32601)


@pytest.mark.parametrize(
    ("method", "params"),
    [
        ("tools/call", {"name": "no_such_tool"}),
        ("tools/call", {}),
        ("tools/list", {"cursor": "not ours"}),
    ],
    ids=str,
)
def test_wrong_params_are_400(endpoint, method, params):
    heard = endpoint.post_modern(method, params)
    assert (heard.status, heard.error_code) == (400, -32602)


def test_wrong_arguments_are_a_result_for_the_model(endpoint):
    heard = endpoint.post_modern("tools/call", {"name": "count_records", "arguments": {"model": "res.partnr"}})
    assert heard.status == 200
    assert heard.json["result"]["isError"] is True


def test_a_session_id_of_another_era_is_ignored(endpoint):
    heard = endpoint.post_modern("tools/list", {}, {"Mcp-Session-Id": "stale", "Last-Event-ID": "7"})
    assert heard.status == 200
    assert heard.header("Mcp-Session-Id") is None
