"""2024-11-05 to 2025-11-25: versions that open with ``initialize``, served without sessions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .envelope import Request
from .errors import INVALID_PARAMS, ProtocolError
from .limits import Limits
from .messages import CallContext, Era
from .meta import checked_meta
from .versions import VERSION_HEADER, negotiate, version_by_header


def context_of(request: Request, headers: Mapping[str, str], limits: Limits) -> CallContext:
    """Who asks. Only ``initialize`` tells about the client: there is no session to keep it in.

    :param headers: folded, see :func:`.headers.fold`
    :raises ProtocolError: -32602, a member of ``initialize`` or ``_meta`` has a wrong type
    """
    meta = checked_meta(request.params, limits)
    version = version_by_header(headers.get(VERSION_HEADER), Era.HANDSHAKE)
    client_info: Mapping[str, Any] = {}
    client_capabilities: Mapping[str, Any] = {}
    if request.method == "initialize":
        requested = request.params.get("protocolVersion")
        if not isinstance(requested, str):
            raise ProtocolError(
                INVALID_PARAMS, "initialize needs the string protocolVersion, such as 2025-11-25"
            )
        version = negotiate(requested)
        client_info = _object(request.params, "clientInfo")
        client_capabilities = _object(request.params, "capabilities")
    return CallContext(
        era=Era.HANDSHAKE,
        protocol_version=version,
        method=request.method,
        request_id=request.id,
        client_info=client_info,
        client_capabilities=client_capabilities,
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
