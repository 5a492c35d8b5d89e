"""Search domains from clients: checked leaf by leaf before Odoo sees them.

Odoo takes much of what a model may send by mistake for something else: a condition on a field that cannot be searched
counts as true (18.0), an unknown selection value finds nothing without a word, a list after ``=`` is an SQL error. Here
each of these is an error that says what would be right.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import psycopg2

from odoo.exceptions import UserError

from ..tools.errors import ToolError
from .domain_operators import check_operator, spelled
from .domain_values import check_value
from .hidden_relations import only_visible
from .names import can_be_searched_by_name, name_condition, narrowed_name_fields
from .paths import resolve

MOST_LEAVES = 200
DEEPEST_NESTING = 8

MOST_TOKENS = 3 * MOST_LEAVES
_EXAMPLE = "A domain is a list of conditions such as [['name', 'ilike', 'azure'], ['active', '=', true]]"


@dataclass(slots=True)
class CheckedDomain:
    """A domain as Odoo takes it: operators in its spelling, dates in UTC, every field readable and searchable."""

    conditions: list
    computed: list[str]  # the conditions on fields whose search is a method of some addon

    @contextmanager
    def search(self) -> Iterator[list]:
        """The conditions, for a search within the block.

        Search methods of computed fields raise what they like for what they do not know; that is the client's error.
        """
        try:
            yield self.conditions
        except (ToolError, UserError):
            raise
        except Exception as error:
            unexpected = isinstance(error, psycopg2.Error) and not isinstance(error, psycopg2.ProgrammingError)
            if unexpected or not self.computed:
                raise
            raise ToolError(
                f"Odoo cannot search by {' or '.join(self.computed)}: the field is computed, and its search knows no "
                "such comparison. Try '=' with true or false, or filter by a stored field."
            ) from error


def checked_domain(gate, model, domain: Any) -> CheckedDomain:
    """Check what a client sent as a domain.

    :raises ToolError: naming the condition that is wrong and what would be right
    """
    check = _DomainCheck(gate)
    return CheckedDomain(check.domain(model, domain, depth=1), check.computed)


class _DomainCheck:
    def __init__(self, gate):
        self.gate = gate
        self.leaves = 0
        self.computed: list[str] = []

    def domain(self, model, domain: Any, depth: int) -> list:
        _check_size(domain, depth)
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
                checked += self.leaf(model, token, depth)
                expected -= 1
        if expected > 0 and checked:
            raise ToolError(
                "The domain ends too early: '|' and '&' stand before the two conditions that they join, "
                "'!' before one. Example: ['|', ['name', 'ilike', 'a'], ['email', 'ilike', 'a']]."
            )
        return checked

    def leaf(self, model, leaf: Any, depth: int) -> list:
        """The condition ``leaf`` as one that Odoo takes, in Polish notation where it had to be put differently."""
        if not isinstance(leaf, list | tuple) or len(leaf) != 3:
            raise ToolError(f"{leaf!r:.150} is no condition: it takes [field, operator, value]. {_EXAMPLE}.")
        self.leaves += 1
        if self.leaves > MOST_LEAVES:
            raise ToolError(f"The domain has more than {MOST_LEAVES} conditions. Use 'in' with a list of values.")
        path, operator, value = leaf
        if (path, operator, value) in ((1, "=", 1), (0, "=", 1)) and isinstance(path, int):
            return [(path, operator, value)]
        hops = resolve(self.gate, model, path)
        far_model, field = hops[-1]
        operator = spelled(operator)
        self._check_searchable(model, path, hops)
        check_operator(far_model, field, path, operator)
        if not field.store and not field.inherited:
            self.computed.append(f"[{path!r}, {operator!r}, …]")
        if field.type in ("one2many", "many2many"):
            self.gate.model(field.comodel_name)
        if operator in ("any", "not any"):
            value = self.domain(self.gate.model(field.comodel_name), value, depth + 1)
        else:
            value = check_value(model.env, field, path, operator, value)
        if not self.gate.policy.narrows:
            return [(path, operator, value)]
        return self._within_policy(model, far_model, field, (path, operator, value))

    def _check_searchable(self, model, path: str, hops: list[tuple]) -> None:
        if not all(_can_be_searched(*hop) for hop in hops):
            raise ToolError(
                f"{path!r} of {model._name} is computed and cannot be searched. "
                "Read it from the records you find, or filter by a stored field."
            )
        for hop in hops:
            self._check_comparable(*hop)
        far_model, field = hops[-1]
        if field.name == "display_name" and not can_be_searched_by_name(far_model):
            raise ToolError(f"Records of {far_model._name} have no name of their own to search by.")

    def _check_comparable(self, model, field) -> None:
        if not self.gate.may_compare(model, field):
            raise ToolError(
                f"{field.name!r} of {model._name} shows records that this connection may not see, so it cannot be "
                "searched or sorted by. Use a field of the record itself."
            )

    def _within_policy(self, model, far_model, field, condition: tuple[str, str, Any]) -> list:
        """The condition, comparing names with visible fields of visible records only."""
        path, operator, value = condition
        before, dot, last = path.rpartition(".")
        if operator in ("child_of", "parent_of"):
            tree = far_model if field.name == "id" else model.env[field.comodel_name]
            self._check_comparable(tree, self.gate.field(tree, tree._parent_name))
        if field.name == "display_name":
            names = narrowed_name_fields(self.gate, far_model)
            if names is not None:
                named = name_condition(names, _name_operator(operator, value), value)
                if not before:
                    return named
                path, operator, value = before, "any", named
        elif field.relational and isinstance(value, str):
            far = model.env[field.comodel_name]
            names = narrowed_name_fields(self.gate, far)
            if names is not None or self.gate.limits_records(far._name):
                if names is None:
                    named = [("display_name", operator.removeprefix("not "), value)]
                else:
                    named = name_condition(names, operator.removeprefix("not "), value)
                path, value = f"{before}{dot}{last}", named
                operator = "not any" if operator.startswith("not ") else "any"
        return only_visible(self.gate, model, path, operator, value)


def _name_operator(operator: str, value: Any) -> str:
    if not isinstance(value, str):
        raise ToolError("A name is compared with text here, for example ['display_name', 'ilike', 'azure'].")
    return {"=": "=", "!=": "not ="}.get(operator, operator)


def _check_size(domain: Any, depth: int) -> None:
    if not isinstance(domain, list | tuple):
        raise ToolError(f"{_EXAMPLE}, not {domain!r:.100}.")
    if depth > DEEPEST_NESTING:
        raise ToolError(f"The domain is nested more than {DEEPEST_NESTING} levels deep ('any' within 'any').")
    if len(domain) > MOST_TOKENS:
        raise ToolError(f"The domain has more than {MOST_LEAVES} conditions. Use 'in' with a list of values.")


def _can_be_searched(model, field) -> bool:
    """Whether Odoo has a way to search ``field``; of a related one, each hop must have one (18.0 asks the last)."""
    if not field._description_searchable:
        return False
    if field.store or not field.related:
        return True
    for name in field.related.split("."):
        hop = model._fields[name]
        if not _can_be_searched(model, hop):
            return False
        model = model.env[hop.comodel_name] if hop.relational else model
    return True
