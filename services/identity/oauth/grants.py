"""Codes, and the families of tokens that come of them.

Everything that must happen once is decided under a row lock, in a transaction of its own
(:func:`~odoo.addons.odoo_mcp.services.transactions.short_transaction`): the code's row for a code, the family's row for
a refresh token. Whoever comes second waits, and then sees what the first one did.
"""

from __future__ import annotations

from dataclasses import dataclass

from odoo import SUPERUSER_ID, api
from odoo.tools import SQL

from . import tokens

CODE_SECONDS = 60  # a browser needs one or two
_PERMISSION = ("connection_id", "client_id", "user_id", "scope", "audience", "companies", "may_step_up")
PERMISSION_COLUMNS = tuple(map(SQL.identifier, _PERMISSION))
_PERMISSION_COLUMNS = SQL(", ").join(PERMISSION_COLUMNS)


class RefusedGrantError(Exception):
    """The code or token is not good for anything. The text is for the audit log, not for the client."""


@dataclass(frozen=True, slots=True)
class Permission:
    """What a person allowed: identifiers of rows, scopes separated by spaces, companies by commas (None: all).

    ``may_step_up``: the client asked for less than it could have; it may come back and ask for more.
    """

    connection_id: int
    client_id: int
    user_id: int
    scope: str
    audience: str
    companies: str | None
    may_step_up: bool


@dataclass(frozen=True, slots=True)
class RedeemedCode:
    id: int
    permission: Permission
    redirect_uri: str
    code_challenge: str


@dataclass(frozen=True, slots=True)
class Renewal:
    """What a refresh token is good for: new tokens, or, within the grace time, those it was answered with before."""

    token_id: int
    grant_id: int
    generation: int
    permission: Permission
    again: tuple[str, str] | None = None  # access and refresh token
    again_seconds: int = 0
    again_scope: str = ""


@dataclass(frozen=True, slots=True)
class Lifetimes:
    """Seconds, of Server Settings."""

    access: int
    refresh: int
    grace: int

    @classmethod
    def of(cls, env) -> Lifetimes:
        settings = env["mcp.settings"].current()
        return cls(settings.oauth_access_seconds, settings.oauth_refresh_seconds, settings.oauth_grace_seconds)


# ------------------------------------------------------------------ codes


def issue_code(cr, permission: Permission, redirect_uri: str, code_challenge: str) -> str:
    """A new code for ``permission``, good for one minute, one use, this redirect URI and this challenge."""
    code = tokens.new(tokens.CODE)
    cr.execute(
        SQL(
            "INSERT INTO mcp_oauth_code (code_hash, redirect_uri, code_challenge, expires_at, %s) VALUES "
            "(%s, %s, %s, now() AT TIME ZONE 'UTC' + %s * interval '1 second', %s)",
            _PERMISSION_COLUMNS,
            tokens.hash_token(code),
            redirect_uri,
            code_challenge,
            CODE_SECONDS,
            _values(permission),
        )
    )
    return code


def redeem_code(cr, code: str, client_id: int) -> RedeemedCode:
    """Use ``code`` up, whatever comes of it. Used a second time, it ends what came of it the first time.

    :raises RefusedGrantError: it is unknown, used, too old, or another client's
    """
    cr.execute(
        SQL(
            "SELECT id, used_at, grant_id, redirect_uri, code_challenge, %s,"
            " expires_at <= now() AT TIME ZONE 'UTC' AS expired"
            " FROM mcp_oauth_code WHERE code_hash = %s FOR UPDATE",
            _PERMISSION_COLUMNS,
            tokens.hash_token(code),
        )
    )
    row = cr.dictfetchone()
    if row is None:
        raise RefusedGrantError("unknown code")
    if row["used_at"]:
        if row["grant_id"]:
            end_family(cr, row["grant_id"], "its code was used twice")
        raise RefusedGrantError("code used twice")
    cr.execute(SQL("UPDATE mcp_oauth_code SET used_at = now() AT TIME ZONE 'UTC' WHERE id = %s", row["id"]))
    if row["expired"]:
        raise RefusedGrantError("code expired")
    if row["client_id"] != client_id:
        raise RefusedGrantError("code of another client")
    return RedeemedCode(row["id"], permission_of(row), row["redirect_uri"], row["code_challenge"])


# ------------------------------------------------------------------ families


