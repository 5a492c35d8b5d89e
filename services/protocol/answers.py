"""The one place where answers are made: JSON-RPC objects, their bytes, their HTTP form."""

from __future__ import annotations

import json
from typing import Any

from . import sse
from .application import Application
from .errors import ProtocolError, code_on_the_wire
from .http_checks import JSON_TYPE
from .limits import Limits
from .messages import ByteStream, CallContext, Era, HttpAnswer, InputRequired, Outcome
from .methods.method import Method
from .questions import input_required_result

SERVER_INFO_META_KEY = "io.modelcontextprotocol/serverInfo"

# Versions whose schema lets an error go without id; the others follow JSON-RPC 2.0: null.
_ID_OPTIONAL_SINCE = "2025-11-25"

_encode = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode


class EncodedObject(dict):
    """A structured result that brings its own JSON: tools answer it twice, as text and as itself."""

    def __init__(self, value: dict[str, Any]) -> None:
        super().__init__(value)
        self.json = _encode(value)


def encode(message: dict[str, Any]) -> bytes:
    """Compact JSON in UTF-8.

    :raises TypeError, ValueError: an application put in what JSON cannot carry, such as NaN
    """
    result = message.get("result")
    structured = result.get("structuredContent") if result else None
    if isinstance(structured, EncodedObject):
        others = {key: value for key, value in result.items() if key != "structuredContent"}
        text = _encode({**message, "result": {**others, "structuredContent": None}})
        # The last member of the last member: what was left open is closed by "null}}".
        text = f"{text[: -len('null}}')]}{structured.json}}}}}"
    else:
        text = _encode(message)
    # "replace": text that UTF-8 cannot carry must not cost the caller the whole answer.
    return text.encode("utf-8", "replace")


def result_message(
    result: dict[str, Any] | InputRequired,
    context: CallContext,
    method: Method,
    application: Application,
    limits: Limits,
) -> dict[str, Any]:
    """The response to a request: its result in the client's dialect, with what 2026-07-28 adds.

    :raises ProtocolError: -32021, see :func:`.questions.input_required_result`
    """
    if isinstance(result, InputRequired):
        if context.era is Era.HANDSHAKE:
            raise TypeError("InputRequired is an answer for 2026-07-28; ask by ServerRequest")
        result = input_required_result(result, context)
    elif method.shape is not None:
        result = method.shape(result, context.protocol_version)
    if context.era is Era.MODERN:
        result = {"resultType": "complete", **result}
        if method.cacheable and result["resultType"] == "complete":
            _say_how_long_it_keeps(result, context, method, limits)
        result["_meta"] = {
            SERVER_INFO_META_KEY: _server_info(context, application),
            **(result.get("_meta") or {}),
        }
    return {"jsonrpc": "2.0", "id": context.request_id, "result": result}


def _say_how_long_it_keeps(result: dict[str, Any], context: CallContext, method: Method, limits: Limits) -> None:
    # What the application may shape may change any time, unless it says otherwise. Everything
    # depends on the caller's rights: no shared cache may keep it without its word.
    result.setdefault("ttlMs", limits.cache_ttl_ms if method.shape is None else 0)
    result.setdefault("cacheScope", "private")
    if context.input_responses or context.request_state is not None:
        # server/utilities/caching: such an answer depends on more than its cache key.
        result["ttlMs"], result["cacheScope"] = 0, "private"


def outcome_of(message: dict[str, Any]) -> Outcome:
    """How a result message is recorded."""
    return Outcome("result", 200, is_tool_error=message["result"].get("isError") is True, answer=message)


def _server_info(context: CallContext, application: Application) -> dict[str, Any]:
    """In full where a client gets to know us; elsewhere it is repeated in every result, and kept short."""
    if context.method == "server/discover":
        return application.server_info()
    return application.short_server_info()


def error_message(error: ProtocolError, context: CallContext) -> dict[str, Any]:
    """The error response to a message; without a usable id, as the client's version wants it."""
    body: dict[str, Any] = {
        "code": code_on_the_wire(error.code, context.era),
        "message": error.message,
    }
    if error.data is not None:
        body["data"] = error.data
    message: dict[str, Any] = {"jsonrpc": "2.0", "id": context.request_id, "error": body}
    if context.request_id is None and context.protocol_version >= _ID_OPTIONAL_SINCE:
        del message["id"]
    return message


def json_answer(status: int, body: bytes, headers: dict[str, str] | None = None) -> HttpAnswer:
    """JSON-RPC over HTTP."""
    return HttpAnswer(status, {"Content-Type": JSON_TYPE, **(headers or {})}, body)


def accepted() -> HttpAnswer:
    """202 without a body: the answer to notifications and responses."""
    return HttpAnswer(202)


def stream_answer(stream: ByteStream) -> HttpAnswer:
    """Server-sent events."""
    return HttpAnswer(200, dict(sse.HEADERS), stream=stream)


def method_not_allowed(with_sessions: bool = False) -> HttpAnswer:
    """405: there is no such stream, or no such session to delete, or no such HTTP method."""
    return HttpAnswer(405, {"Allow": "POST, GET, DELETE, OPTIONS" if with_sessions else "POST, OPTIONS"})
