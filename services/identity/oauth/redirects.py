"""Redirect URIs: which ones may be registered, and which one matches. Compared as text, but for a loopback port."""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import urlsplit

LONGEST = 2000
# RFC 3986 characters without the fragment; no backslash, no space, nothing that a browser would repair.
_CHARACTERS = re.compile(r"[A-Za-z0-9\-._~:/?\[\]@!$&'()*+,;=%]+")
_LOOPBACK = re.compile(
    r"http://(?P<host>localhost|127\.0\.0\.1|\[::1\])(?::(?P<port>[0-9]{1,5}))?(?P<rest>(?:[/?].*)?)"
)
_HTTPS_HOST = re.compile(
    r"(?=.{1,253}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*|\[[0-9a-f:.]+\]"
)


class BadRedirectError(ValueError):
    """Why this URI cannot be registered, in a sentence for whoever wrote it."""


def check(uri: object, app_schemes: Sequence[str] = ()) -> str:
    """``uri`` when it may be registered.

    https anywhere; http on the machine of the person only (RFC 8252 section 7.3); the scheme of an app only when the
    administrator named it, because any app can claim a scheme.

    :raises BadRedirectError: in all other cases
    """
    if not isinstance(uri, str) or not _CHARACTERS.fullmatch(uri) or len(uri) > LONGEST or "*" in uri:
        raise BadRedirectError("A redirect URI is an absolute URL without fragment, spaces or wildcards.")
    try:
        parts = urlsplit(uri)
        port = parts.port
    except ValueError as error:
        raise BadRedirectError(f"{uri} is not a URL.") from error
    if "@" in parts.netloc or port == 0:
        raise BadRedirectError(f"{uri} must name a plain host.")
    if uri.startswith("https://"):
        if not _HTTPS_HOST.fullmatch((parts.netloc.rpartition(":")[0] if port else parts.netloc).lower()):
            raise BadRedirectError(f"{uri} does not name a host.")
    elif uri.startswith("http://"):
        if not _LOOPBACK.fullmatch(uri):
            raise BadRedirectError(f"{uri} must use https; http is for localhost only.")
    elif uri.partition("://")[0] not in app_schemes or "://" not in uri:
        raise BadRedirectError(
            f"{uri} uses a scheme that is not allowed here. Use https, or http on localhost; an administrator can "
            "allow the schemes of apps in Server Settings."
        )
    return uri


def matches(asked: str, registered: Sequence[str]) -> bool:
    """Whether ``asked`` is one of ``registered``: the very same text, or the same loopback URI at another port."""
    if asked in registered:
        return True
    loopback = _loopback(asked)
    return loopback is not None and loopback in map(_loopback, registered)


def is_loopback(uri: str) -> bool:
    return _LOOPBACK.fullmatch(uri) is not None


def host(uri: str) -> str:
    """What a person is shown of it: where they will be sent."""
    parts = urlsplit(uri)
    return parts.netloc if parts.scheme in ("http", "https") else f"{parts.scheme}://{parts.netloc}"


def _loopback(uri: str) -> tuple[str, str] | None:
    match = _LOOPBACK.fullmatch(uri)
    if match is None or int(match["port"] or 80) > 65535:
        return None
    return match["host"], match["rest"]
