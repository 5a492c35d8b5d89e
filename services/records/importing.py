"""Importing rows with Odoo's own importer (``load``): external ids, paths into relations, errors per row."""

from __future__ import annotations

import csv as csv_format
import io
from collections.abc import Mapping, Sequence
from typing import Any

from ..tools.call import Call
from ..tools.errors import RefusedError, ToolError
from .writing import existing

MOST_ROWS = 5000
MOST_COLUMNS = 60
MOST_ERRORS = 25
_EXTERNAL_ID, _DATABASE_ID = "id", ".id"


def import_rows(
    call: Call, model_name: str, csv: str | None, rows: Sequence[Mapping[str, Any]] | None, skip_bad_rows: bool
) -> dict:
    """Create and update records of ``model_name``; see ``Imported`` for the shape."""
    call.facts.res_model = model_name
    model = call.gate.model(model_name, "create")
    columns, data = _table(csv, rows)
    _check_columns(call.gate, model, columns)
    _check_targets(call, model, columns, data)
    numbers = list(range(1, len(data) + 1))
    answer = model.load(columns, data)
    errors = _errors(answer, numbers)
    told = errors
    if errors and skip_bad_rows:
        bad = {number for number, _text in errors}
        numbers = [number for number in numbers if number not in bad]
        answer = model.load(columns, [data[number - 1] for number in numbers])
        errors = _errors(answer, numbers)
        told = told + errors
    if errors:
        more = f" And {len(errors) - MOST_ERRORS} more." if len(errors) > MOST_ERRORS else ""
        texts = " ".join(f"Row {number}: {text}" for number, text in errors[:MOST_ERRORS])
        raise ToolError(
            f"Nothing was imported. {len({number for number, _text in errors})} of {len(data)} rows have errors. "
            f"{texts}{more} Correct them, or import the others with skip_bad_rows=true."
        )
    ids = answer["ids"] or []
    call.facts.res_ids, call.facts.rows = ids, len(ids)
    result: dict[str, Any] = {"model": model_name, "imported": len(ids), "ids": ids}
    if told:
        result["skipped"] = {str(number): text for number, text in told[: 4 * MOST_ERRORS]}
    return result


def _table(csv: str | None, rows: Sequence[Mapping[str, Any]] | None) -> tuple[list[str], list[list[str]]]:
    if (csv is None) == (rows is None):
        raise ToolError("Give either csv or rows.")
    if csv is not None:
        try:
            # newline="": a line may end in any of the ways there are, as the csv module wants it
            lines = io.StringIO(csv.lstrip("\ufeff"), newline="")
            table = [row for row in csv_format.reader(lines, _dialect(csv)) if any(row)]
        except csv_format.Error as error:
            raise ToolError(f"csv: it cannot be read: {error}. Quote cells that hold quotes or line breaks.") from None
        if len(table) < 2:
            raise ToolError("csv: a line of field names and at least one row are expected.")
        columns, data = [name.strip() for name in table[0]], table[1:]
    else:
        columns = list(dict.fromkeys(name for row in rows for name in row))
        data = [[_cell(row.get(name)) for name in columns] for row in rows]
    if len(data) > MOST_ROWS or len(columns) > MOST_COLUMNS:
        raise ToolError(f"At most {MOST_ROWS:,} rows of {MOST_COLUMNS} columns at once. Import in parts.")
    if len(set(columns)) < len(columns) or not all(columns):
        raise ToolError("Every column needs a name of its own.")
    for number, row in enumerate(data, 1):
        if len(row) != len(columns):
            raise ToolError(f"Row {number} has {len(row)} cells, {len(columns)} are expected. Quote cells with commas.")
    return columns, data


def _dialect(csv: str) -> type[csv_format.Dialect]:
    header = csv.partition("\n")[0]

    class Dialect(csv_format.excel):
        delimiter = max(",;\t", key=header.count)

    return Dialect


def _cell(value: Any) -> str:
    if value is None or value is False:
        return "" if value is None else "0"
    if value is True:
        return "1"
    if isinstance(value, dict | list):
        raise ToolError(f"A cell is a single value, not {value!r:.80}. Lines go into columns such as child_ids/name.")
    return str(value)


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


def _check_targets(call: Call, model, columns: Sequence[str], data: Sequence[Sequence[str]]) -> None:
    """Rows that name an existing record change it: this needs the right to, and the record in sight."""
    ids: set[int] = set()
    if _DATABASE_ID in columns:
        place = columns.index(_DATABASE_ID)
        for number, row in enumerate(data, 1):
            if row[place] and not row[place].isdecimal():
                raise ToolError(f"Row {number}: .id is the id of a record, not {row[place]!r:.60}.")
            if row[place]:
                ids.add(int(row[place]))
    if _EXTERNAL_ID in columns:
        ids |= _known_external_ids(model, {row[columns.index(_EXTERNAL_ID)] for row in data} - {""})
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


def _errors(answer: Mapping[str, Any], numbers: Sequence[int]) -> list[tuple[int, str]]:
    """The rows that could not be taken, and why; rows count from 1, without the header."""
    errors = []
    for message in answer["messages"]:
        if message.get("type") != "error":
            continue
        place = (message.get("rows") or {}).get("from", message.get("record", 0)) or 0
        number = numbers[min(place, len(numbers) - 1)] if numbers else 0
        field = f"{message['field']}: " if message.get("field") else ""
        text = " ".join(str(message["message"]).split())
        if isinstance(message.get("moreinfo"), list):
            text += f" Possible: {', '.join(map(str, message['moreinfo'][:20]))}."
        errors.append((number, f"{field}{text}"[:300]))
    return errors
