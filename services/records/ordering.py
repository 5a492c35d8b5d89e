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
        # the model's own order must not tell of what the connection may not see either
        return "id" if gate.policy.narrows and _reveals(gate, model, model._order, set()) else None
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
    if not gate.may_compare(model, field):
        raise ToolError(f"{name!r} of {model._name} shows records that this connection may not see. Sort by another.")
    if field.type == "many2one":
        # sorting by a relation sorts by the far record's own order: no hint of what the user may not read
        far = gate.model(field.comodel_name)
        if gate.policy.narrows and _is_limited(gate, far):
            raise ToolError(
                f"{name!r} of {model._name} cannot be sorted by: this connection does not see every {far._name}, or "
                "not all of it. Sort by a field of the record itself."
            )
    return f"{name} {direction}".strip()


def _is_limited(gate, model) -> bool:
    return gate.limits_records(model._name) or _reveals(gate, model, model._order, set())


def _reveals(gate, model, order: str, seen: set) -> bool:
    """Whether sorting ``model`` by ``order`` depends on what the connection may not see."""
    for part in order.split(","):
        name = part.split()[0].partition(".")[0] if part.strip() else "id"
        field = model._fields.get(name.strip('"'))
        if field is None or field in seen:
            continue
        seen.add(field)
        if not gate.may_compare(model, field):
            return True
        if field.type == "many2one":
            far = gate.env[field.comodel_name]
            hidden = not gate.may_read_model(far._name) or gate.limits_records(far._name)
            if hidden or _reveals(gate, far, far._order, seen):
                return True
    return False
