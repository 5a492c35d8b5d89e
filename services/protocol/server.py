"""The one entry: an HTTP request in, an HTTP answer out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from . import answers
from .application import Application
from .errors import INVALID_REQUEST, ProtocolError
from .exchange import Exchange, Reply
from .headers import fold
from .http_checks import check_post
from .json_reader import RefusedDocument, read_json
from .limits import Limits
from .messages import CallContext, HttpAnswer, HttpRequest
from .versions import BATCH_VERSION


def handle(request: HttpRequest, application: Application, limits: Limits) -> HttpAnswer:
    """Serve one HTTP request whose caller is known and whose Origin was checked.

    Nothing a client sends makes this raise. What does come out are exceptions of the application
    that its ``convert_exception`` lets through (so that the host can retry the whole request), and
    those of its ``observe``.
    """
    if request.method != "POST":
        return answers.method_not_allowed()
    headers = fold(request.headers)
    exchange = Exchange(headers, application, limits)
    try:
        check_post(headers, request.body, limits)
        document = read_json(request.body, limits)
    except RefusedDocument as error:
        # Only an object has an id and method of its own; of a batch nothing is known.
        seen = error.document if isinstance(error.document, dict) else None
        return _http(exchange.refuse(error, exchange.first_impression(seen)))
    except ProtocolError as error:
        return _http(exchange.refuse(error, exchange.first_impression()))
    if isinstance(document, list):
        return _handle_batch(document, headers, application, limits)
    return _http(exchange.handle(document))


def _handle_batch(
    values: list[Any], headers: Mapping[str, str], application: Application, limits: Limits
) -> HttpAnswer:
    """JSON-RPC batches, which only 2025-03-26 has; one answer for each request, in order."""
    whole = Exchange(headers, application, limits)
    context = whole.first_impression()
    refusal = _why_no_batch(values, context, limits)
    if refusal:
        return _http(whole.refuse(ProtocolError(INVALID_REQUEST, refusal), context))
    parts = Exchange(headers, application, limits, in_batch=True)
    replies = [parts.handle(value) for value in values]
    bodies = [reply.body for reply in replies if reply.body is not None]
    if not bodies:
        return answers.accepted()
    return answers.json_answer(200, b"[" + b",".join(bodies) + b"]")


def _why_no_batch(values: list[Any], context: CallContext, limits: Limits) -> str | None:
    if context.protocol_version != BATCH_VERSION:
        return f"Batches exist in {BATCH_VERSION} only: send one message at a time"
    if not values:
        return "An empty batch: send at least one message"
    if len(values) > limits.max_batch:
        return f"The batch has {len(values)} messages, the limit is {limits.max_batch}"
    return None


def _http(reply: Reply) -> HttpAnswer:
    if reply.body is None:
        return answers.accepted()
    return answers.json_answer(reply.status, reply.body, reply.headers)
