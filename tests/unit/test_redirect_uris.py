"""Which redirect URIs may be registered, and which one matches (RFC 6749, RFC 8252, RFC 9700)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from odoo_mcp.services.identity.oauth import redirects

REGISTERED = ["https://claude.ai/api/mcp/auth_callback", "http://localhost:3000/callback?x=1", "http://[::1]/cb"]
SCHEMES = ["cursor"]


@pytest.mark.parametrize(
    "uri",
    [
        "https://claude.ai/api/mcp/auth_callback",
        "https://tool.example.com:8443/cb?tenant=1",
        "https://[2606:4700::1]/cb",
        "http://localhost/callback",
        "http://localhost:33418/callback",
        "http://127.0.0.1:1/callback",
        "http://[::1]:8080/callback",
        "cursor://anysphere.cursor-mcp/oauth/callback",
    ],
)
def test_proper_redirect_uris_may_be_registered(uri):
    assert redirects.check(uri, SCHEMES) == uri


@pytest.mark.parametrize(
    "uri",
    [
        "http://claude.ai/cb",
        "http://localhost.evil.example/cb",
        "http://127.0.0.1.evil.example/cb",
        "http://127.0.0.2/cb",
        "http://user@localhost/cb",
        "https://user:pw@claude.ai/cb",
        "https://claude.ai@evil.example/cb",
        "https://claude.ai/cb#fragment",
        "https://*.claude.ai/cb",
        "https://claude.ai/*",
        "cursor://user@anysphere.cursor-mcp/cb",
        "https://claude.ai\\@evil.example/cb",
        "https://claude.ai/cb\r\nX: y",
        "https://claude.ai/c b",
        "https://claude.ai/cb\x00",
        "https://cläude.ai/cb",
        "https:///cb",
        "https://",
        "https:claude.ai",
        "//claude.ai/cb",
        "/cb",
        "",
        "javascript://claude.ai/%0aalert(1)",
        "javascript:alert(1)",
        "data:text/html,x",
        "file:///etc/passwd",
        "myapp://cb",
        "cursor:cb",
        "https://claude.ai:0/cb",
        "https://claude.ai:99999/cb",
        "https://[::1/cb",
        "HTTPS://claude.ai/cb",
        "https://claude.ai/" + "x" * 2000,
        None,
        7,
        ["https://claude.ai/cb"],
    ],
)
def test_all_others_are_refused_with_a_reason(uri):
    with pytest.raises(redirects.BadRedirectError, match="URI|URL|https|host|scheme"):
        redirects.check(uri, SCHEMES)


def test_the_very_same_text_matches():
    assert all(redirects.matches(uri, REGISTERED) for uri in REGISTERED)


@pytest.mark.parametrize(
    "uri", ["http://localhost:1234/callback?x=1", "http://localhost/callback?x=1", "http://[::1]:5/cb"]
)
def test_the_port_of_a_loopback_address_may_differ(uri):
    assert redirects.matches(uri, REGISTERED)


@pytest.mark.parametrize(
    "uri",
    [
        "https://claude.ai/api/mcp/auth_callback/",
        "https://claude.ai/api/mcp/auth_callback?x=1",
        "https://claude.ai/api/mcp/auth_callback#x",
        "https://claude.ai/api/mcp/Auth_callback",
        "https://CLAUDE.ai/api/mcp/auth_callback",
        "https://claude.ai:443/api/mcp/auth_callback",
        "https://claude.ai:8443/api/mcp/auth_callback",
        "https://www.claude.ai/api/mcp/auth_callback",
        "https://user@claude.ai/api/mcp/auth_callback",
        "https://claude.ai/api/mcp/%61uth_callback",
        "https://claude.ai/api/mcp/x/../auth_callback",
        "https://claude.ai/api/mcp/%2e/auth_callback",
        "https://claude.ai\\/api/mcp/auth_callback",
        "http://claude.ai/api/mcp/auth_callback",
        "http://127.0.0.1:3000/callback?x=1",
        "http://localhost:3000/callback",
        "http://localhost:3000/callback?x=2",
        "http://localhost:3000/callback?x=1&y=2",
        "http://localhost:3000/callback/?x=1",
        "http://localhost:3000@evil.example/callback?x=1",
        "http://localhost:99999/callback?x=1",
        "http://localhost:x/callback?x=1",
        "https://localhost:3000/callback?x=1",
        "http://LOCALHOST:3000/callback?x=1",
        "",
    ],
)
def test_everything_else_does_not_match(uri):
    assert not redirects.matches(uri, REGISTERED)


@given(st.text())
def test_no_text_at_all_breaks_the_check_or_slips_through(text):
    """Whatever passes the check is https, loopback, or a scheme that was named."""
    try:
        uri = redirects.check(text, SCHEMES)
    except redirects.BadRedirectError:
        return
    assert uri.startswith(("https://", "http://localhost", "http://127.0.0.1", "http://[::1]", "cursor://"))


def test_a_person_is_shown_the_host():
    assert redirects.host("https://claude.ai/api/mcp/auth_callback") == "claude.ai"
    assert redirects.host("http://localhost:3000/cb") == "localhost:3000"
    assert redirects.host("cursor://anysphere.cursor-mcp/oauth/callback") == "cursor://anysphere.cursor-mcp"
