"""Which operators a field takes. What Odoo would take for something else, or crash on, is refused here."""

from __future__ import annotations

from ..tools.errors import ToolError, UnknownNameError
from .names import can_be_searched_by_name

_EQUAL = ("=", "!=", "=?", "in", "not in")
_ORDER = ("<", "<=", ">", ">=")
_LIKE = ("like", "not like", "ilike", "not ilike", "=like", "=ilike")
_HIERARCHY = ("child_of", "parent_of")
_SUBDOMAIN = ("any", "not any")

OPERATORS = (*_EQUAL, *_ORDER, *_LIKE, *_HIERARCHY, *_SUBDOMAIN)
# What models write when they mean an Odoo operator.
_SPELLINGS = {"==": "=", "<>": "!=", "is": "=", "is not": "!=", "contains": "ilike", "not contains": "not ilike"}

_TEXT = _EQUAL + _LIKE + _ORDER
_NUMBER = _EQUAL + _ORDER
_RELATION = _EQUAL + _LIKE + _HIERARCHY + _SUBDOMAIN
_FILE = ("=", "!=")
_BY_TYPE = {
    "char": _TEXT,
    "text": _TEXT,
    "html": _TEXT,
    "integer": _NUMBER,
    "float": _NUMBER,
    "monetary": _NUMBER,
    "date": _NUMBER,
    "datetime": _NUMBER,
    "boolean": ("=", "!="),
    "selection": _EQUAL,
    "many2one": _RELATION,
    "one2many": _RELATION,
    "many2many": _RELATION,
    "many2one_reference": _EQUAL,
    "reference": ("=", "!=", "in", "not in", "like", "ilike"),
    "binary": _FILE,
    "image": _FILE,
}


def spelled(operator: object) -> str:
    """``operator`` as Odoo spells it.

    :raises UnknownNameError: there is none like it
    """
    text = " ".join(operator.lower().split()) if isinstance(operator, str) else None
    text = _SPELLINGS.get(text, text)
    if text not in OPERATORS:
        raise UnknownNameError("Operator", operator, OPERATORS, f"There are: {', '.join(OPERATORS)}.")
    return text


def check_operator(model, field, path: str, operator: str) -> None:
    """Refuse an operator that ``field`` does not take.

    :param model: the model that ``field`` belongs to
    :raises ToolError: naming those that it does
    """
    takes = _BY_TYPE.get(field.type, ())
    if field.name == "id":
        takes = (*_NUMBER, *_HIERARCHY)
    if not takes:
        raise ToolError(
            f"{path!r} is a {field.type} field, which cannot be searched. Read it from the records you find."
        )
    if operator not in takes:
        kind = "a file" if takes is _FILE else f"a {field.type} field"
        raise ToolError(f"{path!r} is {kind} and does not take {operator!r}; it takes: {', '.join(takes)}.")
    if operator in _LIKE and field.relational and not can_be_searched_by_name(model.env[field.comodel_name]):
        raise ToolError(
            f"Records of {field.comodel_name} have no name, so {path!r} cannot be compared with text. Use ids."
        )
    if operator in _HIERARCHY:
        far = model if field.name == "id" else model.env[field.comodel_name]
        parent = far._fields.get(far._parent_name)
        if parent is None or parent.comodel_name != far._name:  # users have their partner's parent
            raise ToolError(f"{far._name} has no hierarchy, so {operator!r} says nothing of {path!r}. Use 'in'.")
