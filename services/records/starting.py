"""What new records may begin as, beyond what can be written: Odoo's menus say it in their context.

Whether an entry is an invoice, a bill or a credit note is a readonly field, which the menu sets that somebody pressed
*New* under (``{'default_move_type': 'in_invoice'}``). A new record may be given those values, and no others.
"""

from __future__ import annotations

import ast
from collections import defaultdict
from typing import Any

_DEFAULT = "default_"


def starting_values(model) -> dict[str, set[Any]]:
    """The values with which Odoo's own windows begin records of ``model``, by the name of the readonly field."""
    # sudo: ordinary users cannot read actions; what they begin with is no secret
    windows = model.env["ir.actions.act_window"].sudo().search([("res_model", "=", model._name)])
    values: dict[str, set[Any]] = defaultdict(set)
    for window in windows:
        for name, value in defaults_in(window.context).items():
            if is_fixed(model._fields.get(name)):
                values[name].add(value)
    return values


def is_fixed(field) -> bool:
    """Whether ``field`` can be set by Odoo's actions only."""
    return field is not None and field.readonly and field.store and not field.compute and not field.inverse


def defaults_in(context: str | None) -> dict[str, Any]:
    """The plain values that the context of an action gives new records, by field."""
    try:
        tree = ast.parse((context or "{}").strip(), mode="eval").body
    except SyntaxError:
        # an action that cannot be opened either
        return {}
    pairs = zip(tree.keys, tree.values, strict=True) if isinstance(tree, ast.Dict) else ()
    return {
        key.value.removeprefix(_DEFAULT): value.value
        for key, value in pairs
        if isinstance(key, ast.Constant)
        and isinstance(value, ast.Constant)
        and str(key.value).startswith(_DEFAULT)
        and value.value is not None
    }
