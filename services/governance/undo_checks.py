"""Whether a change can be taken back without losing what others did since; each obstacle in one sentence."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from odoo.tools import SQL

from . import rows
from .recording import is_recorded
from .references import linking, referring
from .touched import Touched

MOST_TOLD = 5

# Entries in books and stock are never undone, they are reversed: by field and the values of it that are final.
_FINAL = {
    "account.move": ("state", ("posted",)),
    "account.payment": ("state", ("posted", "paid", "in_process")),
    "account.partial.reconcile": (None, ()),
    "account.full.reconcile": (None, ()),
    "stock.move": ("state", ("done",)),
    "stock.picking": ("state", ("done",)),
    "stock.valuation.layer": (None, ()),
    "payment.transaction": (None, ()),
    "pos.order": ("state", ("paid", "done", "invoiced")),
    "hr.payslip": ("state", ("done", "paid")),
}
# What hangs on a record by model and id, and goes with it.
_HANGING = (
    ("mail.message", "model", " AND message_type IN ('comment', 'email')"),
    ("mail.activity", "res_model", ""),
    ("ir.attachment", "res_model", " AND res_field IS NULL"),
)


def obstacles(env, changes: Sequence[Touched], staying: Sequence[Touched] = ()) -> list[str]:
    """Why ``changes``, all of one call, cannot be taken back; empty when they can.

    :param staying: those of them that nobody wants to take back
    """
    env = env(su=True)  # sudo: what stands in the way stands in the way, seen or not; only names are told
    own: dict[str, set[int]] = defaultdict(set)
    for change in changes:
        own[change.model].add(change.id)
    found: list[str] = []
    by_kind: dict[tuple[str, str], list[Touched]] = defaultdict(list)
    for change in changes:
        if change in staying or change.model == "mail.followers":
            continue
        if change.model not in env.registry:
            found.append(f"The app that has {change.model} is not installed any more.")
            continue
        by_kind[change.model, change.kind].append(change)
    for (model_name, kind), some in by_kind.items():
        model = env[model_name].with_context(active_test=False)
        found += _final(model, some)
        if kind == "update":
            found += _changed_since(model, some)
        elif kind == "create":
            found += _grown_since(model, some) + _used_since(model, [change.id for change in some], own)
    return list(dict.fromkeys(found))


def restorable(model, name: str) -> bool:
    """Whether a field is set back by writing it; others follow from those that are."""
    field = model._fields.get(name)
    if field is None or not field.store or name in rows.MAGIC or field.related:
        return False
    return not field.compute or not field.readonly or bool(field.inverse)


def _final(model, changes: Sequence[Touched]) -> list[str]:
    field, values = _FINAL.get(model._name, (None, None))
    if values is None:
        return []
    records = model.browse([change.id for change in changes if change.kind != "delete"]).exists()
    if field:
        records = records.filtered(lambda record: record[field] in values)
    if not records:
        return []
    return [
        f"{_name(records[0])} ({model._description}) is booked. Bookings are reversed, not undone: "
        "use the record's own actions, for example a credit note, a return, or resetting it to draft."
    ]


def _changed_since(model, changes: Sequence[Touched]) -> list[str]:
    found = []
    for names, some in _by_fields(model, changes).items():
        now = _current(model, [change.id for change in some], names)
        for change in some:
            if change.id not in now:
                found.append(f"{change.name or change.id} ({model._description}) was deleted since.")
                continue
            differing = [name for name in names if now[change.id][name] != change.after.get(name)]
            if differing:
                found.append(_changed(model, change, differing))
    return found


def _grown_since(model, changes: Sequence[Touched]) -> list[str]:
    """Fields of a new record that somebody has changed or filled in."""
    names = tuple(name for name in rows.column_names(model) + rows.link_names(model) if restorable(model, name))
    now = _current(model, [change.id for change in changes], names)
    found = []
    for change in changes:
        if change.id in now:
            row = rows.told(names, now[change.id])
            before = rows.told(names, change.after)
            differing = [name for name in names if row.get(name) != before.get(name)]
            if differing:
                found.append(_changed(model, change, differing))
    return found


def _used_since(model, ids: list[int], own: dict[str, set[int]]) -> list[str]:
    """Records made or linked by others that would go, or lose their link, with the new records."""
    found = []
    for (name, field_name, _kind), referring_ids in referring(model, ids, "cnar").items():
        other = model.env[name]
        foreign = referring_ids - own.get(name, set())
        if foreign and is_recorded(other):
            example = other.browse(min(foreign))
            label = other._fields[field_name].string
            found.append(f"{_name(example)} ({other._description}) refers to it since, as {label}.")
    for name, model_field, condition in _HANGING:
        if name not in model.env:
            continue
        other = model.env[name]
        query = SQL(
            "SELECT id FROM %s WHERE %s = %s AND res_id = ANY(%s)" + condition,
            SQL.identifier(other._table),
            SQL.identifier(model_field),
            model._name,
            ids,
        )
        model.env.cr.execute(query)
        foreign = {row[0] for row in model.env.cr.fetchall()} - own.get(name, set())
        if foreign:
            found.append(f"{len(foreign)} {other._description} was added to it since.")
    return found + _linked_since(model, ids, own)


def _linked_since(model, ids: list[int], own: dict[str, set[int]]) -> list[str]:
    """Records of others that link to the new records in many2many fields."""
    found = []
    for (name, field_name), linked in linking(model, ids).items():
        if foreign := linked - own.get(name, set()):
            other = model.env[name]
            example, label = other.browse(min(foreign)), other._fields[field_name].string
            found.append(f"{_name(example)} ({other._description}) links to it since, as {label}.")
    return found


def _by_fields(model, changes: Sequence[Touched]) -> dict[tuple, list[Touched]]:
    groups: dict[tuple, list[Touched]] = defaultdict(list)
    for change in changes:
        names = tuple(sorted(name for name in change.before if restorable(model, name)))
        groups[names].append(change)
    return groups


def _current(model, ids: Sequence[int], names: Sequence[str]) -> dict[int, dict]:
    links = [name for name in names if not rows.is_column(model, name)]
    now = rows.read(model, ids, [name for name in names if name not in links])
    for name in links:
        for record_id, linked in rows.read_links(model, list(now), name).items():
            now[record_id][name] = linked
    return now


def _changed(model, change: Touched, names: Sequence[str]) -> str:
    labels = ", ".join(model._fields[name].string or name for name in names[:4])
    record = model.browse(change.id)
    who = ""
    if model._log_access and record.write_uid:
        who = f" by {record.write_uid.name} on {str(record.write_date)[:16]} UTC"
    return f"{change.name or change.id} ({model._description}) was changed since{who}: {labels}."


def _name(record) -> str:
    return record.display_name or f"{record._name} {record.id}"
