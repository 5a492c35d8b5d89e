"""Search domains from clients: checked leaf by leaf before Odoo sees them.

Odoo takes much of what a model may send by mistake for something else: a condition on a field that cannot be searched
counts as true (18.0), an unknown selection value finds nothing without a word, a list after ``=`` is an SQL error. Here
each of these is an error that says what would be right.
"""

from __future__ import annotations

from typing import Any

from ..tools.errors import ToolError, UnknownNameError
from .domain_values import check_value
from .paths import resolve

MOST_LEAVES = 200
DEEPEST_NESTING = 8

OPERATORS = (
    "=", "!=", "<", "<=", ">", ">=", "=?", "like", "not like", "ilike", "not ilike", "=like", "=ilike",
    "in", "not in", "child_of", "parent_of", "any", "not any",
)  # fmt: skip
# What models write when they mean an Odoo operator.
_SPELLINGS = {"==": "=", "<>": "!=", "is": "=", "is not": "!=", "contains": "ilike", "not contains": "not ilike"}
_EXAMPLE = "A domain is a list of conditions such as [['name', 'ilike', 'azure'], ['active', '=', true]]"


def checked_domain(gate, model, domain: Any) -> list:
    """``domain`` as Odoo takes it: operators in its spelling, dates in UTC, every field readable and searchable.

    :raises ToolError: naming the condition that is wrong and what would be right
    """
    return _DomainCheck(gate).domain(model, domain, depth=1)


class _DomainCheck:
    def __init__(self, gate):
        self.gate = gate
        self.leaves = 0

    def domain(self, model, domain: Any, depth: int) -> list:
        if not isinstance(domain, list | tuple):
            raise ToolError(f"{_EXAMPLE}, not {domain!r:.100}.")
        if depth > DEEPEST_NESTING:
            raise ToolError(f"The domain is nested more than {DEEPEST_NESTING} levels deep ('any' within 'any').")
        if len(domain) == 3 and isinstance(domain[0], str) and domain[0] not in ("&", "|", "!"):
            domain = [domain]  # a single condition without its outer list: what it means is clear
        checked, expected = [], 0
        for token in domain:
            if expected == 0:
                # conditions that merely follow each other are joined by "and"
                if checked:
                    checked.insert(0, "&")
                expected = 1
            if isinstance(token, str):
                operator = token.lower() if token.lower() in ("and", "or", "not") else token
                operator = {"and": "&", "or": "|", "not": "!"}.get(operator, operator)
                if operator not in ("&", "|", "!"):
                    raise ToolError(f"{token[:100]!r} is no condition. {_EXAMPLE}; '|' goes before the two it joins.")
                checked.append(operator)
                expected += operator != "!"
            else:
                checked.append(self.leaf(model, token, depth))
                expected -= 1
        if expected > 0 and checked:
            raise ToolError(
                "The domain ends too early: '|' and '&' stand before the two conditions that they join, '!' before one. "
                "Example: ['|', ['name', 'ilike', 'a'], ['email', 'ilike', 'a']]."
            )
        return checked

    def leaf(self, model, leaf: Any, depth: int) -> tuple:
        if not isinstance(leaf, list | tuple) or len(leaf) != 3:
            raise ToolError(f"{leaf!r:.150} is no condition: it takes [field, operator, value]. {_EXAMPLE}.")
        self.leaves += 1
        if self.leaves > MOST_LEAVES:
            raise ToolError(f"The domain has more than {MOST_LEAVES} conditions. Use 'in' with a list of values.")
        path, operator, value = leaf
        if (path, operator, value) in ((1, "=", 1), (0, "=", 1)) and isinstance(path, int):
            return (path, operator, value)
        field = resolve(self.gate, model, path)
        operator = _operator(operator)
        if not field._description_searchable:
            raise ToolError(
                f"{path!r} of {model._name} is computed and cannot be searched. "
                "Read it from the records you find, or filter by a stored field."
            )
        if operator in ("any", "not any"):
            if not field.relational:
                raise ToolError(f"{operator!r} needs a relation, but {path!r} is a {field.type} field.")
            return (path, operator, self.domain(self.gate.model(field.comodel_name), value, depth + 1))
        return (path, operator, check_value(model.env, field, path, operator, value))


def _operator(operator: Any) -> str:
    spelled = " ".join(operator.lower().split()) if isinstance(operator, str) else operator
    spelled = _SPELLINGS.get(spelled, spelled) if isinstance(spelled, str) else spelled
    if spelled not in OPERATORS:
        raise UnknownNameError("Operator", operator, OPERATORS, f"There are: {', '.join(OPERATORS)}.")
    return spelled
