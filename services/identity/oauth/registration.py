"""Clients that introduce themselves (RFC 7591)."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from . import clients, redirects, scopes

AUTH_METHODS = ("none", "client_secret_basic", "client_secret_post")
MOST_URIS = 20
# Registrations of one address. A cloud service registers for all its users from few addresses.
PER_MINUTE = 30

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]+")
_LONGEST_NAME = 80


class RegistrationError(Exception):
    """A registration that is refused.

    :param error: an error code of RFC 7591 section 3.2.2, or of RFC 6749
    :param status: HTTP
    """

    def __init__(self, error: str, description: str, status: int = 400):
        super().__init__(description)
        self.error = error
        self.status = status


def register(env, metadata: Any, ip_address: str | None) -> dict[str, Any]:
    """Store a new client and return what it is told, its secret included.

    :param env: with superuser rights: nobody is logged in
    :raises RegistrationError: saying what to change
    """
    settings = env["mcp.settings"].current()
    if not settings.oauth_registration:
        raise RegistrationError(
            "access_denied", "Registration is switched off: ask an administrator of this Odoo for a client ID", 403
        )
    values = client_values(env, metadata)
    method = _auth_method(metadata)
    client = env["mcp.oauth.client"].create(
        {
            **values,
            "source": "registered",
            "auth_method": method,
            "refreshes": _refreshes(metadata),
            "approved": is_approved_at_once(env, values["redirect_uris"].split()),
            "registered_ip": ip_address,
        }
    )
    answer = {
        "client_id": client.client_id,
        "client_id_issued_at": int(time.time()),
        "client_name": client.name,
        "redirect_uris": client.redirects(),
        "grant_types": ["authorization_code", *(["refresh_token"] if client.refreshes else [])],
        "response_types": ["code"],
        "token_endpoint_auth_method": method,
        "application_type": "native" if any(map(redirects.is_loopback, client.redirects())) else "web",
        "scope": client.scope,
    }
    if method != "none":
        answer |= {"client_secret": clients.issue_secret(client), "client_secret_expires_at": 0}
    return answer


def client_values(env, metadata: Any) -> dict[str, Any]:
    """Checked values for ``mcp.oauth.client`` of what a client says of itself. Nothing in it is fetched.

    :raises RegistrationError: saying what to change
    """
    if not isinstance(metadata, Mapping):
        raise RegistrationError("invalid_client_metadata", "Send a JSON object with at least redirect_uris")
    uris = metadata.get("redirect_uris")
    if not isinstance(uris, list) or not 1 <= len(uris) <= MOST_URIS:
        raise RegistrationError("invalid_redirect_uri", f"redirect_uris must be a list of 1 to {MOST_URIS} addresses")
    app_schemes = env["mcp.settings"].current().app_schemes()
    try:
        uris = [redirects.check(uri, app_schemes) for uri in uris]
    except redirects.BadRedirectError as error:
        raise RegistrationError("invalid_redirect_uri", str(error)) from error
    _check_types(metadata)
    asked = metadata.get("scope")
    return {
        "name": shown_name(metadata.get("client_name")) or redirects.host(uris[0]),
        "redirect_uris": "\n".join(dict.fromkeys(uris)),
        "client_uri": _website(metadata.get("client_uri")),
        "software": shown_name(
            " ".join(str(metadata[key]) for key in ("software_id", "software_version") if metadata.get(key))
        ),
        "scope": scopes.join(scopes.requested(asked if isinstance(asked, str) else "", None)),
    }


def is_approved_at_once(env, uris: list[str]) -> bool:
    """Whether a client with these redirect URIs may be used without an administrator's approval."""
    if not env["mcp.settings"].current().oauth_require_approval:
        return True
    known = env["mcp.oauth.client"].search([("whitelisted", "=", True), ("approved", "=", True)])
    return any(all(redirects.matches(uri, client.redirects()) for uri in uris) for client in known)


def shown_name(text: Any) -> str:
    """A name as people may be shown it: one line, no invisible or direction-changing characters, 80 at most."""
    line = " ".join(_CONTROL.sub(" ", text).split()) if isinstance(text, str) else ""
    return line.encode("utf-8", "ignore").decode()[:_LONGEST_NAME]


def _check_types(metadata: Mapping[str, Any]) -> None:
    for name, ours in (("grant_types", ("authorization_code",)), ("response_types", ("code",))):
        asked = metadata.get(name)
        if asked is not None and (not isinstance(asked, list) or not set(ours) & set(map(str, asked))):
            raise RegistrationError("invalid_client_metadata", f"{name} must include {ours[0]}")


def _refreshes(metadata: Mapping[str, Any]) -> bool:
    """Whether the client gets refresh tokens: unless it lists its grant types without them."""
    return "refresh_token" in (metadata.get("grant_types") or ["refresh_token"])


def _auth_method(metadata: Mapping[str, Any]) -> str:
    method = metadata.get("token_endpoint_auth_method") or "client_secret_basic"  # RFC 7591 section 2
    if method not in AUTH_METHODS:
        raise RegistrationError(
            "invalid_client_metadata",
            f"token_endpoint_auth_method must be one of {', '.join(AUTH_METHODS)}; others are not supported here",
        )
    return method


def _website(uri: Any) -> str | bool:
    """``client_uri`` when it is a web address that one can be shown as a link."""
    if not isinstance(uri, str) or len(uri) > redirects.LONGEST or not uri.startswith("https://"):
        return False
    try:
        return uri if urlsplit(uri).hostname and redirects.check(uri) else False
    except ValueError:
        return False
