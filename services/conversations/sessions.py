"""Sessions of handshake clients, and the meeting point of a running call with what its client sends elsewhere.

A question goes out on the stream of one worker, the answer comes in by another: both meet in a table. Everything
here is a short transaction of its own, because the call it is about may not be done for a long time.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Mapping
from typing import Any

from ..governance.audit import clean
from ..identity.caller import Caller
from ..protocol.messages import Session

_FIND = """
    SELECT id, protocol_version, client_info, client_capabilities, log_level,
           last_seen_at < now() AT TIME ZONE 'UTC' - interval '1 minute'
      FROM mcp_session
     WHERE session_hash = %s AND connection_id = %s AND ended_at IS NULL
"""
_TOUCH = """
    UPDATE mcp_session SET last_seen_at = now() AT TIME ZONE 'UTC'
     WHERE id = (SELECT id FROM mcp_session WHERE id = %s FOR NO KEY UPDATE SKIP LOCKED)
"""


def open_session(
    cr, caller: Caller, version: str, client_info: Mapping, capabilities: Mapping, ip_address: str | None
) -> str:
    """A new session of the caller's connection; returns the id that the client must send back."""
    session_id = secrets.token_urlsafe(32)
    client = clean(" ".join(str(client_info.get(key) or "") for key in ("name", "version")))
    cr.execute(
        """INSERT INTO mcp_session (connection_id, session_hash, client, client_info, client_capabilities,
                                    protocol_version, ip_address, create_date, last_seen_at)
           VALUES (%s, %s, %s, %s, %s, %s, %s, now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC')""",
        [
            caller.connection_id,
            _hash(session_id),
            client,
            json.dumps(dict(client_info)),
            json.dumps(dict(capabilities)),
            version,
            ip_address,
        ],
    )
    return session_id


def find(env, caller: Caller, session_id: str) -> tuple[int, Session] | None:
    """The row and the session of this id; None when it is unknown, ended, or of another connection."""
    cr = env.cr
    cr.execute(_FIND, [_hash(session_id), caller.connection_id])
    row = cr.fetchone()
    if row is None:
        return None
    key, version, client_info, capabilities, log_level, stale = row
    if stale:
        with env.registry.cursor() as own:
            own.execute(_TOUCH, [key])
    return key, Session(version, client_info or {}, capabilities or {}, log_level)


def close(cr, caller: Caller, session_id: str) -> bool:
    """End a session; False when the caller has none of this id."""
    cr.execute(
        """UPDATE mcp_session SET ended_at = now() AT TIME ZONE 'UTC'
            WHERE session_hash = %s AND connection_id = %s AND ended_at IS NULL""",
        [_hash(session_id), caller.connection_id],
    )
    return cr.rowcount > 0


def set_log_level(cr, key: int, level: str) -> None:
    cr.execute("UPDATE mcp_session SET log_level = %s WHERE id = %s", [level, key])


def leave(cr, key: int, kind: str, request_id: str, payload: Any = None) -> None:
    """Put an answer or a cancellation where the running call finds it."""
    cr.execute(
        """INSERT INTO mcp_session_message (session_id, kind, request_id, payload, create_date)
           VALUES (%s, %s, %s, %s, now() AT TIME ZONE 'UTC')""",
        [key, kind, request_id[:300], json.dumps(payload)],
    )


def take(registry, key: int, kind: str, request_id: str) -> dict | None:
    """What was left for this request, which is gone then; None when there is nothing yet."""
    with registry.cursor() as cr:
        cr.execute(
            """DELETE FROM mcp_session_message WHERE session_id = %s AND kind = %s AND request_id = %s
               RETURNING payload""",
            [key, kind, request_id[:300]],
        )
        row = cr.fetchone()
    return None if row is None else (row[0] or {})


def _hash(session_id: str) -> str:
    return hashlib.sha256(session_id.encode("utf-8", "replace")).hexdigest()
