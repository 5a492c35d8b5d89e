"""Taking back what a call changed: the whole of it in reverse order, or nothing.

What is created is deleted, what was changed gets its values of before, what was deleted is made again. All of it goes
through Odoo's own methods with the rights of whoever undoes, and is a change of its own: an undo can be undone.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import groupby
from typing import Any

from odoo.fields import Command

from ..tools.errors import RefusedError, ToolError
from . import recording as recordings
from . import rows
from .touched import Touched
from .undo_checks import MOST_TOLD, obstacles, restorable

# Not made again where they went with their records, nor set back: whoever wrote them did, when they did.
_GONE = {"mail.message": "chatter messages", "ir.model.data": "external ids", "rating.rating": "ratings"}
_ATTACHMENTS = "ir.attachment"
_KEEPERS = "mcp.change.line"
_MESSAGES, _FOLLOWERS = "mail.message", "mail.followers"


def undo(env, change, allow: Callable[[str, str], Any]) -> list[str]:
    """Take back ``change`` (``mcp.change``); what could not be brought back, in sentences.

    :param env: of whoever undoes
    :param allow: gives the model of a name for an operation, or raises
    :raises ToolError: it cannot be taken back without losing something; nothing was done
    """
    # sudo: the values of the journal are shown to nobody here
    change = change.sudo()
    env.cr.execute("SELECT undone_at FROM mcp_change WHERE id = %s FOR UPDATE", [change.id])
    if env.cr.fetchone()[0]:
        raise ToolError("This change was undone already.")
    changes = change.line_ids._as_touched()
    said = [one for one in changes if one.model == _MESSAGES and one.kind == "create"]
    if said and len(said) == len(changes):
        raise ToolError(
            "Nothing was undone: this call posted or sent a message, and what was said is not taken back. "
            "Correct it by another message; its author can delete it in the chatter."
        )
    if reasons := obstacles(env, changes, said):
        told = " ".join(reasons[:MOST_TOLD])
        more = f" And {len(reasons) - MOST_TOLD} more." if len(reasons) > MOST_TOLD else ""
        raise ToolError(f"Nothing was undone, because something would be lost: {told}{more}")
    undoing = _Undoing(env, allow, _files(env, change))
    notes = undoing.run([one for one in changes if one not in said])
    # an undo that is undone: what the first change was about is there again, some of it under new ids
    for line in change.undoes_id.line_ids if undoing.born else ():
        undoing.point_to_the_new(line)
    # sudo: only whether they are there; those of a new record have gone with it
    staying = env[_MESSAGES].sudo().browse([one.id for one in said]).exists()
    return [*notes, f"What was said is not taken back: messages that stay: {len(staying)}."] if staying else notes


def _files(env, change) -> dict[int, Any]:
    """The kept files of a change by the id of the attachment that had them."""
    # sudo: they were kept for this, and belong to nobody
    keepers = env[_ATTACHMENTS].sudo().search([("res_model", "=", _KEEPERS), ("res_id", "in", change.line_ids.ids)])
    lines = {line.id: line.res_id for line in change.line_ids}
    return {lines[keeper.res_id]: keeper for keeper in keepers}


class _Undoing:
    def __init__(self, env, allow: Callable[[str, str], Any], files: dict[int, Any]):
        self.env = env
        self.allow = allow
        self.files = files
        self.notes: list[str] = []
        self.born: dict[tuple[str, int], int] = {}  # ids of records that were made again, by their old ones
        self.gone: dict[str, int] = {}
        self.kept: dict[str, int] = {}

    def run(self, changes: Sequence[Touched]) -> list[str]:
        backwards = list(reversed(changes))
        self._note_gone([change for change in backwards if change.kind == "create"])
        records = (change for change in backwards if change.model != _ATTACHMENTS)
        for (model_name, kind), group in groupby(records, key=lambda c: (c.model, c.kind)):  # pylint: disable=bad-builtin-groupby
            some = list(group)
            if kind == "create":
                self._unmake(model_name, some)
            elif kind == "update":
                self._set_back(model_name, some)
            else:
                self._remake(model_name, some)
        # files last: what they belong to must be there
        self._attachments([change for change in backwards if change.model == _ATTACHMENTS])
        self.env.cr.flush()
        self._compare(changes)
        self.notes += [f"{count} {_GONE[name]} did not come back." for name, count in self.gone.items()]
        self.notes += [f"{count} {_GONE[name]} stay as they are now." for name, count in self.kept.items()]
        return self.notes

    def _note_gone(self, changes: Sequence[Touched]) -> None:
        """Say what somebody has deleted before: there is nothing left to take back."""
        for change in changes:
            model = self.env[change.model]
            # sudo: only whether it exists
            if not model.sudo().browse(change.id).exists():
                self.notes.append(f"{change.name or change.id} ({model._description}) was deleted before.")

    # ------------------------------------------------------------------ the three kinds

    def _unmake(self, model_name: str, changes: Sequence[Touched]) -> None:
        records = self.env[model_name].with_context(active_test=False).browse([c.id for c in changes]).exists()
        if records and model_name == _FOLLOWERS:
            for follower in records.sudo():  # sudo: who follows what; the document itself is asked for
                self._document(follower.res_model, follower.res_id).message_unsubscribe(follower.partner_id.ids)
        elif records:
            self.allow(model_name, "unlink")
            records.unlink()

    def _set_back(self, model_name: str, changes: Sequence[Touched]) -> None:
        if model_name in _GONE:
            self.kept[model_name] = self.kept.get(model_name, 0) + len(changes)
            return
        model = self.env[model_name]
        for change in changes:
            names = [name for name in change.before if restorable(model, name)]
            record = model.browse(change.id).exists()
            if not names or not record:
                continue
            self.allow(model_name, "write")
            record = self._seen(record, change)
            self._write(record, {name: change.before[name] for name in names}, change.after)

    def _remake(self, model_name: str, changes: Sequence[Touched]) -> None:
        if model_name in _GONE:
            self.gone[model_name] = self.gone.get(model_name, 0) + len(changes)
            return
        if model_name == _FOLLOWERS:
            for change in changes:
                about = change.before
                self._document(about["res_model"], about["res_id"]).message_subscribe(
                    [about["partner_id"]], about.get("subtype_ids")
                )
            return
        model = self.allow(model_name, "create")
        for change in _parents_first(model, changes):
            values = {name: value for name, value in change.before.items() if restorable(model, name)}
            # what was empty must not get a default
            values |= {name: None for name in _filled_in(model) if name not in values and restorable(model, name)}
            special = {name: values.pop(name) for name in list(values) if self._is_by_language_or_company(model, name)}
            vals = {name: self._value(model._fields[name], value) for name, value in values.items()}
            vals |= {name: self._first(model, name, value) for name, value in special.items()}
            vals = {name: value for name, value in vals.items() if value is not _LOST}
            record = model.create(vals)
            self.born[model_name, change.id] = record.id
            self._write(record, special, {})
            self.notes.append(
                f"{change.name or change.id} ({model._description}) is back as id {record.id}, was {change.id}."
            )

    def _attachments(self, changes: Sequence[Touched]) -> None:
        for change in changes:
            about = change.before or change.after
            model_name, res_field = about.get("res_model"), about.get("res_field")
            kept = self.files.get(change.id)
            if (
                change.kind != "create"
                and not kept
                and about.get("type", "binary") == "binary"
                and not _unchanged(change)
            ):
                self.notes.append(f"The file {change.name or change.id} was not kept and did not come back.")
                continue
            if res_field or change.kind == "update" and "store_fname" in change.before:
                self._field_file(change, kept)
            elif change.kind == "create":
                self._unmake(_ATTACHMENTS, [change])
            elif change.kind == "update":
                self._set_back(_ATTACHMENTS, [change])
            elif (model_name, about.get("res_id")) and self._owner_is_there(about):
                self.allow(_ATTACHMENTS, "create")
                values = {
                    name: about.get(name) for name in ("name", "description", "mimetype", "res_model", "type", "url")
                }
                values["res_id"] = self.born.get((model_name, about.get("res_id")), about.get("res_id"))
                if kept:
                    values["raw"] = kept.raw
                self.born[_ATTACHMENTS, change.id] = self.env[_ATTACHMENTS].create(values).id

    def _field_file(self, change: Touched, kept) -> None:
        """The file of a binary field, or new content of an attachment."""
        # sudo: files of fields are Odoo's own; the record they belong to was checked
        attachment = self.env[_ATTACHMENTS].sudo().browse(change.id).exists()
        about = change.before | change.after
        model_name = about.get("res_model") or attachment.res_model
        res_field = about.get("res_field") or attachment.res_field
        res_id = about.get("res_id") or attachment.res_id
        if not res_field:
            self.allow(_ATTACHMENTS, "write")
            self.env[_ATTACHMENTS].browse(change.id).write({"raw": kept.raw})
            return
        field = self.env[model_name]._fields.get(res_field)
        if field is None or field.related or field.compute:
            return  # made from another field's file
        record = self.env[model_name].browse(self.born.get((model_name, res_id), res_id)).exists()
        if record:
            self.allow(model_name, "write")
            record.write({res_field: False if change.kind == "create" else kept.datas})

    # ------------------------------------------------------------------ values

    def _write(self, record, values: dict[str, Any], after: dict[str, Any]) -> None:
        """Set ``values`` of a journal, in every language and company that they differ in."""
        vals = {}
        for name, value in values.items():
            if self._is_by_language_or_company(record, name):
                self._write_each(record, name, value or {}, after.get(name) or {})
            elif (plain := self._value(record._fields[name], value)) is not _LOST:
                vals[name] = plain
            elif value != rows.WITHHELD:
                self.notes.append(f"{record._fields[name].string} of {record.display_name} did not come back.")
        if vals:
            record.write(vals)

    def _write_each(self, record, name: str, before: dict, after: dict) -> None:
        field = record._fields[name]
        for key in sorted(before.keys() | after.keys()):
            if before.get(key) == after.get(key):
                continue
            if not field.company_dependent:
                if key in dict(self.env["res.lang"].get_installed()):
                    record.with_context(lang=key).write({name: before.get(key, before.get("en_US")) or False})
                continue
            company = self.env["res.company"].browse(int(key))
            if company not in self.env.user.company_ids:
                self.notes.append(f"{field.string} of {record.display_name} stays as it is in another company.")
                continue
            there = record.with_company(company)
            fallback = field.get_company_dependent_fallback(there) if key not in before else None
            value = self._value(field, before[key]) if key in before else field.convert_to_write(fallback, there)
            there.write({name: value})

    def _value(self, field, value: Any) -> Any:
        """A value of a row as ``write`` takes it."""
        if isinstance(value, dict) and (value == rows.WITHHELD or value.keys() == {"bytes"}):
            return _LOST
        if value is None:
            return False
        if field.type == "many2one":
            new_id = self.born.get((field.comodel_name, value), value)
            # sudo: whether there still is such a row; writing it is checked
            return new_id if self.env[field.comodel_name].sudo().browse(new_id).exists() else _LOST
        if field.type == "many2many":
            ids = [self.born.get((field.comodel_name, linked), linked) for linked in value]
            # sudo: only whether they exist; linking is checked when it is written
            return [Command.set(self.env[field.comodel_name].sudo().browse(ids).exists().ids)]
        if field.type == "datetime":
            return str(value)[:19]
        if field.type == "many2one_reference" and not value:
            return False
        return value

    @staticmethod
    def _is_by_language_or_company(model, name: str) -> bool:
        field = model._fields[name]
        return bool(field.company_dependent or field.translate and field.column_type[0] == "jsonb")

    def _first(self, model, name: str, value: dict) -> Any:
        """A value for a record that is about to be made; the others follow."""
        field = model._fields[name]
        if field.company_dependent:
            key = str(self.env.company.id)
            return self._value(field, value[key]) if key in value else _LOST
        return value.get(self.env.lang or "en_US") or value.get("en_US") or False

    # ------------------------------------------------------------------ afterwards

    def _seen(self, record, change: Touched):
        found = record.with_context(active_test=False).search([("id", "=", record.id)])
        if not found:
            raise RefusedError(f"You may not change {change.name or change.id}. Nothing was undone.")
        return record

    def point_to_the_new(self, line) -> None:
        """Let a line of the journal (``mcp.change.line``) speak of records by the ids that they have now."""
        model = self.env[line.res_model]
        line.res_id = self.born.get((line.res_model, line.res_id), line.res_id)
        for column in ("values_before", "values_after"):
            line[column] = {name: self._pointed(model, name, value) for name, value in (line[column] or {}).items()}

    def _pointed(self, model, name: str, value: Any) -> Any:
        field = model._fields.get(name)
        if field is None or field.company_dependent:
            return value
        if field.type == "many2one":
            return self.born.get((field.comodel_name, value), value)
        if field.type == "many2many" and isinstance(value, list):
            return sorted(self.born.get((field.comodel_name, linked), linked) for linked in value)
        return value

    def _document(self, model_name: str, record_id: int):
        """The record that somebody follows or followed; nothing when it is gone."""
        recordings.current(self.env.cr).also.add(_FOLLOWERS)  # so that the undo can be undone
        model = self.allow(model_name, "read").with_context(active_test=False)
        return model.search([("id", "=", self.born.get((model_name, record_id), record_id))])

    def _owner_is_there(self, about: dict) -> bool:
        model_name, res_id = about.get("res_model"), about.get("res_id")
        if not model_name or not res_id or (model_name, res_id) in self.born:
            return True
        # sudo: only whether it exists
        return model_name in self.env and bool(self.env[model_name].sudo().browse(res_id).exists())

    def _compare(self, changes: Sequence[Touched]) -> None:
        """Note which values did not become again what they were."""
        for change in changes:
            if change.kind != "update" or change.model == _ATTACHMENTS or change.model in _GONE:
                continue
            # sudo: only names of fields are told
            model = self.env[change.model].sudo()
            columns = [name for name in change.before if rows.is_column(model, name)]
            now = rows.read(model, [change.id], columns).get(change.id, {})
            different = [
                name
                for name in columns
                if name in now and now[name] != change.before[name] and change.before[name] != rows.WITHHELD
                and not _points_to_the_dead(self.born, model, name, change.before[name])
            ]  # fmt: skip
            if different:
                labels = ", ".join(model._fields[name].string or name for name in different[:6])
                self.notes.append(f"{change.name or change.id} ({model._description}): {labels} differ from before.")


def _parents_first(model, changes: Sequence[Touched]) -> list[Touched]:
    """``changes`` so that a record comes after those of its own model that it points to."""
    names = [name for name, field in model._fields.items() if field.type == "many2one" and field.store]
    names = [name for name in names if model._fields[name].comodel_name == model._name and restorable(model, name)]
    by_id = {change.id: change for change in changes}
    ordered: dict[int, Touched] = {}

    def take(change: Touched, on_the_way: frozenset[int]) -> None:
        for name in names:
            target = by_id.get(change.before.get(name))
            if target is not None and target.id not in ordered and target.id not in on_the_way:
                take(target, on_the_way | {target.id})
        ordered.setdefault(change.id, change)

    for change in changes:
        take(change, frozenset({change.id}))
    return list(ordered.values())


def _filled_in(model) -> set[str]:
    """The fields that a new record gets a value for by itself."""
    names = {name for name, field in model._fields.items() if field.default or field.compute}
    # sudo: whose defaults they are does not matter
    names |= model.env["ir.default"].sudo()._get_model_defaults(model._name).keys()
    special = {name for name, field in model._fields.items() if field.company_dependent or field.translate}
    return {name for name in names - special if name in rows.column_names(model) + rows.link_names(model)}


def _points_to_the_dead(born: dict, model, name: str, value: Any) -> bool:
    """Whether a link now leads to the new id of a record that was made again."""
    field = model._fields[name]
    return field.type == "many2one" and (field.comodel_name, value) in born


def _unchanged(change: Touched) -> bool:
    """Whether the change of an attachment left its file alone."""
    return change.kind == "update" and "store_fname" not in change.before


class _Lost:
    """Stands for a value that cannot be brought back."""


_LOST = _Lost()
