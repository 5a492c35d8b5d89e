"""Rows as the database has them, as JSON: what is compared, kept and shown of records before and after a call.

The values are those of columns: a date is ISO, a datetime ISO in UTC, a many2one an id, a translated text a dictionary
by language, a value per company a dictionary by company. Secrets are never read; files are told by their size.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from odoo.tools import SQL

from .secrets import is_secret_field

MAGIC = frozenset({"id", "create_uid", "create_date", "write_uid", "write_date", "parent_path"})
WITHHELD = {"withheld": True}
MOST_LINKS = 2000
_BATCH = 1000


def is_column(model, name: str) -> bool:
    field = model._fields.get(name)
    return field is not None and field.store and bool(field.column_type)


def column_names(model) -> list[str]:
    """The stored fields of ``model`` that are columns, without those that Odoo keeps by itself."""
    return [name for name in model._fields if name not in MAGIC and is_column(model, name)]


def link_names(model) -> list[str]:
    """The many2many fields of ``model`` that are kept in a table."""
    return [name for name, field in model._fields.items() if field.type == "many2many" and field.store]


def read(model, ids: Sequence[int], names: Sequence[str]) -> dict[int, dict[str, Any]]:
    """The columns ``names`` of the rows ``ids``; rows that do not exist are left out."""
    shown = [name for name in names if not is_secret_field(name)]
    columns = SQL(", ").join(SQL.identifier(name) for name in ["id", *shown])
    found: dict[int, dict[str, Any]] = {}
    for start in range(0, len(ids), _BATCH):
        part = list(ids[start : start + _BATCH])
        query = SQL("SELECT %s FROM %s WHERE id = ANY(%s)", columns, SQL.identifier(model._table), part)
        model.env.cr.execute(query)
        for record_id, *values in model.env.cr.fetchall():
            found[record_id] = {name: plain(value) for name, value in zip(shown, values, strict=True)}
    for row in found.values():
        row.update((name, WITHHELD) for name in names if name not in shown)
    return found


def read_links(model, ids: Sequence[int], name: str) -> dict[int, list[int]]:
    """The ids that the many2many field ``name`` of the rows ``ids`` links to, each sorted."""
    if not ids:
        return {}
    field = model._fields[name]
    query = SQL(
        "SELECT %s, %s FROM %s WHERE %s = ANY(%s) ORDER BY 2 LIMIT %s",
        SQL.identifier(field.column1),
        SQL.identifier(field.column2),
        SQL.identifier(field.relation),
        SQL.identifier(field.column1),
        list(ids),
        MOST_LINKS * len(ids),
    )
    model.env.cr.execute(query)
    links: dict[int, list[int]] = {record_id: [] for record_id in ids}
    for record_id, linked in model.env.cr.fetchall():
        links[record_id].append(linked)
    return links


def plain(value: Any) -> Any:
    """A value of psycopg2 as JSON has it."""
    if isinstance(value, datetime):
        return value.isoformat(sep=" ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, memoryview | bytes):
        return {"bytes": len(value)}
    return value


def kept(row: dict[str, Any]) -> dict[str, Any]:
    """What must be known of ``row`` to make it again: of what is left out, there was nothing."""
    return {name: value for name, value in row.items() if value is not None and value != []}


def told(names: Iterable[str], row: dict[str, Any]) -> dict[str, Any]:
    """What ``row`` says beyond nothing."""
    return {name: row[name] for name in names if row.get(name) not in (None, False, [], "")}
