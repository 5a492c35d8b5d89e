"""Sessions of handshake clients, and the meeting point of a running call with what its client sends elsewhere.

A question goes out on the stream of one worker, the answer comes in by another: it goes through the event log, which
wakes the worker that runs the call.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..governance.audit import clean
from ..identity.caller import Caller
from ..protocol.messages import Session
from ..transactions import short_transaction
from . import events
from .changes import wake

# Seconds without use after which a session is over.
IDLE_LIFE = 86_400
_NOW = "now() AT TIME ZONE 'UTC'"
_IS_ALIVE = f"ended_at IS NULL AND last_seen_at > {_NOW} - {IDLE_LIFE} * interval '1 second'"
_FIND = f"""
    SELECT id, protocol_version, client_info, client_capabilities, log_level, COALESCE(events_lost_until, 0),
           transport,
           last_seen_at < {_NOW} - interval '1 minute'
      FROM mcp_session
     WHERE session_hash = %s AND connection_id = %s AND {_IS_ALIVE}
"""
# A row that another request is noting at this moment is left to that one.
_TOUCH = f"""
    UPDATE mcp_session SET last_seen_at = {_NOW}
     WHERE id IN (SELECT id FROM mcp_session WHERE id = ANY(%s) FOR NO KEY UPDATE SKIP LOCKED)
"""


@dataclass(frozen=True, slots=True)
class Found:
    """A live session of the caller, and its row.

    :param lost_until: the newest event of its log that was dropped although it was young
    :param transport: ``http`` or ``sse``
    """

    key: int
    session: Session
    lost_until: int
    transport: str


def open_session(
    cr,
    caller: Caller,
    version: str,
    client_info: Mapping,
    capabilities: Mapping,
    ip_address: str | None,
    transport: str = "http",
    stream_owner: str | None = None,
) -> tuple[int, str]:
    """A new session of the caller's connection: its row, and the id that the client must send back."""
    session_id = secrets.token_urlsafe(32)
    cr.execute(
        f"""INSERT INTO mcp_session (connection_id, session_hash, client, client_info, client_capabilities,
                                     protocol_version, ip_address, transport, stream_owner, create_date, last_seen_at)
            VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, {_NOW}, {_NOW}) RETURNING id""",
        [
            caller.connection_id,
            _hash(session_id),
            *_introduction(client_info, capabilities),
            version,
            ip_address,
            transport,
            stream_owner,
        ],
    )
    return cr.fetchone()[0], session_id


def introduce(cr, key: int, version: str, client_info: Mapping, capabilities: Mapping) -> None:
    """What the client of a session that was opened before ``initialize`` says of itself."""
    cr.execute(
        """UPDATE mcp_session SET client = %s, client_info = %s, client_capabilities = %s, protocol_version = %s
            WHERE id = %s""",
        [*_introduction(client_info, capabilities), version, key],
    )


def find(env, caller: Caller, session_id: str) -> Found | None:
    """The session of this id; None when it is unknown, ended, too long unused, or of another connection."""
    cr = env.cr
    cr.execute(_FIND, [_hash(session_id), caller.connection_id])
    row = cr.fetchone()
    if row is None:
        return None
    key, version, client_info, capabilities, log_level, lost_until, transport, stale = row
    if stale:
        with short_transaction(env) as own:
            touch(own, [key])
            events.trim(own)
    return Found(key, Session(version, client_info or {}, capabilities or {}, log_level), lost_until, transport)


def touch(cr, keys: list[int]) -> None:
    """Note that sessions are in use."""
    cr.execute(_TOUCH, [keys])


def live(cr, keys: list[int]) -> dict[int, str | None]:
    """Those of ``keys`` that have not ended, and which stream is their own."""
    cr.execute(f"SELECT id, stream_owner FROM mcp_session WHERE id = ANY(%s) AND {_IS_ALIVE}", [keys])
    return dict(cr.fetchall())


def claim_stream(cr, key: int) -> str:
    """Make a new stream the session's own, instead of one that may be open; the name to know it by."""
    owner = secrets.token_hex(8)
    cr.execute("UPDATE mcp_session SET stream_owner = %s WHERE id = %s", [owner, key])
    wake(cr)
    return owner


def close(cr, caller: Caller, session_id: str) -> bool:
    """End a session; False when the caller has none of this id."""
    cr.execute(
        f"""UPDATE mcp_session SET ended_at = {_NOW}
            WHERE session_hash = %s AND connection_id = %s AND ended_at IS NULL""",
        [_hash(session_id), caller.connection_id],
    )
    return cr.rowcount > 0


def end(cr, key: int) -> None:
    """End a session that cannot be come back to."""
    cr.execute(f"UPDATE mcp_session SET ended_at = {_NOW} WHERE id = %s AND ended_at IS NULL", [key])


def clean_up(cr, retention_days: int) -> None:
    """End what was not used for long, forget what ended long ago.

    :param retention_days: 0 keeps all
    """
    cr.execute(f"UPDATE mcp_session SET ended_at = last_seen_at WHERE ended_at IS NULL AND NOT ({_IS_ALIVE})")  # pylint: disable=sql-injection
    if retention_days:
        cr.execute(
            f"DELETE FROM mcp_session WHERE ended_at < {_NOW} - %s * interval '1 day'",
            [retention_days],
        )
    cr.execute(
        """DELETE FROM mcp_subscription WHERE session_id IN (SELECT id FROM mcp_session WHERE ended_at IS NOT NULL)
               OR until < now() AT TIME ZONE 'UTC'"""
    )
    cr.execute(f"DELETE FROM mcp_used_state WHERE create_date < {_NOW} - interval '1 hour'")  # pylint: disable=sql-injection


def set_log_level(cr, key: int, level: str) -> None:
    cr.execute("UPDATE mcp_session SET log_level = %s WHERE id = %s", [level, key])


def leave(cr, key: int, kind: str, request_id: str, payload: Any = None) -> None:
    """Put an answer or a cancellation into the log, where whatever process runs the call finds it."""
    events.store(cr, key, request_id[:300], kind, payload)


def _introduction(client_info: Mapping, capabilities: Mapping) -> list[Any]:
    client = clean(" ".join(str(client_info.get(key) or "") for key in ("name", "version")))
    return [client, json.dumps(_storable(dict(client_info))), json.dumps(_storable(dict(capabilities)))]


def _storable(value: Any) -> Any:
    """JSON without what jsonb cannot hold: NUL, and halves of surrogate pairs."""
    if isinstance(value, str):
        return value.replace("\0", "").encode("utf-8", "replace").decode()
    if isinstance(value, Mapping):
        return {_storable(key): _storable(item) for key, item in value.items()}
    return [_storable(item) for item in value] if isinstance(value, list) else value


def _hash(session_id: str) -> str:
    return hashlib.sha256(session_id.encode("utf-8", "replace")).hexdigest()
