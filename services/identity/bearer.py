"""From a bearer token to a :class:`Caller`: one SQL statement, asked anew at every request.

A revoked key, an archived user, a removed company, a narrower policy or a switched-off server counts from the next
request on, in every worker: what :mod:`.standing` keeps is used only for the very rows it was read from. The token is
found by its SHA-256 through a unique index, so a wrong token costs the same as an unknown one.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import SQL

from ..governance import call_rules
from ..governance.policy import READ_ONLY, ConnectionPolicy, why_not_address
from .caller import Caller, ServerLimits
from .oauth import address
from .oauth.scopes import may_write
from .standing import VERSION_COLUMNS, VERSION_LENGTH, standing_of

_logger = logging.getLogger(__name__)

# How stale ``last_used_at`` may be before it is written again: it is for people, and a hot row otherwise.
LAST_USED_PRECISION = timedelta(seconds=60)

# What changes at any time, and the versions of what :mod:`.standing` keeps. It stays small: PostgreSQL plans it anew
# for every request, because Odoo's pool of connections forgets what was prepared.
_LOOK_UP = f"""
    SELECT {VERSION_COLUMNS},
           connection.id AS connection_id, connection.state, connection.oauth_client_id,
           now() AT TIME ZONE 'UTC' AS now,
           set_config('statement_timeout', (settings.statement_timeout * 1000)::text, true),
           credential.id AS credential_id, credential.revoked_at, credential.expires_at, credential.last_used_at,
           credential.kind, credential.scope AS granted_scope, credential.audience, credential.companies,
           credential.may_step_up,
           users.id AS user_id, users.active AS user_active, users.share AS user_share, users.company_id
      FROM mcp_settings settings
      LEFT JOIN (
"""
_BY_KEY = f"""{_LOOK_UP}
               mcp_credential credential
               JOIN mcp_connection connection ON connection.id = credential.connection_id
               JOIN res_users users ON users.id = connection.user_id
           ) ON credential.key_hash = %s
     LIMIT 1
"""
# For what is done in the name of a connection without its client: no credential is asked for.
_BY_CONNECTION = f"""{_LOOK_UP}
               mcp_connection connection
               JOIN res_users users ON users.id = connection.user_id
               LEFT JOIN mcp_credential credential ON false
           ) ON connection.id = %s
     LIMIT 1
"""

_TOUCH_CREDENTIAL = """
    UPDATE mcp_credential SET last_used_at = now() AT TIME ZONE 'UTC'
     WHERE id = (SELECT id FROM mcp_credential WHERE id = %s FOR NO KEY UPDATE SKIP LOCKED)
"""
_TOUCH_CONNECTION = """
    UPDATE mcp_connection SET last_used_at = now() AT TIME ZONE 'UTC', last_client = COALESCE(%s, last_client)
     WHERE id = (SELECT id FROM mcp_connection WHERE id = %s FOR NO KEY UPDATE SKIP LOCKED)
