"""Importing rows with Odoo's own importer (``load``): external ids, paths into relations, errors per row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from odoo.tools import mute_logger

from ..tools.call import Call
from ..tools.errors import RefusedError, ToolError
from .importing_rows import Table, tables_of
from .names import alike
from .writing import existing

MOST_ERRORS = 25
# Odoo stops at its tenth error of this kind, so those that it would find after are found when these are left out.
MOST_PASSES = 20
_EXTERNAL_ID, _DATABASE_ID = "id", ".id"


def import_rows(
    call: Call, model_name: str, csv: str | None, rows: Sequence[Mapping[str, Any]] | None, skip_bad_rows: bool
) -> dict:
    """Create and update records of ``model_name``; see ``Imported`` for the shape."""
    call.facts.res_model = model_name
    model = call.gate.model(model_name, "create")
    lists = {name for name, field in model._fields.items() if field.type == "one2many"}
    tables = tables_of(csv, rows, lists)
    for table in tables:
        _check_columns(call.gate, model, table.columns)
    for table in tables:
        _check_targets(call, model, table)
    importer = _Importer(call, model, skip_bad_rows)
    for table in tables:
        importer.load(table)
    if importer.errors and not skip_bad_rows:
        raise ToolError(importer.refusal(sum(len(table.entries) for table in tables)))
    ids = [record_id for _number, record_id in sorted(importer.imported)]
    call.facts.res_ids, call.facts.rows = ids, len(ids)
    result: dict[str, Any] = {"model": model_name, "imported": len(ids), "ids": ids}
    if importer.errors:
        told = sorted(importer.errors.items())[: 4 * MOST_ERRORS]
        result["skipped"] = {str(number): " ".join(texts) for number, texts in told}
    return result


class _Importer:
    """Loads tables into one model; what is wrong with which row is kept."""

    def __init__(self, call: Call, model, skip_bad_rows: bool):
        self.call = call
        self.model = model
        self.skip_bad_rows = skip_bad_rows
        self.errors: dict[int, list[str]] = {}  # by number of the record's first row
        self.imported: list[tuple[int, int]] = []  # that number, and the id of the record
        self.stopped = False
        self._near: dict[tuple[str, str], list[str]] = {}  # by column and value

    def load(self, table: Table) -> None:
        for _pass in range(MOST_PASSES):
            with mute_logger("odoo.sql_db"):  # what the database refuses is told of its row
                answer = self.model.load(table.columns, table.data)
            bad = self._note(table, _own_messages(answer["messages"]))
            if not bad:
                numbers = [entry.number for entry in table.entries]
                self.imported += zip(numbers, answer["ids"] or (), strict=True)
                return
            if not self.skip_bad_rows:
                self.stopped = self.stopped or any(message.get("type") == "warning" for message in answer["messages"])
                return
            table = Table(table.columns, [entry for entry in table.entries if entry.number not in bad])
            if not table.entries:
                return
        raise ToolError("Too many rows have errors. Nothing was imported: correct the data, or import it in parts.")

    def _note(self, table: Table, messages: list[Mapping[str, Any]]) -> set[int]:
        """The numbers of the records that have an error."""
        data, bad = table.data, set()
        for message in messages:
            index = (message.get("rows") or {}).get("from", message.get("record", 0)) or 0
            number = table.entry_of(index).number
            bad.add(number)
            row = dict(zip(table.columns, data[index], strict=True)) if index < len(data) else {}
            text = self._told(message, row)[:400]
            if text not in self.errors.setdefault(number, []):
                self.errors[number].append(text)
        return bad

    def _told(self, message: Mapping[str, Any], row: Mapping[str, str]) -> str:
        name, more = message.get("field"), message.get("moreinfo")
        text = " ".join(str(message["message"]).split()).rstrip(".")
        if text.count("'") == 2 and text[0] == text[-1] == "'":
            text = text[1:-1]  # 18.0 quotes what a constraint says
        text += "."
        if isinstance(more, list):
            text += f" Possible: {', '.join(map(str, more[:20]))}."
        elif isinstance(more, str):
            text += f" {more}."
        elif isinstance(more, Mapping) and (near := self._nearest(name, row)):
            text += f" Did you mean {' or '.join(near)}?"
        return f"{name}: {text}" if name else text

    def _nearest(self, name: Any, row: Mapping[str, str]) -> list[str]:
        """Names like the one that no record was found for."""
        field = self.model._fields.get(name) if isinstance(name, str) else None
        value = row.get(name, "") if field is not None and field.relational else ""
        key = (str(name), value)
        if value and key not in self._near:
            comodel = self.call.gate.model(field.comodel_name)
            self._near[key] = [near for _id, near in alike(self.call.gate, comodel, value)]
        return self._near.get(key, [])

    def refusal(self, count: int) -> str:
        """Why nothing was imported, and what to do."""
        errors = sorted(self.errors.items())
        lines = [f"Row {number}: {' '.join(texts)}" for number, texts in errors[:MOST_ERRORS]]
        if len(errors) > MOST_ERRORS:
            lines.append(f"And {len(errors) - MOST_ERRORS} more rows.")
        if self.stopped:
            lines.append("There may be more: Odoo stopped looking.")
        return "\n".join(
            [
                f"Nothing was imported. {len(errors)} of {count} rows have errors.",
                *lines,
                "Correct them, or import the others with skip_bad_rows=true.",
            ]
        )


def _own_messages(messages: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The errors, without the one that Odoo tells of the first row when it failed to create all rows at once.

    It is that of another row, which is told, too.
    """
    errors = [message for message in messages if message.get("type") == "error"]
    if len(errors) > 1 and not errors[0].get("field"):
        first, *others = errors
        if any(other["message"] == first["message"] and other.get("rows") != first.get("rows") for other in others):
            return others
    return errors


