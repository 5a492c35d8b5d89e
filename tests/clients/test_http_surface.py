"""HTTP around the messages: methods, origins, credentials, sizes, types, and odd requests."""

import json

import pytest
from endpoint import check_answer

PING = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "ping"}).encode()
PONG = {"jsonrpc": "2.0", "id": 1, "result": {}}
CLAUDE = "https://claude.ai"  # allowed by default
FOREIGN = "https://attacker.example"


@pytest.mark.parametrize("path", ["/odoo/mcp", "/mcp"])
def test_both_paths_are_the_same_endpoint(endpoint, path):
    assert endpoint.send(PING, path=path).json == PONG


# ---------------------------------------------------------------------- methods


@pytest.mark.parametrize("method", ["GET", "DELETE", "PUT", "PATCH"])
def test_other_methods_are_405_and_told_which_are_allowed(endpoint, method):
    heard = endpoint.send(method=method)
    assert heard.status == 405
    assert "POST" in heard.header("Allow")


def test_a_browser_may_ask_before_it_sends_credentials(endpoint):
    heard = endpoint.send(
        method="OPTIONS",
        headers={
            "Authorization": None,
            "Content-Type": None,
            "Origin": CLAUDE,
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "authorization,content-type,mcp-protocol-version",
        },
    )
    assert heard.status == 204
    assert heard.header("Access-Control-Allow-Origin") == CLAUDE
    assert "POST" in (heard.header("Access-Control-Allow-Methods") or "")
    allowed = (heard.header("Access-Control-Allow-Headers") or "").lower()
    for name in ("authorization", "content-type", "mcp-protocol-version", "mcp-method", "mcp-name"):
        assert name in allowed
    assert heard.header("Access-Control-Allow-Credentials") is None


# ---------------------------------------------------------------------- origins


@pytest.mark.parametrize("origin", [CLAUDE, "http://localhost:6274", "http://127.0.0.1:1"])
def test_an_allowed_origin_may_read_the_answer(endpoint, origin):
    heard = endpoint.send(PING, {"Origin": origin})
    assert heard.json == PONG
    assert heard.header("Access-Control-Allow-Origin") == origin
    assert "WWW-Authenticate" in heard.header("Access-Control-Expose-Headers")
    assert "Origin" in heard.header("Vary")


def test_an_allowed_origin_may_read_why_it_was_refused(endpoint):
    heard = endpoint.send(PING, {"Origin": CLAUDE, "Authorization": None})
    assert heard.status == 401
    assert heard.header("Access-Control-Allow-Origin") == CLAUDE


@pytest.mark.parametrize("method", ["POST", "OPTIONS", "GET"])
@pytest.mark.parametrize(
    "origin",
    [
        FOREIGN,
        "null",
        "https://claude.ai.attacker.example",
        "http://claude.ai",
        "https://claude.ai:8443",
        "x",
    ],
)
def test_a_foreign_origin_is_403(endpoint, origin, method):
    heard = endpoint.send(PING if method == "POST" else None, {"Origin": origin}, method)
    check_answer(heard, origin)
    assert heard.status == 403
    assert heard.header("Access-Control-Allow-Origin") is None


def test_a_host_header_cannot_make_a_foreign_origin_our_own(endpoint):
    heard = endpoint.send(PING, {"Host": "attacker.example", "Origin": "http://attacker.example"})
    assert heard.status == 403


# ---------------------------------------------------------------------- credentials


def test_no_garbage_wrong_scheme_and_unknown_key_get_the_same_401(endpoint):
    refused = [
        endpoint.send(PING, {"Authorization": authorization})
        for authorization in (
            None,
            "",
            "Bearer",
            "Bearer ",
            "garbage",
            b"Bearer \xff\xfe\x80",
            "Basic YWRtaW46YWRtaW4=",
            f"Token {endpoint.key}",
            f"Bearer {endpoint.key[:-1]}",
            f"Bearer {endpoint.key}x",
            f"Bearer {endpoint.key.swapcase()}",
            f"Bearer {'x' * 5000}",
            "Bearer ' OR 1=1 --",
        )
    ]
    for heard in refused:
        check_answer(heard)
        assert heard.status == 401
        assert heard.header("WWW-Authenticate").startswith("Bearer ")
    assert {heard.body for heard in refused} == {refused[0].body}


def test_the_challenge_names_an_error_only_when_credentials_were_sent(endpoint):
    assert "error=" not in endpoint.send(PING, {"Authorization": None}).header("WWW-Authenticate")
    assert 'error="invalid_token"' in endpoint.send(PING, {"Authorization": "Bearer x"}).header("WWW-Authenticate")


