"""One HTTP request's conversation: each message is read, checked, handled, answered, observed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from . import answers, envelope, handshake, methods, modern
from .application import Application
from .envelope import Message, Notification, Request, Response
from .errors import INVALID_REQUEST, METHOD_NOT_FOUND, ProtocolError, http_status_of, shown
from .limits import Limits
from .messages import CallContext, Era, Outcome
from .versions import VERSION_HEADER, era_of, version_by_header


@dataclass(frozen=True, slots=True)
class Reply:
    """What became of one message; ``body`` is None when no answer is owed."""

    status: int
    body: bytes | None = None
    headers: dict[str, str] = field(default_factory=dict)


class Exchange:
    """Handles messages of one HTTP request.

    :param headers: folded, see :func:`.headers.fold`
    :param in_batch: the messages are parts of one array, which has one status for all: 200
    """

    def __init__(
        self,
        headers: Mapping[str, str],
        application: Application,
        limits: Limits,
        in_batch: bool = False,
    ) -> None:
        self.headers = headers
        self.application = application
        self.limits = limits
        self.in_batch = in_batch

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
        context = self.first_impression(value)
        params: Mapping[str, Any] = {}
        try:
            message = envelope.read_message(value, self.limits)
            params = message.params
            if self.in_batch:
                _check_batched(message, context)
            if isinstance(message, Request):
                context = self._context_of(message, context.era)
                reply, outcome = self._answer(message, context)
            else:
                reply, outcome = self._take_note(message, context)
        except ProtocolError as error:
            return self.refuse(error, context, params)
        except Exception as error:
            refusal = self.application.convert_exception(error)
            if refusal is None:
                raise
            return self.refuse(refusal, context, params)
        self.application.observe(context, params, outcome)
        return reply

    def refuse(
        self, error: ProtocolError, context: CallContext, params: Mapping[str, Any] | None = None
    ) -> Reply:
        """Answer with an error, also to what was no message at all."""
        message = answers.error_message(error, context)
        status = 200 if self.in_batch else http_status_of(error, context.era)
        outcome = Outcome(
            "error", status, error_code=message["error"]["code"], error_message=error.message
        )
        body = answers.encode(message)
        self.application.observe(context, params or {}, outcome)
        return Reply(status, body, error.headers)

    def _context_of(self, request: Request, era: Era) -> CallContext:
        speaks = modern if era is Era.MODERN else handshake
        return speaks.context_of(request, self.headers, self.limits)

    def _answer(self, request: Request, context: CallContext) -> tuple[Reply, Outcome]:
        method = methods.find(request.method, context.era)
        if method is None:
            raise ProtocolError(
                METHOD_NOT_FOUND,
                f"Method {shown(request.method)} does not exist in {context.protocol_version}",
            )
        call = methods.Call(context, request.params, self.application, self.limits)
        result = method.handler(call)
        message = answers.result_message(result, context, method, self.application, self.limits)
        outcome = Outcome("result", 200, is_tool_error=result.get("isError") is True)
        return Reply(200, answers.encode(message)), outcome

    def _take_note(
        self, message: Notification | Response, context: CallContext
    ) -> tuple[Reply, Outcome]:
        """Accept what gets no answer. A notification never runs a method, whatever it names."""
        if isinstance(message, Response):
            if context.era is Era.MODERN:
                raise ProtocolError(
                    INVALID_REQUEST, "2026-07-28 has no responses to the server: send requests"
                )
            return Reply(202), Outcome("response", 202)
        if context.era is Era.MODERN:
            modern.check_notification(message, self.headers, self.limits)
        return Reply(202), Outcome("notification", 202)


def _check_batched(message: Message, context: CallContext) -> None:
    if context.era is Era.MODERN:
        raise ProtocolError(INVALID_REQUEST, "A 2026-07-28 message must be sent on its own")
    if isinstance(message, Request) and message.method == "initialize":
        # 2025-03-26 basic/lifecycle: other messages need its answer first.
        raise ProtocolError(INVALID_REQUEST, "initialize must be sent on its own, not in a batch")
