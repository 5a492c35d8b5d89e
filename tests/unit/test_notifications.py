"""Notifications: accepted without an answer, and never run."""

import pytest
from protocol_client import CAPABILITIES_KEY, HANDSHAKES, MODERN, VERSION_KEY, modern_meta, post


def notify(method, params=None, version="2025-11-25"):
    message = {"jsonrpc": "2.0", "method": method}
    if params is not None:
        message["params"] = params
    return post(message, {"MCP-Protocol-Version": version})


@pytest.mark.parametrize("version", [*HANDSHAKES, MODERN, None])
@pytest.mark.parametrize("method", ["notifications/initialized", "notifications/cancelled", "notifications/unheard-of"])
def test_a_notification_is_accepted_without_an_answer(method, version):
    heard = notify(method, version=version)
    assert (heard.status, heard.http.body) == (202, b"")
    assert (heard.outcome.kind, heard.outcome.http_status) == ("notification", 202)
    assert heard.context.method == method


@pytest.mark.parametrize("version", ["2025-11-25", MODERN])
def test_a_tool_call_without_an_id_is_not_run(version):
    heard = notify("tools/call", {"name": "echo"}, version)
    assert heard.status == 202
    assert not heard.application.calls


def test_the_application_sees_the_params_of_a_notification():
    heard = notify("notifications/cancelled", {"requestId": 5})
    assert heard.application.observed[0][1] == {"requestId": 5}


@pytest.mark.parametrize("version", ["2999-01-01", "x", ""])
def test_a_notification_of_an_unknown_version_is_refused(version):
    heard = notify("notifications/initialized", version=version)
    assert (heard.status, heard.code) == (400, -32022)
    assert "id" not in heard.json


def test_a_modern_notification_whose_header_differs_from_its_body_is_refused():
    heard = notify("notifications/x", {"_meta": modern_meta("2999-01-01")}, MODERN)
    assert (heard.status, heard.code) == (400, -32020)


def test_a_modern_notification_needs_no_header_but_a_known_version():
    assert notify("notifications/x", {"_meta": modern_meta()}, None).status == 202
    assert notify("notifications/x", {"_meta": modern_meta("1.0")}, None).code == -32022


@pytest.mark.parametrize("version", [5, None, [], {}])
def test_a_modern_notification_with_a_version_that_is_no_string_is_refused(version):
    meta = {VERSION_KEY: version, CAPABILITIES_KEY: {}}
    heard = notify("notifications/x", {"_meta": meta}, None)
    assert (heard.status, heard.code) == (400, -32602)


@pytest.mark.parametrize("params", [[], 5, "x"])
def test_a_notification_with_params_that_are_no_object_is_refused(params):
    heard = notify("notifications/x", params)
    assert (heard.status, heard.code) == (400, -32602)
