"""What is to be imported, as tables for Odoo's importer. No Odoo import."""

from __future__ import annotations

import csv as csv_format
import io
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from ..tools.errors import ToolError

MOST_ROWS = 5000
MOST_COLUMNS = 60
MOST_TABLES = 100


@dataclass(slots=True)
class Entry:
    """The rows of one record: its own, and those that only have further lines of it.

    ``number``: of the first, counted from 1 and without the header.
    """

    number: int
    rows: list[list[str]]


@dataclass(slots=True)
class Table:
    """Records that give the same columns; what a record does not give keeps its default, or its value."""

    columns: list[str]
    entries: list[Entry] = field(default_factory=list)

    @property
    def data(self) -> list[list[str]]:
        return [row for entry in self.entries for row in entry.rows]

    def entry_of(self, index: int) -> Entry:
        """The entry that the row ``index`` of :attr:`data` belongs to."""
        for entry in self.entries:
            index -= len(entry.rows)
            if index < 0:
                return entry
        return self.entries[-1]


def tables_of(csv: str | None, rows: Sequence[Mapping[str, Any]] | None, lists: Collection[str]) -> list[Table]:
    """CSV text, or rows by column, as tables.

    :param lists: the names of the model's one2many fields, whose lines may be in rows of their own
    :raises ToolError: it cannot be read; the message says where and what to do
    """
    if (csv is None) == (rows is None):
        raise ToolError("Give either csv or rows.")
    if rows is None:
        columns, data = _read_csv(csv or "")
        given = [dict(zip(columns, row, strict=True)) for row in data]
    else:
        given = [{name: _cell(value) for name, value in row.items()} for row in rows]
    columns = list(dict.fromkeys(name for row in given for name in row))
    if len(given) > MOST_ROWS or len(columns) > MOST_COLUMNS:
        raise ToolError(f"At most {MOST_ROWS:,} rows of {MOST_COLUMNS} columns at once. Import in parts.")
    if not all(name.strip() for name in columns):
        raise ToolError("Every column needs a name of its own.")
    return _tables(_entries(given, lists))


def _entries(given: Iterable[Mapping[str, str]], lists: Collection[str]) -> list[tuple[int, list[Mapping[str, str]]]]:
    entries: list[tuple[int, list[Mapping[str, str]]]] = []
    for number, row in enumerate(given, 1):
        filled = [name for name, cell in row.items() if cell]
        if entries and filled and all(name.partition("/")[0] in lists for name in filled):
            entries[-1][1].append(row)
        else:
            entries.append((number, [row]))
    return entries


def _tables(entries: list[tuple[int, list[Mapping[str, str]]]]) -> list[Table]:
    """In the order of the rows, because later ones may refer to earlier ones."""

    def columns_of(entry: tuple[int, list[Mapping[str, str]]]) -> tuple[str, ...]:
        return tuple(sorted({name for row in entry[1] for name in row}))

    runs = [(names, list(some)) for names, some in groupby(entries, columns_of)]  # pylint: disable=bad-builtin-groupby
    if len(runs) > MOST_TABLES:  # many small imports take long: the order is then that in which the columns came
        together: dict[tuple[str, ...], list] = {}
        for names, some in runs:
            together.setdefault(names, []).extend(some)
        runs = list(together.items())
    tables = []
    for _names, some in runs:
        columns = list(dict.fromkeys(name for _number, rows in some for row in rows for name in row))
        cells = [Entry(number, [[row.get(name, "") for name in columns] for row in rows]) for number, rows in some]
        tables.append(Table(columns, cells))
    return tables


def _read_csv(csv: str) -> tuple[list[str], list[list[str]]]:
    try:
        # newline="": a line may end in any of the ways there are, as the csv module wants it
        lines = io.StringIO(csv.lstrip("\ufeff"), newline="")
        table = [row for row in csv_format.reader(lines, _dialect(csv)) if any(row)]
    except csv_format.Error as error:
        raise ToolError(f"csv: it cannot be read: {error}. Quote cells that hold quotes or line breaks.") from None
    if len(table) < 2:
        raise ToolError("csv: a line of field names and at least one row are expected.")
    columns, data = [name.strip() for name in table[0]], table[1:]
    if len(set(columns)) < len(columns):
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