def test_the_key_counts_in_the_authorization_header_only(endpoint):
    for elsewhere in ({"X-Api-Key": endpoint.key}, {"Cookie": f"session_id={endpoint.key}"}):
        assert endpoint.send(PING, {"Authorization": None, **elsewhere}).status == 401
    in_query = endpoint.send(PING, {"Authorization": None}, path=f"{endpoint.path}?access_token={endpoint.key}")
    assert in_query.status == 401


def test_the_scheme_may_be_spelled_in_any_case(endpoint):
    for scheme in ("bearer", "BEARER", "Bearer "):
        assert endpoint.send(PING, {"Authorization": f"{scheme} {endpoint.key}"}).json == PONG


# ---------------------------------------------------------------------- body


def test_a_body_that_is_too_large_is_413_before_it_is_sent(endpoint):
    # Announced only: a server that waits for the body would run into the time limit.
    heard = endpoint.send_raw(endpoint.raw_head(f"Content-Length: {80 * 1024 * 1024}"))
    check_answer(heard)
    assert heard.status == 413


def test_a_body_without_a_length_is_411(endpoint):
    chunked = endpoint.raw_head("Transfer-Encoding: chunked") + b"%x\r\n%b\r\n0\r\n\r\n" % (
        len(PING),
        PING,
    )
    for request in (endpoint.raw_head(), chunked):
        heard = endpoint.send_raw(request)
        check_answer(heard)
        assert heard.status == 411


@pytest.mark.parametrize("length", ["-5", "abc", "0x10", "1e3"])
def test_a_length_that_is_no_number_is_refused(endpoint, length):
    heard = endpoint.send_raw(endpoint.raw_head(f"Content-Length: {length}"))
    assert heard.status in (400, 411)
    assert b"Traceback" not in heard.body


@pytest.mark.parametrize(
    "content_type",
    [
        None,
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "multipart/form-data",
        "application/json; charset=latin-1",
        "application/jsonp",
    ],
)
def test_another_content_type_is_415(endpoint, content_type):
    heard = endpoint.send(PING, {"Content-Type": content_type})
    check_answer(heard, content_type)
    assert heard.status == 415


def test_a_client_that_takes_neither_json_nor_a_stream_gets_406(endpoint):
    assert endpoint.send(PING, {"Accept": "text/html"}).status == 406
    for accept in (None, "*/*", "application/json", "text/event-stream"):
        assert endpoint.send(PING, {"Accept": accept}).json == PONG


# ---------------------------------------------------------------------- odd requests


@pytest.mark.parametrize(
    "headers",
    [
        {"Cookie": "session_id=0123456789abcdef; frontend_lang=xx_XX; tz=nowhere"},
        {"Host": "attacker.example"},
        {
            "X-Forwarded-For": "a\x01b, 127.0.0.1",
            "X-Forwarded-Host": "<script>",
            "X-Forwarded-Proto": "gopher",
        },
        {"Accept-Language": "\x7f;q=zz, xx"},
        {"User-Agent": b"\xff\xfe\x00 agent"},
        {"User-Agent": "x" * 60_000},
    ],
    ids=lambda headers: ",".join(headers),
)
def test_odd_headers_change_nothing_and_no_cookie_is_ever_set(endpoint, headers):
    heard = endpoint.send(PING, headers)
    check_answer(heard, headers)
    assert heard.json == PONG


def test_a_session_that_is_none_of_ours_is_not_found(endpoint):
    for session_id in ("../../etc/passwd", "x" * 43, "x" * 10_000):
        heard = endpoint.send(PING, {"MCP-Session-Id": session_id})
        assert heard.status == 404
        assert heard.json["error"]["code"] == -32600


@pytest.mark.parametrize(
    "query",
    ["?db=another", "?db=%00", "?debug=assets", "?_parameters=1", "?id=1&method=x", "?a[]=1&=2"],
)
def test_a_query_string_changes_nothing(endpoint, query):
    heard = endpoint.send(PING, path=endpoint.path + query)
    check_answer(heard, query)
    assert heard.json == PONG


@pytest.mark.parametrize("key", ["key", None])
def test_a_parameter_named_self_is_no_server_error(endpoint, key):
    authorization = {} if key else {"Authorization": None}
    heard = endpoint.send(PING, authorization, path=f"{endpoint.path}?self=1&args=2&kwargs=3")
    check_answer(heard, "?self=1")
    form = endpoint.send(b"self=1&args=2", {**authorization, "Content-Type": "application/x-www-form-urlencoded"})
    check_answer(form, "self=1")
    assert form.status == (415 if key else 401)
