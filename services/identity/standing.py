"""What the settings say and what one connection may do, kept while their rows are the same.

PostgreSQL takes longer to plan these columns and lists than to look up a key. So every request reads the versions of
the two rows together with its key, in one snapshot (``xmin`` and ``ctid`` name a version of a row exactly), and the
rest only when a version is new to this process. A change counts from the next request on, in every worker, as if
nothing were kept.

Lists stand in tables of their own. PostgreSQL itself renews the row of the settings with each statement that writes one
of them (:func:`watch`), whoever sends it: the ORM, a cascade of a deletion, a migration script or psql.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from odoo.tools import SQL
from odoo.tools.lru import LRU

from ..governance import payloads, rate_limits
from ..governance.policy import POLICY_COLUMNS, ConnectionPolicy, policy_of
from ..tools.selection import FULL
from .caller import ServerLimits

# The version of what is kept; columns of rows named ``settings`` and ``connection``. A server that was set back to an
# earlier state (restored, or a replica that took over) gives the same numbers to other transactions: so its start too.
VERSION_COLUMNS = "pg_postmaster_start_time(), settings.xmin, settings.ctid, connection.xmin, connection.ctid"
VERSION_LENGTH = 5
_MOST_KEPT = 1024

_kept: LRU = LRU(_MOST_KEPT)  # (database, connection or None): version, standing

_READ = f"""
    SELECT settings.enabled, settings.max_payload_kb, settings.max_rows, settings.statement_timeout,
           settings.https_only, settings.hide_internal_errors, settings.allowed_origins, settings.instructions,
           {rate_limits.COLUMNS}, {payloads.COLUMNS},
           ARRAY(SELECT name FROM mcp_tool WHERE active IS NOT TRUE) AS switched_off_tools,
           ARRAY(SELECT group_id FROM mcp_settings_oauth_group_rel WHERE settings_id = settings.id) AS login_groups,
           connection.id AS connection_id, connection.name AS connection_name, connection.last_client,
           connection.tool_mode,
           {POLICY_COLUMNS}
      FROM mcp_settings settings
      LEFT JOIN mcp_connection connection ON connection.id = %s
     LIMIT 1
"""


@dataclass(frozen=True, slots=True)
class Standing:
    """The settings, and the limits of one connection; without a connection, ``policy`` is None."""

    limits: ServerLimits
    policy: ConnectionPolicy | None = None
    connection_name: str = ""
    last_client: str = ""
    tool_mode: str = FULL
    allowed_ips: str | None = None
    blocked_ips: str | None = None
    login_groups: frozenset[int] = frozenset()  # whose members may log AI tools in; empty: everybody


def standing_of(cr, connection_id: int | None, version: Sequence[str | None]) -> Standing:
    """The standing of a connection, or that of nobody.

    :param version: what :data:`VERSION_COLUMNS` are in this transaction's snapshot
    """
    key, version = (cr.dbname, connection_id), tuple(version)
    kept = _kept.get(key)
    if kept is not None and kept[0] == version:
        return kept[1]
    standing = _read(cr, connection_id)
    _kept[key] = version, standing
    return standing


_RENEW = "UPDATE mcp_settings SET id = id"
_FUNCTION = "mcp_renew_standing"


def renew(cr) -> None:
    """Make a new version of the settings' row: nothing that was kept before is used any more."""
    cr.execute(_RENEW)


def watch(cr, *tables: str) -> None:
    """Have PostgreSQL do what :func:`renew` does with every statement that changes one of ``tables``."""
    function = SQL.identifier(_FUNCTION)
    body = f"BEGIN {_RENEW}; RETURN NULL; END"
    cr.execute(SQL("CREATE OR REPLACE FUNCTION %s() RETURNS trigger LANGUAGE plpgsql AS %s", function, body))
    for table in tables:
        name = SQL.identifier(table)
        cr.execute(SQL("DROP TRIGGER IF EXISTS %s ON %s", function, name))
        cr.execute(
            SQL(
                "CREATE TRIGGER %s AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON %s"
                " FOR EACH STATEMENT EXECUTE FUNCTION %s()",
                function,
                name,
                function,
            )
        )


def unwatch(cr) -> None:
    """Take everything back that :func:`watch` did, before the tables go."""
    cr.execute(SQL("DROP FUNCTION IF EXISTS %s() CASCADE", SQL.identifier(_FUNCTION)))


def fetched(cr) -> dict:
    """The next row of ``cr``, by the names of its columns."""
    return dict(zip((column.name for column in cr.description), cr.fetchone(), strict=True))


def _read(cr, connection_id: int | None) -> Standing:
    cr.execute(SQL(_READ, connection_id))
    row = fetched(cr)
    limits = ServerLimits(
        enabled=bool(row["enabled"]),
        https_only=bool(row["https_only"]),
        max_payload_kb=row["max_payload_kb"],
        max_rows=row["max_rows"],
        statement_timeout=row["statement_timeout"],
        hide_internal_errors=bool(row["hide_internal_errors"]),
        allowed_origins=tuple((row["allowed_origins"] or "").split()),
        instructions=row["instructions"] or "",
        switched_off_tools=frozenset(row["switched_off_tools"]),
        rates=rate_limits.RateLimits.from_row(row),
        log_payloads=bool(row["log_payloads"]),
        redact_payloads=bool(row["redact_payloads"]),
    )
    if not row["connection_id"]:
        return Standing(limits)
    return Standing(
        limits,
        policy_of(row),
        connection_name=row["connection_name"],
        last_client=row["last_client"] or "",
        tool_mode=row["tool_mode"] or FULL,
        allowed_ips=row["allowed_ips"],
        blocked_ips=row["blocked_ips"],
        login_groups=frozenset(row["login_groups"]),
    )
