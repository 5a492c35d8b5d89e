"""How many streams may be open at once, and for how long.

Odoo runs requests in three ways. The evented worker holds thousands of quiet streams. A threaded server spends a thread
on each. An ordinary worker of several is taken up whole by one stream: there, streams take a seat that all workers of
this machine share, one worker is always left for people and one more for calls that answer by a stream, and a stream is
short and comes back.
"""

from __future__ import annotations

import os
import socket
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import odoo
from odoo.tools import config

from ..protocol.errors import INTERNAL_ERROR, METHOD_NOT_FOUND, ProtocolError

if os.name == "posix":
    import fcntl

# Of a stream that can be resumed, on an ordinary worker of several: seconds it lasts, and stays away.
SHORT_STREAM = 15.0
SHORT_ABSENCE = 15.0
# A client comes back at once for the answer of a running call.
SOON = 1.0
_LONGEST = 3600.0
_MARGIN = 10.0
_RETRY_AFTER = "10"


@dataclass(frozen=True, slots=True)
class StreamLimits:
    """The settings about streams, as read for this request."""

    enabled: bool
    ordinary: int
    evented: int
    per_connection: int


def limits_of(cr) -> StreamLimits:
    cr.execute("SELECT event_streaming, streams_ordinary, streams_evented, streams_per_connection FROM mcp_settings")
    enabled, ordinary, evented, per_connection = cr.fetchone()
    return StreamLimits(bool(enabled), ordinary, evented, per_connection)


def is_evented() -> bool:
    """Whether this process is Odoo's evented worker."""
    return bool(odoo.evented)


def takes_up_a_worker() -> bool:
    """Whether a stream keeps a whole worker from everything else."""
    return bool(config["workers"]) and not is_evented()


def longest_stream() -> float:
    """Seconds that a stream may last: Odoo restarts what is busy for longer than ``limit_time_real``."""
    limit = config["limit_time_real"]
    if is_evented() or not limit:
        return _LONGEST
    return max(_MARGIN, limit - _MARGIN)


def exempt_from_time_limit() -> float:
    """As :func:`longest_stream`, for a stream that cannot be resumed: a threaded server lets it be, like websockets."""
    if not takes_up_a_worker() and not is_evented():
        threading.current_thread().type = "websocket"
        return _LONGEST
    return longest_stream()


class Seats:
    """The seats of this process."""

    def __init__(self):
        self._lock = threading.Lock()
        self._taken: Counter[tuple[str, int]] = Counter()

    def take(self, dbname: str, connection_id: int, limits: StreamLimits, *, call: bool = False) -> Callable[[], None]:
        """A seat for one stream; give it back with what is returned, once.

        :param call: the answer of a running call, not a stream to listen on: one is always allowed
        :raises ProtocolError: HTTP 503 with Retry-After, there is none; HTTP 405, there never is one
        """
        if takes_up_a_worker():
            return self._take_shared(dbname, connection_id, limits, call)
        most = max(limits.evented if is_evented() else limits.ordinary, 1 if call else 0)
        with self._lock:
            if self._taken.total() >= most:
                raise _full("This server has as many streams open as it may")
            if self._taken[dbname, connection_id] >= limits.per_connection:
                raise _full("This connection has as many streams open as it may")
            self._taken[dbname, connection_id] += 1
        return lambda: self._give_back(dbname, connection_id)

    def _give_back(self, dbname: str, connection_id: int) -> None:
        with self._lock:
            self._taken[dbname, connection_id] -= 1
            self._taken += Counter()  # forgets who has none

    def _take_shared(self, dbname: str, connection_id: int, limits: StreamLimits, call: bool) -> Callable[[], None]:
        # Who listens leaves one more to calls: a client's own stream must not keep it from being asked something.
        most = min(config["workers"] - (1 if call else 2), limits.ordinary)
        if most <= 0 and not call:
            raise _not_here()
        mine, who = 0, f"{dbname}/{connection_id}".encode()
        for number in range(max(most, 1)):
            seat = os.open(_seat_file(number), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            try:
                fcntl.flock(seat, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                mine += os.pread(seat, 200, 0) == who
                os.close(seat)
                if mine >= limits.per_connection:
                    raise _full("This connection has as many streams open as it may") from None
                continue
            os.ftruncate(seat, 0)
            os.pwrite(seat, who, 0)
            return lambda: os.close(seat)  # the lock goes with it, also when the worker dies
        raise _full("All workers that may hold a stream are taken")


def _seat_file(number: int) -> Path:
    folder = Path(config["data_dir"]) / "mcp_streams"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder / f"{socket.gethostname()}-{config['http_port']}-{number}"


def _full(reason: str) -> ProtocolError:
    text = f"{reason}. Try again in a moment, or work without a stream"
    return ProtocolError(INTERNAL_ERROR, text, http_status=503, headers={"Retry-After": _RETRY_AFTER})


def _not_here() -> ProtocolError:
    """Clients take 405 for a server without streams to listen on; after a 503 some do nothing at all."""
    text = "This server has too few workers for streams to listen on"
    return ProtocolError(METHOD_NOT_FOUND, text, http_status=405, headers={"Allow": "POST, DELETE, OPTIONS"})


SEATS = Seats()
