"""``completion/complete``: values for an argument of a prompt or of a resource template."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..errors import INVALID_PARAMS, ProtocolError
from . import params
from .method import Call, Method, announced

# server/utilities/completion, Completion Results
_MOST_VALUES = 100
_NAMED_BY = {"ref/prompt": "name", "ref/resource": "uri"}


def complete(call: Call) -> dict[str, Any]:
    """CompleteResult."""
    argument = params.mapping(call.params, "argument")
    name = params.text(argument, "name", "argument.name must name the argument to complete")
    value = argument.get("value")
    if not isinstance(value, str):
        raise ProtocolError(INVALID_PARAMS, "argument.value must be the text typed so far")
    others = params.texts(params.mapping(call.params, "context"), "arguments")
    found = call.application.complete(call.context, _reference(call), name, value, others)
    completion: dict[str, Any] = {
        "values": found.values[:_MOST_VALUES],
        "hasMore": found.has_more or len(found.values) > _MOST_VALUES,
    }
    if found.total is not None:
        completion["total"] = found.total
    return {"completion": completion}


def _reference(call: Call) -> dict[str, str]:
    ref = params.mapping(call.params, "ref")
    kind = ref.get("type")
    member = _NAMED_BY.get(kind) if isinstance(kind, str) else None
    if member is None:
        raise ProtocolError(INVALID_PARAMS, f"ref.type must be {' or '.join(_NAMED_BY)}")
    return {"type": kind, member: params.text(ref, member, f"A {kind} needs its {member}")}


METHODS: Mapping[str, Method] = {
    "completion/complete": Method(complete, offered_by=announced("completions")),
}
