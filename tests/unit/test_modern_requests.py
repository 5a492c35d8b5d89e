"""2026-07-28: requests that stand alone, and the order in which they are checked."""

import base64

import pytest
from odoo_mcp.services.protocol.messages import Era
from protocol_client import (
    CAPABILITIES_KEY,
    CLIENT_INFO_KEY,
    MODERN,
    SERVER_INFO,
    SERVER_INFO_KEY,
    SHORT_SERVER_INFO,
    VERSION_KEY,
    Workshop,
    ask,
    modern_headers,
    modern_meta,
    modern_request,
    post,
    post_bytes,
    request,
    tool,
)

LOG_LEVEL_KEY = "io.modelcontextprotocol/logLevel"


def test_discover_tells_versions_capabilities_and_instructions():
    result = ask("server/discover").result
    assert result == {
        "resultType": "complete",
        "supportedVersions": [
            "2026-07-28",
            "2025-11-25",
            "2025-06-18",
            "2025-03-26",
            "2024-11-05",
        ],
        "capabilities": {"tools": {}},
        "instructions": "Look before you write.",
        "ttlMs": 60_000,
        "cacheScope": "private",
        "_meta": {SERVER_INFO_KEY: SERVER_INFO},
    }


def test_discover_without_instructions_leaves_them_out():
    assert "instructions" not in ask("server/discover", application=Workshop(guidance=None)).result


def test_every_result_says_its_type_and_its_server():
    for heard in (ask("tools/list"), ask("tools/call", {"name": "echo"})):
        assert heard.result["resultType"] == "complete"
        assert heard.result["_meta"] == {SERVER_INFO_KEY: SHORT_SERVER_INFO}


def test_only_lists_and_discovery_may_be_cached():
    assert ask("tools/list").result["cacheScope"] == "private"
    assert ask("tools/list").result["ttlMs"] == 60_000
    assert {"ttlMs", "cacheScope"}.isdisjoint(ask("tools/call", {"name": "echo"}).result)


def test_meta_and_result_type_of_the_application_are_kept():
    application = Workshop(results={"echo": {"content": [], "resultType": "input_required", "_meta": {"a": 1}}})
    result = ask("tools/call", {"name": "echo"}, application=application).result
    assert result["resultType"] == "input_required"
    assert result["_meta"] == {SERVER_INFO_KEY: SHORT_SERVER_INFO, "a": 1}


def test_the_context_carries_what_the_request_says_about_the_client():
    meta = modern_meta(
        **{
            CLIENT_INFO_KEY: {"name": "Inspector", "version": "2"},
            CAPABILITIES_KEY: {"elicitation": {}},
            LOG_LEVEL_KEY: "warning",
            "progressToken": "p1",
        }
    )
    context = ask("tools/call", {"name": "echo"}, meta=meta).context
    assert context.era is Era.MODERN
    assert context.protocol_version == MODERN
    assert (context.method, context.request_id) == ("tools/call", 1)
    assert context.client_info == {"name": "Inspector", "version": "2"}
    assert context.client_capabilities == {"elicitation": {}}
    assert (context.progress_token, context.log_level) == ("p1", "warning")
    assert context.meta == meta


def test_a_client_that_does_not_say_who_it_is_is_served():
    assert ask("tools/list").context.client_info == {}


BAD_META = {
    "no _meta": None,
    "_meta as a list": [],
    "_meta as a string": "x",
    "empty _meta": {},
    "no version": {CAPABILITIES_KEY: {}},
    "no capabilities": {VERSION_KEY: MODERN},
    "version null": {VERSION_KEY: None, CAPABILITIES_KEY: {}},
    "version as a number": {VERSION_KEY: 2026, CAPABILITIES_KEY: {}},
    "version as a list": {VERSION_KEY: [MODERN], CAPABILITIES_KEY: {}},
    "capabilities as a list": {VERSION_KEY: MODERN, CAPABILITIES_KEY: []},
    "capabilities null": {VERSION_KEY: MODERN, CAPABILITIES_KEY: None},
    "client info as a string": {**modern_meta(), CLIENT_INFO_KEY: "x"},
    "an unknown log level": {**modern_meta(), LOG_LEVEL_KEY: "loud"},
    "a log level as a list": {**modern_meta(), LOG_LEVEL_KEY: ["info"]},
    "a progress token as an object": {**modern_meta(), "progressToken": {}},
    "a progress token true": {**modern_meta(), "progressToken": True},
    "a huge progress token": {**modern_meta(), "progressToken": "x" * 257},
}


@pytest.mark.parametrize("meta", BAD_META.values(), ids=BAD_META)
def test_incomplete_or_wrong_meta_is_invalid_params(meta):
    message = request("tools/list", {"_meta": meta})
    heard = post(message, modern_headers("tools/list"))
    assert (heard.status, heard.code) == (400, -32602)
    assert heard.json["id"] == 1


def test_missing_params_are_missing_meta():
    heard = post(request("tools/list"), modern_headers("tools/list"))
    assert (heard.status, heard.code) == (400, -32602)
    assert VERSION_KEY in heard.error["message"]


BAD_HEADERS = {
    "no version": {"MCP-Protocol-Version": None},
    "an empty version": {"MCP-Protocol-Version": ""},
    "another version": {"MCP-Protocol-Version": "2027-01-01"},
    "a handshake version": {"MCP-Protocol-Version": "2025-11-25"},
    "no method": {"Mcp-Method": None},
    "another method": {"Mcp-Method": "tools/list"},
    "the method in capitals": {"Mcp-Method": "TOOLS/CALL"},
    "the method twice": {"mcp-method": "tools/call"},
    "no name": {"Mcp-Name": None},
    "an empty name": {"Mcp-Name": ""},
    "another name": {"Mcp-Name": "add"},
    "the name in capitals": {"Mcp-Name": "ECHO"},
    "a name in damaged base64": {"Mcp-Name": "=?base64?ZWNobw?="},
    "another name in base64": {"Mcp-Name": "=?base64?YWRk?="},
}


