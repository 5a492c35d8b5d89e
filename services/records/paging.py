"""Page marks: opaque to the client, and good only for the search they came from. No Odoo import."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from typing import Any

from ..tools.errors import ToolError

LARGEST_OFFSET = 10_000_000


def page_mark(offset: int, *search: Any) -> str:
    """A mark that says: go on with ``search`` at ``offset``."""
    return base64.urlsafe_b64encode(f"{offset}:{_digest(search)}".encode()).decode().rstrip("=")


def page_offset(mark: str | None, *search: Any) -> int:
    """The offset of ``mark``, 0 without one.

    :raises ToolError: it is no mark of ours, or of another search
    """
    if not mark:
        return 0
    try:
        text = base64.b64decode(mark + "=" * (-len(mark) % 4), altchars=b"-_", validate=True).decode("ascii")
        offset, _colon, digest = text.partition(":")
        number = int(offset)
    except (binascii.Error, ValueError):
        raise ToolError("This cursor is not valid. Take next_cursor of the page before, unchanged.") from None
    if digest != _digest(search) or not 0 <= number <= LARGEST_OFFSET:
        raise ToolError(
            "This cursor belongs to another search. Repeat the same arguments and add next_cursor as cursor."
        )
    return number


def _digest(search: tuple) -> str:
    return hashlib.sha256(json.dumps(search, sort_keys=True, default=str).encode()).hexdigest()[:12]
