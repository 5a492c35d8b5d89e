"""Records that are probably the same: what people look for before they merge and clean up."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from itertools import combinations
from typing import Any, NamedTuple

from odoo.tools import SQL

from ..tools.call import Call
from ..tools.errors import ToolError
from .domains import checked_domain
from .likeness import code_key, email_key, name_key, names_alike, phone_key
from .names import names_of

MOST_ROWS = 200_000
MOST_IN_GROUP = 10
# What more records than this have in common says nothing of them: the number of a switchboard, "info@…".
MOST_SHARING = 30
MOST_NOTES = 5
_BY_KIND: tuple[tuple[Callable[[str], str], tuple[str, ...]], ...] = (
    (email_key, ("email", "email_from", "work_email", "partner_email")),
    (phone_key, ("phone", "mobile", "work_phone", "mobile_phone")),
    (code_key, ("vat", "company_registry", "ref", "barcode", "default_code", "acc_number", "serial_no")),
    (name_key, ("name", "partner_name")),
)


class _Row(NamedTuple):
    id: int
    parent: int | None
    name: str
    values: dict[str, str]


def find_duplicates(call: Call, model_name: str, by: Sequence[str] | None, domain: Any, limit: int) -> dict:
    """Groups of records of ``model_name`` that have something in common; see ``Duplicates`` for the shape."""
    call.facts.res_model = model_name
    model = call.gate.model(model_name)
    keys = _keys(call.gate, model, by)
    with checked_domain(call.gate, model, domain).search() as conditions:
        rows = _rows(call.gate, model, conditions, list(keys))
    groups, notes = _groups(rows, keys)
    shown = groups[:limit]
    names = names_of(call.gate, model, [row.id for _same, members in shown for row in members[:MOST_IN_GROUP]])
    answer: dict[str, Any] = {
        "model": model_name,
        "groups": [_told(same, members, names, model._rec_name) for same, members in shown],
        "shown": f"{len(shown)} of {len(groups)} groups, of {len(rows)} records compared by {', '.join(keys)}",
    }
    call.facts.res_ids = list(names)
    call.facts.rows = len(names)
    if groups:
        notes.append(_advice(call, model))
    if notes:
        answer["notes"] = notes
    return answer


def _keys(gate, model, by: Sequence[str] | None) -> dict[str, Callable[[str], str]]:
    """What is compared: fields, each with what makes two values of it the same."""
    if by:
        for name in by:
            field = gate.field(model, name)
            if field.type != "char" or not field.store or not gate.may_compare(model, field):
                raise ToolError(f"{name} of {model._name} cannot be compared: only stored fields of one line of text.")
        return {name: _kind(name, model) for name in dict.fromkeys(by)}
    known = (name for _key, names in _BY_KIND for name in names)
    fields = [model._fields[name] for name in known if name in model._fields]
    usable = [f.name for f in fields if f.type == "char" and f.store and gate.may_compare(model, f)]
    if not usable:
        raise ToolError(f"Records of {model._name} have nothing to recognize them by. Say by which fields to compare.")
    return {name: _kind(name, model) for name in usable}


def _kind(name: str, model) -> Callable[[str], str]:
    for key, names in _BY_KIND:
        if name in names:
            return key
    return name_key if name == model._rec_name else code_key


def _rows(gate, model, conditions: list, names: list[str]) -> list[_Row]:
    """The values of all records that match, without what a recordset of as many would cost."""
    parent = model._fields.get(model._parent_name)
    has_parent = parent is not None and parent.store and gate.may_read_field(model, parent)
    rec_name = model._fields.get(model._rec_name or "")
    named = rec_name is not None and rec_name.type == "char" and rec_name.store and gate.may_read_field(model, rec_name)
    columns = [*names, *([rec_name.name] if named else []), *([parent.name] if has_parent else [])]
    model.flush_model([name for name in columns if not model._fields[name].inherited])
    query = model._search(conditions, order="id", limit=MOST_ROWS + 1)
    selected = [model._field_to_sql(model._table, name, query) for name in columns]
    found = model.env.execute_query(query.select(SQL.identifier(model._table, "id"), *selected))
    if len(found) > MOST_ROWS:
        raise ToolError(f"More than {MOST_ROWS:,} records of {model._name}. Narrow them with a domain.")
    rows = []
    for record_id, *values in found:
        told = dict(zip(columns, values, strict=True))
        own = {name: text for name in names if isinstance(text := told[name], str) and text.strip()}
        name = (told[rec_name.name] or "") if named else ""
        rows.append(_Row(record_id, told[parent.name] if has_parent else None, name, own))
    return rows


def _groups(rows: list[_Row], keys: dict[str, Callable[[str], str]]) -> tuple[list, list[str]]:
    """What they have in common, and the records that do: those with most in common first."""
    sharing: dict[tuple[Callable, str], dict[int, str]] = defaultdict(dict)  # numbers of rows, and the field
    for number, row in enumerate(rows):
        for name, text in row.values.items():
            if key := keys[name](text):
                sharing[keys[name], key].setdefault(number, name)
    together, notes = _Together(len(rows)), []
    for (kind, _key), members in sharing.items():
        if len(members) > MOST_SHARING:
            number, name = next(iter(members.items()))
            notes.append(f"{len(members)} records share {name} {rows[number].values[name]:.60}: not counted.")
            continue
        for one, other in combinations(members, 2):
            if _may_be_same(rows[one], rows[other], kind):
                together.join(one, other, members[one])
    told = [([n for n in keys if n in same], [rows[i] for i in numbers]) for same, numbers in together.groups()]
    told.sort(key=lambda group: (-len(group[0]), keys[group[0][0]] is name_key, group[1][0].id))
    return told, notes[:MOST_NOTES]


class _Together:
    """Which of so many things belong together, directly or through others, and what for."""

    def __init__(self, count: int):
        self._leader = list(range(count))
        self._reasons: dict[int, set[str]] = defaultdict(set)

    def join(self, one: int, other: int, reason: str) -> None:
        self._reasons[one].add(reason)
        self._reasons[other].add(reason)
        first, second = sorted((self._led_by(one), self._led_by(other)))
        self._leader[second] = first

    def groups(self) -> list[tuple[set[str], list[int]]]:
        """The reasons and the members of each group of more than one."""
        members: dict[int, list[int]] = defaultdict(list)
        for number in sorted(self._reasons):
            members[self._led_by(number)].append(number)
        return [(set().union(*(self._reasons[n] for n in numbers)), numbers) for numbers in members.values()]

    def _led_by(self, number: int) -> int:
        while self._leader[number] != number:
            self._leader[number] = number = self._leader[self._leader[number]]
        return number


def _may_be_same(one: _Row, other: _Row, kind: Callable[[str], str]) -> bool:
    """Not a company and its own people, nor colleagues: they share its VAT number and its telephone."""
    if one.id == other.parent or other.id == one.parent:
        return False
    shared_by_people = kind is phone_key or kind is code_key and (one.parent or other.parent)
    return not shared_by_people or names_alike(one.name, other.name)


def _told(same: list[str], members: list[_Row], names: dict[int, str], rec_name: str | None) -> dict[str, Any]:
    records: list[dict[str, Any]] = []
    for row in members[:MOST_IN_GROUP]:
        values = {name: text for name, text in row.values.items() if name != rec_name}
        records.append({"id": row.id, "name": names.get(row.id, ""), **values})
    group: dict[str, Any] = {"same": same, "records": records}
    if len(members) > MOST_IN_GROUP:
        group["more_ids"] = [row.id for row in members[MOST_IN_GROUP:]][:100]
    return group


def _advice(call: Call, model) -> str:
    if not call.gate.may(model._name, "write"):
        return "Candidates, not certainties. You may not change these records."
    bound = model.env["ir.actions.actions"].get_bindings(model._name).get("action", ())
    # sudo: which window a visible menu entry opens
    actions = model.env["ir.actions.act_window"].sudo().browse([row["id"] for row in bound]).exists()
    merging = [action.name for action in actions if "merge" in (action.res_model or "")]
    if merging:
        return (
            f"Candidates, not certainties: show them to the user first. run_action({model._name!r}, [ids], "
            f"{merging[0]!r}) merges those that are the same."
        )
    return "Candidates, not certainties. Odoo does not merge these: archive (active: false) what is too much."
