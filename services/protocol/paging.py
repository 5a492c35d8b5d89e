"""Lists in pages, with cursors that survive changes of the list.

A cursor names the last entry of the page before, not a position: an entry that comes or goes
between two calls neither repeats nor hides another one. Clients must treat it as opaque.
"""

from __future__ import annotations

import base64
from bisect import bisect_right
from typing import Any

from .errors import INVALID_PARAMS, ProtocolError
from .messages import Page


def page_of(
    entries: list[dict[str, Any]],
    cursor: Any,
    page_size: int,
    kind: str,
    key: str = "name",
    keep_order: bool = False,
) -> Page:
    """The page after ``cursor``, of entries sorted by ``key``.

    :param cursor: as the client sent it; None or "" is the first page
    :param kind: which list this is: a cursor of another one is refused
    :param key: the member that tells the entries apart
    :param keep_order: do not sort; a cursor is then good only while its entry is in the list
    :raises ProtocolError: -32602, the cursor is none of ours
    """
    if not keep_order:
        entries = sorted(entries, key=lambda entry: entry[key])
    start = 0
    if cursor is not None and cursor != "":
        last = _decode(cursor, kind)
        keys = [entry[key] for entry in entries]
        if not keep_order:
            start = bisect_right(keys, last)
        elif last in keys:
            start = keys.index(last) + 1
        else:
            raise _unknown(kind)
    items = entries[start : start + page_size]
    more = start + page_size < len(entries)
    return Page(items, _encode(kind, items[-1][key]) if more else None)


def _encode(kind: str, last: str) -> str:
    return base64.urlsafe_b64encode(f"{kind}:{last}".encode()).decode("ascii").rstrip("=")


def _decode(cursor: Any, kind: str) -> str:
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        text = base64.b64decode(padded, altchars=b"-_", validate=True).decode("utf-8")
    except (TypeError, ValueError):  # no string, no base64, no UTF-8
        text = ""
    last = text.partition(":")[2]
    if _encode(kind, last) == cursor:  # one spelling only, and of this kind
        return last
    raise _unknown(kind)


def _unknown(kind: str) -> ProtocolError:
    return ProtocolError(INVALID_PARAMS, f"Unknown cursor for {kind}: pass nextCursor of the page before, or none")
