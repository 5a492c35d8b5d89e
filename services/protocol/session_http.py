"""What a session's client does beside POST: GET, a stream to listen on, and DELETE, the end."""

from __future__ import annotations

from collections.abc import Mapping

from . import answers, handshake, sessions, sse
from .application import Application
from .channels import SessionChannel
from .errors import INVALID_REQUEST, ProtocolError
from .event_stream import EventStream, needs_stream
from .exchange import Exchange
from .headers import accepts
from .limits import Limits
from .messages import CallContext, HttpAnswer, Outcome
from .sessions import SESSION_HEADER
from .streaming import Failed
from .versions import HANDSHAKE_VERSIONS, VERSION_HEADER

LAST_EVENT_HEADER = "last-event-id"


def get(headers: Mapping[str, str], application: Application, limits: Limits) -> HttpAnswer:
    """The session's stream; 405 where there is none.

    :param headers: folded, see :func:`.headers.fold`
    """
    if not application.streams or not _concerns_a_session(headers, application):
        return answers.method_not_allowed()
    exchange = Exchange(headers, application, limits)
    context = handshake.context_beside("HTTP GET", None, headers)
    try:
        if headers.get("accept") and not accepts(headers["accept"], sse.CONTENT_TYPE):
            raise needs_stream()
        visit = sessions.visit_of(headers, application)
        context = handshake.context_beside("HTTP GET", None, headers, visit)
        stream = _stream(context, headers, application, limits)
    except Exception as error:
        return exchange.refuse(exchange.refusal_of(error), context).http()
    return answers.stream_answer(stream)


def delete(headers: Mapping[str, str], application: Application, limits: Limits) -> HttpAnswer:
    """End a session; 405 where no session is named."""
    if not _concerns_a_session(headers, application):
        return answers.method_not_allowed()
    exchange = Exchange(headers, application, limits)
    context = handshake.context_beside("HTTP DELETE", None, headers)
    try:
        visit = sessions.visit_of(headers, application)
        context = handshake.context_beside("HTTP DELETE", None, headers, visit)
        if visit.session_id is None or not application.close_session(visit.session_id):
            raise sessions.unknown_session()
    except Exception as error:
        return exchange.refuse(exchange.refusal_of(error), context).http()
    application.observe(context, {}, Outcome("result", 200))
    return HttpAnswer(200)


def _concerns_a_session(headers: Mapping[str, str], application: Application) -> bool:
    """2026-07-28 has neither GET nor DELETE, and a client without a session has no use for them."""
    version = headers.get(VERSION_HEADER)
    return (version is None or version in HANDSHAKE_VERSIONS) and (
        SESSION_HEADER in headers or application.requires_session
    )


def _stream(context: CallContext, headers: Mapping[str, str], application: Application, limits: Limits) -> EventStream:
    last_event_id = headers.get(LAST_EVENT_HEADER) or None
    if last_event_id is not None and len(last_event_id) > limits.max_identifier:
        raise ProtocolError(INVALID_REQUEST, "Last-Event-ID is none of ours")
    events = application.session_stream(context, last_event_id)
    stream = EventStream(events, SessionChannel(context, application, limits))
    first = stream.open()
    if isinstance(first, Failed) and first.request_id is None:
        raise first.error
    return stream
