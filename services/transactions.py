"""Transactions of their own, for rows that many requests touch at once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from odoo.sql_db import Cursor


@contextmanager
def short_transaction(env) -> Iterator:
    """A cursor that sees what others have committed, statement by statement; committed at the end.

    Odoo's own cursors keep the snapshot of their first statement: whoever waits there for a row that somebody else
    changes gets a serialization failure instead of the row. Keep it short, and do not read through the ORM with it.
    """
    with env.registry.cursor() as cr:
        if isinstance(cr, Cursor):  # a test's cursor is part of the test's one transaction
            cr.execute("SET TRANSACTION ISOLATION LEVEL READ COMMITTED")
        yield cr
