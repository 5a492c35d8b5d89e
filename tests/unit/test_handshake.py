"""2024-11-05 to 2025-11-25: initialize, versions, status codes."""

import pytest
from odoo_mcp.services.protocol.messages import Era
from protocol_client import HANDSHAKES, SERVER_INFO, Workshop, post, post_bytes, request, say


def initialize(version="2025-11-25", **options):
    params = {
        "protocolVersion": version,
        "capabilities": {"roots": {}},
        "clientInfo": {"name": "Cursor", "version": "3"},
    }
    return post(request("initialize", params), **options)


@pytest.mark.parametrize("version", HANDSHAKES)
def test_initialize_echoes_a_version_we_serve(version):
    heard = initialize(version)
    assert heard.status == 200
    assert heard.result["protocolVersion"] == version
    assert heard.context.protocol_version == version


@pytest.mark.parametrize("version", ["2026-07-28", "2999-01-01", "2024-10-07", "", "1"])
def test_initialize_offers_the_latest_handshake_version_for_any_other(version):
    assert initialize(version).result["protocolVersion"] == "2025-11-25"


def test_initialize_tells_server_capabilities_and_instructions():
    result = initialize().result
    assert result == {
        "protocolVersion": "2025-11-25",
        "serverInfo": SERVER_INFO,
        "capabilities": {"tools": {}},
        "instructions": "Look before you write.",
    }


def test_initialize_takes_its_version_from_the_body_not_from_the_header():
    heard = initialize("2025-06-18", headers={"MCP-Protocol-Version": "2025-03-26"})
    assert heard.result["protocolVersion"] == "2025-06-18"


def test_initialize_tells_the_application_about_the_client():
    context = initialize().context
    assert context.era is Era.HANDSHAKE
    assert context.client_info == {"name": "Cursor", "version": "3"}
    assert context.client_capabilities == {"roots": {}}


def test_initialize_without_client_info_and_capabilities_is_served():
    assert post(request("initialize", {"protocolVersion": "2025-06-18"})).status == 200


@pytest.mark.parametrize(
    "params",
    [
        None,
        {},
        {"protocolVersion": None},
        {"protocolVersion": 2025},
        {"protocolVersion": ["2025-11-25"]},
        {"protocolVersion": "2025-11-25", "clientInfo": "Cursor"},
        {"protocolVersion": "2025-11-25", "capabilities": []},
        {"protocolVersion": "2025-11-25", "_meta": 5},
    ],
)
def test_a_malformed_initialize_is_invalid_params(params):
    heard = post(request("initialize", params))
    assert (heard.status, heard.code) == (200, -32602)


@pytest.mark.parametrize("version", HANDSHAKES)
def test_the_header_decides_the_version_after_initialize(version):
    heard = say("ping", version=version)
    assert heard.result == {}
    assert heard.context.protocol_version == version


def test_without_the_header_2025_03_26_is_spoken():
    assert say("ping", version=None).context.protocol_version == "2025-03-26"


@pytest.mark.parametrize("version", ["1999-01-01", "2025-11-26", "latest", ""])
def test_an_unknown_version_in_the_header_is_400(version):
    assert say("ping", version=version).status == 400


def test_results_carry_nothing_of_2026():
    for method, params in (("ping", None), ("tools/list", None), ("tools/call", {"name": "echo"})):
        result = say(method, params).result
        assert {"resultType", "ttlMs", "cacheScope", "_meta"}.isdisjoint(result), method


@pytest.mark.parametrize("version", HANDSHAKES)
@pytest.mark.parametrize("method", ["server/discover", "subscriptions/listen", "nothing"])
def test_unknown_methods_are_errors_in_a_200(method, version):
    heard = say(method, version=version)
    assert (heard.status, heard.code) == (200, -32601)


@pytest.mark.parametrize(("body", "code"), [(b"{", -32700), (b"5", -32600), (b'{"jsonrpc":"2.0"}', -32600)])
def test_what_is_no_message_is_400(body, code):
    heard = post_bytes(body, {"MCP-Protocol-Version": "2025-11-25"})
    assert (heard.status, heard.code) == (400, code)


def test_the_progress_token_reaches_the_application():
    heard = say("tools/call", {"name": "echo", "_meta": {"progressToken": 5}})
    assert heard.context.progress_token == 5
    assert heard.context.log_level is None


@pytest.mark.parametrize("token", [True, [], {}, "x" * 257])
def test_an_unusable_progress_token_is_refused(token):
    heard = say("tools/call", {"name": "echo", "_meta": {"progressToken": token}})
    assert heard.code == -32602
    assert not heard.application.calls


def test_a_session_id_is_neither_needed_nor_made():
    heard = initialize(headers={"Mcp-Session-Id": "made-up"})
    assert set(heard.http.headers) == {"Content-Type"}


def test_log_level_of_2026_means_nothing_here():
    application = Workshop()
    meta = {"io.modelcontextprotocol/logLevel": "info"}
    assert say("ping", {"_meta": meta}, application=application).context.log_level is None
