"""Resources, templates and their completion: from the registry's definitions to MCP results."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from ..protocol.errors import INVALID_PARAMS, ProtocolError, ResourceNotFound
from ..protocol.messages import Completion, Page
from ..protocol.sealed import BrokenSealError, seal, unseal
from ..tools.call import Call
from ..tools.resource import ResourceDefinition
from .sealing import sealing_key

PAGE_SIZE = 100
# A cursor of a list stays good for a day.
CURSOR_AGE = 86_400
_PURPOSE = "resources/list"


def list_resources(registry, call: Call, cursor: str | None) -> Page:
    """A page of the concrete resources: those without variables, and those that templates list."""
    offset = _offset(registry.env, call, cursor)
    resources = [resource for definition in _definitions(registry) for resource in _listed(registry, call, definition)]
    following = offset + PAGE_SIZE
    next_cursor = None
    if following < len(resources):
        state = {"offset": following, "connection": call.caller.connection_id}
        next_cursor = seal(state, sealing_key(registry.env), time.time(), purpose=_PURPOSE)
    return Page(resources[offset:following], next_cursor)


def list_templates(registry) -> list[dict[str, Any]]:
    return [definition.descriptor() for definition in _definitions(registry) if definition.is_template]


def read(registry, call: Call, uri: str) -> dict[str, Any]:
    """The contents of ``uri``.

    :raises ResourceNotFound: no definition knows it, or there is nothing for this user
    """
    for definition in _definitions(registry):
        values = definition.match(uri)
        if values is None:
            continue
        if definition.call_parameter:
            values[definition.call_parameter] = call
        result = getattr(registry, definition.method_name)(**values)
        if result is None:
            break
        return {"contents": [definition.contents(uri, result)]}
    raise ResourceNotFound(uri)


def complete(registry, call: Call, uri: str, name: str, value: str, others: Mapping[str, str]) -> Completion:
    """Values for the variable ``name`` of the template ``uri``.

    :raises ProtocolError: -32602, there is no such template or variable
    """
    for definition in _definitions(registry):
        if definition.options.uri == uri:
            if name not in definition.variables:
                raise ProtocolError(
                    INVALID_PARAMS, f"{uri} has no variable {name!r:.100}: there are {', '.join(definition.variables)}"
                )
            return completion_of(registry, call, definition.options.complete.get(name), value, others)
    raise ProtocolError(INVALID_PARAMS, f"There is no resource template {uri!r:.200}")


def completion_of(registry, call: Call, method: str | None, value: str, others: Mapping[str, str]) -> Completion:
    """What the registry method ``method`` offers; nothing when an argument has no completion."""
    values = list(getattr(registry, method)(call, value, dict(others))) if method else []
    return Completion(values[:100], total=len(values), has_more=len(values) > 100)


def _definitions(registry) -> list[ResourceDefinition]:
    return list(registry._resource_definitions().values())


def _listed(registry, call: Call, definition: ResourceDefinition) -> list[dict[str, Any]]:
    if not definition.is_template:
        return [definition.descriptor()]
    if not definition.options.listed:
        return []
    shared = definition.descriptor()
    del shared["uriTemplate"]
    return [
        {**shared, "uri": definition.uri_of(row["variables"]), **{k: v for k, v in row.items() if k != "variables"}}
        for row in getattr(registry, definition.options.listed)(call)
    ]


def _offset(env, call: Call, cursor: str | None) -> int:
    if not cursor:
        return 0
    try:
        state = unseal(cursor, sealing_key(env), time.time(), CURSOR_AGE, purpose=_PURPOSE)
    except BrokenSealError as error:
        raise ProtocolError(INVALID_PARAMS, f"The cursor is not valid: {error}. Start again without one") from None
    if state["connection"] != call.caller.connection_id:
        raise ProtocolError(INVALID_PARAMS, "The cursor is another connection's. Start again without one")
    return state["offset"]
