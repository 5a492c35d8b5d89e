"""What may go onto which stream, and in which words.

Three kinds: the answer to one request, a session's GET stream, a subscription. Each turns events
into server-sent events, drops what does not belong there, and knows how its end is recorded.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from typing import Any

from . import answers, dialect, methods, questions, sse
from .application import Application
from .envelope import meta_of
from .errors import ProtocolError
from .limits import Limits
from .log_levels import reaches
from .messages import CallContext, Era, Outcome
from .methods.method import Call, Method
from .streaming import Done, Failed, Idle, Notification, Reconnect, ServerRequest

SUBSCRIPTION_ID_META_KEY = "io.modelcontextprotocol/subscriptionId"
ACKNOWLEDGED = "notifications/subscriptions/acknowledged"
PROGRESS = "notifications/progress"
LOG_MESSAGE = "notifications/message"
# What a subscription carries, and the member of its filter that asks for it.
CHANGES = {
    "notifications/tools/list_changed": "toolsListChanged",
    "notifications/prompts/list_changed": "promptsListChanged",
    "notifications/resources/list_changed": "resourcesListChanged",
    "notifications/resources/updated": "resourceSubscriptions",
}
# Older clients take an event without data for a damaged message.
_PRIMING_SINCE = "2025-11-25"


class Channel(ABC):
    """What all streams have in common."""

    def __init__(self, context: CallContext, application: Application, limits: Limits) -> None:
        self.context = context
        self.application = application
        self.limits = limits
        self.params: dict[str, Any] = {}

    def chunk(self, event: Notification | ServerRequest | Idle | Reconnect) -> bytes | None:
        """The event as it is sent; None when it does not belong here.

        :raises ProtocolError: -32021, the client cannot be asked this
        :raises TypeError, ValueError: the application does what no application may do
        """
        if isinstance(event, Idle):
            return self._idle(event)
        if isinstance(event, Reconnect):
            return sse.retry_event(event.retry_ms, self._priming_id(event.event_id))
        if isinstance(event, ServerRequest):
            message = self.question(event)
        elif isinstance(event, Notification):
            message = self.notification(event)
        else:
            raise TypeError(f"{event!r} is no event")
        return None if message is None else self.event(message, event.event_id)

    @abstractmethod
    def notification(self, event: Notification) -> dict[str, Any] | None:
        """The message, None when nobody asked for it."""

    def question(self, event: ServerRequest) -> dict[str, Any]:
        """The request to the client."""
        if self.context.era is Era.MODERN:
            raise TypeError("A 2026-07-28 client is asked by InputRequired, never on a stream")
        if event.method != "ping":
            questions.check_declared(event.method, event.params, self.context)
        params = questions.params_for(event.method, event.params, self.context.protocol_version)
        message = {"jsonrpc": "2.0", "id": event.request_id, "method": event.method}
        return {**message, "params": params} if params else message

    @abstractmethod
    def done(self, event: Done) -> tuple[bytes, Outcome]:
        """The last event of a stream that ends with its answer."""

    @abstractmethod
    def failed(self, event: Failed) -> tuple[bytes, Outcome]:
        """The last event of a stream that ends with a refusal."""

    def exhausted(self) -> Outcome:
        """How it is recorded that the application had no more to say.

        :raises TypeError: it owes an answer
        """
        return Outcome("stream", 200)

    def abandoned(self) -> Outcome:
        """How it is recorded that the client left."""
        return Outcome("stream", 200)

    def event(self, message: dict[str, Any], event_id: str | None) -> bytes:
        """A message on the wire; 2026-07-28 has no event ids."""
        return sse.message_event(answers.encode(message), event_id if self.context.era is Era.HANDSHAKE else None)

    def refusal(self, error: ProtocolError, request_id: Any) -> tuple[dict[str, Any], Outcome]:
        """An error message, and how it is recorded: the status line said 200 long ago."""
        message = answers.error_message(error, self.context)
        message["id"] = request_id
        code = message["error"]["code"]
        return message, Outcome("error", 200, error_code=code, error_message=error.message, answer=message)

    def log_message(self, event: Notification) -> dict[str, Any] | None:
        """A log message, None below the level that is wanted."""
        lowest = self.context.log_level
        wanted = self.context.era is Era.HANDSHAKE if lowest is None else reaches(event.params["level"], lowest)
        return _message(event.method, dict(event.params)) if wanted else None

    def _idle(self, event: Idle) -> bytes:
        priming_id = self._priming_id(event.event_id)
        return sse.comment() if priming_id is None else sse.priming_event(priming_id)

    def _priming_id(self, event_id: str | None) -> str | None:
        version = self.context.protocol_version
        modern = self.context.era is Era.MODERN
        return None if modern or version < _PRIMING_SINCE else event_id


class RequestChannel(Channel):
    """The answer to one POST, and what concerns it before."""

    def __init__(self, call: Call, method: Method) -> None:
        super().__init__(call.context, call.application, call.limits)
        self.params = call.params
        self._method = method
        self._progress = -math.inf

    def chunk(self, event: Notification | ServerRequest | Idle | Reconnect) -> bytes | None:
        if isinstance(event, Reconnect) and self.context.era is Era.MODERN:
            raise TypeError("A 2026-07-28 client cannot come back for its answer")
        return super().chunk(event)

    def notification(self, event: Notification) -> dict[str, Any] | None:
        if event.method == PROGRESS:
            return self._progress_message(event)
        if event.method == LOG_MESSAGE:
            return self.log_message(event)
        if event.method in CHANGES and self.context.era is Era.MODERN:
            return None  # 2026-07-28 has them on subscriptions only
        return _message(event.method, dict(event.params))

    def done(self, event: Done) -> tuple[bytes, Outcome]:
        message = answers.result_message(event.result, self.context, self._method, self.application, self.limits)
        return self.event(message, event.event_id), answers.outcome_of(message)

    def failed(self, event: Failed) -> tuple[bytes, Outcome]:
        message, outcome = self.refusal(event.error, self.context.request_id)
        return self.event(message, event.event_id), outcome

    def exhausted(self) -> Outcome:
        raise TypeError("The conversation ended without Done or Failed")

    def abandoned(self) -> Outcome:
        return Outcome("cancelled", 200)

    def _progress_message(self, event: Notification) -> dict[str, Any] | None:
        token, progress = self.context.progress_token, event.params["progress"]
        if token is None or not progress > self._progress:
            return None
        self._progress = progress
        params = {**event.params, "progressToken": token}
        return _message(PROGRESS, dialect.progress(params, self.context.protocol_version))


class SessionChannel(Channel):
    """A session's GET stream: what concerns no running POST, and what a lost one still owes."""

    def notification(self, event: Notification) -> dict[str, Any] | None:
        if event.method == LOG_MESSAGE:
            return self.log_message(event)
        if event.method != PROGRESS:
            return _message(event.method, dict(event.params))
        if event.params.get("progressToken") is None:
            return None
        params = dialect.progress(dict(event.params), self.context.protocol_version)
        return _message(PROGRESS, params)

    def done(self, event: Done) -> tuple[bytes, Outcome]:
        if event.request_id is None or event.method is None:
            raise TypeError("Done on a GET stream must name the request that it answers")
        message = answers.result_message(
            event.result,
            self.context,
            methods.METHODS[event.method],
            self.application,
            self.limits,
        )
        message["id"] = event.request_id
        return self.event(message, event.event_id), answers.outcome_of(message)

    def failed(self, event: Failed) -> tuple[bytes, Outcome]:
        message, outcome = self.refusal(event.error, event.request_id)
        # Without a request, there is nothing on this stream that an error could answer.
        return b"" if event.request_id is None else self.event(message, event.event_id), outcome


