"""The stored event log: what streams carry, and what a client that comes back still has to hear.

An event id names the session's stream that the event was sent on and the place in the log, under a MAC: it cannot be
made up, is good for its own session only, and expires when the log forgets.
"""

from __future__ import annotations

import hashlib
import hmac
import time
from dataclasses import dataclass
from typing import Any

from ..protocol.errors import INVALID_REQUEST, ProtocolError
from ..protocol.streaming import Cancelled, Done, Event, Failed, Notification, ServerRequest
from .changes import as_json, wake

# Seconds that an event can be asked for again.
EVENT_AGE = 3600
MOST_EVENTS_OF_A_SESSION = 1000
MOST_EVENTS = 50_000

_MAC_LENGTH = 20


@dataclass(frozen=True, slots=True)
class Place:
    """Behind which event a stream goes on; ``stream`` is empty for the session's own."""

    stream: str
    position: int


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the event log."""

    id: int
    session_key: int | None
    stream: str
    kind: str
    connection_id: int | None
    res_model: str | None
    res_ids: list[int] | None
    uri: str | None
    payload: Any


def event_id(key: bytes, session_key: int, place: Place) -> str:
    """What a client sends back as Last-Event-ID to go on behind ``place``."""
    text = f"{place.stream or '-'}.{place.position}.{int(time.time())}"
    return f"{text}.{_mac(key, session_key, text)}"


def place_of(key: bytes, session_key: int, last_event_id: str, lost_until: int) -> Place:
    """Where a client wants to go on.

    :param lost_until: the newest event that was dropped although it was young
    :raises ProtocolError: HTTP 400, the id is not of this session, was changed, or is too old
    """
    text, _dot, mac = last_event_id.rpartition(".")
    if not hmac.compare_digest(mac.encode("utf-8", "replace"), _mac(key, session_key, text).encode()):
        raise _refusal("was not sent on a stream of this session")
    stream, position, sent_at = text.split(".")
    if int(sent_at) < time.time() - EVENT_AGE or int(position) < lost_until:
        raise _refusal("is too old")
    return Place("" if stream == "-" else stream, int(position))


def _refusal(reason: str) -> ProtocolError:
    text = f"Last-Event-ID {reason}: open a stream without it, and read again what you rely on"
    return ProtocolError(INVALID_REQUEST, text, http_status=400)


def _mac(key: bytes, session_key: int, text: str) -> str:
    body = f"Last-Event-ID\0{session_key}\0{text}".encode("utf-8", "replace")
    return hmac.new(key, body, hashlib.sha256).hexdigest()[:_MAC_LENGTH]


# ---------------------------------------------------------------------- rows


def store(cr, session_key: int, stream: str, kind: str, payload: Any) -> int:
    """Add an event for one session; its place in the log."""
    cr.execute(
        """INSERT INTO mcp_event (session_id, stream, kind, payload, create_date)
           VALUES (%s, %s, %s, %s, now() AT TIME ZONE 'UTC') RETURNING id""",
        [session_key, stream, kind, as_json(payload)],
    )
    position = cr.fetchone()[0]
    wake(cr)
    return position


def newest(cr) -> int:
    """The last place in the log; 0 when it is empty."""
    cr.execute("SELECT COALESCE(max(id), 0) FROM mcp_event")
    return cr.fetchone()[0]


def trim(cr) -> None:
    """Forget what is old, and what is too much; sessions that lose young events by it are told when they ask."""
    cr.execute(
        "DELETE FROM mcp_event WHERE create_date < now() AT TIME ZONE 'UTC' - %s * interval '1 second'", [EVENT_AGE]
    )
    cr.execute(
        """WITH numbered AS (
               SELECT id, session_id, row_number() OVER (PARTITION BY session_id ORDER BY id DESC) AS newer
                 FROM mcp_event
           ), lost AS (
               DELETE FROM mcp_event USING numbered
                WHERE mcp_event.id = numbered.id
                  AND numbered.newer > CASE WHEN numbered.session_id IS NULL THEN %s ELSE %s END
            RETURNING mcp_event.id, mcp_event.session_id
           ), last AS (
               SELECT session_id, max(id) AS id FROM lost GROUP BY session_id
           )
           UPDATE mcp_session SET events_lost_until = GREATEST(mcp_session.events_lost_until, last.id) FROM last
            WHERE mcp_session.ended_at IS NULL AND (last.session_id = mcp_session.id OR last.session_id IS NULL)""",
        [MOST_EVENTS, MOST_EVENTS_OF_A_SESSION],
    )


# ---------------------------------------------------------------------- what a running call says


def pack(event: Event, request_id: str | int | None, progress_token: str | int | None) -> dict[str, Any]:
    """An event of a call as JSON, so that it can be said on another stream, in another process."""
    if isinstance(event, Notification):
        params = dict(event.params)
        if event.method == "notifications/progress":
            params["progressToken"] = progress_token
        return {"notification": event.method, "params": params}
    if isinstance(event, ServerRequest):
        return {"question": event.method, "id": event.request_id, "params": dict(event.params)}
    if isinstance(event, Done):
        return {"done": dict(event.result), "id": request_id}
    if isinstance(event, Failed):
        error = event.error
        return {"failed": {"code": error.code, "message": error.message, "data": error.data}, "id": request_id}
    if isinstance(event, Cancelled):
        return {"cancelled": True}
    raise TypeError(f"{event!r} cannot be stored")


def unpack(stored: dict[str, Any], event_id: str) -> Event:
    """What :func:`pack` was given."""
    if "notification" in stored:
        return Notification(stored["notification"], stored["params"], event_id)
    if "question" in stored:
        return ServerRequest(stored["id"], stored["question"], stored["params"], event_id)
    if "done" in stored:
        return Done(stored["done"], event_id, request_id=stored["id"], method="tools/call")
    if "failed" in stored:
        error = stored["failed"]
        return Failed(ProtocolError(error["code"], error["message"], error["data"]), event_id, stored["id"])
    return Cancelled()
