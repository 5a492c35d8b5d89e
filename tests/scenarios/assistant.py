"""An AI client at work: the official Python SDK over HTTP, call by call, as a scenario reads.

What an error suggests is taken from its text here, and only from its text: a scenario that goes on with it fails when
the text stops teaching.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from typing import Any

import httpx2
from anyio.from_thread import BlockingPortal
from mcp.client.client import Client
from mcp.client.streamable_http import streamable_http_client

TIMEOUT = 120


@dataclass
class Tally:
    """What a scenario cost: calls, and the characters that a model writes and reads for them."""

    calls: int = 0
    errors: int = 0
    text: str = ""


class Assistant:
    """One client of one connection. Arguments are those of the tools; results are their structured content."""

    def __init__(self, client: Client, portal: BlockingPortal, tally: Tally, searching: bool):
        self._client = client
        self._portal = portal
        self._tally = tally
        self._searching = searching

    def tools(self) -> list[str]:
        """The names of the tools that the client is shown."""
        return [tool.name for tool in self._portal.call(self._client.list_tools).tools]

    def find(self, what: str) -> list[str]:
        """The names of the tools for this, found by what they do."""
        return [tool["name"] for tool in self.call("find_tools", query=what)["tools"]]

    def call(self, tool: str, /, **arguments: Any) -> dict[str, Any]:
        """What a tool answers; an error fails the test."""
        result = self._call(tool, arguments)
        assert result.is_error is not True, f"{tool} {arguments}: {result.content[0].text}"
        return result.structured_content

    def fails(self, tool: str, /, **arguments: Any) -> str:
        """The text of the error with which a tool refuses; an answer fails the test."""
        result = self._call(tool, arguments)
        assert result.is_error is True, f"{tool} {arguments} is not refused: {result.structured_content}"
        self._tally.errors += 1
        return result.content[0].text

    def _call(self, tool: str, arguments: dict[str, Any]) -> Any:
        if self._searching and tool != "find_tools":
            tool, arguments = "call_tool", {"name": tool, "arguments": arguments}
        result = self._portal.call(self._client.call_tool, tool, arguments)
        self._tally.calls += 1
        self._tally.text += json.dumps(arguments) + "".join(getattr(one, "text", "") for one in result.content)
        return result


@contextmanager
def working(portal: BlockingPortal, url: str, key: str, tally: Tally, mode: str = "full") -> Iterator[Assistant]:
    """An assistant with a connection's key.

    :param mode: of the catalog; in ``search`` every call goes through ``call_tool``
    """

    @asynccontextmanager
    async def connected():
        headers = {"Authorization": f"Bearer {key}"}
        async with (
            httpx2.AsyncClient(headers=headers, timeout=TIMEOUT) as http,
            Client(streamable_http_client(f"{url}?mode={mode}", http_client=http)) as client,
        ):
            yield client

    with portal.wrap_async_context_manager(connected()) as client:
        yield Assistant(client, portal, tally, mode == "search")


def misspelled(name: str) -> str:
    """The name without one of its letters, as somebody in a hurry types it."""
    return name[:-3] + name[-2:]


def holders(error: str) -> list[str]:
    """The groups that an error says have the right that is missing: "Members of Sales / Administrator have it" """
    return [name.strip() for name in listed(error, "Members of", " have it")]


def meant(error: str, wrong: str = "") -> str:
    """The first name that an error suggests, in its line about ``wrong``: "Did you mean email or email_from?" """
    error = _about(error, wrong)
    suggested = re.search(r"did you mean (?P<first>[^,?]+?)(?:,| or [^?]*\?|\?)", error, re.IGNORECASE)
    assert suggested, f"The error suggests nothing: {error}"
    return suggested["first"]


def nearest_id(error: str, wrong: str = "") -> int:
    """The id of the first record that an error suggests, as for :func:`meant`: "Nearest: Deco Addict (id 10)." """
    error = _about(error, wrong)
    suggested = re.search(r"(?:Nearest|are named '[^']*'): .*?\(id (?P<id>\d+)\)", error)
    assert suggested, f"The error suggests no record: {error}"
    return int(suggested["id"])


def _about(error: str, wrong: str) -> str:
    """The line of an error of many mistakes that is about this one."""
    lines = [line for line in error.split("\n") if not wrong or f"'{wrong}'" in line]
    assert lines, f"The error says nothing of {wrong!r}: {error}"
    return "\n".join(lines)


def listed(error: str, after: str, before: str = ".") -> list[str]:
    """What an error lists between these words: "There is now: Confirm, Cancel." """
    found = re.search(f"{re.escape(after)}(?P<names>.+?){re.escape(before)}", error)
    assert found, f"The error lists nothing after {after!r}: {error}"
    return [name.strip(" '\"") for name in found["names"].split(",")]
