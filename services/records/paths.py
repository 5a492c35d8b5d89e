"""Dotted field paths such as ``partner_id.country_id.code``, checked hop by hop at the gate."""

from __future__ import annotations

from ..tools.errors import ToolError

MOST_HOPS = 4


def resolve(gate, model, path: object):
    """The models and fields that ``path`` goes through, the last being where it ends; each must be readable.

    :raises ToolError: with the hop that does not exist, and the nearest names
    """
    if not isinstance(path, str) or not path:
        raise ToolError(f"A field name is text such as 'name' or 'partner_id.name', not {path!r:.100}.")
    names = path.split(".")
    if len(names) > MOST_HOPS:
        raise ToolError(f"{path[:100]!r} goes through more than {MOST_HOPS - 1} relations. Search the far model first.")
    hops = []
    for position, name in enumerate(names):
        field = gate.field(model, name)
        hops.append((model, field))
        if position == len(names) - 1:
            return hops
        if not field.relational:
            raise ToolError(
                f"{name!r} of {model._name} is a {field.type} field: there is nothing behind the dot in {path!r}."
            )
        model = gate.model(field.comodel_name)
    raise AssertionError("unreachable: a path has at least one name")
