"""What a new record would be, before it is made: defaults, what Odoo's form would fill in, what is still missing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...compat import OR
from ..governance import outside, recording
from ..governance.atomic import atomic
from ..tools.call import Call
from .names import name_of
from .values import ValueFormatter
from .writing import required_names
from .writing_values import ValueReader

MOST_DUPLICATES = 5
LONGEST_TEXT = 200
_LEFT_OUT_TYPES = frozenset({"one2many", "many2many", "binary", "image", "json", "properties_definition", "properties"})
_ALWAYS_TECHNICAL = frozenset(
    {"id", "create_uid", "create_date", "write_uid", "write_date", "display_name", "parent_path"}
)
# Fields by which people recognise that they have somebody or something already.
_IDENTIFYING = (
    "email", "email_from", "vat", "ref", "barcode", "default_code", "acc_number", "login", "phone", "mobile",
    "registration_number", "lot_name", "client_order_ref", "name",
)  # fmt: skip


def preview(call: Call, model_name: str, values: Mapping[str, Any]) -> dict:
    """What ``create_record`` with ``values`` would start from; see ``Preview`` for the shape."""
    call.facts.res_model = model_name
    model = call.gate.model(model_name, "create")
    reader = ValueReader(call.gate)
    vals = reader.read(model, values)
    reader.links.check()
    names = _names(call.gate, model)
    cr = model.env.cr
    with outside.refused(), atomic(model.env, keep=False):  # onchange methods may do anything
        recording.begin(cr, rehearsal=True)
        try:
            filled, warnings = _filled_in(model, vals, names)
            answer = _told(call, model, vals, filled)
        finally:
            recording.end(cr)
    if warnings:
        answer["warnings"] = warnings
    if duplicates := _duplicates(model, vals):
        answer["maybe_there_already"] = duplicates
    return answer


def _names(gate, model) -> list[str]:
    return [
        name
        for name, field in gate.readable_fields(model).items()
        if field.type not in _LEFT_OUT_TYPES
        and name not in _ALWAYS_TECHNICAL
        and (field.store or field.inherited)
        and not (field.relational and not gate.may_read_model(field.comodel_name))
    ]


def _filled_in(model, vals: dict, names: list[str]) -> tuple[dict[str, Any], list[str]]:
    """The values of a form that was opened for a new record, after ``vals`` were typed in; and its warnings."""
    spec: dict[str, dict] = {name: {} for name in names}
    spec |= {name: {"fields": {}} for name in vals if model._fields[name].type in ("one2many", "many2many")}
    opened = model.onchange({}, [], spec)
    state = {name: value for name, value in (opened.get("value") or {}).items() if name in spec}
    state |= vals
    typed = model.onchange(state, list(vals), spec) if vals else {}
    state |= {name: value for name, value in (typed.get("value") or {}).items() if name in spec}
    warnings = [result["warning"]["message"] for result in (opened, typed) if result.get("warning")]
    return {name: state.get(name) for name in names}, warnings


def _told(call: Call, model, vals: dict, filled: dict[str, Any]) -> dict:
    shown = [name for name, value in filled.items() if value not in (None, False, "", 0, 0.0, [])]
    draft = model.new({name: filled[name] for name in shown})
    formatter = ValueFormatter(call.gate, model, shown, LONGEST_TEXT)
    row: dict[str, Any] = {}
    for field in formatter.fields:
        if field.type == "many2one":
            target = draft[field.name]._origin
            if target:
                row[field.name] = {"id": target.id, "name": name_of(target)}
            continue
        value = draft[field.name]
        convert = getattr(formatter, f"_{field.type}", None)
        row[field.name] = convert(field, value) if convert and value not in (False, None, "") else value
    answer: dict[str, Any] = {"model": model._name, "values": {n: v for n, v in row.items() if n in vals}}
    answer["filled_in"] = {name: value for name, value in row.items() if name not in vals}
    missing = [n for n in required_names(model) if n not in row and vals.get(n) in (None, False, "")]
    if missing:
        labels = model.fields_get(missing, ["string", "type", "relation"])
        answer["required_missing"] = {
            name: f"{told.get('relation') or told['type']}: {told['string']}" for name, told in labels.items()
        }
    return answer


def _duplicates(model, vals: dict) -> list[dict]:
    """Records that have one of the identifying values already."""
    conditions = [
        [(name, "=ilike", vals[name].replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_"))]
        for name in _IDENTIFYING
        if isinstance(vals.get(name), str) and vals[name].strip() and model._fields[name].store
    ]
    if not conditions:
        return []
    found = model.with_context(active_test=False).search(OR(*conditions), limit=MOST_DUPLICATES)
    return [{"id": record.id, "name": name_of(record)} for record in found]
