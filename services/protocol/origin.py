"""Which web pages may talk to the endpoint: the Origin check and CORS.

MCP Streamable HTTP asks servers to check ``Origin`` against DNS rebinding; CORS then tells the
browser. Credentials are never allowed: the endpoint knows no cookies, only bearer tokens.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

_ORIGIN = re.compile(r"(?P<scheme>[a-z][a-z0-9+.-]*)://(?P<host>\[[0-9a-f:.]+\]|[a-z0-9._~-]+)(:(?P<port>\d{1,5}))?")
_DEFAULT_PORTS = {"http": "80", "https": "443"}
_ANY_PORT = ":*"

ALLOW_METHODS = "POST, GET, DELETE, OPTIONS"
ALLOW_HEADERS = (
    "Authorization, Content-Type, Accept, MCP-Protocol-Version, Mcp-Method, Mcp-Name, Mcp-Session-Id, Last-Event-ID"
)
EXPOSE_HEADERS = "WWW-Authenticate, Mcp-Session-Id, Mcp-Protocol-Version, Retry-After, RateLimit, RateLimit-Policy"
PREFLIGHT_MAX_AGE = 86_400  # seconds


def origin_allowed(origin: str | None, host: str, allowed: Sequence[str]) -> bool:
    """Whether a request with this ``Origin`` may be served.

    No Origin means no browser page: allowed. ``null`` (sandboxed frames, files) is not.

    :param host: ``host[:port]`` this server is known by. Against DNS rebinding it must come from
        configuration or have been checked: a rebound page sends its own name as Host, too
    :param allowed: exact origins (``https://claude.ai``), or any port (``http://localhost:*``)
    """
    if origin is None:
        return True
    parts = _parse(origin)
    if parts is None:
        return False
    scheme, _name, _port = parts
    if scheme in _DEFAULT_PORTS and parts == _parse(f"{scheme}://{host}"):
        return True
    return any(_matches(parts, pattern.strip().rstrip("/")) for pattern in allowed)


def cors_headers(origin: str | None, host: str, allowed: Sequence[str]) -> dict[str, str]:
    """Headers of an ordinary answer. ``Vary`` is always there: answers differ by Origin."""
    headers = {"Vary": "Origin"}
    if origin is not None and origin_allowed(origin, host, allowed):
        headers["Access-Control-Allow-Origin"] = origin
        headers["Access-Control-Expose-Headers"] = EXPOSE_HEADERS
    return headers


def preflight_headers(origin: str | None, host: str, allowed: Sequence[str]) -> dict[str, str]:
    """Headers of the answer to ``OPTIONS``; without any permission for a foreign origin."""
    headers = cors_headers(origin, host, allowed)
    if "Access-Control-Allow-Origin" in headers:
        headers["Access-Control-Allow-Methods"] = ALLOW_METHODS
        headers["Access-Control-Allow-Headers"] = ALLOW_HEADERS
        headers["Access-Control-Max-Age"] = str(PREFLIGHT_MAX_AGE)
    return headers


def _parse(origin: str) -> tuple[str, str, str | None] | None:
    """Scheme, host and port (the scheme's own when not named); None when this is no origin."""
    match = _ORIGIN.fullmatch(origin.lower())
    if match is None:
        return None
    scheme = match["scheme"]
    return scheme, match["host"], match["port"] or _DEFAULT_PORTS.get(scheme)


def _matches(parts: tuple[str, str, str | None], pattern: str) -> bool:
    if pattern.endswith(_ANY_PORT):
        expected = _parse(pattern.removesuffix(_ANY_PORT))
        return expected is not None and parts[:2] == expected[:2]
    return parts == _parse(pattern)
