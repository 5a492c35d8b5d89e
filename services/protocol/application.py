"""What a program must offer to be served over MCP."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from .errors import ProtocolError
from .messages import CallContext, Outcome


class Application(Protocol):
    """The host program, one object for one HTTP request, its caller already known.

    Any method may raise :class:`~.errors.ProtocolError` to refuse. Other exceptions are offered to
    :meth:`convert_exception` and leave ``handle`` unless that turns them into a refusal.
    """

    def server_info(self) -> dict[str, Any]:
        """An MCP Implementation: name, version, and optionally title, websiteUrl, icons."""

    def short_server_info(self) -> dict[str, Any]:
        """Name and version only: 2026-07-28 wants it in every result."""

    def instructions(self, context: CallContext) -> str | None:
        """How a model should work here, or None."""

    def capabilities(self, context: CallContext) -> dict[str, Any]:
        """ServerCapabilities: only what is true for this caller."""

    def list_tools(self, context: CallContext) -> list[dict[str, Any]]:
        """Every tool this caller may see, in any order; the protocol sorts and pages."""

    def call_tool(
        self, context: CallContext, name: str, arguments: dict[str, Any]
    ) -> dict[str, Any]:
        """Run a tool and return a CallToolResult.

        An unknown tool raises ``ProtocolError(INVALID_PARAMS)``; bad arguments and failures of the
        tool are results with ``isError``, so that a model can read them and try again.
        """

    def observe(self, context: CallContext, params: Mapping[str, Any], outcome: Outcome) -> None:
        """Called once for each JSON-RPC message after it was handled, refused ones included."""

    def convert_exception(self, error: Exception) -> ProtocolError | None:
        """The refusal to send for an unexpected exception, or None to let it through.

        Let through what the host's own retry lives on, such as serialization failures.
        """
