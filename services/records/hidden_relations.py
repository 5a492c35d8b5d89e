"""Conditions on relations to records that the policy of a connection hides.

Odoo answers some of them without asking for the far records' rules: whether there is any line at all, who is below
whom, what a relation with ``auto_join`` leads to. Here they are put so that only visible records count.
"""

from __future__ import annotations

from typing import Any

from ...compat import AND, joins_without_rules
from ..tools.errors import ToolError

_NEGATED = {"!=": "=", "not in": "in", "not any": "any"}
_HIERARCHY = ("child_of", "parent_of")


def only_visible(gate, model, path: str, operator: str, value: Any) -> list:
    """The condition ``(path, operator, value)`` of a checked domain as conditions that see no hidden record."""
    first, _dot, rest = path.partition(".")
    field = model._fields[first]
    if rest:
        far = gate.env[field.comodel_name]
        inner = only_visible(gate, far, rest, operator, value)
        if inner == [(rest, operator, value)] and not _is_hiding(gate, field):
            return [(path, operator, value)]
        return [(first, "any", _within(gate, field, inner))]
    if operator in ("any", "not any"):
        return [(path, operator, _within(gate, field, value))]
    if operator in _HIERARCHY:
        return _hierarchy(gate, model, field, operator, value)
    if field.type in ("one2many", "many2many") and _is_hiding(gate, field):
        return _lines(field, operator, value)
    return [(path, operator, value)]


def _is_hiding(gate, field) -> bool:
    return bool(field.relational and gate.limits_records(field.comodel_name))


def _within(gate, field, domain: list) -> list:
    """``domain`` on the records behind ``field``, with the policy's where Odoo would not apply it there."""
    if _is_hiding(gate, field) and joins_without_rules(field):
        return AND(gate.rules.domain(field.comodel_name), domain)
    return domain


def _lines(field, operator: str, value: Any) -> list:
    positive = _NEGATED.get(operator, operator)
    if value is False:
        # "= false" asks that there be none
        return [(field.name, "not any" if operator in ("=", "in") else "any", [])]
    ids = value if isinstance(value, list) else [value]
    if positive not in ("=", "in"):
        raise ToolError(f"{field.name!r} cannot be compared by {operator!r} here. Use 'in' with ids, or 'any'.")
    return [(field.name, "any" if positive == operator else "not any", [("id", "in", ids)])]


def _hierarchy(gate, model, field, operator: str, value: list) -> list:
    far = model if field.name == "id" else gate.env[field.comodel_name]
    if not gate.limits_records(far._name):
        return [(field.name, operator, value)]
    roots = far.with_context(active_test=False).search([("id", "in", value)], order="id").ids
    if not roots:
        return [(0, "=", 1)]
    if field.name == "id":
        return [("id", operator, roots)]
    return [(field.name, "any", [("id", operator, roots)])]
