"""Whether a request travelled over HTTPS, as seen from behind whatever proxies there are."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

LOCAL_HOSTS = ("localhost", "127.0.0.1", "::1")


def is_local_host(host: str | None) -> bool:
    """Whether ``host``, as in a Host header, names the machine itself."""
    return (urlsplit(f"//{host or ''}").hostname or "") in LOCAL_HOSTS


def came_by_https(scheme: str, headers: Mapping[str, str]) -> bool:
    """Whether the client spoke HTTPS to the outermost server.

    ``X-Forwarded-Proto`` counts also without ``proxy_mode``: nothing is allowed on its word but to go on, and a client
    that forges it harms its own key only.

    :param scheme: that of the request as Odoo sees it
    """
    forwarded = headers.get("X-Forwarded-Proto", "").split(",")[0].strip().lower()
    return (forwarded or scheme) == "https"


def is_safe(scheme: str, headers: Mapping[str, str]) -> bool:
    """Whether nobody on the way could read the request: it came by HTTPS, or never left the machine."""
    return came_by_https(scheme, headers) or is_local_host(headers.get("Host"))
