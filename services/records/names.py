"""Names of records: finding records by them, and telling what a record is called."""

from __future__ import annotations

import re
from collections.abc import Iterable

from odoo.models import BaseModel

from ...compat import AND, OR, has_read_rules
from ..governance import call_rules
from ..text.nearest import nearest
from .ordering import checked_order

_WORD = re.compile(r"\w{3,}")
_MOST_WORDS = 4
_MOST_ALIKE = 100
_MOST_LOOKED_THROUGH = 300
_CODE = re.compile(r"^\[[^\]]*\]\s*")  # "[FOOD] Meals"


def can_be_searched_by_name(model) -> bool:
    """Whether a name finds records of ``model``: Odoo answers with any record where there is no name to compare."""
    own_search = type(model)._search_display_name is not BaseModel._search_display_name
    return bool(model._rec_names_search or model._rec_name or own_search)


def narrowed_name_fields(gate, model) -> list[str] | None:
    """The fields that a name may be compared with, None when there is no limit and Odoo's own search will do.

    Odoo looks a name up in several fields (a contact's also in e-mail and VAT number): those that the connection may
    not see, or that show hidden records, must not answer either.
    """
    own = model._rec_names_search or ([model._rec_name] if model._rec_name else [])
    shown = model._fields["display_name"]
    if not gate.policy.limits_fields(model._name) and not gate.sources.of(model, shown):
        return None
    names = dict.fromkeys([*own, "name"])
    fields = [model._fields[name] for name in names if name in model._fields]
    return [field.name for field in fields if field.store and field.type == "char" and gate.may_compare(model, field)]


def name_condition(names: list[str], operator: str, value: str) -> list:
    """The condition that a name compares with ``value``, in the fields of :func:`narrowed_name_fields`."""
    negative = operator.startswith("not ")
    condition = OR(*([(name, operator.removeprefix("not "), value)] for name in names)) if names else [(0, "=", 1)]
    return ["!", *condition] if negative else condition


def named_like(gate, model, text: str, operator: str, conditions: list, limit: int) -> list[tuple[int, str]]:
    """Ids and names of records whose name compares with ``text``, as ``name_search`` finds them for this caller.

    :param conditions: of a checked domain
    """
    own_fields = narrowed_name_fields(gate, model)
    if own_fields is None and not gate.policy.narrows:
        return model.name_search(text, conditions, operator, limit)
    by_name = [("display_name", operator, text)] if own_fields is None else name_condition(own_fields, operator, text)
    ids = model.search(AND(conditions, by_name), limit=limit, order=checked_order(gate, model, None)).ids
    names = names_of(gate, model, ids)
    return [(record_id, names.get(record_id, "")) for record_id in ids]


def alike(gate, model, text: str) -> list[tuple[int, str]]:
    """Ids and names of up to three records that somebody probably meant who wrote ``text``, the best first.

    Looked for among those that share a word with it, or at least how a word begins.
    """
    words = sorted(dict.fromkeys(_WORD.findall(text.lower())), key=len, reverse=True)[:_MOST_WORDS]
    for shortened in (words, [word[: max(3, len(word) // 2)] for word in words]):
        near = dict(pair for word in shortened for pair in named_like(gate, model, word, "ilike", [], _MOST_ALIKE))
        if best := _best(text, near):
            return best
    few = named_like(gate, model, "", "ilike", [], _MOST_LOOKED_THROUGH + 1)
    return _best(text, dict(few)) if len(few) <= _MOST_LOOKED_THROUGH else []


def _best(text: str, named: dict[int, str]) -> list[tuple[int, str]]:
    plain = {record_id: _CODE.sub("", name) for record_id, name in named.items()}
    best = nearest(text, plain.values())
    return [(i, named[i]) for one in best for i, name in plain.items() if name == one][:3]


def names_of(gate, model, ids: Iterable[int]) -> dict[int, str]:
    """What the records ``ids`` of ``model`` are called, by id; without those that the caller may not read."""
    ids = list(ids)
    shown = model._fields["display_name"]
    if not ids or not gate.may_read_model(model._name) or not gate.may_read_field(model, shown):
        return {}
    model = model.with_context(active_test=False)
    name_field = _plain_name_field(model) or "display_name"
    if has_read_rules(model):
        records = model.search_fetch([("id", "in", ids)], [name_field], order="id")
    else:
        records = model.browse(ids)
        records.fetch([name_field])
    # sudo: display names may be computed from fields that the user cannot read, as everywhere in Odoo
    names = dict(zip(records.ids, records.sudo().mapped(name_field), strict=True))
    if gate.sources.of(model, shown):
        own = model._fields.get("name")
        plain = own is not None and own.type == "char" and gate.may_compare(model, own)
        for record_id in gate.sources.withheld(records, shown):
            # a name that begins with that of a hidden record: only what is the record's own is told
            names[record_id] = (plain and model.browse(record_id).sudo().name) or f"{model._name},{record_id}"
    return {record_id: name or "" for record_id, name in names.items()}


def _plain_name_field(model) -> str | None:
    """The field that Odoo shows as the name of records of ``model`` as it is, so that nothing need be computed."""
    field = model._fields.get(model._rec_name or "")
    is_default = type(model)._compute_display_name is BaseModel._compute_display_name
    if is_default and field is not None and field.type == "char" and field.store and not field.groups:
        return field.name
    return None


def name_of(record) -> str:
    """What one record is called, as the call that is open on its cursor may know; empty when it may not.

    For code that tells of a record that it was handed: ``record.display_name`` says more than a policy may allow.
    """
    gate = call_rules.open_gate(record.env.cr)
    if gate is None or not gate.policy.narrows:
        return record.sudo().display_name or ""  # sudo: as everywhere in Odoo
    return names_of(gate, record.env[record._name], record.ids).get(record.id, "")
