"""Locks between several `./dev` of one home. The system frees them even after a crash."""

from __future__ import annotations

import contextlib
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

from .errors import DevError
from .progress import step


@contextlib.contextmanager
def exclusive(path: Path, doing: str) -> Iterator[None]:
    """Hold `path` alone.

    Raises:
        DevError: another process holds it; the message says which and that it is `doing`.
    """
    with path.open("a+", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            file.seek(0)
            holder = file.read().strip() or "unknown"
            raise DevError(f"another ./dev (process {holder}) is {doing}; wait for it or stop it") from error
        file.truncate(0)
        file.write(f"{os.getpid()}\n")
        file.flush()
        yield


@contextlib.contextmanager
def shared_until_last(path: Path) -> Iterator[LastOne]:
    """Count users of something: what is handed out tells a leaving user whether it is alone."""
    with path.open("a+", encoding="utf-8") as file:
        fcntl.flock(file, fcntl.LOCK_SH)
        yield LastOne(file.fileno())


class LastOne:
    """A share in a lock file."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    def __bool__(self) -> bool:
        """True when nobody else has a share; from then on nobody gets one until this one ends."""
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


@contextlib.contextmanager
def in_turn(path: Path, waiting_for: str) -> Iterator[None]:
    """Hold `path` alone, waiting for whoever has it and saying so."""
    with path.open("a+", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            with step(f"Waiting for another ./dev that prepares {waiting_for}"):
                fcntl.flock(file, fcntl.LOCK_EX)
        yield
