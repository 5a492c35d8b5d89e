"""Connections to PostgreSQL of our own, kept open, for statements that commit by themselves.

Odoo's cursors are REPEATABLE READ and end with the request: what many requests count in the same row would make them
fail and retry. Here every statement is a transaction of its own, in one round trip, at READ COMMITTED.
"""

from __future__ import annotations

import contextlib
import os
import threading
import time
from collections.abc import Iterator, Sequence
from typing import Any

import psycopg2

from odoo.sql_db import connection_info_for

# More would only wait for each other's rows; a statement takes well under a millisecond.
MOST_PER_PROCESS = 4
_KEEP_IDLE = 300.0  # seconds
# A lost count is harmless, so nobody waits for the disk.
_SETTINGS = "SET synchronous_commit = off; SET statement_timeout = '3s'; SET jit = off"

_idle: list[tuple[str, float, Any]] = []  # database, since when, connection; the youngest last
_lock = threading.Lock()
_slots = threading.BoundedSemaphore(MOST_PER_PROCESS)
_process = os.getpid()


def fetch_one(dbname: str, statement: str, values: Sequence[Any]) -> tuple:
    """Run ``statement``, which commits by itself, and return its first row.

    A connection that broke while it was idle (PostgreSQL was restarted) is replaced once.

    :raises psycopg2.Error: the statement failed, or PostgreSQL cannot be reached
    """
    for is_last in (False, True):
        with _connection(dbname, fresh=is_last) as connection:
            try:
                with connection.cursor() as cr:
                    cr.execute(statement, values)
                    return cr.fetchone()
            except (psycopg2.OperationalError, psycopg2.InterfaceError):
                if is_last or not connection.closed:
                    raise
    raise AssertionError("unreachable: the last attempt returns or raises")


def close_all() -> None:
    """Close what is idle, of every database."""
    with _lock:
        left, _idle[:] = list(_idle), []
    for _dbname, _since, connection in left:
        connection.close()


@contextlib.contextmanager
def _connection(dbname: str, fresh: bool) -> Iterator[Any]:
    with _slots:
        connection = (None if fresh else _take(dbname)) or _open(dbname)
        try:
            yield connection
        finally:
            if not connection.closed:
                with _lock:
                    _idle.append((dbname, time.monotonic(), connection))


def _take(dbname: str) -> Any | None:
    """The connection used last, None when there is none; what was idle for long is closed."""
    global _process
    with _lock:
        if _process != os.getpid():  # forked: these sockets belong to the parent
            _process = os.getpid()
            _idle.clear()
        oldest = time.monotonic() - _KEEP_IDLE
        while _idle and _idle[0][1] < oldest:
            _idle.pop(0)[2].close()
        for position in range(len(_idle) - 1, -1, -1):
            if _idle[position][0] == dbname:
                return _idle.pop(position)[2]
    return None


def _open(dbname: str) -> Any:
    _name, info = connection_info_for(dbname)
    connection = psycopg2.connect(**info)
    connection.autocommit = True
    with connection.cursor() as cr:
        cr.execute(_SETTINGS)
    return connection
