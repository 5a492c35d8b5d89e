"""The record of everything: one row of ``mcp.audit.log`` per request, whatever came of it.

Rows are inserted in SQL because the model refuses every change through the ORM.
"""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass, fields, replace

import psycopg2

from odoo.modules.registry import Registry
from odoo.tools import SQL

_logger = logging.getLogger(__name__)

# Clients choose many of these strings. One line each, no terminal sequences, bounded length.
_CONTROL_CHARACTERS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")
_LONGEST_TEXT = 500
# Where a request keeps its Trail, in the WSGI environment.
TRAIL = "odoo_mcp.audit_trail"


@dataclass(slots=True)
class AuditEntry:
    """What one row says; the names are the columns."""

    outcome: str  # "ok", "error" or "refused"
    connection_id: int | None = None
    credential_id: int | None = None
    session_id: int | None = None
    user_id: int | None = None
    ip_address: str | None = None
    client: str | None = None
    protocol_version: str | None = None
    method: str | None = None
    tool: str | None = None
    res_model: str | None = None
    res_ids: str | None = None
    http_status: int | None = None
    error_code: int | None = None
    error: str | None = None
    rows: int | None = None
    duration_ms: float | None = None
    change_id: int | None = None
    request_payload: str | None = None  # JSON, redacted
    response_payload: str | None = None


COLUMNS = tuple(field.name for field in fields(AuditEntry))
_PAYLOADS = ("request_payload", "response_payload")
_INSERT = (
    f"INSERT INTO mcp_audit_log (create_date, {', '.join(COLUMNS)}) "
    f"VALUES (clock_timestamp() AT TIME ZONE 'UTC', {', '.join(['%s'] * len(COLUMNS))})"
)
# Where the transaction has written nothing yet, its commit does not wait for the disk: its row is all there is to lose,
# and only when the database server itself dies within the next moments (PostgreSQL: three times wal_writer_delay, so
# 0.6 seconds). A call that changes something waits, and its row with it.
_LAZILY = "SELECT set_config('synchronous_commit', 'off', true) WHERE txid_current_if_assigned() IS NULL; "
_DURABLY = "SET LOCAL synchronous_commit TO DEFAULT; "


def clean(text: object) -> str | None:
    """``text`` as it is fit for a log: one line, no control characters, at most 500 characters; None when empty."""
    if text is None or text == "":
        return None
    line = _CONTROL_CHARACTERS.sub(" ", str(text)[: 2 * _LONGEST_TEXT]).strip()
    return line if len(line) <= _LONGEST_TEXT else line[: _LONGEST_TEXT - 1] + "…"


@dataclass(slots=True)
class Trail:
    """What a request has put on record, in case its transaction is rolled back after all.

    :param beginning: what is known of the request before anything in it is handled
    """

    beginning: AuditEntry
    entries: list[AuditEntry]

    def rescue(self, dbname: str, status: int, error: Exception) -> None:
        """Put it on record in a transaction of its own, as failed."""
        reason = f"Rolled back: {type(error).__name__}"
        try:
            with Registry(dbname).cursor() as cr:
                for entry in self.entries or [self.beginning]:
                    write(cr, replace(entry, outcome="error", http_status=status, error=reason, change_id=None))
        except psycopg2.Error:
            _logger.exception("A failed MCP request could not be put on record: %s", self.entries or self.beginning)


def write(cr, entry: AuditEntry, is_only_one: bool = False) -> None:
    """Insert ``entry`` in the current transaction.

    :param is_only_one: nothing more is handled in this transaction, before or after
    """
    if is_only_one and cr.transaction:
        cr.transaction.flush()  # what is still to be written tells whether the commit may be lazy
    values = []
    for name in COLUMNS:
        value = getattr(entry, name)
        values.append(clean(value) if isinstance(value, str) and name not in _PAYLOADS else value)
    cr.execute(SQL((_LAZILY if is_only_one else _DURABLY) + _INSERT, *values))
