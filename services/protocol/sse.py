"""Server-sent events on the wire (WHATWG HTML, section 9.2), as pure functions.

Events end in ``\\n``, the line ending that hand-made readers split at. Each function returns a
whole event (or comment), so that a chunk never holds half of one.
"""

from __future__ import annotations

from collections.abc import Iterator

from .messages import HttpAnswer

CONTENT_TYPE = "text/event-stream"
HEADERS = {
    "Content-Type": CONTENT_TYPE,
    "Cache-Control": "no-store",
    "X-Accel-Buffering": "no",  # nginx would collect events before it passes them on
}

# What some readers take for line breaks, although the standard does not; JSON has it in strings
# only, where an escape says the same.
_LINE_BREAKS_TO_SOME = {
    "\u0085".encode(): b"\\u0085",
    "\u2028".encode(): b"\\u2028",
    "\u2029".encode(): b"\\u2029",
}
_DATA = b"data: "


def message_event(message: bytes, event_id: str | None = None) -> bytes:
    """A JSON-RPC message, encoded as JSON on one line.

    :raises ValueError: the id cannot be one
    """
    for raw, escaped in _LINE_BREAKS_TO_SOME.items():
        message = message.replace(raw, escaped)
    return b"event: message\n" + _id_line(event_id) + _DATA + message + b"\n\n"


def priming_event(event_id: str) -> bytes:
    """An event without data, from whose id a client can resume (2025-11-25 basic/transports)."""
    return _id_line(event_id) + b"data: \n\n"


def retry_event(milliseconds: int, event_id: str | None = None) -> bytes:
    """How long a client should wait before it reconnects, for just before the close.

    With an id it is a priming event as well.
    """
    data = b"data: \n" if event_id is not None else b""
    return _id_line(event_id) + b"retry: %d\n" % milliseconds + data + b"\n"


def comment() -> bytes:
    """A line that says nothing and keeps proxies from closing a quiet connection."""
    return b":\r\n"


def endpoint_event(uri: str) -> bytes:
    """2024-11-05 HTTP+SSE: the first event, saying where the client must POST its messages.

    :param uri: relative to the stream's, or of the same origin: clients refuse any other
    :raises ValueError: it holds a line break
    """
    return b"event: endpoint\n" + _DATA + _one_line(uri) + b"\n\n"


def messages_of(answer: HttpAnswer) -> Iterator[bytes]:
    """The JSON-RPC messages of an answer, one by one, as they come.

    For 2024-11-05 HTTP+SSE, where the POST is answered by 202 and these go to the GET stream. A
    batch's array is one message here. Closing this iterator closes the answer's stream.
    """
    if answer.stream is None:
        if answer.body:
            yield answer.body
        return
    try:
        for chunk in answer.stream:
            for line in chunk.split(b"\n"):
                if line.startswith(_DATA) and line != _DATA:
                    yield line.removeprefix(_DATA)
    finally:
        answer.stream.close()


def _id_line(event_id: str | None) -> bytes:
    if event_id is None:
        return b""
    if not event_id or "\0" in event_id:  # the standard ignores the one and resets by the other
        raise ValueError(f"{event_id!r} cannot be an event id")
    return b"id: " + _one_line(event_id) + b"\n"


def _one_line(text: str) -> bytes:
    if "\n" in text or "\r" in text:
        raise ValueError(f"{text!r} must be on one line")
    return text.encode()