def open_family(cr, code: RedeemedCode, access: str, refresh: str | None, lifetimes: Lifetimes) -> None:
    """Store the first tokens that came of ``code``."""
    cr.execute(
        SQL(
            "INSERT INTO mcp_oauth_grant (%s, create_date, create_uid, expires_at, reuse_count) VALUES "
            "(%s, now() AT TIME ZONE 'UTC', %s, now() AT TIME ZONE 'UTC' + %s * interval '1 second', 0) RETURNING id",
            _PERMISSION_COLUMNS,
            _values(code.permission),
            code.permission.user_id,
            lifetimes.refresh if refresh else lifetimes.access,
        )
    )
    (grant_id,) = cr.fetchone()
    cr.execute(SQL("UPDATE mcp_oauth_code SET grant_id = %s WHERE id = %s", grant_id, code.id))
    if refresh:
        _insert_refresh_token(cr, grant_id, 1, refresh, lifetimes)
    _insert_access_token(cr, grant_id, 1, access, code.permission, code.permission.scope, lifetimes)


def take_refresh_token(cr, token: str, client_id: int, lifetimes: Lifetimes) -> Renewal:
    """What ``token`` is good for. Used again, other than by an honest retry, it ends its family.

    An honest retry comes within the grace time, while the answer it did not get was not used either.

    :raises RefusedGrantError: nothing
    """
    token_hash = tokens.hash_token(token)
    cr.execute(SQL("SELECT grant_id FROM mcp_oauth_refresh_token WHERE token_hash = %s", token_hash))
    found = cr.fetchone()
    if found is None:
        raise RefusedGrantError("unknown refresh token")
    cr.execute(
        SQL("SELECT id, revoked_at, %s FROM mcp_oauth_grant WHERE id = %s FOR UPDATE", _PERMISSION_COLUMNS, found[0])
    )
    family = cr.dictfetchone()
    cr.execute(
        SQL(
            "SELECT id, generation, used_at, successor_masked, expires_at <= now() AT TIME ZONE 'UTC' AS expired,"
            " extract(epoch FROM now() AT TIME ZONE 'UTC' - used_at) AS used_ago"
            " FROM mcp_oauth_refresh_token WHERE token_hash = %s",
            token_hash,
        )
    )
    row = cr.dictfetchone()
    if family is None or row is None:
        raise RefusedGrantError("unknown refresh token")
    if family["client_id"] != client_id:
        raise RefusedGrantError("refresh token of another client")
    if family["revoked_at"]:
        raise RefusedGrantError("the login was ended")
    if row["expired"]:
        raise RefusedGrantError("refresh token expired")
    renewal = Renewal(row["id"], family["id"], row["generation"], permission_of(family))
    if not row["used_at"]:
        return renewal
    again = _answered_before(cr, token, row, renewal) if row["used_ago"] <= lifetimes.grace else None
    if again is None or not lifetimes.grace:
        end_family(cr, family["id"], "a refresh token was used again")
        raise RefusedGrantError("refresh token used again: the login was ended")
    cr.execute(SQL("UPDATE mcp_oauth_grant SET reuse_count = reuse_count + 1 WHERE id = %s", family["id"]))
    return again


def _answered_before(cr, token: str, row: dict, renewal: Renewal) -> Renewal | None:
    """The answer that ``token`` got before; None when somebody used it already."""
    if not row["successor_masked"]:
        return None
    access, refresh = (tokens.unwrap(token, masked) for masked in row["successor_masked"].split())
    cr.execute(
        SQL(
            "SELECT successor.used_at IS NULL AS unused, credential.scope, credential.revoked_at,"
            " extract(epoch FROM credential.expires_at - now() AT TIME ZONE 'UTC')::int AS seconds"
            " FROM mcp_oauth_refresh_token successor, mcp_credential credential"
            " WHERE successor.token_hash = %s AND credential.key_hash = %s",
            tokens.hash_token(refresh),
            tokens.hash_token(access),
        )
    )
    answered = cr.dictfetchone()
    if answered is None or not answered["unused"] or answered["revoked_at"]:
        return None
    return Renewal(
        renewal.token_id,
        renewal.grant_id,
        renewal.generation,
        renewal.permission,
        again=(access, refresh),
        again_seconds=max(answered["seconds"], 0),
        again_scope=answered["scope"],
    )


