"""Completing the arguments of templates and prompts, with what the user may see."""

from __future__ import annotations

from ..records.reading import name_search
from ..text.nearest import nearest
from ..tools.call import Call
from ..tools.errors import ToolError

MOST_VALUES = 100


def model_names(call: Call, value: str) -> list[str]:
    """Models that the user may read, those that begin like ``value`` first, then those that are alike."""
    known = sorted(call.gate.readable_models)
    begin = [name for name in known if name.startswith(value)]
    inside = [name for name in known if value in name and name not in begin]
    return (begin + inside or nearest(value, known))[:MOST_VALUES]


def field_names(call: Call, model_name: str, value: str) -> list[str]:
    """Fields of a model that the user may read; of a list with commas, the last one is completed."""
    model = call.gate.model(model_name)
    before, comma, last = value.rpartition(",")
    names = sorted(call.gate.readable_fields(model))
    begin = [name for name in names if name.startswith(last.strip())]
    return [f"{before}{comma}{name}" for name in begin[:MOST_VALUES]]


def record_ids(call: Call, model_name: str, value: str) -> list[str]:
    """Ids of records whose name looks like ``value``, or that begin with it when it is a number."""
    if value.isascii() and value.isdigit():
        model = call.gate.model(model_name)
        found = model.search([("id", "=", min(int(value[:10]), 2**31 - 1))], limit=1)
        return [str(record.id) for record in found]
    try:
        matches = name_search(call, model_name, value, [], 20)["matches"]
    except ToolError:
        return []
    return [str(match["id"]) for match in matches]


def record_names(call: Call, model_name: str, value: str) -> list[str]:
    """Names of records that look like ``value``, for prompts that speak of "the customer"."""
    if not call.gate.may_read_model(model_name):
        return []
    return [match["name"] for match in name_search(call, model_name, value, [], 20)["matches"]]
