"""Where the server is: its issuer, its endpoints and the resource that tokens are for.

All of it comes from ``web.base.url``, never from what a request says of itself (Host, X-Forwarded-Host): a client that
follows a forged address would hand over the code or the token.
"""

from __future__ import annotations

from urllib.parse import urlsplit

# The paths of the one MCP endpoint, the documented one first.
ENDPOINT_PATHS = ("/odoo/mcp", "/mcp", "/mcp/sse")
PROTECTED_RESOURCE = "/.well-known/oauth-protected-resource"
_DEFAULT_PORTS = {"http": 80, "https": 443}


def issuer(env) -> str:
    """``https://host``, without a path and without a slash at the end; RFC 8414, RFC 9207."""
    # sudo: everybody may know the address
    return (env["ir.config_parameter"].sudo().get_param("web.base.url") or "").rstrip("/")


def audience(env) -> str:
    """The identifier (RFC 8707) of the MCP endpoint, under which every token is issued. Its aliases share it."""
    return issuer(env) + ENDPOINT_PATHS[0]


def metadata_url(env, path: str) -> str:
    """Where the metadata of the endpoint at ``path`` is (RFC 9728 section 3.1)."""
    return issuer(env) + PROTECTED_RESOURCE + (path if path in ENDPOINT_PATHS else ENDPOINT_PATHS[0])


def is_our_resource(env, resource: str) -> bool:
    """Whether ``resource`` names this endpoint: one of its paths, or the whole host, which has no other."""
    own = issuer(env)
    wanted = _comparable(resource)
    return wanted is not None and wanted in {_comparable(own + path) for path in (*ENDPOINT_PATHS, "")}


def _comparable(url: str) -> tuple | None:
    """Scheme, host, port and path; None for what cannot identify a resource (RFC 8707 section 2)."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return None
    if "#" in url or parts.query or parts.username is not None or not parts.hostname:
        return None
    scheme = parts.scheme.lower()
    return scheme, parts.hostname.lower(), port or _DEFAULT_PORTS.get(scheme), parts.path.rstrip("/")
