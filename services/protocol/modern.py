"""2026-07-28: requests that stand alone, checked in the order the specification gives.

``_meta`` complete (-32602), headers equal to the body (-32020), version served (-32022); whether
the method exists is asked last, by the exchange (-32601).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .envelope import Notification, Request
from .errors import (
    HEADER_MISMATCH,
    INVALID_PARAMS,
    UNSUPPORTED_PROTOCOL_VERSION,
    ProtocolError,
    shown,
)
from .headers import decode_value
from .limits import Limits
from .log_levels import LOG_LEVELS
from .messages import LOG_LEVEL_META_KEY, CallContext, Era
from .meta import checked_meta
from .versions import (
    HANDSHAKE_VERSIONS,
    MODERN_VERSIONS,
    PROTOCOL_VERSION_META_KEY,
    SUPPORTED_VERSIONS,
    VERSION_HEADER,
)

CLIENT_CAPABILITIES_META_KEY = "io.modelcontextprotocol/clientCapabilities"
CLIENT_INFO_META_KEY = "io.modelcontextprotocol/clientInfo"

METHOD_HEADER = "mcp-method"
NAME_HEADER = "mcp-name"
# Methods whose target is mirrored as Mcp-Name, and the member of params that holds it. The same
# three may be answered by a question (2026-07-28, basic/patterns/mrtr, Supported Requests).
NAMED_BY = {"tools/call": "name", "prompts/get": "name", "resources/read": "uri"}


def context_of(request: Request, headers: Mapping[str, str], limits: Limits) -> CallContext:
    """Who asks, after every check that comes before the method.

    :param headers: folded, see :func:`.headers.fold`
    :raises ProtocolError: -32602, -32020 or -32022, in this order
    """
    meta = checked_meta(request.params, limits)
    _check_meta(meta)
    _check_headers(request, meta[PROTOCOL_VERSION_META_KEY], headers)
    _check_version(meta[PROTOCOL_VERSION_META_KEY])
    responses, state = _answers_in(request)
    return CallContext(
        era=Era.MODERN,
        protocol_version=meta[PROTOCOL_VERSION_META_KEY],
        method=request.method,
        request_id=request.id,
        client_info=meta.get(CLIENT_INFO_META_KEY) or {},
        client_capabilities=meta[CLIENT_CAPABILITIES_META_KEY],
        meta=meta,
        input_responses=responses,
        request_state=state,
    )


def check_notification(notification: Notification, headers: Mapping[str, str], limits: Limits) -> None:
    """Refuse a notification of a version that is not served.

    The specification asks nothing else of it: no header but the version's, no ``_meta``.
    """
    in_body = checked_meta(notification.params, limits).get(PROTOCOL_VERSION_META_KEY)
    in_header = headers.get(VERSION_HEADER)
    if in_header is not None and in_body is not None and in_header != in_body:
        raise _mismatch("MCP-Protocol-Version", in_header, in_body)
    requested = in_body if in_header is None else in_header
    if not isinstance(requested, str):
        raise ProtocolError(INVALID_PARAMS, f"{PROTOCOL_VERSION_META_KEY} must be a string")
    _check_version(requested)


def _check_meta(meta: Mapping[str, Any]) -> None:
    for key in (PROTOCOL_VERSION_META_KEY, CLIENT_CAPABILITIES_META_KEY):
        if key not in meta:
            raise ProtocolError(INVALID_PARAMS, f"params._meta must carry {key}")
    if not isinstance(meta[PROTOCOL_VERSION_META_KEY], str):
        raise ProtocolError(INVALID_PARAMS, f"{PROTOCOL_VERSION_META_KEY} must be a string")
    if not isinstance(meta[CLIENT_CAPABILITIES_META_KEY], dict):
        raise ProtocolError(INVALID_PARAMS, f"{CLIENT_CAPABILITIES_META_KEY} must be an object")
    if not isinstance(meta.get(CLIENT_INFO_META_KEY), (dict, type(None))):
        raise ProtocolError(INVALID_PARAMS, f"{CLIENT_INFO_META_KEY} must be an object")
    if meta.get(LOG_LEVEL_META_KEY) not in (None, *LOG_LEVELS):
        levels = ", ".join(LOG_LEVELS)
        raise ProtocolError(INVALID_PARAMS, f"{LOG_LEVEL_META_KEY} must be one of {levels}")


def _check_headers(request: Request, version: str, headers: Mapping[str, str]) -> None:
    if headers.get(VERSION_HEADER) != version:
        raise _mismatch("MCP-Protocol-Version", headers.get(VERSION_HEADER), version)
    if headers.get(METHOD_HEADER) != request.method:
        raise _mismatch("Mcp-Method", headers.get(METHOD_HEADER), request.method)
    target = request.params.get(NAMED_BY.get(request.method, ""))
    if target is None:
        return  # no name in the body either: the method will say what it misses
    sent = headers.get(NAME_HEADER)
    if sent is None or decode_value(sent) != target:
        raise _mismatch("Mcp-Name", sent, target)


def _check_version(requested: str) -> None:
    if requested in MODERN_VERSIONS:
        return
    if requested in HANDSHAKE_VERSIONS:
        # To a client that asks for an old version in the new way, naming that version as
        # supported would be an invitation to repeat itself.
        supported, hint = MODERN_VERSIONS, "opens with initialize and carries no per-request _meta"
    else:
        supported, hint = SUPPORTED_VERSIONS, f"is not served; use {MODERN_VERSIONS[0]}"
    raise ProtocolError(
        UNSUPPORTED_PROTOCOL_VERSION,
        f"Protocol version {shown(requested)} {hint}",
        data={"supported": list(supported), "requested": requested},
    )


def _answers_in(request: Request) -> tuple[Mapping[str, Any], str | None]:
    """What a repeated call brings along: ``inputResponses`` and ``requestState``."""
    responses, state = request.params.get("inputResponses"), request.params.get("requestState")
    if (responses is None and state is None) or request.method not in NAMED_BY:
        return {}, None
    if responses is None:
        responses = {}
    if not isinstance(responses, dict) or not all(isinstance(response, dict) for response in responses.values()):
        raise ProtocolError(INVALID_PARAMS, "inputResponses must be an object of objects")
    if not isinstance(state, (str, type(None))):
        raise ProtocolError(INVALID_PARAMS, "requestState must be the string that was sent to you")
    return responses, state


def _mismatch(header: str, sent: str | None, expected: Any) -> ProtocolError:
    found = "is missing" if sent is None else f"is {shown(sent)}"
    return ProtocolError(HEADER_MISMATCH, f"Header {header} {found}, the body says {shown(expected)}")
