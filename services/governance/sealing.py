"""Sealing the audit log, checking the seals, and removing what is older than it is kept. SQL; see :mod:`.chain`.

A job seals, never a request: the chain has no hot row. A row belongs to the batch that finds it first, so a row that
was committed late is in a later batch, and none is lost.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timezone
from typing import Any

from odoo.tools import SQL

from . import audit, chain
from .chain import Problem, Seal

_logger = logging.getLogger(__name__)

BATCH = 1000
RETENTION_METHOD = "audit/retention"
_LOCK = 0x6D637061  # "mcpa": one sealer at a time
_HASHED = ("id", "create_date", *audit.COLUMNS)
_SEAL_COLUMNS = (
    "number, sealed_at, row_count, first_at, last_at, columns, digest, previous_hash, hash, row_ids, row_hashes,"
    " removed_at IS NOT NULL"
)


@dataclass(frozen=True, slots=True)
class Verification:
    """What checking the whole log found."""

    problem: Problem | None
    rows: int  # that were checked
    seals: int
    removed: int  # rows that retention removed
    unsealed: int
    head: str  # hash of the last seal; empty when there is none
    number: int


def seal_batch(cr, size: int = BATCH) -> int:
    """Seal the oldest rows that are not sealed; how many they were. To be committed by the caller."""
    cr.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOCK])
    if not cr.fetchone()[0]:
        return 0
    columns = SQL(", ").join(map(SQL.identifier, _HASHED))
    cr.execute(SQL("SELECT %s FROM mcp_audit_log WHERE seal_id IS NULL ORDER BY id LIMIT %s", columns, size))
    rows = cr.fetchall()
    if not rows:
        return 0
    cr.execute("SELECT number, hash FROM mcp_audit_seal ORDER BY number DESC LIMIT 1")
    number, previous = cr.fetchone() or (0, chain.GENESIS)
    seal = chain.make_seal(number + 1, previous, _now(), _HASHED, rows)
    cr.execute(
        """INSERT INTO mcp_audit_seal (number, sealed_at, row_count, first_at, last_at, columns, digest, previous_hash,
                                       hash, row_ids, row_hashes)
           VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)""",
        [
            seal.number,
            seal.sealed_at,
            seal.row_count,
            seal.first_at,
            seal.last_at,
            ",".join(seal.columns),
            seal.digest,
            seal.previous,
            seal.hash,
            ",".join(map(str, seal.row_ids)),
            chain.pack_hashes(seal.row_hashes),
        ],
    )
    cr.execute("UPDATE mcp_audit_log SET seal_id = %s WHERE id = ANY(%s)", [seal.number, list(seal.row_ids)])
    # also outside of the database: whoever keeps the server's log can prove what the head was
    _logger.info("MCP audit log of %s: seal %s of %s rows, head %s", cr.dbname, seal.number, len(rows), seal.hash)
    return len(rows)


def verify(cr, kept_head: str = "") -> Verification:
    """Check every seal and every row, the oldest first.

    :param kept_head: a hash that was exported before; the chain must contain it
    """
    cr.execute(
        "SELECT max(res_ids::int) FROM mcp_audit_log WHERE method = %s AND connection_id IS NULL AND user_id IS NULL"
        " AND res_ids ~ '^[0-9]{1,9}$'",
        [RETENTION_METHOD],
    )
    removal_on_record = cr.fetchone()[0] or 0
    before: Seal | None = None
    problem = None
    checked = removed = 0
    heads = set()
    for seal in _seals(cr):
        problem = chain.check_seal(seal, before, removal_on_record)
        if not problem and seal.removed:
            removed += seal.row_count
            problem = _stray_row(cr, seal.number)
        elif not problem:
            problem = _or_moved(cr, chain.check_rows(seal, before, _rows_of(cr, seal)))
            checked += seal.row_count
        if problem:
            break
        before = seal
        heads.add(seal.hash)
    problem = problem or _check_beyond(cr, before)
    wanted = kept_head.strip().lower()
    if not problem and wanted and wanted not in heads:
        problem = Problem("head", "The log does not contain the head that you kept: it was cut off, or written anew.")
    cr.execute("SELECT count(*) FROM mcp_audit_log WHERE seal_id IS NULL")
    unsealed = cr.fetchone()[0]
    cr.execute("SELECT number, hash FROM mcp_audit_seal ORDER BY number DESC LIMIT 1")
    number, head = cr.fetchone() or (0, "")
    return Verification(problem, checked, before.number if before else 0, removed, unsealed, head, number)


def remove_old(cr, days: int) -> int:
    """Remove the rows of the oldest seals, as far as all their rows are older than ``days``; how many rows.

    The seals stay, so that the chain can still be checked; the removal is on record in the log itself.
    """
    cr.execute(
        """SELECT max(number), sum(row_count) FROM mcp_audit_seal
            WHERE removed_at IS NULL
              AND number < (SELECT COALESCE(min(number), 2147483647) FROM mcp_audit_seal
                             WHERE last_at >= now() AT TIME ZONE 'UTC' - %s * interval '1 day')""",
        [days],
    )
    last, count = cr.fetchone()
    if not last:
        return 0
    cr.execute("DELETE FROM mcp_audit_log WHERE seal_id <= %s", [last])
    cr.execute(
        """UPDATE mcp_audit_seal SET removed_at = now() AT TIME ZONE 'UTC', row_ids = NULL, row_hashes = NULL
            WHERE removed_at IS NULL AND number <= %s""",
        [last],
    )
    text = f"{count} rows up to seal {last} are older than {days} days and were removed."
    entry = audit.AuditEntry("ok", method=RETENTION_METHOD, res_ids=str(last), rows=count, error=text)
    audit.write(cr, entry)
    return count


def _seals(cr) -> Iterator[Seal]:
    """All seals in order, read in portions."""
    number = 0
    while True:
        cr.execute(f"SELECT {_SEAL_COLUMNS} FROM mcp_audit_seal WHERE number > %s ORDER BY number LIMIT 100", [number])
        rows = cr.fetchall()
        if not rows:
            return
        yield from map(_seal_of, rows)
        number = rows[-1][0]


def _seal_of(row: tuple) -> Seal:
    number, sealed_at, count, first_at, last_at, columns, digest, previous, own, ids, hashes, removed = row
    row_ids = tuple(int(word) for word in (ids or "").split(",") if word.isdigit())
    row_hashes = chain.unpack_hashes(hashes)
    return Seal(
        number,
        sealed_at,
        count,
        first_at,
        last_at,
        tuple((columns or "").split(",")),
        digest or "",
        previous or "",
        own or "",
        row_ids,
        row_hashes,
        removed,
    )


def _rows_of(cr, seal: Seal) -> dict[int, tuple[Any, ...]]:
    columns = SQL(", ").join(map(SQL.identifier, seal.columns))
    # those listed, and those that claim to be: one of them may have been given to another seal
    cr.execute(SQL("SELECT %s FROM mcp_audit_log WHERE seal_id = %s ORDER BY id", columns, seal.number))
    return {row[0]: row for row in cr.fetchall()}


def _or_moved(cr, problem: Problem | None) -> Problem | None:
    """A row that is missing from its seal may be in another."""
    if problem and problem.kind == "missing":
        cr.execute("SELECT 1 FROM mcp_audit_log WHERE id = %s", [problem.row_id])
        if cr.fetchone():
            text = f"Row {problem.row_id} is not where it was sealed: it was swapped with another or altered."
            return replace(problem, kind="altered", text=text)
    return problem


def _stray_row(cr, number: int) -> Problem | None:
    cr.execute("SELECT min(id) FROM mcp_audit_log WHERE seal_id = %s", [number])
    row_id = cr.fetchone()[0]
    return row_id and Problem("inserted", f"Row {row_id} was inserted later, among removed ones.", row_id, number)


def _check_beyond(cr, last: Seal | None) -> Problem | None:
    """Rows that claim a seal that does not exist, and unsealed ones that claim to be older than the last seal."""
    number = last.number if last else 0
    cr.execute("SELECT min(id) FROM mcp_audit_log WHERE seal_id > %s OR seal_id < 1", [number])
    row_id = cr.fetchone()[0]
    if row_id:
        return Problem("inserted", f"Row {row_id} belongs to a seal that does not exist.", row_id)
    if last:
        cr.execute("SELECT id, create_date FROM mcp_audit_log WHERE seal_id IS NULL ORDER BY create_date LIMIT 1")
        oldest = cr.fetchone()
        return oldest and chain.check_moment(*oldest, last)
    return None


def _now() -> datetime:
    return datetime.now(timezone.utc).replace(tzinfo=None, microsecond=0)
