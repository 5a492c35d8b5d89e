"""OAuth clients as a request sees them: found by their identifier, proven by their secret."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from urllib.parse import unquote_plus

from odoo.tools import SQL, consteq

from . import tokens

_COLUMNS = (
    "id", "client_id", "name", "source", "auth_method", "secret_hash", "redirect_uris", "scope", "refreshes",
    "approved", "whitelisted",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Client:
    """One row of ``mcp.oauth.client``."""

    id: int
    client_id: str
    name: str
    source: str
    auth_method: str
    secret_hash: str | None
    redirect_uris: tuple[str, ...]
    scope: str
    refreshes: bool
    approved: bool
    whitelisted: bool

    @property
    def is_public(self) -> bool:
        return self.auth_method == "none"

    @property
    def is_trusted(self) -> bool:
        """An administrator vouched for it: people may be sent to its redirect URIs without being asked."""
        return self.whitelisted or self.source in ("custom", "shared")


def find(cr, client_id: str) -> Client | None:
    columns = SQL(", ").join(map(SQL.identifier, _COLUMNS))
    cr.execute(SQL("SELECT %s FROM mcp_oauth_client WHERE client_id = %s", columns, client_id))
    row = cr.dictfetchone()
    if row is None:
        return None
    flags = {name: bool(row[name]) for name in ("refreshes", "approved", "whitelisted")}
    return Client(**{**row, **flags, "redirect_uris": tuple(row["redirect_uris"].split())})


def has_secret(client: Client, secret: str) -> bool:
    return bool(client.secret_hash) and consteq(tokens.hash_token(secret), client.secret_hash)


def issue_secret(record) -> str:
    """Give the client ``record`` a new secret and return it: the only time it is known in clear."""
    secret = tokens.new(tokens.SECRET)
    record.sudo().secret_hash = tokens.hash_token(secret)  # sudo: nobody writes it by hand
    return secret


def basic_credentials(authorization: str | None) -> tuple[str, str] | None:
    """Identifier and secret of ``Authorization: Basic`` (RFC 6749 section 2.3.1); None when there are none.

    :raises ValueError: there are, but they cannot be read
    """
    scheme, _space, encoded = (authorization or "").partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        client_id, colon, secret = base64.b64decode(encoded.strip(), validate=True).decode("utf-8").partition(":")
    except (binascii.Error, UnicodeDecodeError) as error:
        raise ValueError("The Authorization header cannot be read.") from error
    if not colon or "\x00" in client_id + secret:
        raise ValueError("The Authorization header cannot be read.")
    return unquote_plus(client_id), unquote_plus(secret)