"""


@dataclass(frozen=True, slots=True)
class Identification:
    """What a bearer token turned out to be. ``caller`` is None when it is refused; ``refusal`` then says why.

    The reason is for the audit log; a client gets the same answer for each (SPEC 1).
    """

    limits: ServerLimits
    caller: Caller | None
    refusal: str = ""
    connection_id: int | None = None
    credential_id: int | None = None
    user_id: int | None = None
    last_client: str = ""
    last_used_is_stale: bool = False


def hash_key(key: str) -> str:
    """SHA-256 in hexadecimal. Keys carry 256 random bits: a slow hash, as for passwords, would add nothing."""
    return hashlib.sha256(key.encode("utf-8", "replace")).hexdigest()


def token_of(authorization: str | None) -> str:
    """The token of an ``Authorization: Bearer`` header (RFC 6750 section 2.1), or an empty string."""
    scheme, _space, token = (authorization or "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def identify(env, token: str, ip_address: str | None = None, key_hash: str | None = None) -> Identification:
    """Look ``token`` up and check that key, connection and user are alive; an empty token finds nobody.

    Also sets the time limit per query for the rest of the transaction.

    :param ip_address: where the request comes from, as Odoo's ``proxy_mode`` gives it
    :param key_hash: instead of a token, for what was issued to the key with this hash: a link to a file
    """
    key_hash = key_hash or (hash_key(token) if token else None)
    return _identification(env, SQL(_BY_KEY, key_hash), lambda row: _why_not_key(env, key_hash, row), ip_address)


def identify_connection(env, connection_id: int) -> Identification:
    """Whether the connection may act at this moment, asked for what is done in its name without its client.

    The address limits of the connection are about its client, and not asked.
    """
    return _identification(env, SQL(_BY_CONNECTION, connection_id), lambda _row: "")


_EVERYWHERE = object()


def _identification(env, statement: SQL, why_not_key: Callable[[dict], str], ip_address=_EVERYWHERE) -> Identification:
    cr = env.cr
    call_rules.forget(cr)  # of an earlier try of this request
    cr.execute(statement)
    values = cr.fetchone()
    row = dict(zip((column.name for column in cr.description), values, strict=True))
    standing = standing_of(cr, row["connection_id"], values[:VERSION_LENGTH])
    limits, policy = standing.limits, standing.policy
    known = {name: row[name] for name in ("connection_id", "credential_id", "user_id")}
    user = env(user=row["user_id"], su=False)["res.users"].browse(row["user_id"]) if row["user_id"] else None
    # Companies, groups and preferences come from Odoo's caches, which it clears in every worker when they change.
    company_ids = allowed_companies(user._get_company_ids(), row["companies"]) if user else ()
    if policy and policy.companies:
        company_ids = tuple(company_id for company_id in company_ids if company_id in policy.companies)
    refusal = why_not_key(row) or _why_not_connection(user, company_ids, row, standing.login_groups)
    if not refusal and ip_address is not _EVERYWHERE:
        refusal = why_not_address(ip_address, standing.allowed_ips, standing.blocked_ips)
    if refusal:
        return Identification(limits, None, refusal, **known)
    preferences = user.context_get()
    caller = Caller(
        **known,
        connection_name=standing.connection_name,
        company_ids=tuple(sorted(company_ids, key=lambda company_id: company_id != row["company_id"])),
        lang=preferences.get("lang") or "en_US",
        tz=preferences.get("tz") or "UTC",
        policy=granted_policy(policy, row["granted_scope"]),
        connection_policy=policy,
        may_step_up=bool(row["may_step_up"]),
        tool_mode=standing.tool_mode,
    )
    return Identification(
        limits,
        caller,
        **known,
        last_client=standing.last_client,
        last_used_is_stale=_is_stale(row["last_used_at"], row["now"]),
    )


def _why_not_key(env, key_hash: str | None, row: dict) -> str:
    if not key_hash:
        return "no bearer token"
    if not row["credential_id"]:
        return "unknown key"
    if row["revoked_at"]:
        return "key revoked"
    if row["expires_at"] and row["expires_at"] <= row["now"]:
        return "key expired"
    if row["kind"] == "oauth" and row["audience"] != address.audience(env):
        return "token for another address"
    return ""


def _why_not_connection(user, company_ids: tuple[int, ...], row: dict, login_groups: frozenset[int]) -> str:
    if not row["connection_id"]:
        return "unknown connection"
    if row["state"] != "active":
        return "connection revoked"
    if not row["user_active"]:
        return "user archived"
    if row["user_share"] or not company_ids:
        return "not an internal user of an active company that the connection works for"
    if not user.has_group("odoo_mcp.group_user"):
        return "user is not in the MCP User group"
    if row["oauth_client_id"] and login_groups and login_groups.isdisjoint(user._get_group_ids()):
        return "user is in no group that may log in AI tools"
    return ""


def allowed_companies(company_ids, narrowed: str | None) -> tuple[int, ...]:
    """``company_ids`` as far as the person who logged the AI tool in allowed them; None allows all."""
    if not narrowed:
        return tuple(company_ids)
    return tuple(company_id for company_id in company_ids if str(company_id) in narrowed.split(","))


def granted_policy(policy: ConnectionPolicy, granted_scope: str | None) -> ConnectionPolicy:
    """``policy`` as far as the person who logged the AI tool in allowed it; None: nothing was asked."""
    if not granted_scope or may_write(granted_scope):
        return policy
    return replace(policy, scope=READ_ONLY)


def _is_stale(last_used_at: datetime | None, now: datetime) -> bool:
    return last_used_at is None or now - last_used_at > LAST_USED_PRECISION


def touch(env, identification: Identification, client: str) -> None:
    """Note that the key was used, in a short transaction of its own (many requests touch the same row).

    A row that another request is noting at this moment is left to that one.
    """
    if not identification.last_used_is_stale and (not client or client == identification.last_client):
        return
    try:
        with env.registry.cursor() as cr:
            cr.execute(_TOUCH_CREDENTIAL, [identification.credential_id], log_exceptions=False)
            cr.execute(_TOUCH_CONNECTION, [client or None, identification.connection_id], log_exceptions=False)
    except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
        _logger.debug("The use of MCP key %s was noted by another request.", identification.credential_id)
