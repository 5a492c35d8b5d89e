"""A tool that converses, run in a thread with a cursor of its own, as an iterator of protocol events.

The request that started it holds no cursor while its stream is open. The thread commits when the tool is done; a call
that was cancelled, refused or that asked something leaves nothing behind.

A client with a session may lose the stream, or be told to come back: the call goes on, what it says is kept in the
event log, and the client hears it with GET and the last event id it saw.
"""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections.abc import Callable

import psycopg2

from odoo.modules.registry import Registry
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

from ..protocol.errors import INTERNAL_ERROR, ProtocolError
from ..protocol.streaming import Cancelled, Done, Event, Failed, Idle, Reconnect
from . import bounds
from .events import Row
from .followers import KEEP_ALIVE, Follower
from .hub import HUB
from .link import ConversationCancelled, Line

_logger = logging.getLogger(__name__)

# The first event decides between JSON and a stream, and is waited for with the request's cursor open.
FIRST_WAIT = 0.5
MOST_TRIES = 3
# Seconds between looks at whether the client is still there.
_LOOK_UP = 1.0
# Seconds after which a call is given up that nobody listens to any more.
LONGEST_CALL = 3600.0


class RunningCall(Follower):
    """A call as the hub knows it: where answers and cancellations go, and whether its client may still be served."""

    is_optional = False

    def __init__(self, *args, line: Line):
        super().__init__(*args)
        self._line = line
        self._left_at: float | None = None

    def leave(self) -> None:
        """The request that started it is over."""
        self._left_at = time.monotonic()

    def takes(self, row: Row) -> bool:
        if row.kind == "answer":
            return row.stream.startswith("ask-")
        return row.kind == "cancel" and row.stream == str(self._line.context.request_id)

    def take(self, row: Row) -> bool:
        if row.kind == "cancel":
            self._line.hang_up()
            return True
        self._line.answered(row.stream, row.payload)
        return False  # it may be the answer to another call of this session

    def is_connected(self) -> bool:
        if self._line.keep is None:
            return super().is_connected()
        return self._left_at is None or time.monotonic() - self._left_at < LONGEST_CALL

    def end(self, reason: str) -> None:  # noqa: ARG002
        self._line.hang_up()


class ToolConversation:
    """
    :param run: the call itself: takes a cursor and the line, returns the result; it is what must be committed
    :param line: where the tool says things
    :param call: the same for the hub
    :param priming: the event id from which a client may come back for everything; None when it cannot
    :param on_end: called when the stream is over, which the call may survive
    """

    def __init__(self, run: Callable, line: Line, call: RunningCall, priming: str | None, on_end: Callable[[], None]):
        self._run = run
        self._line = line
        self._call = call
        self._priming = priming
        self._on_end = on_end
        self._first = True
        self._can_be_lost = False
        self._finished = False
        self._over = False
        lasts = bounds.longest_stream()
        if priming is not None and bounds.takes_up_a_worker():
            lasts = min(bounds.SHORT_STREAM, lasts)
        self._ends_at = time.monotonic() + lasts
        line.attend = self._attend
        thread = threading.Thread(target=self._work, name=f"mcp-{line.context.request_id}", daemon=True)
        thread.start()

    def __iter__(self) -> ToolConversation:
        return self

    def __next__(self) -> Event:
        wait = FIRST_WAIT if self._first else KEEP_ALIVE
        event = self._next_within(min(wait, self._ends_at - time.monotonic()))
        if event is None:
            is_over = self._ends_at <= time.monotonic()
            event = self._cut_off() if is_over else Idle(self._priming if self._first else None)
        if isinstance(event, Done | Failed | Cancelled | Reconnect):
            self._leave()
        elif self._first:
            self._can_be_lost = True
            self._attend()
        self._first = False
        return event

    def _next_within(self, seconds: float) -> Event | None:
        """What the tool says next; None when it says nothing for so long."""
        until = time.monotonic() + seconds
        while (remaining := until - time.monotonic()) > 0:
            try:
                return self._line.events.get(timeout=min(remaining, _LOOK_UP))
            except queue.Empty:
                if not self._call.presence.is_connected():
                    self.close()
                    return Cancelled()
        return None

    def _cut_off(self) -> Event:
        """The stream has lasted as long as it may."""
        if self._priming is not None:
            return Reconnect(int(bounds.SOON * 1000))
        self._line.hang_up()
        return Failed(ProtocolError(INTERNAL_ERROR, "The call took longer than this server lets a stream last."))

    def close(self) -> None:
        """The client went away. Without a session that is a cancellation; with one it may come back."""
        if self._line.keep is None:
            self._line.hang_up()
        self._leave()

    def _leave(self) -> None:
        self._call.leave()
        if not self._over:
            self._over = True
            self._on_end()

    def _attend(self) -> None:
        """From now on the call listens for answers, cancellation and revocation."""
        HUB.add(self._call)
        if self._finished:
            HUB.remove(self._call)

    # ------------------------------------------------------------------ in the thread of the call

    def _work(self) -> None:
        threading.current_thread().dbname = self._call.dbname
        try:
            end = self._attempts()
        except Exception:
            _logger.exception("MCP conversation %s broke off", self._line.context.request_id)
            end = Failed(ProtocolError(INTERNAL_ERROR, "Internal error. Try again."))
        finally:
            self._finished = True
            HUB.remove(self._call)
        self._line.events.put(self._kept(end))

    def _kept(self, end: Event) -> Event:
        if not self._can_be_lost and not self._line.said_something:
            return end  # the client has not heard of a stream to which it could come back
        try:
            return self._line.kept(end)
        except Exception:
            _logger.exception("The answer of MCP conversation %s could not be kept", self._line.context.request_id)
            return end

    def _attempts(self) -> Event:
        for attempt in range(1, MOST_TRIES + 1):
            try:
                with Registry(self._call.dbname).cursor() as cr:  # commits at its end, unless something is raised
                    result = self._run(cr, self._line)
                    if self._line.gone.is_set():
                        raise ConversationCancelled
                return Done(result)
            except ConversationCancelled:
                return Cancelled()
            except ProtocolError as error:
                return Failed(error)
            except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY as error:
                if attempt == MOST_TRIES or self._line.said_something:
                    return Failed(ProtocolError(INTERNAL_ERROR, "The records are being changed by others. Try again."))
                _logger.info("MCP conversation is tried again after %s", type(error).__name__)
                time.sleep(0.1 * attempt)
            except psycopg2.Error:
                _logger.exception("MCP conversation failed in the database")
                return Failed(ProtocolError(INTERNAL_ERROR, "Internal error. Try again."))
        raise AssertionError("unreachable: the last try returns")
