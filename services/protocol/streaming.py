"""What an application says while a call is running, and on streams that stay open.

An application answers ``tools/call``, ``prompts/get`` and ``resources/read`` with a plain result,
or with a :class:`Conversation`: an iterator of events, which a generator function is::

    def export(self, context):
        for done in range(3):
            yield Notification("notifications/progress", {"progress": done, "total": 3})
        yield Done({"content": [...]})

The answer stays ordinary JSON when ``Done`` or ``Failed`` comes before anything the client wants
to hear; else it becomes an event stream. The first event is waited for before the client sees as
much as a status line, so have one soon: :class:`Idle` when there is nothing to tell yet.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from .errors import ProtocolError
from .messages import InputRequired


@dataclass(frozen=True, slots=True)
class Notification:
    """A message without answer.

    ``notifications/progress`` needs only progress, total and message: the token is added, and what
    does not increase, or nobody asked for, is dropped. ``notifications/message`` below the wanted
    level is dropped, too. On a session's GET stream, progress brings its own ``progressToken``.
    """

    method: str
    params: Mapping[str, Any] = field(default_factory=dict)
    event_id: str | None = None  # for resumption; 2026-07-28 has none and gets none


@dataclass(frozen=True, slots=True)
class ServerRequest:
    """A question to a handshake client; its answer arrives by ``Application.accept_response``.

    2026-07-28 asks by returning :class:`~.messages.InputRequired`: there this is an error.
    """

    request_id: str | int
    method: str
    params: Mapping[str, Any] = field(default_factory=dict)
    event_id: str | None = None


@dataclass(frozen=True, slots=True)
class Idle:
    """Nothing new: keeps the connection alive.

    With an ``event_id`` it is the event without data from which 2025-11-25 clients may resume.
    """

    event_id: str | None = None


@dataclass(frozen=True, slots=True)
class Done:
    """The answer; nothing after it is asked for.

    On a session's GET stream it is the answer to an earlier request, whose ``request_id`` and
    ``method`` must then be named.
    """

    result: Mapping[str, Any] | InputRequired
    event_id: str | None = None
    request_id: str | int | None = None
    method: str | None = None


@dataclass(frozen=True, slots=True)
class Failed:
    """The answer is a refusal. ``request_id`` as in :class:`Done`."""

    error: ProtocolError
    event_id: str | None = None
    request_id: str | int | None = None


@dataclass(frozen=True, slots=True)
class Reconnect:
    """Close the connection; the client comes back with GET and the last event id it saw.

    For 2025-11-25, after at least one event with an id. On a ``subscriptions/listen`` stream it
    only closes the connection.
    """

    retry_ms: int
    event_id: str | None = None


@dataclass(frozen=True, slots=True)
class Cancelled:
    """The client cancelled the request by ``notifications/cancelled``: no answer is sent any more.

    Where nothing was streamed yet, HTTP wants an answer all the same: it is an error then.
    """


Event = Notification | ServerRequest | Idle | Done | Failed | Reconnect | Cancelled


class Conversation(Protocol):
    """Events, made when they are asked for.

    Raising :class:`~.errors.ProtocolError` is the same as :class:`Failed`; other exceptions are
    offered to ``Application.convert_exception``.
    """

    def __iter__(self) -> Conversation: ...

    def __next__(self) -> Event: ...

    def close(self) -> None:
        """No further event will be taken: the client is gone, or must not get one of these.

        Not called after the last event (``Done``, ``Failed``, ``Reconnect``, ``Cancelled``), nor
        after an exception of its own.
        To 2026-07-28 a client that is gone has cancelled its request; to the handshake era it has
        not: it may come back with GET, and cancels by ``notifications/cancelled``.
        """


# A stream that stays open (GET, subscriptions/listen): the same events. It may end without Done.
Stream = Conversation
