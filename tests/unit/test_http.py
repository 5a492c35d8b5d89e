"""HTTP around the messages: methods, content types, Accept, sizes, headers."""

import pytest
from odoo_mcp.services.protocol.headers import accepts, decode_value, fold, media_type
from odoo_mcp.services.protocol.limits import Limits
from protocol_client import post, post_bytes, request

PING = request("ping")


@pytest.mark.parametrize("method", ["GET", "DELETE", "PUT", "PATCH", "HEAD", "post"])
def test_other_http_methods_are_not_allowed(method):
    heard = post(PING, method=method)
    assert (heard.status, heard.http.body) == (405, b"")
    assert "POST" in heard.http.headers["Allow"]


@pytest.mark.parametrize(
    "content_type",
    [
        "application/json",
        "Application/JSON",
        "application/json; charset=utf-8",
        'application/json;charset="UTF-8"',
        "application/json; charset=utf8; x=y",
    ],
)
def test_json_in_utf8_is_accepted(content_type):
    assert post(PING, {"Content-Type": content_type}).status == 200


@pytest.mark.parametrize(
    "content_type",
    [
        None,
        "",
        "text/plain",
        "text/json",
        "application/jsonp",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=application/json",
        "application/json; charset=latin-1",
    ],
)
def test_other_content_types_are_415(content_type):
    heard = post(PING, {"Content-Type": content_type})
    assert (heard.status, heard.code) == (415, -32600)


@pytest.mark.parametrize(
    "accept",
    [
        None,
        "",
        "*/*",
        "application/json",
        "text/event-stream",
        "application/*",
        "text/*;q=0.1",
        "application/json, text/event-stream",
        "text/html, application/json;q=0.9",
        "APPLICATION/JSON",
        "application/json;q=high",
    ],
)
def test_accept_that_admits_json_or_a_stream_is_served(accept):
    assert post(PING, {"Accept": accept}).status == 200


@pytest.mark.parametrize(
    "accept",
    [
        "text/html",
        "image/*",
        "application/json;q=0",
        "application/json;q=0, text/event-stream;q=0.0, */*",
        "application/xml, text/plain",
    ],
)
def test_accept_that_admits_neither_is_406(accept):
    heard = post(PING, {"Accept": accept})
    assert (heard.status, heard.code) == (406, -32600)


def test_a_body_larger_than_the_limit_is_413_and_not_read():
    limits = Limits(max_body_bytes=100)
    heard = post_bytes(b"{" * 101, limits=limits)
    assert (heard.status, heard.code) == (413, -32600)
    assert "limit is 100" in heard.error["message"]


def test_a_body_as_large_as_the_limit_is_read():
    body = b'{"jsonrpc":"2.0","id":1,"method":"ping"}'
    assert post_bytes(body, limits=Limits(max_body_bytes=len(body))).status == 200


def test_refusals_before_the_message_are_observed_too():
    heard = post(PING, {"Content-Type": "text/plain"})
    assert heard.outcome.kind == "error"
    assert heard.outcome.http_status == 415
    assert heard.context.method == ""


def test_answers_are_compact_json_in_utf8():
    heard = post(request("ping", identifier="é"))
    assert heard.http.headers["Content-Type"] == "application/json"
    assert heard.http.body == '{"jsonrpc":"2.0","id":"é","result":{}}'.encode()


def test_an_empty_body_says_what_to_send():
    heard = post_bytes(b"")
    assert (heard.status, heard.code) == (400, -32700)
    assert "empty" in heard.error["message"]


def test_header_names_are_folded_and_values_trimmed():
    assert fold({"MCP-Protocol-VERSION": " \t2025-11-25 "}) == {"mcp-protocol-version": "2025-11-25"}


def test_a_header_sent_twice_is_joined_so_that_no_copy_wins():
    assert fold({"Mcp-Name": "a", "mcp-name": "b"}) == {"mcp-name": "a, b"}


@pytest.mark.parametrize(
    ("value", "clear"),
    [
        ("us-west1", "us-west1"),
        ("=?base64?SGVsbG8sIOS4lueVjA==?=", "Hello, 世界"),
        ("=?base64?IHBhZGRlZCA=?=", " padded "),
        ("=?base64?bGluZTEKbGluZTI=?=", "line1\nline2"),
        ("=?base64?PT9iYXNlNjQ/bGl0ZXJhbD89?=", "=?base64?literal?="),
        ("=?base64??=", ""),
        ("=?BASE64?SGVsbG8=?=", "=?BASE64?SGVsbG8=?="),  # the markers are case-sensitive
        ("=?base64?=", "=?base64?="),
        ("=?base64?SGVsbG8", "=?base64?SGVsbG8"),
        ("=?base64?SGVsbG8?=", None),  # padding missing
        ("=?base64?SGVsbG9=?=", None),  # bits that belong to nothing
        ("=?base64?!!!!?=", None),
        ("=?base64?/w==?=", None),  # no UTF-8
        ("=?base64?é?=", None),
    ],
)
def test_mirrored_values_are_decoded_as_the_specification_shows(value, clear):
    assert decode_value(value) == clear


def test_media_type_parameters_are_read_in_lower_case():
    assert media_type('Text/HTML; Charset="UTF-8"; x') == (
        "text/html",
        {"charset": "utf-8", "x": ""},
    )


@pytest.mark.parametrize(
    ("accept", "admitted"),
    [
        ("application/json;q=0, application/*", False),
        ("application/*;q=0, */*", False),
        ("*/*;q=0, application/json", True),
        ("application/json;q=0, application/json", True),
        ("text/*", False),
        (",,", False),
    ],
)
def test_the_closest_range_of_accept_rules(accept, admitted):
    assert accepts(accept, "application/json") is admitted
