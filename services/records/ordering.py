"""The order of a search: ``name``, ``amount_total desc, id``."""

from __future__ import annotations

from ..tools.errors import ToolError, UnknownNameError

MOST_KEYS = 5
_DIRECTIONS = ("asc", "desc", "asc nulls first", "asc nulls last", "desc nulls first", "desc nulls last", "")


def checked_order(gate, model, order: str | None) -> str | None:
    """``order`` as Odoo takes it, or None for the model's own.

    :raises ToolError: naming the key that is wrong and what would be right
    """
    if not order or not order.strip():
        return None
    keys = [part.strip() for part in order.split(",")]
    if len(keys) > MOST_KEYS:
        raise ToolError(f"At most {MOST_KEYS} fields can be sorted by, not {len(keys)}.")
    return ", ".join(_key(gate, model, key) for key in keys)


def _key(gate, model, key: str) -> str:
    name, _space, direction = key.partition(" ")
    direction = " ".join(direction.lower().split())
    if direction not in _DIRECTIONS:
        raise UnknownNameError("Sort direction", direction, ("asc", "desc"), "Example: 'date_order desc, id'.")
    if not name:
        raise ToolError("There is a comma too many in the order. Example: 'date_order desc, id'.")
    if "." in name or ":" in name:
        raise ToolError(f"{name[:100]!r}: only fields of the record itself can be sorted by.")
    field = gate.field(model, name)
    stored = field
    while stored.inherited:
        stored = stored.related_field
    if not (stored.store and stored.column_type):
        raise ToolError(f"{name!r} of {model._name} is computed and cannot be sorted by. Sort by a stored field.")
    if field.type == "many2one":
        # sorting by a relation sorts by the far record's own order: no hint of what the user may not read
        gate.model(field.comodel_name)
    return f"{name} {direction}".strip()
