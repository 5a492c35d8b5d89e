"""What crosses the border of this package: HTTP in and out, and what an application is told."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

LOG_LEVEL_META_KEY = "io.modelcontextprotocol/logLevel"


class Era(enum.Enum):
    """The two families of protocol versions (MCP ``basic/versioning``, Terminology)."""

    MODERN = "modern"  # each request stands alone: 2026-07-28
    HANDSHAKE = "handshake"  # opened by ``initialize``: 2024-11-05 to 2025-11-25


@dataclass(frozen=True, slots=True)
class HttpRequest:
    """What a controller hands over, after authentication and the Origin check."""

    method: str
    headers: Mapping[str, str]  # names in any case
    body: bytes


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    """What a controller sends back; ``body`` is empty for 202 and 405."""

    status: int
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class CallContext:
    """Who speaks which version, handed to the application with every message.

    For a message that was refused before it could be read, ``method`` is "" and the version is
    the one the HTTP headers suggest. ``client_info`` and ``client_capabilities`` come from the
    client unchecked: good for display, never for a decision about rights.
    """

    era: Era
    protocol_version: str
    method: str = ""
    request_id: str | int | None = None
    client_info: Mapping[str, Any] = field(default_factory=dict)  # {} when unknown
    client_capabilities: Mapping[str, Any] = field(default_factory=dict)  # {} when unknown
    meta: Mapping[str, Any] = field(default_factory=dict)  # the request's _meta

    @property
    def progress_token(self) -> str | int | None:
        """The token that progress notifications must carry; None when the client wants none."""
        return self.meta.get("progressToken")

    @property
    def log_level(self) -> str | None:
        """The lowest level this request wants log messages for; None: none (2026-07-28 only)."""
        return self.meta.get(LOG_LEVEL_META_KEY) if self.era is Era.MODERN else None


@dataclass(frozen=True, slots=True)
class Page:
    """A part of a list, and the cursor of the next part (None: this is the last)."""

    items: list[dict[str, Any]]
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one JSON-RPC message ended, for the application's records."""

    kind: Literal["result", "error", "notification", "response"]
    http_status: int
    error_code: int | None = None
    error_message: str | None = None
    is_tool_error: bool = False  # a CallToolResult with isError: the protocol worked, the tool not
