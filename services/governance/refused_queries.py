"""What PostgreSQL refuses of a call is the client's mistake: told to it, and in the audit log. No Odoo import.

Odoo writes an error to its log for every query that fails, whoever catches it. An AI that forgets a required value, or
takes a name that is taken, would raise an alarm with whoever watches the log; while a call of a tool runs, such queries
are kept out of it. Queries that are wrong in themselves still get there.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg2

_thread = threading.local()


@contextmanager
def explained() -> Iterator[None]:
    """Within this, in this thread, values that a constraint of the database refuses leave nothing in Odoo's log."""
    before = getattr(_thread, "explained", False)
    _thread.explained = True
    try:
        yield
    finally:
        _thread.explained = before


def _is_alarming(record: logging.LogRecord) -> bool:
    refused = isinstance(record.args, tuple) and any(
        isinstance(argument, psycopg2.IntegrityError) for argument in record.args
    )
    return not (refused and getattr(_thread, "explained", False))


logging.getLogger("odoo.sql_db").addFilter(_is_alarming)
