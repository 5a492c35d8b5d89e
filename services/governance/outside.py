"""No way out during a dry run: connections that Python code opens in this thread are refused, and noted.

An audit hook of the interpreter sees every connection, whichever library opens it. The database's own connection is
libpq's and no concern of it.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

_EVENTS = frozenset({"socket.connect", "socket.sendto", "socket.getaddrinfo", "socket.gethostbyname"})
_thread = threading.local()
_installing = threading.Lock()
_installed = False


class OutsideRefused(ConnectionRefusedError):
    """What code gets that tries to reach beyond the database during a dry run."""


@contextmanager
def refused() -> Iterator[list[str]]:
    """Within this, the current thread reaches nothing; the list tells what it tried to reach."""
    _install()
    tried: list[str] = []
    before = getattr(_thread, "tried", None)
    _thread.tried = tried
    try:
        yield tried
    finally:
        _thread.tried = before


def _install() -> None:
    # Once, and not before it is needed: an audit hook cannot be taken away again.
    global _installed
    with _installing:
        if not _installed:
            sys.addaudithook(_hook)
            _installed = True


def _hook(event: str, arguments: tuple) -> None:
    if event not in _EVENTS:
        return
    tried = getattr(_thread, "tried", None)
    if tried is None:
        return
    target = _target(event, arguments)
    if target not in tried:
        tried.append(target)
    raise OutsideRefused(f"This is a dry run: {target} is not reached.")


def _target(event: str, arguments: tuple) -> str:
    if event in ("socket.getaddrinfo", "socket.gethostbyname"):
        return ":".join(str(part) for part in arguments[:2] if part)
    address = arguments[-1]
    return ":".join(map(str, address[:2])) if isinstance(address, tuple) else str(address)
