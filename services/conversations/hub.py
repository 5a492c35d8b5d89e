"""One thread in each process that has streams open: it waits for news, and looks after who may hear them.

PostgreSQL's NOTIFY wakes it when an event was committed, through one connection per database. A stream itself holds no
cursor and runs no query. Every few seconds all streams are checked, and the log is read without having been called:
where notifications do not get through (a pooler), news are only that much later.
"""

from __future__ import annotations

import contextlib
import logging
import selectors
import socket
import threading
import time
from collections import defaultdict
from typing import TYPE_CHECKING

import psycopg2

from odoo import sql_db
from odoo.service.server import CommonServer

from .changes import CHANNEL
from .news import Newsroom

if TYPE_CHECKING:
    from .followers import Follower

_logger = logging.getLogger(__name__)

# Seconds: a credential that was revoked ends its streams within two of them.
CHECK_EVERY = 2.0
# News that come in quick succession are read together.
_PAUSE = 0.01
# So many checks in a row may fail; after that nobody knows who may still listen.
_MOST_FAILURES = 2


class Hub:
    """Followers of this process by database, and the thread that serves them while there are any."""

    def __init__(self):
        self._lock = threading.Lock()
        self._followers: dict[str, set[Follower]] = defaultdict(set)
        self._thread: threading.Thread | None = None
        self._bell: socket.socket | None = None

    def add(self, follower: Follower) -> None:
        with self._lock:
            self._followers[follower.dbname].add(follower)
            if self._thread is None:
                listening, self._bell = socket.socketpair()
                self._thread = threading.Thread(target=self._run, args=[listening], name="odoo.mcp.hub", daemon=True)
                self._thread.start()
            else:
                self._ring()

    def remove(self, follower: Follower) -> None:
        with self._lock:
            self._followers[follower.dbname].discard(follower)

    def stop(self) -> None:
        """The server stops: say goodbye to everybody."""
        for followers in self._snapshot().values():
            for follower in followers:
                follower.end("stopping")

    def _ring(self) -> None:
        with contextlib.suppress(OSError):
            self._bell.send(b"!", socket.MSG_DONTWAIT)

    def _snapshot(self) -> dict[str, list[Follower]]:
        with self._lock:
            return {dbname: list(followers) for dbname, followers in self._followers.items() if followers}

    def _run(self, bell: socket.socket) -> None:
        ears = _Ears(bell)
        rooms: dict[str, Newsroom] = {}
        next_check = 0.0
        try:
            while followers := self._snapshot() or self._leave():
                for dbname in rooms.keys() - followers.keys():
                    del rooms[dbname]
                ears.listen_to(followers)
                called = ears.wait(max(0.0, next_check - time.monotonic()))
                is_due = time.monotonic() >= next_check
                if is_due:
                    next_check = time.monotonic() + CHECK_EVERY
                for dbname, members in self._snapshot().items():
                    room = rooms.setdefault(dbname, Newsroom(dbname))
                    if is_due or dbname in called or not room.knows(members):
                        self._serve(room, members, is_due)
                time.sleep(_PAUSE)
        except Exception:
            _logger.exception("The MCP hub broke off: open streams are ended, and may come back")
            self._abandon()
        finally:
            ears.close()

    def _serve(self, room: Newsroom, members: list[Follower], is_due: bool) -> None:
        try:
            ended = room.serve(members, is_due)
        except Exception:
            # whatever it is, it must not go on for long: streams that cannot be checked are ended
            room.failures += is_due
            _logger.warning("MCP streams of %s could not be served", room.dbname, exc_info=True)
            ended = members if room.failures > _MOST_FAILURES else []
            for follower in ended:
                follower.end("unchecked")
        for follower in ended:
            self.remove(follower)

    def _leave(self) -> None:
        """End this thread, unless somebody came meanwhile."""
        with self._lock:
            if any(self._followers.values()):
                return {dbname: list(followers) for dbname, followers in self._followers.items() if followers}
            self._followers.clear()
            self._thread = None
            self._bell.close()
        return None

    def _abandon(self) -> None:
        everybody = self._snapshot()
        with self._lock:
            self._followers.clear()
            self._thread = None
        for followers in everybody.values():
            for follower in followers:
                follower.end("unchecked")


class _Ears:
    """The connections that wait for NOTIFY, and a bell that this process rings itself."""

    def __init__(self, bell: socket.socket):
        self._bell = bell
        bell.setblocking(False)
        self._selector = selectors.DefaultSelector()
        self._selector.register(bell, selectors.EVENT_READ)
        self._cursors: dict[str, sql_db.Cursor] = {}

    def listen_to(self, dbnames) -> None:
        """Listen to these databases, and to no other."""
        for dbname in self._cursors.keys() - set(dbnames):
            self._forget(dbname)
        for dbname in set(dbnames) - self._cursors.keys():
            try:
                cursor = sql_db.db_connect(dbname).cursor()
            except psycopg2.Error as error:
                _logger.info("No notifications of %s for now: %s", dbname, error)
                continue
            try:
                cursor.execute(f"LISTEN {CHANNEL}")
                cursor.commit()
                self._selector.register(cursor._cnx, selectors.EVENT_READ)
            except (psycopg2.Error, OSError) as error:
                _logger.info("No notifications of %s for now: %s", dbname, error)
                cursor.close()
                continue
            self._cursors[dbname] = cursor

    def wait(self, seconds: float) -> set[str]:
        """The databases that have news."""
        ready = {key.fileobj for key, _events in self._selector.select(seconds)}
        if self._bell in ready:
            with contextlib.suppress(BlockingIOError):
                self._bell.recv(4096)
        called = set()
        for dbname, cursor in list(self._cursors.items()):
            if cursor._cnx not in ready:
                continue
            try:
                cursor._cnx.poll()
            except psycopg2.Error as error:
                _logger.info("No notifications of %s for now: %s", dbname, error)
                self._forget(dbname)
            else:
                if cursor._cnx.notifies:
                    cursor._cnx.notifies.clear()
                    called.add(dbname)
        return called

    def _forget(self, dbname: str) -> None:
        cursor = self._cursors.pop(dbname)
        with contextlib.suppress(psycopg2.Error, KeyError, ValueError):
            self._selector.unregister(cursor._cnx)
        with contextlib.suppress(psycopg2.Error):
            if not cursor._cnx.closed:
                cursor.execute("UNLISTEN *")
                cursor.commit()
            cursor.close()

    def close(self) -> None:
        for dbname in list(self._cursors):
            self._forget(dbname)
        self._selector.close()
        self._bell.close()


HUB = Hub()
CommonServer.on_stop(HUB.stop)
