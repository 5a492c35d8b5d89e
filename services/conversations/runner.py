"""A tool that converses, run in a thread with a cursor of its own, as an iterator of protocol events.

The request that started it holds no cursor while its stream is open. The thread commits when the tool is done; a call
that was cancelled, refused or that asked something leaves nothing behind.
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
from odoo.tools import config

from ..protocol.errors import INTERNAL_ERROR, ProtocolError
from ..protocol.streaming import Cancelled, Done, Event, Failed, Idle
from .link import ConversationCancelled, Line

_logger = logging.getLogger(__name__)

KEEP_ALIVE = 15.0
# The first event decides between JSON and a stream, and is waited for with the request's cursor open.
FIRST_WAIT = 0.5
MOST_TRIES = 3


def longest_stream() -> float:
    """Seconds that a stream may last: Odoo kills a worker that is busy for longer than ``limit_time_real``."""
    limit = config["limit_time_real"] or 120
    return max(10.0, limit - 10.0) if config["workers"] else 3600.0


class ToolConversation:
    """
    :param run: the call itself: takes a cursor and the line, returns the result; it is what must be committed
    :param line: where the tool says things
    :param on_end: told the exception that ended the call, or None, before the last event is handed out
    """

    def __init__(self, dbname: str, run: Callable, line: Line):
        self._dbname = dbname
        self._run = run
        self._line = line
        self._ends_at = time.monotonic() + longest_stream()
        self._first = True
        self._thread = threading.Thread(target=self._work, name=f"mcp-{line.context.request_id}", daemon=True)
        self._thread.start()

    def __iter__(self) -> ToolConversation:
        return self

    def __next__(self) -> Event:
        wait, self._first = (FIRST_WAIT if self._first else KEEP_ALIVE), False
        remaining = self._ends_at - time.monotonic()
        if remaining <= 0:
            self.close()
            return Failed(ProtocolError(INTERNAL_ERROR, "The call took longer than this server lets a stream last."))
        try:
            return self._line.events.get(timeout=min(wait, remaining))
        except queue.Empty:
            return Idle()

    def close(self) -> None:
        """The client went away: the tool stops at the next thing it says."""
        self._line.gone.set()

    def _work(self) -> None:
        threading.current_thread().dbname = self._dbname
        try:
            self._line.events.put(self._attempts())
        except Exception:
            _logger.exception("MCP conversation %s broke off", self._line.context.request_id)
            self._line.events.put(Failed(ProtocolError(INTERNAL_ERROR, "Internal error. Try again.")))

    def _attempts(self) -> Event:
        for attempt in range(1, MOST_TRIES + 1):
            try:
                with Registry(self._dbname).cursor() as cr:  # commits at its end, unless something is raised
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
