"""What crosses the border of this package: HTTP in and out, and what an application is told."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol, TypedDict

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


class ByteStream(Protocol):
    """The body of an event stream, event by event.

    Whoever takes it must exhaust it or ``close()`` it, whatever happens: only then the request has
    ended and is observed. Closing it twice, or after its end, does nothing.
    """

    def __iter__(self) -> ByteStream: ...

    def __next__(self) -> bytes: ...

    def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    """What a controller sends back; ``body`` is empty for 202, 405 and event streams."""

    status: int
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    stream: ByteStream | None = None


@dataclass(frozen=True, slots=True)
class Session:
    """What a handshake client said in ``initialize``, as the application kept it."""

    protocol_version: str
    client_info: Mapping[str, Any]
    client_capabilities: Mapping[str, Any]
    log_level: str | None = None  # of logging/setLevel; None: every message is sent


@dataclass(frozen=True, slots=True)
class CallContext:
    """Who speaks which version, handed to the application with every message.

    For a message that was refused before it could be read, ``method`` is "" and the version is
    the one the HTTP headers suggest; for GET and DELETE it is ``HTTP GET`` and ``HTTP DELETE``.
    ``client_info`` and ``client_capabilities`` come from the client unchecked: good for display,
    never for a decision about rights.
    """

    era: Era
    protocol_version: str
    method: str = ""
    request_id: str | int | None = None
    client_info: Mapping[str, Any] = field(default_factory=dict)  # {} when unknown
    client_capabilities: Mapping[str, Any] = field(default_factory=dict)  # {} when unknown
    meta: Mapping[str, Any] = field(default_factory=dict)  # the request's _meta
    # The handshake era's session; both None without one and in 2026-07-28.
    session_id: str | None = None
    session: Session | None = None
    # 2026-07-28: what the client brings when it repeats a call that asked for input. The state is
    # whatever the client sent: check its seal before use (:mod:`.sealed`).
    input_responses: Mapping[str, Any] = field(default_factory=dict)
    request_state: str | None = None

    @property
    def progress_token(self) -> str | int | None:
        """The token that progress notifications must carry; None when the client wants none."""
        return self.meta.get("progressToken")

    @property
    def log_level(self) -> str | None:
        """The lowest level of log messages this request wants.

        None means none to a 2026-07-28 client, and every level to the others.
        """
        if self.era is Era.MODERN:
            return self.meta.get(LOG_LEVEL_META_KEY)
        return self.session.log_level if self.session else None


@dataclass(frozen=True, slots=True)
class Page:
    """A part of a list, and the cursor of the next part (None: this is the last)."""

    items: list[dict[str, Any]]
    next_cursor: str | None


class ResourceContents(TypedDict, total=False):
    """A ReadResourceResult; ``contents`` is required and never empty.

    Without ``ttlMs`` a client must not keep it, without ``cacheScope`` it is private; clients
    older than 2026-07-28 see neither.
    """

    contents: list[dict[str, Any]]
    ttlMs: int  # milliseconds, 0 or more
    cacheScope: Literal["public", "private"]


@dataclass(frozen=True, slots=True)
class Completion:
    """Values that complete an argument, best first; those behind the hundredth are cut off."""

    values: list[str]
    total: int | None = None  # None: not counted
    has_more: bool = False


@dataclass(frozen=True, slots=True)
class InputRequired:
    """2026-07-28: an answer that asks back; the client repeats the call with what it learned.

    :param requests: by a name of your choice, ``{"method": ..., "params": {...}}`` with one of the
        methods of :mod:`.questions`. What the client did not declare turns the answer into -32021
    :param state: comes back as ``context.request_state``; seal it (:mod:`.sealed`)
    """

    requests: Mapping[str, Mapping[str, Any]]
    state: str | None = None

    def __post_init__(self) -> None:
        if not self.requests and self.state is None:
            raise ValueError("InputRequired must ask something or carry a state")


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one JSON-RPC message (or one GET or DELETE) ended, for the application's records.

    ``stream``: a stream that owed no answer, or not here, came to its end. ``cancelled``: the
    client closed the stream before its answer.
    """

    kind: Literal["result", "error", "notification", "response", "stream", "cancelled"]
    http_status: int
    error_code: int | None = None
    error_message: str | None = None
    is_tool_error: bool = False  # a CallToolResult with isError: the protocol worked, the tool not
    answer: Mapping[str, Any] | None = field(default=None, compare=False, repr=False)  # the JSON-RPC message, if any