@pytest.mark.parametrize("headers", BAD_HEADERS.values(), ids=BAD_HEADERS)
def test_headers_that_differ_from_the_body_are_a_mismatch(headers):
    heard = ask("tools/call", {"name": "echo"}, headers)
    assert (heard.status, heard.code) == (400, -32020)
    assert heard.json["id"] == 1
    assert not heard.application.calls


def test_the_mismatch_names_header_and_both_values():
    message = ask("tools/call", {"name": "echo"}, {"Mcp-Name": "add"}).error["message"]
    assert message == "Header Mcp-Name is 'add', the body says 'echo'"


def test_header_names_count_in_any_case_and_values_without_their_spaces():
    headers = {
        "mcp-protocol-version": f" {MODERN} ",
        "MCP-METHOD": "\ttools/call",
        "mCp-NaMe": "echo ",
    }
    assert post(modern_request("tools/call", {"name": "echo"}), headers).status == 200


@pytest.mark.parametrize("name", ["echo", "Größe", " padded ", "=?base64?literal?="])
def test_a_name_in_base64_is_decoded_before_it_is_compared(name):
    encoded = base64.b64encode(name.encode()).decode()
    application = Workshop(tools=[tool(name)])
    headers = {"Mcp-Name": f"=?base64?{encoded}?="}
    assert ask("tools/call", {"name": name}, headers, application=application).status == 200
    assert application.calls == [(name, {})]


@pytest.mark.parametrize(("method", "member"), [("prompts/get", "name"), ("resources/read", "uri")])
def test_prompts_and_resources_are_mirrored_too(method, member):
    wrong = ask(method, {member: "a"}, {"Mcp-Name": "b"})
    right = ask(method, {member: "a"}, {"Mcp-Name": "a"})
    assert (wrong.code, right.code) == (-32020, -32601)


def test_methods_without_a_target_need_no_name_header():
    assert ask("tools/list", {"name": "ignored"}).status == 200


@pytest.mark.parametrize("version", ["2999-01-01", "1900-01-01", "newest", "2026-07-28x"])
def test_an_unknown_version_is_told_which_ones_there_are(version):
    heard = ask("tools/list", None, {"MCP-Protocol-Version": version}, modern_meta(version))
    assert (heard.status, heard.code) == (400, -32022)
    assert heard.error["data"]["requested"] == version
    supported = ask("server/discover").result["supportedVersions"]
    assert set(heard.error["data"]["supported"]) <= set(supported)
    assert MODERN in heard.error["data"]["supported"]


def test_a_handshake_version_asked_for_in_the_new_way_is_not_offered_again():
    heard = ask("tools/list", None, {"MCP-Protocol-Version": "2025-11-25"}, modern_meta("2025-11-25"))
    assert heard.code == -32022
    assert heard.error["data"] == {"supported": [MODERN], "requested": "2025-11-25"}
    assert "initialize" in heard.error["message"]


@pytest.mark.parametrize(
    "method",
    [
        "initialize",
        "ping",
        "logging/setLevel",
        "resources/subscribe",
        "resources/unsubscribe",
        "subscriptions/listen",
        "tools/paint",
        "Tools/List",
        "notifications/initialized",
    ],
)
def test_removed_and_unknown_methods_are_404(method):
    heard = ask(method)
    assert (heard.status, heard.code) == (404, -32601)
    assert heard.json["id"] == 1


def test_json_is_checked_before_everything():
    heard = post_bytes(b"{", {"MCP-Protocol-Version": "2999-01-01"})
    assert (heard.status, heard.code) == (400, -32700)


def test_meta_is_checked_before_the_headers():
    headers = {"MCP-Protocol-Version": MODERN, "Mcp-Method": "tools/call"}
    assert post(request("tools/list", {"_meta": {}}), headers).code == -32602


def test_headers_are_checked_before_the_version():
    meta = modern_meta("2999-01-01")
    assert ask("tools/list", None, {"MCP-Protocol-Version": "2998-01-01"}, meta).code == -32020
    wrong_method = {"MCP-Protocol-Version": "2999-01-01", "Mcp-Method": "tools/call"}
    assert ask("tools/list", None, wrong_method, meta).code == -32020


def test_the_version_is_checked_before_the_method():
    headers = {"MCP-Protocol-Version": "2999-01-01"}
    assert ask("tools/paint", None, headers, modern_meta("2999-01-01")).code == -32022


def test_a_request_is_modern_by_its_meta_even_without_the_header():
    heard = ask("tools/list", None, {"MCP-Protocol-Version": None, "Mcp-Method": None})
    assert heard.code == -32020
    assert heard.context.era is Era.MODERN


def test_an_array_is_no_modern_message():
    body = [modern_request("tools/list")]
    heard = post(body, modern_headers("tools/list"))
    assert (heard.status, heard.code) == (400, -32600)


def test_a_posted_response_is_no_modern_message():
    heard = post({"jsonrpc": "2.0", "id": 1, "result": {}}, {"MCP-Protocol-Version": MODERN})
    assert (heard.status, heard.code) == (400, -32600)


def test_session_and_last_event_headers_are_ignored():
    headers = {"Mcp-Session-Id": "x", "Last-Event-ID": "y"}
    heard = ask("tools/list", None, headers)
    assert heard.status == 200
    assert set(heard.http.headers) == {"Content-Type"}