def rotate(cr, renewal: Renewal, token: str, access: str, refresh: str, scope: str, lifetimes: Lifetimes) -> None:
    """Replace the refresh token ``token`` of ``renewal`` by ``refresh``; its successor is kept for the grace time."""
    masked = f"{tokens.wrap(token, access)} {tokens.wrap(token, refresh)}"
    cr.execute(
        SQL(
            "UPDATE mcp_oauth_refresh_token SET successor_masked = CASE WHEN id = %(id)s THEN %(masked)s END,"
            " used_at = COALESCE(used_at, now() AT TIME ZONE 'UTC') WHERE grant_id = %(grant_id)s"
            " AND (id = %(id)s OR successor_masked IS NOT NULL)",
            id=renewal.token_id,
            masked=masked if lifetimes.grace else None,
            grant_id=renewal.grant_id,
        )
    )
    generation = renewal.generation + 1
    _insert_refresh_token(cr, renewal.grant_id, generation, refresh, lifetimes)
    _insert_access_token(cr, renewal.grant_id, generation, access, renewal.permission, scope, lifetimes)
    cr.execute(
        SQL(
            "UPDATE mcp_oauth_grant SET refreshed_at = now() AT TIME ZONE 'UTC',"
            " expires_at = now() AT TIME ZONE 'UTC' + %s * interval '1 second' WHERE id = %s",
            lifetimes.refresh,
            renewal.grant_id,
        )
    )


def end_family(cr, grant_id: int, because: str) -> None:
    """Refuse all tokens of a family from now on."""
    cr.execute(
        SQL(
            "UPDATE mcp_oauth_grant SET revoked_at = now() AT TIME ZONE 'UTC', revoked_because = %s"
            " WHERE id = %s AND revoked_at IS NULL",
            because,
            grant_id,
        )
    )
    cr.execute(
        SQL(
            "UPDATE mcp_credential SET revoked_at = now() AT TIME ZONE 'UTC'"
            " WHERE grant_id = %s AND revoked_at IS NULL",
            grant_id,
        )
    )


def end(env, domain: list, because: str) -> None:
    """Refuse all tokens of the grants that match ``domain``, and codes of their connections that wait for their use."""
    # sudo: tokens are written by the server only; callers have checked who may end these logins
    live = env["mcp.oauth.grant"].sudo().search([*domain, ("revoked_at", "=", False)])
    env.flush_all()
    for grant in live:
        end_family(env.cr, grant.id, because)
    # sudo: codes are nobody's to read; those of an ended login end with it
    env["mcp.oauth.code"].sudo().search(
        [("connection_id", "in", live.connection_id.ids), ("used_at", "=", False)]
    ).unlink()
    env["mcp.oauth.grant"].invalidate_model()
    env["mcp.credential"].invalidate_model()


def _insert_refresh_token(cr, grant_id: int, generation: int, token: str, lifetimes: Lifetimes) -> None:
    cr.execute(
        SQL(
            "INSERT INTO mcp_oauth_refresh_token (token_hash, grant_id, generation, expires_at)"
            " VALUES (%s, %s, %s, now() AT TIME ZONE 'UTC' + %s * interval '1 second')",
            tokens.hash_token(token),
            grant_id,
            generation,
            lifetimes.refresh,
        )
    )


def _insert_access_token(
    cr, grant_id: int, generation: int, token: str, permission: Permission, scope: str, lifetimes: Lifetimes
) -> None:
    env = api.Environment(cr, SUPERUSER_ID, {})  # sudo: credentials are written by the server only
    cr.execute(SQL("SELECT now() AT TIME ZONE 'UTC' + %s * interval '1 second'", lifetimes.access))
    (expires_at,) = cr.fetchone()
    env["mcp.credential"].create(
        {
            "connection_id": permission.connection_id,
            "kind": "oauth",
            "version": generation,
            "prefix": token[: len(tokens.ACCESS) + 6],
            "key_hash": tokens.hash_token(token),
            "expires_at": expires_at.replace(microsecond=0),
            "grant_id": grant_id,
            "scope": scope,
            "audience": permission.audience,
            "companies": permission.companies,
            "may_step_up": permission.may_step_up,
        }
    )
    env.flush_all()


def permission_of(row: dict) -> Permission:
    return Permission(**{name: row[name] for name in _PERMISSION} | {"may_step_up": bool(row["may_step_up"])})


def _values(permission: Permission) -> SQL:
    return SQL("%s, %s, %s, %s, %s, %s, %s", *(getattr(permission, name) for name in _PERMISSION))