class SubscriptionChannel(Channel):
    """``subscriptions/listen``: the acknowledgement, then the changes that were asked for.

    :param wanted: the SubscriptionFilter that the application was given
    """

    def __init__(self, call: Call, method: Method, wanted: dict[str, Any]) -> None:
        super().__init__(call.context, call.application, call.limits)
        self.params = call.params
        self._method = method
        self._wanted = wanted
        self._honoured: dict[str, Any] | None = None

    def chunk(self, event: Notification | ServerRequest | Idle | Reconnect) -> bytes | None:
        if isinstance(event, Reconnect):
            return b""
        first = self._acknowledgement(event)
        if isinstance(event, Notification) and event.method == ACKNOWLEDGED:
            return first
        return first + (super().chunk(event) or b"") or None

    def notification(self, event: Notification) -> dict[str, Any] | None:
        asked_by = CHANGES.get(event.method)
        if asked_by is None or not (self._honoured or {}).get(asked_by):
            return None
        return self._marked(event.method, dict(event.params))

    def done(self, event: Done) -> tuple[bytes, Outcome]:
        result = dict(event.result)
        result["_meta"] = {**(result.get("_meta") or {}), **self._subscription_id()}
        message = answers.result_message(result, self.context, self._method, self.application, self.limits)
        return self._acknowledgement(event) + self.event(message, None), Outcome("result", 200)

    def failed(self, event: Failed) -> tuple[bytes, Outcome]:
        message, outcome = self.refusal(event.error, self.context.request_id)
        return self.event(message, None), outcome

    def _acknowledgement(self, event: object) -> bytes:
        """The first message of the stream; empty once it was sent."""
        if self._honoured is not None:
            return b""
        self._honoured = self._wanted
        if isinstance(event, Notification) and event.method == ACKNOWLEDGED:
            honoured = event.params["notifications"]
            self._honoured = {name: value for name, value in honoured.items() if value and name in self._wanted}
        return self.event(self._marked(ACKNOWLEDGED, {"notifications": self._honoured}), None)

    def _marked(self, method: str, params: dict[str, Any]) -> dict[str, Any]:
        meta = {**meta_of({"params": params}), **self._subscription_id()}
        return _message(method, {**params, "_meta": meta})

    def _subscription_id(self) -> dict[str, Any]:
        return {SUBSCRIPTION_ID_META_KEY: self.context.request_id}


def _message(method: str, params: dict[str, Any]) -> dict[str, Any]:
    message: dict[str, Any] = {"jsonrpc": "2.0", "method": method}
    return {**message, "params": params} if params else message
