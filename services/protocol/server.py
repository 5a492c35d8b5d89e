"""The one entry: an HTTP request in, an HTTP answer out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from . import answers, session_http, sessions
from .application import Application
from .errors import INVALID_REQUEST, ProtocolError
from .exchange import Exchange
from .headers import fold
from .http_checks import check_post
from .json_reader import RefusedDocument, read_json
from .limits import Limits
from .messages import Era, HttpAnswer, HttpRequest
from .versions import BATCH_VERSION


def handle(request: HttpRequest, application: Application, limits: Limits) -> HttpAnswer:
    """Serve one HTTP request whose caller is known and whose Origin was checked.

    Nothing a client sends makes this raise. What does come out are exceptions of the application
    that its ``convert_exception`` lets through (so that the host can retry the whole request), and
    those of its ``observe``. When the answer has a ``stream``, the request lasts until its end.
    """
    headers = fold(request.headers)
    if request.method == "GET":
        return session_http.get(headers, application, limits)
    if request.method == "DELETE":
        return session_http.delete(headers, application, limits)
    if request.method != "POST":
        return answers.method_not_allowed(with_sessions=application.streams)
    exchange = Exchange(headers, application, limits)
    try:
        check_post(headers, request.body, limits)
        document = read_json(request.body, limits)
    except RefusedDocument as error:
        # Only an object has an id and method of its own; of a batch nothing is known.
        seen = error.document if isinstance(error.document, dict) else None
        return exchange.refuse(error, exchange.first_impression(seen)).http()
    except ProtocolError as error:
        return exchange.refuse(error, exchange.first_impression()).http()
    if isinstance(document, list):
        return _handle_batch(document, headers, application, limits)
    return exchange.handle(document).http()


def refuse(request: HttpRequest, application: Application, limits: Limits, error: ProtocolError) -> HttpAnswer:
    """Answer a whole request with ``error``, without handling anything in it; it is observed as one."""
    exchange = Exchange(fold(request.headers), application, limits)
    try:
        document = read_json(request.body, limits) if request.method == "POST" else None
    except RefusedDocument as unfit:
        document = unfit.document
    except ProtocolError:
        document = None
    seen = document if isinstance(document, dict) else None
    params = seen.get("params") if seen else None
    context = exchange.first_impression(seen)
    return exchange.refuse(error, context, params if isinstance(params, dict) else None).http()


def _handle_batch(
    values: list[Any], headers: Mapping[str, str], application: Application, limits: Limits
) -> HttpAnswer:
    """JSON-RPC batches, which only 2025-03-26 has; one answer for each request, in order."""
    whole = Exchange(headers, application, limits)
    context = whole.first_impression()
    visit = sessions.STATELESS
    try:
        if context.era is Era.HANDSHAKE:
            visit = sessions.visit_of(headers, application)
        speaks = visit.session.protocol_version if visit.session else context.protocol_version
        _check_batch(values, speaks, limits)
    except Exception as error:
        return whole.refuse(whole.refusal_of(error), context).http()
    parts = Exchange(headers, application, limits, batch=visit)
    replies = [parts.handle(value) for value in values]
    bodies = [reply.body for reply in replies if reply.body is not None]
    if not bodies:
        return answers.accepted()
    return answers.json_answer(200, b"[" + b",".join(bodies) + b"]")


def _check_batch(values: list[Any], version: str, limits: Limits) -> None:
    if version != BATCH_VERSION:
        refusal = f"Batches exist in {BATCH_VERSION} only: send one message at a time"
    elif not values:
        refusal = "An empty batch: send at least one message"
    elif len(values) > limits.max_batch:
        refusal = f"The batch has {len(values)} messages, the limit is {limits.max_batch}"
    else:
        return
    raise ProtocolError(INVALID_REQUEST, refusal)
