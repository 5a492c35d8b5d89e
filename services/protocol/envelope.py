"""JSON values to JSON-RPC messages: requests, notifications and responses."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from .errors import INVALID_PARAMS, INVALID_REQUEST, ProtocolError
from .json_reader import MAX_INTEGER, MIN_INTEGER, is_storable
from .limits import Limits


@dataclass(frozen=True, slots=True)
class Request:
    """A message that is owed an answer."""

    id: str | int
    method: str
    params: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Notification:
    """A message that gets no answer, whatever its method."""

    method: str
    params: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Response:
    """A client's answer to a request of the server (handshake era)."""

    id: str | int | None
    value: dict[str, Any]  # as it came
    # Always empty, to spare case distinctions.
    method: str = ""
    params: dict[str, Any] = field(default_factory=dict)


Message = Request | Notification | Response


def read_message(value: Any, limits: Limits) -> Message:
    """The message in a JSON value, of a shape every protocol version agrees on.

    ``params: null`` counts as no params: client libraries are seen to send it.

    :raises ProtocolError: -32600, or -32602 with HTTP 400 when only ``params`` is wrong
    """
    if not isinstance(value, dict):
        raise _invalid("A message must be a JSON object")
    if value.get("jsonrpc") != "2.0":
        raise _invalid('The member jsonrpc must be "2.0"')
    answers = "result" in value or "error" in value
    if "method" not in value:
        if answers:
            return _read_response(value, limits)
        raise _invalid("A message needs a method")
    if answers:
        raise _invalid("A message with a method must have neither result nor error")
    method = value["method"]
    if not isinstance(method, str) or not 0 < len(method) <= limits.max_identifier:
        raise _invalid(f"method must be a string of 1 to {limits.max_identifier} characters")
    if "id" in value and known_id(value, limits) is None:
        raise _bad_id(limits)
    params = _read_params(value)
    if "id" in value:
        return Request(value["id"], method, params)
    return Notification(method, params)


def known_id(value: Any, limits: Limits) -> str | int | None:
    """The id of a message, if there is a usable one; safe on any value, also on refused ones."""
    identifier = value.get("id") if isinstance(value, dict) else None
    if isinstance(identifier, bool):
        return None
    if isinstance(identifier, int):
        return identifier if MIN_INTEGER <= identifier <= MAX_INTEGER else None
    if isinstance(identifier, str) and len(identifier) <= limits.max_identifier:
        return identifier if is_storable(identifier) else None
    return None


def meta_of(value: Any) -> dict[str, Any]:
    """``params._meta`` of a message; {} when there is none or when it is no object."""
    params = value.get("params") if isinstance(value, dict) else None
    meta = params.get("_meta") if isinstance(params, dict) else None
    return meta if isinstance(meta, dict) else {}


def method_of(value: Any, limits: Limits) -> str:
    """The method of a message; "" when there is none that could be one."""
    method = value.get("method") if isinstance(value, dict) else None
    if isinstance(method, str) and len(method) <= limits.max_identifier and is_storable(method):
        return method
    return ""


def _read_params(value: dict[str, Any]) -> dict[str, Any]:
    params = value.get("params")
    if params is None:
        return {}
    if not isinstance(params, dict):
        raise ProtocolError(INVALID_PARAMS, "params must be an object", http_status=400)
    return params


def _read_response(value: dict[str, Any], limits: Limits) -> Response:
    if ("result" in value) == ("error" in value):
        raise _invalid("A response must have either result or error")
    identifier = known_id(value, limits)
    if "result" in value:
        if identifier is None:
            raise _bad_id(limits)
        if not isinstance(value["result"], dict):
            raise _invalid("result must be an object")
        return Response(identifier, value)
    error = value["error"]
    if (
        not isinstance(error, dict)
        or not isinstance(error.get("code"), int)
        or not isinstance(error.get("message"), str)
    ):
        raise _invalid("error must be an object with an integer code and a string message")
    if identifier is None and value.get("id") is not None:
        raise _bad_id(limits)
    return Response(identifier, value)


def _invalid(message: str) -> ProtocolError:
    return ProtocolError(INVALID_REQUEST, message)


def _bad_id(limits: Limits) -> ProtocolError:
    longest = limits.max_identifier
    return _invalid(f"id must be a 64-bit integer or a string of at most {longest} characters")
