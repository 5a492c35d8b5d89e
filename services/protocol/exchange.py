"""One HTTP request: each of its messages is read, checked, handled, answered, observed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from . import answers, envelope, handshake, methods, modern, notes, sessions, sse
from .application import Application
from .channels import RequestChannel, SubscriptionChannel
from .envelope import Message, Notification, Request, Response
from .errors import INVALID_REQUEST, ProtocolError, http_status_of
from .event_stream import EventStream, done_or_raise, needs_stream, without_stream
from .headers import accepts
from .limits import Limits
from .messages import CallContext, Era, HttpAnswer, InputRequired, Outcome
from .methods.method import Method
from .methods.subscriptions import Subscription
from .sessions import STATELESS, Visit
from .streaming import Conversation, Done, Failed
from .versions import LATEST_MODERN, VERSION_HEADER, era_of, version_by_header


@dataclass(frozen=True, slots=True)
class Reply:
    """What became of one message; without ``body`` and ``stream`` when no answer is owed."""

    status: int
    body: bytes | None = None
    headers: dict[str, str] = field(default_factory=dict)
    stream: EventStream | None = None

    def http(self) -> HttpAnswer:
        """The answer to an HTTP request of which this is all."""
        if self.stream is not None:
            return answers.stream_answer(self.stream)
        if self.body is None:
            return answers.accepted()
        return answers.json_answer(self.status, self.body, self.headers)


class Exchange:
    """Handles messages of one HTTP request.

    :param headers: folded, see :func:`.headers.fold`
    :param batch: the session of an array, of which the messages are parts; it has one status for
        all, 200, and no event stream
    """

    def __init__(
        self,
        headers: Mapping[str, str],
        application: Application,
        limits: Limits,
        batch: Visit | None = None,
    ) -> None:
        self.headers = headers
        self.application = application
        self.limits = limits
        self.batch = batch

    def first_impression(self, value: Any = None) -> CallContext:
        """The context of a message that is not checked yet, from whatever can be seen of it."""
        version_header = self.headers.get(VERSION_HEADER)
        era = era_of(version_header, envelope.meta_of(value))
        return CallContext(
            era=era,
            protocol_version=version_by_header(version_header, era),
            method=envelope.method_of(value, self.limits),
            request_id=envelope.known_id(value, self.limits),
        )

    def handle(self, value: Any) -> Reply:
        """Handle one message and tell the application how it went.

        :raises Exception: what the application raised and did not convert
        """
        context: CallContext | None = None
        params: Mapping[str, Any] = {}
        try:
            message = envelope.read_message(value, self.limits)
            params = message.params
            era = era_of(self.headers.get(VERSION_HEADER), envelope.meta_of(value))
            if self.batch is not None:
                _check_batched(message, era)
            context = self._context_of(message, era)
            if isinstance(message, Request):
                reply, outcome = self._answer(message, context)
            else:
                reply, outcome = self._take(message, context)
        except Exception as error:
            seen = self.first_impression(value) if context is None else context
            return self.refuse(self.refusal_of(error), seen, params)
        if outcome is not None:
            self.application.observe(context, params, outcome)
        return reply

    def refusal_of(self, error: Exception) -> ProtocolError:
        """What the client is told of an exception.

        :raises Exception: this one, when the application lets it through
        """
        if isinstance(error, ProtocolError):
            return error
        refusal = self.application.convert_exception(error)
        if refusal is None:
            raise error
        return refusal

    def refuse(self, error: ProtocolError, context: CallContext, params: Mapping[str, Any] | None = None) -> Reply:
        """Answer with an error, also to what was no message at all."""
        message = answers.error_message(error, context)
        status = 200 if self.batch is not None else http_status_of(error, context.era)
        code = message["error"]["code"]
        outcome = Outcome("error", status, error_code=code, error_message=error.message, answer=message)
        body = answers.encode(message)
        self.application.observe(context, params or {}, outcome)
        return Reply(status, body, error.headers)

    def _context_of(self, message: Message, era: Era) -> CallContext:
        if era is Era.MODERN:
            if isinstance(message, Request):
                return modern.context_of(message, self.headers, self.limits)
            return CallContext(era, LATEST_MODERN, message.method)
        if isinstance(message, Request):
            visit = STATELESS if message.method == "initialize" else self._visit()
            return handshake.context_of(message, self.headers, self.limits, visit)
        return handshake.context_beside(message.method, None, self.headers, self._visit())

    def _visit(self) -> Visit:
        if self.batch is not None:
            return self.batch
        return sessions.visit_of(self.headers, self.application)

    def _answer(self, request: Request, context: CallContext) -> tuple[Reply, Outcome | None]:
        """The reply, and how the request ended; None while a stream is to be read."""
        call = methods.Call(context, request.params, self.application, self.limits, self.headers)
        method = methods.method_of(call)
        result = method.handler(call)
        if not isinstance(result, (dict, InputRequired)):
            spoken = self._converse(result, call, method)
            if isinstance(spoken, EventStream):
                return Reply(200, stream=spoken), None
            result = spoken.result
        message = answers.result_message(result, context, method, self.application, self.limits)
        body = answers.encode(message)
        headers = self._session_headers(context) if method.opens_session else {}
        return Reply(200, body, headers), answers.outcome_of(message)

    def _converse(self, events: Conversation | Subscription, call: methods.Call, method: Method) -> Done | EventStream:
        """The answer when nothing has to be said before it, or nothing can be; else a stream.

        :raises ProtocolError: the answer is a refusal
        """
        if isinstance(events, Subscription):
            return self._listen(events, call, method)
        if self._may_stream():
            stream = EventStream(events, RequestChannel(call, method))
            first = stream.open()
            if first is None:
                return stream
        else:
            first = without_stream(events)
        return done_or_raise(first)

    def _listen(self, subscription: Subscription, call: methods.Call, method: Method) -> EventStream:
        if not self._may_stream():
            subscription.events.close()
            raise needs_stream()
        channel = SubscriptionChannel(call, method, subscription.wanted)
        stream = EventStream(subscription.events, channel)
        first = stream.open()
        if isinstance(first, Failed):
            raise first.error
        return stream

    def _may_stream(self) -> bool:
        accept = self.headers.get("accept")
        return self.batch is None and (not accept or accepts(accept, sse.CONTENT_TYPE))

    def _session_headers(self, context: CallContext) -> dict[str, str]:
        session_id = self.application.open_session(context, context.client_info, context.client_capabilities)
        return {} if session_id is None else {"Mcp-Session-Id": session_id}

    def _take(self, message: Notification | Response, context: CallContext) -> tuple[Reply, Outcome]:
        """Accept what gets no answer. A notification never runs a method, whatever it names."""
        if isinstance(message, Response):
            if context.era is Era.MODERN:
                raise ProtocolError(INVALID_REQUEST, "2026-07-28 has no responses to the server: send requests")
            notes.take_response(message, context, self.application)
            return Reply(202), Outcome("response", 202)
        if context.era is Era.MODERN:
            modern.check_notification(message, self.headers, self.limits)
        else:
            notes.take_notification(message, context, self.application, self.limits)
        return Reply(202), Outcome("notification", 202)


def _check_batched(message: Message, era: Era) -> None:
    if era is Era.MODERN:
        raise ProtocolError(INVALID_REQUEST, "A 2026-07-28 message must be sent on its own")
    if isinstance(message, Request) and message.method == "initialize":
        # 2025-03-26 basic/lifecycle: other messages need its answer first.
        raise ProtocolError(INVALID_REQUEST, "initialize must be sent on its own, not in a batch")
