"""``resources/*``: lists, reading, and the handshake era's subscriptions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .. import dialect
from ..errors import INVALID_REQUEST, ProtocolError, ResourceNotFound
from ..messages import InputRequired
from ..paging import page_of
from ..streaming import Conversation
from . import params
from .method import HANDSHAKE_ONLY, Call, Method, announced


def list_resources(call: Call) -> dict[str, Any]:
    """A page of resources, as the application cuts and sorts it."""
    page = call.application.list_resources(call.context, params.cursor(call.params))
    return _listed(call, "resources", page.items, page.next_cursor)


def list_templates(call: Call) -> dict[str, Any]:
    """A page of the resource templates, in the application's order."""
    page = page_of(
        call.application.list_resource_templates(call.context),
        call.params.get("cursor"),
        call.limits.page_size,
        "templates",
        key="uriTemplate",
        keep_order=True,
    )
    return _listed(call, "resourceTemplates", page.items, page.next_cursor)


def read(call: Call) -> dict[str, Any] | Conversation | InputRequired:
    """ReadResourceResult. Empty contents would leave open whether there is a resource."""
    uri = params.uri(call.params)
    result = call.application.read_resource(call.context, uri)
    if isinstance(result, dict) and not result.get("contents"):
        raise ResourceNotFound(uri)
    return result


def subscribe(call: Call) -> dict[str, Any]:
    """From now on ``notifications/resources/updated`` on the session's GET stream."""
    uri = _uri_of_session(call)
    call.application.subscribe(call.context, uri)
    return {}


def unsubscribe(call: Call) -> dict[str, Any]:
    """No more of them."""
    uri = _uri_of_session(call)
    call.application.unsubscribe(call.context, uri)
    return {}


def _uri_of_session(call: Call) -> str:
    if call.context.session is None:
        raise ProtocolError(INVALID_REQUEST, f"{call.context.method} needs a session: send Mcp-Session-Id")
    return params.uri(call.params)


def _listed(call: Call, member: str, items: list[dict[str, Any]], next_cursor: str | None) -> dict[str, Any]:
    version = call.context.protocol_version
    result: dict[str, Any] = {member: [dialect.resource(item, version) for item in items]}
    if next_cursor is not None:
        result["nextCursor"] = next_cursor
    return result


def _subscribable(capabilities: Mapping[str, Any]) -> bool:
    return bool((capabilities.get("resources") or {}).get("subscribe"))


_OFFERED = announced("resources")

METHODS: Mapping[str, Method] = {
    "resources/list": Method(list_resources, cacheable=True, offered_by=_OFFERED),
    "resources/templates/list": Method(list_templates, cacheable=True, offered_by=_OFFERED),
    "resources/read": Method(read, cacheable=True, shape=dialect.read_result, offered_by=_OFFERED),
    "resources/subscribe": Method(subscribe, HANDSHAKE_ONLY, offered_by=_subscribable),
    "resources/unsubscribe": Method(unsubscribe, HANDSHAKE_ONLY, offered_by=_subscribable),
}
