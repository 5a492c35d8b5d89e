"""Values of a form as the web client holds them, and the ways between them and what Odoo reads and writes.

A many2one is ``{"id", "display_name"}`` or False; the lines of an x2many are ``{key: {field: value}}``, the key being
the id of a record or the text that stands for a new one.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lxml import etree

from odoo.fields import Command, Datetime

from ..records.writing_links import Links
from ..records.writing_scalars import scalar
from ..tools.errors import ToolError, UnknownNameError
from .situation import plain_value

X2MANY = ("one2many", "many2many")
MOST_LINES = 40
_NAME = {"fields": {"display_name": {}}}


def spec_of(model, name: str, node: etree._Element) -> dict[str, Any]:
    """What ``web_read`` and ``onchange`` want to be told of a field; lines with the columns that are shown."""
    field = model._fields[name]
    if field.type == "many2one":
        return _NAME
    if field.type not in X2MANY:
        return {}
    comodel = model.env[field.comodel_name]
    columns: dict[str, Any] = {"display_name": {}}
    for view in node:
        if view.tag in ("list", "tree", "form", "kanban"):
            for inner in view.iter("field"):
                column = comodel._fields.get(inner.get("name"))
                if column is not None and column.type not in (*X2MANY, "binary", "image"):
                    columns[column.name] = _NAME if column.type == "many2one" else {}
            break
    return {"fields": columns}


def empty(field) -> Any:
    return {} if field.type in X2MANY else False


def from_read(field, value: Any) -> Any:
    """What ``web_read`` says of a field."""
    if field.type in X2MANY:
        return {row["id"]: _row(row) for row in value or ()}
    return plain_value(value)


def _row(values: Mapping[str, Any] | None) -> dict[str, Any]:
    return {name: plain_value(value) for name, value in (values or {}).items() if name != "id"}


def merged(field, before: Any, value: Any) -> Any:
    """``before`` after what ``onchange`` says of the field: a new value, or commands for the lines."""
    if field.type not in X2MANY:
        return plain_value(value)
    rows = {key: dict(row) for key, row in (before or {}).items()}
    for command in value or ():
        code, key, values = (*command, None, None)[:3]
        if code == Command.CREATE:
            rows[str(key or f"new {len(rows) + 1}")] = _row(values)
        elif code in (Command.UPDATE, Command.LINK):
            rows[key] = {**rows.get(key, {}), **_row(values)}
        elif code in (Command.DELETE, Command.UNLINK):
            rows.pop(key, None)
        elif code == Command.CLEAR:
            rows = {}
        elif code == Command.SET:
            rows = {record_id: rows.get(record_id, {}) for record_id in values or ()}
    return rows


def written(field, value: Any) -> Any:
    """The value as ``create`` and ``onchange`` take it."""
    if field.type == "many2one":
        return value["id"] if value else False
    if field.type not in X2MANY:
        return value
    commands: list = [] if field.type == "one2many" else [Command.set([key for key in value or () if _is_id(key)])]
    for key, row in (value or {}).items():
        values = {name: one["id"] if isinstance(one, Mapping) else one for name, one in row.items()}
        values.pop("display_name", None)
        values.pop("id", None)
        if not _is_id(key):
            commands.append((Command.CREATE, key, values))
        elif field.type == "one2many":
            commands.append(Command.update(key, values) if values else Command.link(key))
    return commands


def plain(field, value: Any) -> Any:
    """The value as the expressions of the view compare it."""
    if field.type == "many2one":
        return value["id"] if value else False
    return [key for key in value or () if _is_id(key)] if field.type in X2MANY else value


def shown(field, value: Any, formatter) -> Any:
    """The value as a client reads it."""
    if value in (None, False) and field.type != "boolean":
        return None
    if field.type == "many2one":
        return {"id": value["id"], "name": value.get("display_name") or ""}
    if field.type == "many2many":
        return [_link(key, row) for key, row in list(value.items())[:MOST_LINES]]
    if field.type == "one2many":
        rows = list(value.values())[:MOST_LINES]
        return [{"line": number, **_line(row)} for number, row in enumerate(rows, 1)]
    if field.type in ("binary", "image"):
        return "(a file)"
    if field.type == "html":
        return formatter._html(field, value)
    if field.type in ("char", "text"):
        return formatter._text(field, str(value))
    if field.type in ("float", "monetary"):
        return formatter._float(field, value)
    if field.type == "datetime":
        return formatter._datetime(field, Datetime.to_datetime(value))
    return value


def _link(key: Any, row: Mapping[str, Any]) -> dict[str, Any]:
    return {"id": key, "name": row.get("display_name") or ""} if _is_id(key) else _line(row)


def _line(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: (one.get("display_name") if isinstance(one, Mapping) else one)
        for name, one in row.items()
        if name != "display_name" and one not in (False, None, "")
    }


def changed(env, field, name: str, rows: Mapping, value: Any, links: Links) -> dict:
    """The lines after what a client says: for a many2many the records that are meant, for lines changes to some.

    :raises ToolError: the value is none of these, or wrong
    """
    if not isinstance(value, list):
        value = [value] if value not in (None, False, "") else []
    if field.type == "many2many":
        ids = [links.one(field.comodel_name, name, one) for one in value]
        names = env[field.comodel_name].browse(ids)
        links.check()
        return {record.id: {**rows.get(record.id, {}), "display_name": record.display_name} for record in names}
    result, keys = {key: dict(row) for key, row in rows.items()}, list(rows)
    for item in value:
        if not isinstance(item, Mapping):
            raise ToolError(f'{name}: lines are changed as [{{"line": 1, field: value}}], not {item!r:.80}.')
        given = {key: one for key, one in item.items() if key not in ("line", "remove")}
        if "line" not in item:
            key = f"new {len(result) + 1}"
            result[key] = {}
        elif isinstance(item["line"], int) and 1 <= item["line"] <= len(keys):
            key = keys[item["line"] - 1]
        else:
            raise ToolError(f"{name}: there is no line {item['line']!r:.20}; there are {len(keys)}.")
        if item.get("remove"):
            result.pop(key)
            continue
        for column_name, one in given.items():
            result[key][column_name] = _cell(env[field.comodel_name], f"{name}.{column_name}", column_name, one, links)
    return result


def _cell(comodel, path: str, name: str, value: Any, links: Links) -> Any:
    column = comodel._fields.get(name)
    if column is None or column.type in X2MANY:
        raise UnknownNameError("Column", path, list(comodel._fields))
    if column.type == "many2one":
        return {"id": links.one(column.comodel_name, path, value)} if value not in (None, False, "") else False
    return scalar(comodel.env, column, path, value)


def _is_id(key: Any) -> bool:
    return isinstance(key, int) and not isinstance(key, bool)
