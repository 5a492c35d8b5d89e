"""Who may ask from a web page, and what the browser is told."""

import pytest
from odoo_mcp.services.protocol.origin import cors_headers, origin_allowed, preflight_headers

HOST = "erp.example.com"
ALLOWED = (
    "https://claude.ai",
    "https://chatgpt.com/",
    "https://box.example.com:8443",
    "http://localhost:*",
    "http://127.0.0.1:*",
    "vscode-webview://inspector",
)


@pytest.mark.parametrize(
    "origin",
    [
        None,
        "https://claude.ai",
        "https://CLAUDE.ai",
        "https://claude.ai:443",
        "https://chatgpt.com",
        "https://box.example.com:8443",
        "http://localhost:6274",
        "http://localhost",
        "http://127.0.0.1:1",
        "vscode-webview://inspector",
        "https://erp.example.com",
        "https://erp.example.com:443",
        "http://erp.example.com",
    ],
)
def test_known_origins_and_our_own_are_allowed(origin):
    assert origin_allowed(origin, HOST, ALLOWED)


@pytest.mark.parametrize(
    "origin",
    [
        "",
        "null",
        "*",
        "claude.ai",
        "https://evil.example.com",
        "https://claude.ai.evil.com",
        "https://evilclaude.ai",
        "https://claude.ai:444",
        "http://claude.ai",
        "https://sub.claude.ai",
        "https://claude.ai/",
        "https://claude.ai/path",
        "https://claude.ai@evil.com",
        "https://claude.ai#x",
        "https://claude.ai https://evil.com",
        "https://claude.ai\r\nX: y",
        "https://claude.ai\n",
        "https://localhost:6274",
        "http://localhost.evil.com:80",
        "http://localhost:*",
        "http://localhost:123456",
        "http://localhost:x",
        "http://127.0.0.2:80",
        "https://box.example.com",
        "https://erp.example.com:8069",
        "vscode-webview://other",
        "javascript://erp.example.com",
        "file://",
    ],
)
def test_foreign_and_malformed_origins_are_refused(origin):
    assert not origin_allowed(origin, HOST, ALLOWED)


def test_our_own_origin_includes_the_port():
    assert origin_allowed("http://127.0.0.1:8069", "127.0.0.1:8069", ())
    assert not origin_allowed("http://127.0.0.1:8070", "127.0.0.1:8069", ())


def test_an_ipv6_host_is_an_origin_too():
    assert origin_allowed("http://[::1]:8069", "[::1]:8069", ())
    assert not origin_allowed("http://[::2]:8069", "[::1]:8069", ())


@pytest.mark.parametrize("pattern", ["*", "https://*", "", "http://*:*", "https://*.example.com"])
def test_no_pattern_opens_the_door_for_everybody(pattern):
    assert not origin_allowed("https://evil.example.com", HOST, [pattern])


def test_an_empty_host_makes_nothing_our_own():
    assert not origin_allowed("https://evil.example.com", "", ())


def test_an_allowed_origin_is_echoed_with_what_it_may_read():
    headers = cors_headers("https://claude.ai", HOST, ALLOWED)
    assert headers["Access-Control-Allow-Origin"] == "https://claude.ai"
    exposed = headers["Access-Control-Expose-Headers"].lower()
    for name in ("www-authenticate", "mcp-session-id", "mcp-protocol-version"):
        assert name in exposed


@pytest.mark.parametrize("origin", [None, "null", "https://evil.example.com"])
def test_nobody_else_is_told_anything_but_that_answers_vary(origin):
    assert cors_headers(origin, HOST, ALLOWED) == {"Vary": "Origin"}
    assert preflight_headers(origin, HOST, ALLOWED) == {"Vary": "Origin"}


def test_a_preflight_allows_what_mcp_clients_send():
    headers = preflight_headers("https://claude.ai", HOST, ALLOWED)
    methods = headers["Access-Control-Allow-Methods"].split(", ")
    assert set(methods) == {"POST", "GET", "DELETE", "OPTIONS"}
    allowed = set(headers["Access-Control-Allow-Headers"].lower().split(", "))
    assert allowed == {
        "authorization",
        "content-type",
        "accept",
        "mcp-protocol-version",
        "mcp-method",
        "mcp-name",
        "mcp-session-id",
        "last-event-id",
    }
    assert int(headers["Access-Control-Max-Age"]) > 0
    assert headers["Vary"] == "Origin"


def test_credentials_are_never_allowed():
    for headers in (
        cors_headers("https://claude.ai", HOST, ALLOWED),
        preflight_headers("https://claude.ai", HOST, ALLOWED),
    ):
        assert "Access-Control-Allow-Credentials" not in headers
