"""``subscriptions/listen`` (2026-07-28 basic/patterns/subscriptions): a stream of changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..errors import INVALID_PARAMS, ProtocolError
from ..streaming import Stream
from . import params
from .method import MODERN_ONLY, Call, Method

_LISTS = {
    "toolsListChanged": "tools",
    "promptsListChanged": "prompts",
    "resourcesListChanged": "resources",
}
_RESOURCES = "resourceSubscriptions"


@dataclass(frozen=True, slots=True)
class Subscription:
    """A stream of changes, and the SubscriptionFilter it was made for."""

    wanted: dict[str, Any]
    events: Stream


def listen(call: Call) -> Subscription:
    """The changes a client asked for, as far as they are announced."""
    wanted = _wanted(call)
    return Subscription(wanted, call.application.listen(call.context, wanted))


def _wanted(call: Call) -> dict[str, Any]:
    """The client's SubscriptionFilter without what is not announced to it.

    :raises ProtocolError: -32602, a member has the wrong type
    """
    notifications = call.params.get("notifications")
    if not isinstance(notifications, dict):
        raise ProtocolError(INVALID_PARAMS, "notifications must say what to listen for")
    capabilities = call.application.capabilities(call.context)
    wanted: dict[str, Any] = {}
    for name, family in _LISTS.items():
        value = notifications.get(name)
        if not isinstance(value, (bool, type(None))):
            raise ProtocolError(INVALID_PARAMS, f"notifications.{name} must be true or false")
        if value and _has(capabilities, family, "listChanged"):
            wanted[name] = True
    uris = notifications.get(_RESOURCES)
    if not isinstance(uris, (list, type(None))):
        raise ProtocolError(INVALID_PARAMS, f"notifications.{_RESOURCES} must be a list of URIs")
    checked = [params.uri({"uri": uri}) for uri in uris or []]
    if checked and _has(capabilities, "resources", "subscribe"):
        wanted[_RESOURCES] = list(dict.fromkeys(checked))
    return wanted


def _has(capabilities: Mapping[str, Any], family: str, member: str) -> bool:
    return bool((capabilities.get(family) or {}).get(member))


def _offered(capabilities: Mapping[str, Any]) -> bool:
    return _has(capabilities, "resources", "subscribe") or any(
        _has(capabilities, family, "listChanged") for family in _LISTS.values()
    )


METHODS: Mapping[str, Method] = {
    "subscriptions/listen": Method(listen, MODERN_ONLY, offered_by=_offered),
}
