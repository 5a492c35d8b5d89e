"""2024-11-05 to 2025-11-25: versions that open with ``initialize``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .envelope import Request
from .errors import INVALID_PARAMS, ProtocolError
from .limits import Limits
from .messages import CallContext, Era
from .meta import checked_meta
from .sessions import STATELESS, Visit
from .versions import VERSION_HEADER, negotiate, version_by_header


def context_of(request: Request, headers: Mapping[str, str], limits: Limits, visit: Visit) -> CallContext:
    """Who asks: what ``initialize`` says about the client, or said when the session was opened.

    :param headers: folded, see :func:`.headers.fold`
    :raises ProtocolError: -32602, a member of ``initialize`` or ``_meta`` has a wrong type
    """
    meta = checked_meta(request.params, limits)
    if request.method == "initialize":
        return _context_of_initialize(request, meta)
    return context_beside(request.method, request.id, headers, visit, meta)


def context_beside(
    method: str,
    request_id: str | int | None,
    headers: Mapping[str, str],
    visit: Visit = STATELESS,
    meta: Mapping[str, Any] | None = None,
) -> CallContext:
    """Who sends a message that is no ``initialize``, or a GET or DELETE."""
    session = visit.session
    if session is None:
        return CallContext(
            era=Era.HANDSHAKE,
            protocol_version=version_by_header(headers.get(VERSION_HEADER), Era.HANDSHAKE),
            method=method,
            request_id=request_id,
            meta=meta or {},
        )
    return CallContext(
        era=Era.HANDSHAKE,
        protocol_version=session.protocol_version,
        method=method,
        request_id=request_id,
        client_info=session.client_info,
        client_capabilities=session.client_capabilities,
        meta=meta or {},
        session_id=visit.session_id,
        session=session,
    )


def _context_of_initialize(request: Request, meta: Mapping[str, Any]) -> CallContext:
    requested = request.params.get("protocolVersion")
    if not isinstance(requested, str):
        raise ProtocolError(INVALID_PARAMS, "initialize needs the string protocolVersion, such as 2025-11-25")
    return CallContext(
        era=Era.HANDSHAKE,
        protocol_version=negotiate(requested),
        method=request.method,
        request_id=request.id,
        client_info=_object(request.params, "clientInfo"),
        client_capabilities=_object(request.params, "capabilities"),
        meta=meta,
    )


def _object(params: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    # Both are required by the schema; hand-made clients that leave them out harm nobody.
    value = params.get(name)
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise ProtocolError(INVALID_PARAMS, f"initialize: {name} must be an object")
    return value
