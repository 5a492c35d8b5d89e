"""Whatever a client sends: a JSON-RPC answer or 202, and never an exception."""

import json

from hypothesis import given, settings
from hypothesis import strategies as st
from library import Talk, messages, with_session
from odoo_mcp.services.protocol.messages import Completion
from odoo_mcp.services.protocol.streaming import Idle
from protocol_client import (
    HANDSHAKES,
    MODERN,
    modern_headers,
    modern_request,
    post_bytes,
    request,
)

METHODS = [
    "initialize",
    "server/discover",
    "ping",
    "tools/list",
    "tools/call",
    "resources/list",
    "resources/templates/list",
    "resources/read",
    "resources/subscribe",
    "prompts/list",
    "prompts/get",
    "completion/complete",
    "logging/setLevel",
    "subscriptions/listen",
    "notifications/cancelled",
    "notifications/x",
]
# Parameters that make each of them work.
PARAMS = {
    "name": "echo",
    "protocolVersion": "2025-11-25",
    "cursor": "",
    "arguments": {},
    "uri": "odoo://a",
    "ref": {"type": "ref/prompt", "name": "echo"},
    "argument": {"name": "a", "value": "b"},
    "context": {"arguments": {"c": "d"}},
    "level": "info",
    "notifications": {"toolsListChanged": True, "resourceSubscriptions": ["odoo://a"]},
    "requestId": 1,
    "inputResponses": {"a": {}},
    "requestState": "s",
}
STATUSES = {200, 202, 400, 404, 406, 413, 415}

any_json = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from([*METHODS, *HANDSHAKES, MODERN, "2.0", "echo", "\0", "\ud800"]),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["jsonrpc", "id", "method", "params", "_meta", "name", "result"]) | st.text(max_size=4),
            inner,
            max_size=5,
        )
    ),
    max_leaves=15,
)
any_headers = st.dictionaries(
    st.sampled_from(
        [
            "MCP-Protocol-Version",
            "Mcp-Method",
            "Mcp-Name",
            "Accept",
            "Content-Type",
            "mcp-name",
            "Mcp-Session-Id",
            "Last-Event-ID",
        ]
    ),
    st.sampled_from([*METHODS, *HANDSHAKES, MODERN, "echo", "", "application/json", "*/*", "s1"])
    | st.text(st.characters(max_codepoint=255), max_size=12),
    max_size=4,
)


def everything():
    """An application that offers all there is, and a session."""
    return with_session(
        rendered={"echo": {"messages": []}},
        contents={"odoo://a": {"contents": [{"uri": "odoo://a", "text": ""}]}},
        completion=Completion(["b"]),
        open_stream=Talk(Idle()),
    )


def check_message(message):
    assert message["jsonrpc"] == "2.0"
    assert ("result" in message) != ("error" in message)
    assert isinstance(message.get("id"), (str, int, type(None)))
    if "error" in message:
        error = message["error"]
        assert isinstance(error["code"], int)
        assert error["message"]
        assert "Traceback" not in error["message"]
        assert "\n" not in error["message"]
    else:
        assert message["id"] is not None
        assert isinstance(message["result"], dict)


def check(heard):
    assert heard.status in STATUSES
    if heard.http.stream is not None:
        assert messages(heard)[0]["method"] == "notifications/subscriptions/acknowledged"
    elif heard.status == 202:
        assert heard.http.body == b""
    else:
        answer = json.loads(heard.http.body.decode("utf-8"))
        for message in answer if isinstance(answer, list) else [answer]:
            check_message(message)
    assert heard.application.observed


def at_random_place(data, value):
    """A copy of ``value`` with one member, drawn at random, replaced, removed or added."""
    if isinstance(value, dict) and (not value or data.draw(st.integers(0, 2))):
        changed = dict(value)
        key = data.draw(st.sampled_from([*value, "extra"]))
        action = data.draw(st.sampled_from(["remove", "replace", "descend"]))
        if action == "remove":
            changed.pop(key, None)
        elif action == "replace":
            changed[key] = data.draw(any_json)
        else:
            changed[key] = at_random_place(data, changed.get(key))
        return changed
    return data.draw(any_json)


@given(st.binary(max_size=300), any_headers)
def test_random_bytes(body, headers):
    check(post_bytes(body, headers, everything()))


@settings(max_examples=300)
@given(any_json, any_headers)
def test_random_json(value, headers):
    check(post_bytes(json.dumps(value).encode(), headers, everything()))


@settings(max_examples=600)
@given(
    st.data(),
    st.sampled_from(METHODS),
    st.sampled_from([*HANDSHAKES, None]),
    st.sampled_from(["s1", None]),
)
def test_a_handshake_request_with_one_change(data, method, version, session_id):
    value = at_random_place(data, request(method, PARAMS))
    headers = {"MCP-Protocol-Version": version, "Mcp-Session-Id": session_id}
    check(post_bytes(json.dumps(value).encode(), headers, everything()))


@settings(max_examples=600)
@given(st.data(), st.sampled_from(METHODS), any_headers)
def test_a_modern_request_with_one_change(data, method, more_headers):
    value = at_random_place(data, modern_request(method, PARAMS))
    name = "odoo://a" if method == "resources/read" else "echo"
    headers = {**modern_headers(method, name), **more_headers}
    check(post_bytes(json.dumps(value).encode(), headers, everything()))


@settings(max_examples=200)
@given(any_headers, st.sampled_from(["GET", "DELETE", "HEAD"]))
def test_random_headers_beside_post(headers, http_method):
    heard = post_bytes(b"", {"Mcp-Session-Id": "s1", **headers}, everything(), method=http_method)
    assert heard.status in {200, 400, 404, 405, 406}
    if heard.http.stream is not None:
        assert messages(heard) == []


@settings(max_examples=200)
@given(st.lists(any_json | st.just(request("ping")), max_size=6))
def test_random_batches(values):
    check(post_bytes(json.dumps(values).encode(), {"MCP-Protocol-Version": "2025-03-26"}))


@settings(max_examples=300)
@given(st.data(), st.sampled_from(METHODS))
def test_a_valid_request_with_damaged_bytes(data, method):
    body = bytearray(json.dumps(modern_request(method, {"name": "echo"})).encode())
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(body) - 1))
        body[place : place + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=3))
        if not body:
            break
    check(post_bytes(bytes(body), modern_headers(method, "echo")))


def test_a_valid_request_cut_off_anywhere():
    body = json.dumps(modern_request("tools/call", {"name": "echo"})).encode()
    for length in range(len(body)):
        heard = post_bytes(body[:length], modern_headers("tools/call", "echo"))
        check(heard)
        assert (heard.status, heard.code) == (400, -32700)
