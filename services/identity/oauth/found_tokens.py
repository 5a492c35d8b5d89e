"""Tokens that a client asks about or gives back (RFC 7662, RFC 7009)."""

from __future__ import annotations

from dataclasses import dataclass

from odoo.tools import SQL

from .grants import PERMISSION_COLUMNS, Permission, permission_of


@dataclass(frozen=True, slots=True)
class FoundToken:
    """A token that was found by its hash; times in seconds since 1970."""

    grant_id: int
    permission: Permission
    is_refresh: bool
    is_live: bool
    scope: str
    issued_at: int
    expires_at: int


def find(cr, token_hash: str, client_id: int) -> FoundToken | None:
    """The token of this hash, of the client with this row id; None also when it is another client's."""
    for is_refresh, source in (
        (
            False,
            SQL(
                "SELECT grant_id, scope, create_date AS issued, expires_at AS expires,"
                " revoked_at IS NULL AND expires_at > now() AT TIME ZONE 'UTC' AS live"
                " FROM mcp_credential WHERE key_hash = %s AND kind = 'oauth'",
                token_hash,
            ),
        ),
        (
            True,
            SQL(
                "SELECT grant_id, NULL AS scope, NULL::timestamp AS issued, expires_at AS expires,"
                " used_at IS NULL AND expires_at > now() AT TIME ZONE 'UTC' AS live"
                " FROM mcp_oauth_refresh_token WHERE token_hash = %s",
                token_hash,
            ),
        ),
    ):
        cr.execute(
            SQL(
                "SELECT token.grant_id, token.live AND family.revoked_at IS NULL AS live,"
                " COALESCE(token.scope, family.scope) AS token_scope, %s,"
                " floor(extract(epoch FROM COALESCE(token.issued, family.refreshed_at, family.create_date)))::bigint"
                " AS issued,"
                " floor(extract(epoch FROM token.expires))::bigint AS expires"
                " FROM (%s) token JOIN mcp_oauth_grant family ON family.id = token.grant_id"
                " WHERE family.client_id = %s",
                SQL(", ").join(SQL("family.%s", column) for column in PERMISSION_COLUMNS),
                source,
                client_id,
            )
        )
        row = cr.dictfetchone()
        if row:
            return FoundToken(
                row["grant_id"],
                permission_of(row),
                is_refresh,
                row["live"],
                row["token_scope"],
                row["issued"],
                row["expires"],
            )
    return None


def end_access_token(cr, token_hash: str) -> None:
    cr.execute(
        SQL(
            "UPDATE mcp_credential SET revoked_at = now() AT TIME ZONE 'UTC'"
            " WHERE key_hash = %s AND kind = 'oauth' AND revoked_at IS NULL",
            token_hash,
        )
    )
