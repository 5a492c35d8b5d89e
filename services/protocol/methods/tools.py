"""``tools/list`` and ``tools/call``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .. import dialect, mirrored
from ..messages import Era, InputRequired
from ..paging import page_of
from ..streaming import Conversation
from . import params
from .method import Call, Method


def list_tools(call: Call) -> dict[str, Any]:
    """A page of the tools this caller may see, by name."""
    page = page_of(
        call.application.list_tools(call.context),
        call.params.get("cursor"),
        call.limits.page_size,
        "tools",
    )
    version = call.context.protocol_version
    result: dict[str, Any] = {"tools": [dialect.tool(tool, version) for tool in page.items]}
    if page.next_cursor is not None:
        result["nextCursor"] = page.next_cursor
    return result


def call_tool(call: Call) -> dict[str, Any] | Conversation | InputRequired:
    """CallToolResult. ``arguments: null`` counts as none: client libraries are seen to send it.

    :raises ProtocolError: -32020, a header repeats an argument wrongly (2026-07-28)
    """
    name = params.text(call.params, "name", "tools/call needs the name of a tool")
    arguments = params.mapping(call.params, "arguments")
    if call.context.era is Era.MODERN:
        mirrored.check(call.application.mirrored_arguments(call.context, name), arguments, call.headers)
    return call.application.call_tool(call.context, name, arguments)


METHODS: Mapping[str, Method] = {
    "tools/list": Method(list_tools, cacheable=True),
    "tools/call": Method(call_tool, shape=dialect.tool_result),
}
