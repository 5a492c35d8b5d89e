"""The same key twice, one effect: the answer of a call that changed something is kept and given again.

The row of a key is inserted in the transaction of its call. A second call with the key waits at the unique index until
the first is through: then Odoo's retry of serialization failures starts it again, and it finds the answer. A call that
failed leaves no row, so repeating it tries again.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import psycopg2

from odoo.tools import SQL

from ..tools.call import Call
from ..tools.errors import ToolError
from ..tools.result import ToolResult

KEPT_FOR = "7 days"
LONGEST_WAIT = "10s"  # for a call with the same key that is still running

_LINK = re.compile(r"(/odoo/mcp/file/)[A-Za-z0-9_-]{16,}")
_NOT_REPEATED = "[given once; call again with another idempotency_key]"

_INSERT = """
    INSERT INTO mcp_idempotency (connection_id, key, tool, payload_hash, create_date)
    VALUES (%s, %s, %s, %s, now() AT TIME ZONE 'UTC')
    ON CONFLICT (connection_id, key) DO NOTHING
    RETURNING id
"""
_FIND = "SELECT id, tool, payload_hash, answer FROM mcp_idempotency WHERE connection_id = %s AND key = %s"
_KEEP_LATER = "UPDATE mcp_idempotency SET answer = %s WHERE connection_id = %s AND key = %s"
_KEEP = "UPDATE mcp_idempotency SET answer = %s WHERE id = %s"


@dataclass(frozen=True, slots=True)
class Claim:
    """A key that belongs to the running call (``answer`` is None), or the answer of the call that had it before."""

    row_id: int
    answer: dict | ToolResult | None = None


def claim(call: Call, key: str, tool: str, arguments: Mapping[str, Any]) -> Claim:
    """Take ``key`` for this call.

    :raises ToolError: it was used for something else, or its first call is still running
    :raises psycopg2.errors.SerializationFailure: its first call has just ended; Odoo's retry will find its answer
    """
    cr, connection_id = call.gate.env.cr, call.caller.connection_id
    payload_hash = _hash(tool, arguments)
    cr.execute(SQL("SELECT set_config('lock_timeout', %s, true)", LONGEST_WAIT))
    try:
        with cr.savepoint(flush=False):
            cr.execute(SQL(_INSERT, connection_id, key, tool, payload_hash), log_exceptions=False)
            row = cr.fetchone()
    except psycopg2.errors.LockNotAvailable:
        raise ToolError(
            "A call with this idempotency_key is still running. Repeat it, unchanged, in a few seconds for its answer."
        ) from None
    cr.execute(SQL("SELECT set_config('lock_timeout', '0', true)"))
    if row:
        return Claim(row[0])
    cr.execute(SQL(_FIND, connection_id, key))
    row_id, used_for, used_hash, answer = cr.fetchone()
    if used_hash != payload_hash:
        raise ToolError(
            f"This idempotency_key was used before, for another call of {used_for}. "
            "Take a new key for every new call; the same key only repeats the same call."
        )
    return Claim(row_id, _decoded(answer))


def keep(call: Call, taken: Claim, result: dict | ToolResult) -> None:
    """Store what the call with ``taken`` is answered."""
    call.gate.env.cr.execute(SQL(_KEEP, _encoded(result), taken.row_id))


def keep_later(cr, connection_id: int, key: str, result: dict | ToolResult) -> None:
    """Store what a call with ``key`` came to that had to wait: repeating it is answered with this from now on."""
    cr.execute(SQL(_KEEP_LATER, _encoded(result), connection_id, key))


def _encoded(result: dict | ToolResult) -> str:
    if isinstance(result, ToolResult):
        blocks = [dict(block) for block in result.content]
        answer: dict = {"blocks": {"content": blocks, "structured": result.structured, "is_error": result.is_error}}
    else:
        answer = {"data": result}
    # of a link to a file only the hash is kept anywhere, so it is not given a second time
    return _LINK.sub(rf"\g<1>{_NOT_REPEATED}", json.dumps(answer, default=str))


def _decoded(answer: dict | str) -> dict | ToolResult:
    answer = json.loads(answer) if isinstance(answer, str) else answer
    if "data" in answer:
        return {**answer["data"], "replayed": True}
    blocks = answer["blocks"]
    structured = blocks["structured"]
    return ToolResult(
        blocks["content"], structured if structured is None else {**structured, "replayed": True}, blocks["is_error"]
    )


def _hash(tool: str, arguments: Mapping[str, Any]) -> str:
    text = json.dumps([tool, arguments], sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode()).hexdigest()
