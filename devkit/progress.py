"""Progress lines on standard error: one for each step that takes a while, with its seconds."""

from __future__ import annotations

import contextlib
import sys
import time
from collections.abc import Iterator


def say(text: str) -> None:
    """Print one line for the person at the terminal; standard output stays for results."""
    print(text, file=sys.stderr, flush=True)


@contextlib.contextmanager
def step(text: str) -> Iterator[None]:
    """Announce a step before it starts and print the seconds it took once it succeeded."""
    say(f"• {text} ...")
    start = time.monotonic()
    yield
    say(f"  {text}: {time.monotonic() - start:.1f} s")
