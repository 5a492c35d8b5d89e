"""What changed, as a person or a model reads it: only what the reader may see, names instead of ids, short."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from ...compat import field_is_accessible
from ..records.names import name_of
from ..records.values import plain_text, time_zone
from . import rows
from .secrets import is_secret_field
from .touched import Touched

LONGEST_VALUE = 200
MOST_FIELDS = 40
LONGEST_TOLD = 10_000
_MOST_LINKS = 20
_TECHNICAL = frozenset({"parent_path", "access_token", "message_main_attachment_id"})


class Teller:
    """Tells changes to the user of ``gate``."""

    def __init__(self, gate):
        self.gate = gate
        self.env = gate.env
        self._zone = time_zone(self.env)
        self._names: dict[str, dict[int, str]] = {}

    def may_see(self, model_name: str) -> bool:
        return model_name in self.env.registry and self.gate.may_read_model(model_name)

    def fields(self, change: Touched) -> dict[str, Any]:
        """The fields that changed: the new value of a new record, the old one of a deleted, else ``[old, new]``."""
        model = self.env[change.model]
        told = {}
        for name in sorted(change.before.keys() | change.after.keys()):
            field = model._fields.get(name)
            if field is None or name in _TECHNICAL or not self.gate.may_read_field(model, field):
                continue
            old, new = (self.value(field, values.get(name)) for values in (change.before, change.after))
            if change.kind == "update":
                if old != new:
                    told[name] = [old, new]
            elif (value := new if change.kind == "create" else old) not in (None, False, 0, []):
                told[name] = value
        return told if len(told) <= MOST_FIELDS else {**dict(list(told.items())[:MOST_FIELDS]), "…": len(told)}

    def value(self, field, value: Any) -> Any:
        """A value of a row, of the user's language, company and time zone."""
        if value in (None, "") or value is False and field.type != "boolean":
            return None
        if isinstance(value, dict):
            if value == rows.WITHHELD:
                return "(withheld)"
            if "bytes" in value:
                return f"(binary, {value['bytes']} bytes)"
            value = self._mine(field, value)
        if field.type == "datetime" and isinstance(value, str):
            moment = datetime.fromisoformat(value).replace(tzinfo=ZoneInfo("UTC"), microsecond=0)
            return moment.astimezone(self._zone).isoformat()
        if field.type == "many2one" and isinstance(value, int):
            return self._name(field.comodel_name, value)
        if field.type == "many2many" and isinstance(value, list):
            return [self._name(field.comodel_name, linked) for linked in value[:_MOST_LINKS]]
        if field.type == "html":
            value = plain_text(str(value))
        if isinstance(value, str) and len(value) > LONGEST_VALUE:
            return f"{value[:LONGEST_VALUE]}… ({len(value)} characters)"
        return value

    def _mine(self, field, value: dict) -> Any:
        if field.translate:
            return value.get(self.env.lang or "en_US", value.get("en_US"))
        if field.company_dependent:
            return value.get(str(self.env.company.id))
        return value

    def _name(self, model_name: str, record_id: int) -> dict[str, Any]:
        names = self._names.setdefault(model_name, {})
        if record_id not in names:
            names[record_id] = ""
            if self.may_see(model_name):
                record = self.env[model_name].with_context(active_test=False).search([("id", "=", record_id)])
                names[record_id] = name_of(record) if record else ""
        return {"id": record_id, "name": names[record_id]} if names[record_id] else {"id": record_id}


class PersonView:
    """What a person sees who looks at changes in Odoo: like a gate, without limits of a connection."""

    def __init__(self, env):
        self.env = env

    def may_read_model(self, name: str) -> bool:
        model = self.env[name]
        return not (model._abstract or model._transient) and model.has_access("read")

    def may_read_field(self, model, field) -> bool:
        return not is_secret_field(field.name) and field_is_accessible(model, field)


def visible(gate, changes: Sequence[Touched]) -> list[bool]:
    """For each of ``changes``, whether the reader may see its record; of one that is gone, whether the user could."""
    ids: dict[str, set[int]] = {}
    for change in changes:
        ids.setdefault(change.model, set()).add(change.id)
    readable: dict[str, set[int]] = {}
    gone: dict[str, set[int]] = {}
    for name, wanted in ids.items():
        if name in gate.env.registry and gate.may_read_model(name):
            model = gate.env[name].with_context(active_test=False)
            readable[name] = set(model.search([("id", "in", list(wanted))], order="id").ids)
            # sudo: nothing is told of the records but whether they are there
            gone[name] = wanted - set(model.sudo().browse(wanted).exists().ids)
    return [
        change.model in readable
        and (change.id in readable[change.model] or change.seen and change.id in gone[change.model])
        for change in changes
    ]


def told_changes(gate, changes: Sequence[Touched], most: int) -> tuple[list[dict], dict[str, int]]:
    """The first ``most`` changes in full, and how many records of each model are not among them.

    They are fewer where they are long: five hundred new contacts need not all be read.
    """
    teller = Teller(gate)
    shown, others, room = [], {}, LONGEST_TOLD
    for change, may_see in zip(changes, visible(gate, changes), strict=True):
        if len(shown) >= most or room <= 0 or not may_see:
            others[change.model] = others.get(change.model, 0) + 1
            continue
        fields = teller.fields(change)
        if change.kind == "update" and not fields:
            continue
        shown.append(
            {"kind": change.kind, "model": change.model, "id": change.id, "name": change.name, "fields": fields}
        )
        room -= len(str(fields))
    return shown, others
