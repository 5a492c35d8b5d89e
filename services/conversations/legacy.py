"""The 2024-11-05 transport: one stream for all answers, and messages that are posted elsewhere.

GET opens a session and its stream, whose first event names where to POST. A POST is answered by 202; what it leads to
goes through the event log to whatever process holds the stream. Nothing can be resumed: with the stream, the session
ends.
"""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Iterable, Mapping
from urllib.parse import quote

import psycopg2

from ..protocol import sse
from ..protocol.errors import INVALID_REQUEST, ProtocolError
from ..protocol.headers import accepts
from ..protocol.http_checks import STREAM_TYPE
from ..protocol.limits import Limits
from ..protocol.messages import CallContext, Era, HttpAnswer, HttpRequest, Outcome
from ..protocol.server import handle
from ..protocol.streaming import Idle, Notification
from ..transactions import short_transaction
from . import bounds, events, sessions
from .events import Row
from .followers import OpenStream

_logger = logging.getLogger(__name__)

TRANSPORT = "sse"
VERSION = "2024-11-05"
MESSAGES_PATH = "/mcp/messages"
# What a client of this transport says by these headers, if anything, belongs to another transport.
_FOREIGN_HEADERS = ("mcp-session-id", "mcp-protocol-version", "last-event-id", "accept")


class MessageStream(OpenStream):
    """The session's events; messages are bytes as they are sent."""

    is_session_stream = True

    def lists(self) -> Iterable[str]:
        return ("tools", "prompts", "resources")

    def takes(self, row: Row) -> bool:
        return row.kind == "message"

    def take(self, row: Row) -> bool:
        self.say(row.payload.encode())
        return True

    def tell(self, row: Row, uri: str | None) -> None:
        if uri is not None:
            self.say(Notification("notifications/resources/updated", {"uri": uri}))
        else:
            self.say(Notification(f"notifications/{row.kind}/list_changed"))


class LegacyBody:
    """The stream as the body of an HTTP answer."""

    def __init__(self, application, stream: MessageStream, session_id: str):
        self._application = application
        self._stream = stream
        self._first = sse.endpoint_event(f"{MESSAGES_PATH}?session_id={quote(session_id)}")
        self._closed = False

    def __iter__(self) -> LegacyBody:
        return self

    def __next__(self) -> bytes:
        first, self._first = self._first, b""
        if first:
            return first
        event = next(self._stream, None)
        if event is None:
            self.close()
            raise StopIteration
        if isinstance(event, Idle):
            return sse.comment()
        if isinstance(event, Notification):
            message = {"jsonrpc": "2.0", "method": event.method}
            event = json.dumps({**message, "params": dict(event.params)} if event.params else message).encode()
        return sse.message_event(event)

    def close(self) -> None:
        if self._closed:
            return
        self._closed = True
        self._stream.close()
        try:
            with short_transaction(self._application.env) as cr:
                sessions.end(cr, self._stream.session_key)
        except psycopg2.Error:
            _logger.warning("The session of a closed stream could not be ended", exc_info=True)
        self._application.observe(_context("HTTP GET"), {}, Outcome("stream", 200))


def open_stream(application, accept: str | None) -> HttpAnswer:
    """The answer to GET: a new session, and its stream.

    :raises ProtocolError: HTTP 405, 406 or 503, there is no stream for this client
    """
    if not application.streams:
        raise ProtocolError(INVALID_REQUEST, "Event streaming is switched off here: use /odoo/mcp", http_status=405)
    if accept and not accepts(accept, STREAM_TYPE):
        raise ProtocolError(INVALID_REQUEST, "GET opens an event stream: accept text/event-stream", http_status=406)
    owner, session_id = application.open_early_session(VERSION, TRANSPORT)
    stream = MessageStream(
        *application.follower(events.newest(application.env.cr), owner),
        lasts=bounds.exempt_from_time_limit(),
        on_end=application.take_seat(),
    )
    return HttpAnswer(200, dict(sse.HEADERS), stream=LegacyBody(application, stream, session_id))


def take_message(application, session_id: str, headers: Mapping[str, str], body: bytes, limits: Limits) -> HttpAnswer:
    """The answer to POST: 202, and the rest on the stream; a refusal that no message waits for is told at once."""
    if not application.enter_early_session(session_id, TRANSPORT):
        text = "There is no such session (any more): open a stream with GET /mcp/sse, and post where it says"
        error = {"jsonrpc": "2.0", "id": None, "error": {"code": INVALID_REQUEST, "message": text}}
        return HttpAnswer(404, {"Content-Type": "application/json"}, json.dumps(error).encode())
    kept = {name: value for name, value in headers.items() if name.lower() not in _FOREIGN_HEADERS}
    kept |= {"Mcp-Session-Id": session_id, "Accept": f"application/json, {STREAM_TYPE}"}
    answer = handle(HttpRequest("POST", kept, body), application, limits)
    if answer.stream is not None:
        registry, session_key = application.env.registry, application.session_key
        threading.Thread(
            target=_forward, args=[registry, session_key, answer], name="mcp-legacy-answer", daemon=True
        ).start()
    elif not answer.body or _is_refusal_of_nothing(answer):
        return answer
    else:
        for message in sse.messages_of(answer):
            _send(application.env.cr, application.session_key, message)
    return HttpAnswer(202)


def _forward(registry, session_key: int, answer: HttpAnswer) -> None:
    """Send what a running call says, as it comes. The call itself ends when the session does."""
    threading.current_thread().dbname = registry.db_name
    try:
        for message in sse.messages_of(answer):
            with registry.cursor() as cr:
                _send(cr, session_key, message)
    except Exception:
        _logger.exception("The answer of an MCP call could not be sent on")


def _send(cr, session_key: int, message: bytes) -> None:
    events.store(cr, session_key, TRANSPORT, "message", message.decode())


def _is_refusal_of_nothing(answer: HttpAnswer) -> bool:
    """Whether it is an error that answers no request, such as to what was no JSON."""
    message = json.loads(answer.body)
    return isinstance(message, dict) and "error" in message and message.get("id") is None


def _context(method: str) -> CallContext:
    return CallContext(Era.HANDSHAKE, VERSION, method)