def _check_columns(gate, model, columns: Sequence[str]) -> None:
    """Each column leads, through fields that may be used, to one that can be set."""
    for column in columns:
        here, path = model, column.split("/")
        if len(path) > 4:
            raise ToolError(f"{column[:100]!r} goes through too many relations.")
        for position, name in enumerate(path):
            if name in (_EXTERNAL_ID, _DATABASE_ID):
                if position < len(path) - 1:
                    raise ToolError(f"{column[:100]!r}: {name} ends a path.")
                break
            field = gate.field(here, name)
            if field.readonly and not field.inverse and not field.relational:
                raise ToolError(f"{column[:100]!r}: {name} of {here._name} is readonly and cannot be imported.")
            if position < len(path) - 1:
                if not field.relational:
                    raise ToolError(f"{column[:100]!r}: {name} is no relation, there is nothing behind it.")
                last = path[position + 1] in (_EXTERNAL_ID, _DATABASE_ID) and position + 2 == len(path)
                here = gate.model(field.comodel_name, "read" if last else "create")


def _check_targets(call: Call, model, table: Table) -> None:
    """Rows that name an existing record change it: this needs the right to, and the record in sight."""
    ids: set[int] = set()
    if _DATABASE_ID in table.columns:
        place = table.columns.index(_DATABASE_ID)
        for entry in table.entries:
            for text in filter(None, (row[place] for row in entry.rows)):
                if not text.isdecimal():
                    raise ToolError(f"Row {entry.number}: .id is the id of a record, not {text!r:.60}.")
                ids.add(int(text))
    if _EXTERNAL_ID in table.columns:
        place = table.columns.index(_EXTERNAL_ID)
        ids |= _known_external_ids(model, {row[place] for row in table.data} - {""})
    if ids:
        existing(call.gate, call.gate.model(model._name, "write"), sorted(ids), "write")


def _known_external_ids(model, names: set[str]) -> set[int]:
    full = {name if "." in name else f"__import__.{name}" for name in names}
    modules = {name.partition(".")[0] for name in full}
    # sudo: ordinary users cannot read external ids; they only learn whether theirs are taken
    rows = model.env["ir.model.data"].sudo().search([("module", "in", list(modules))])
    known = {row.complete_name: row for row in rows if row.complete_name in full}
    for name in full:
        row = known.get(name)
        if row is not None and row.model != model._name:
            raise ToolError(f"The external id {name} belongs to a record of another model.")
        if row is None and name.partition(".")[0] in model.env.registry._init_modules:
            raise RefusedError(
                f"The external id {name} would look as if the app made it. Leave out what is before the dot."
            )
    return {row.res_id for row in known.values()}
