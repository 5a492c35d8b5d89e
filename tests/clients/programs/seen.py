"""What the Python programs share: the calls they make, and how they write down what came back."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import Awaitable, Callable
from typing import Any

_PATIENCE = 60  # seconds for one column


class Seen:
    """One run of a client."""

    def __init__(self) -> None:
        self.url = sys.argv[1]
        self.key = os.environ["MCP_KEY"]
        self.headers = {"Authorization": f"Bearer {self.key}"}
        self.report: dict[str, Any] = {"version": None}

    async def columns(self, **looks: Callable[[], Awaitable[Any]]) -> None:
        """Note what each sees; one column's error does not keep the others from being tried."""
        for name, look in looks.items():
            try:
                self.report[name] = await asyncio.wait_for(look(), _PATIENCE)
            except Exception as error:
                self.report[name] = {"error": f"{type(error).__name__}: {error}"[:500]}


def run(program: Callable[[Seen], Awaitable[None]]) -> None:
    """Run the program and print its report; an error that stands in no column is that of `connect` or `end`."""
    seen = Seen()
    try:
        asyncio.run(program(seen))
    except BaseException as error:
        seen.report["end" if "connect" in seen.report else "connect"] = {"error": _innermost(error)}
    print(json.dumps(seen.report))


def _innermost(error: BaseException) -> str:
    # A group of exceptions, as anyio raises it; Python 3.10 has no name for the class.
    while inner := getattr(error, "exceptions", None):
        error = inner[0]
    return f"{type(error).__name__}: {error}"[:500]
