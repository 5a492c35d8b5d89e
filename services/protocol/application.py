"""What a program must offer to be served over MCP, and what it may."""

# The defaults below leave their arguments alone, and some do nothing at all.
# ruff: noqa: ARG002, B027

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any

from .errors import METHOD_NOT_FOUND, ProtocolError
from .messages import (
    CallContext,
    Completion,
    InputRequired,
    Outcome,
    Page,
    ResourceContents,
    Session,
)
from .mirrored import Mirrors
from .streaming import Conversation, Stream


class Application(ABC):
    """The host program, one object for one HTTP request, its caller already known.

    Inherit from it: the abstract methods are what every server has, the others are asked for only
    when :meth:`capabilities` announces their family (else the client hears -32601).

    Any method may raise :class:`~.errors.ProtocolError` to refuse. Other exceptions are offered to
    :meth:`convert_exception` and leave ``handle`` unless that turns them into a refusal. Inside an
    event stream they are answered by -32603 first, and leave the stream after that.
    """

    # Whether a session's client may hold a stream open with GET; without, GET answers 405.
    streams: bool = False
    # Whether handshake clients must name the session that ``initialize`` gave them.
    requires_session: bool = False

    # ------------------------------------------------------------------ every server

    @abstractmethod
    def server_info(self) -> dict[str, Any]:
        """An MCP Implementation: name, version, and optionally title, websiteUrl, icons."""

    @abstractmethod
    def short_server_info(self) -> dict[str, Any]:
        """Name and version only: 2026-07-28 wants it in every result."""

    @abstractmethod
    def instructions(self, context: CallContext) -> str | None:
        """How a model should work here, or None."""

    @abstractmethod
    def capabilities(self, context: CallContext) -> dict[str, Any]:
        """ServerCapabilities: only what is true for this caller.

        Asked on each request of an optional family, so it should not cost much.
        """

    @abstractmethod
    def list_tools(self, context: CallContext) -> list[dict[str, Any]]:
        """Every tool this caller may see, in any order; the protocol sorts and pages."""

    @abstractmethod
    def call_tool(
        self, context: CallContext, name: str, arguments: dict[str, Any]
    ) -> dict[str, Any] | Conversation | InputRequired:
        """Run a tool and return a CallToolResult, now or by way of a conversation.

        An unknown tool raises ``ProtocolError(INVALID_PARAMS)``; bad arguments and failures of the
        tool are results with ``isError``, so that a model can read them and try again.
        """

    def mirrored_arguments(self, context: CallContext, name: str) -> Mirrors:
        """The headers in which a 2026-07-28 client must repeat arguments of this tool, see :mod:`.mirrored`.

        Asked on each call of a tool, so it should not cost much; {} for an unknown one.
        """
        return {}

    @abstractmethod
    def observe(self, context: CallContext, params: Mapping[str, Any], outcome: Outcome) -> None:
        """Called once for each JSON-RPC message after it was handled, refused ones included.

        For what was answered by an event stream: when the stream ends, however it ends.
        """

    @abstractmethod
    def convert_exception(self, error: Exception) -> ProtocolError | None:
        """The refusal to send for an unexpected exception, or None to let it through.

        Let through what the host's own retry lives on, such as serialization failures.
        """

    # ------------------------------------------------------------------ capability ``resources``

    def list_resources(self, context: CallContext, cursor: str | None) -> Page:
        """A page of the resources this caller may see.

        :param cursor: of the page before, as the client sent it; None is the first page
        :raises ProtocolError: INVALID_PARAMS, the cursor is none of this application's
        """
        raise _not_offered(context)

    def list_resource_templates(self, context: CallContext) -> list[dict[str, Any]]:
        """Every template this caller may see, in the order it is shown; the protocol pages."""
        return []

    def read_resource(self, context: CallContext, uri: str) -> ResourceContents | Conversation | InputRequired:
        """The contents of a resource.

        :param uri: absolute, of printable ASCII; everything else about it is still unchecked
        :raises ResourceNotFound: there is none, or not for this caller
        """
        raise _not_offered(context)

    def subscribe(self, context: CallContext, uri: str) -> None:
        """Tell ``context.session_id`` when this resource changes (``resources.subscribe``)."""
        raise _not_offered(context)

    def unsubscribe(self, context: CallContext, uri: str) -> None:
        """Stop doing so; without effect when there is no such subscription."""
        raise _not_offered(context)

    # ------------------------------------------------------------------ other capabilities

    def list_prompts(self, context: CallContext) -> list[dict[str, Any]]:
        """Every prompt this caller may see, in any order; the protocol sorts and pages."""
        raise _not_offered(context)

    def get_prompt(
        self, context: CallContext, name: str, arguments: dict[str, str]
    ) -> dict[str, Any] | Conversation | InputRequired:
        """A GetPromptResult.

        :raises ProtocolError: INVALID_PARAMS, no such prompt, or an argument is unknown or missing
        """
        raise _not_offered(context)

    def complete(
        self,
        context: CallContext,
        ref: dict[str, str],
        name: str,
        value: str,
        others: dict[str, str],
    ) -> Completion:
        """Values for an argument that begin like what was typed (``completions``).

        :param ref: ``{"type": "ref/prompt", "name": ...}`` or ``{"type": "ref/resource", "uri":
            ...}``, where uri is a template
        :param name: the argument, :param value: what was typed, :param others: arguments known
        :raises ProtocolError: INVALID_PARAMS, no such prompt, template or argument
        """
        raise _not_offered(context)

    def set_log_level(self, context: CallContext, level: str) -> None:
        """Keep the lowest level this session wants messages for (``logging``, handshake era)."""
        raise _not_offered(context)

    def listen(self, context: CallContext, wanted: dict[str, Any]) -> Stream:
        """Changes for as long as the client listens (2026-07-28; ``listChanged``, ``subscribe``).

        :param wanted: a SubscriptionFilter, already without what :meth:`capabilities` does not
            announce. To honour less, say so in the first event, a Notification of
            ``notifications/subscriptions/acknowledged`` with ``{"notifications": honoured}``;
            else all of it counts as honoured
        """
        raise _not_offered(context)

    # ------------------------------------------------------------------ sessions, handshake era

    def open_session(
        self,
        context: CallContext,
        client_info: Mapping[str, Any],
        client_capabilities: Mapping[str, Any],
    ) -> str | None:
        """The id of a new session, of visible ASCII and beyond guessing; None: there are none.

        The version to keep is ``context.protocol_version``.
        """
        return None

    def session(self, session_id: str) -> Session | None:
        """The session, None when it is unknown, ended, or of another credential."""
        return None

    def close_session(self, session_id: str) -> bool:
        """End a session of this credential; False when there is none."""
        return False

    def session_stream(self, context: CallContext, last_event_id: str | None) -> Stream:
        """What concerns ``context.session_id`` outside of its running POSTs (with ``streams``).

        :param last_event_id: go on behind this event, on the stream that it was sent on
        """
        raise _not_offered(context)

    def accept_response(self, context: CallContext, response: dict[str, Any]) -> None:
        """A client's answer to a ServerRequest: a JSON-RPC response, ids unknown here included."""

    def cancel(self, context: CallContext, request_id: str | int, reason: str | None) -> None:
        """``notifications/cancelled``: stop that request of this session; ignore unknown ones."""

    def roots_changed(self, context: CallContext) -> None:
        """``notifications/roots/list_changed``."""


def _not_offered(context: CallContext) -> ProtocolError:
    return ProtocolError(METHOD_NOT_FOUND, f"{context.method} is announced but not offered here")
