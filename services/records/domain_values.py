"""The values of domain conditions: of the field's type, of a sane size, and dates in the user's time zone."""

from __future__ import annotations

import re
from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from ..tools.errors import ToolError, UnknownNameError
from .moments import read_moment
from .values import time_zone

MOST_VALUES = 1000
LONGEST_TEXT = 1000
LARGEST_INTEGER = 2**31 - 1

_TEXT_OPERATORS = ("like", "not like", "ilike", "not ilike", "=like", "=ilike")
_WHOLE_NUMBER = re.compile(r"-?[0-9]{1,10}")


def check_value(env, field, path: str, operator: str, value: Any) -> Any:
    """``value`` as Odoo compares ``field`` with it by ``operator``, which fits the field.

    :raises ToolError: it is not of the field's type; the message says what would be
    """
    if operator in ("in", "not in", "child_of", "parent_of"):
        if not isinstance(value, list | tuple):
            if operator in ("in", "not in"):
                raise ToolError(
                    f"[{path!r}, {operator!r}, …] takes a list of values, not {value!r:.100}. For one, use '='."
                )
            value = [value]
        if len(value) > MOST_VALUES:
            raise ToolError(f"[{path!r}, {operator!r}, …] takes at most {MOST_VALUES:,} values, not {len(value):,}.")
        return [_one_value(env, field, path, operator, item) for item in value]
    if isinstance(value, list | tuple):
        raise ToolError(f"[{path!r}, {operator!r}, …] takes one value, not {value!r:.100}. For several, use 'in'.")
    return _one_value(env, field, path, operator, value)


def _one_value(env, field, path: str, operator: str, value: Any) -> Any:
    if isinstance(value, dict) and set(value) == {"id", "name"}:
        value = value["id"]  # a many2one as the answers show it
    if isinstance(value, list | tuple | dict):
        raise ToolError(f"{path!r} is compared with single values, not with {value!r:.100}.")
    if value is None or (value is False and field.type != "boolean"):
        in_list = operator in ("in", "not in") and field.type in ("one2many", "many2many")
        if operator not in ("=", "!=", "in", "not in") or in_list or field.name == "id":
            raise ToolError(f"[{path!r}, {operator!r}, …] takes a value. Whether it is set is asked with ['=', false].")
        return False
    if field.type in ("binary", "image"):
        raise ToolError(f"{path!r} is a file: it can only be compared with false (is it set or not).")
    if operator in ("child_of", "parent_of"):
        return _identifier(path, value)
    if operator in _TEXT_OPERATORS:
        return _pattern(path, value)
    return _CHECKS[field.type](env, field, path, operator, value)


def _text(path: str, value: Any) -> str:
    if isinstance(value, bool):
        raise ToolError(f"{path!r} is compared with text, not with {value!r:.100}.")
    text = str(value)
    if len(text) > LONGEST_TEXT:
        raise ToolError(f"The text that {path!r} is compared with has more than {LONGEST_TEXT:,} characters.")
    return text


def _pattern(path: str, value: Any) -> str:
    text = _text(path, value)
    if (len(text) - len(text.rstrip("\\"))) % 2:
        raise ToolError(f"The text that {path!r} is compared with ends in a backslash: write it twice to mean itself.")
    return text


def _char(_env, _field, path, _operator, value):
    return _text(path, value)


def _whole(value: Any) -> Any:
    """``value`` as a number when it is one written as text."""
    return int(value) if isinstance(value, str) and _WHOLE_NUMBER.fullmatch(value) else value


def _identifier(path: str, value: Any) -> int:
    value = _whole(value)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= LARGEST_INTEGER:
        raise ToolError(f"{path!r} is compared with the id of a record, not with {value!r:.100}.")
    return value


def _relation(_env, _field, path, _operator, value):
    if isinstance(_whole(value), str):
        raise ToolError(
            f"{path!r} is compared with the id of a record, not with {value!r:.100}. "
            f"By name: [{path!r}, 'ilike', {value!r:.60}], or find the id with name_search."
        )
    return _identifier(path, value)


def _integer(_env, field, path, _operator, value):
    value = _whole(value)
    if (
        isinstance(value, bool)
        or not isinstance(value, int | float)
        or not -LARGEST_INTEGER <= value <= LARGEST_INTEGER
    ):
        raise ToolError(f"{path!r} is compared with a whole number up to {LARGEST_INTEGER:,}, not with {value!r:.100}.")
    if value != int(value) or field.name == "id" and value < 0:
        raise ToolError(f"{path!r} is compared with a whole number, not with {value!r:.100}.")
    return int(value)


def _number(_env, _field, path, _operator, value):
    if isinstance(value, str):
        try:
            value = float(value)
        except ValueError:
            raise ToolError(f"{path!r} is compared with a number, not with {value!r:.100}.") from None
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) < 1e300:
        raise ToolError(f"{path!r} is compared with a number, not with {value!r:.100}.")
    return value


def _boolean(_env, _field, path, _operator, value):
    if value in (0, 1) or str(value).lower() in ("true", "false"):
        return value == 1 or str(value).lower() == "true"
    raise ToolError(f"{path!r} is compared with true or false, not with {value!r:.100}.")


def _selection(env, field, path, _operator, value):
    choices = dict(field._description_selection(env))
    if not isinstance(value, str) or value not in choices:
        known = [(str(key), str(label)) for key, label in choices.items()]
        raise UnknownNameError(f"Value of {path}", value, known, f"There are: {', '.join(map(str, choices))[:500]}.")
    return value


def _date(_env, _field, path, _operator, value):
    return _parse(path, value, "2026-01-31").date().isoformat()


def _datetime(env, _field, path, operator, value):
    moment = _parse(path, value, "2026-01-31T09:00:00+01:00")
    if len(str(value)) <= 10 and operator in ("<=", ">"):
        # a day without a time means the whole day: up to its end, or after it
        moment = datetime.combine(moment.date(), time.max.replace(microsecond=0))
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=time_zone(env))
    try:
        utc = moment.astimezone(ZoneInfo("UTC"))
    except OverflowError:
        raise ToolError(f"{path!r} is compared with {value!r:.50}, which is out of the calendar.") from None
    return utc.strftime("%Y-%m-%d %H:%M:%S") if utc.year >= 1000 else utc.replace(year=1000).isoformat(" ")[:19]


def _parse(path: str, value: Any, example: str) -> datetime:
    try:
        return read_moment(value)
    except ValueError:
        raise ToolError(
            f"{path!r} is compared with a date such as {example!r}, not with {value!r:.100}. "
            "whoami tells what day it is."
        ) from None


_CHECKS = {
    "char": _char,
    "text": _char,
    "html": _char,
    "integer": _integer,
    "float": _number,
    "monetary": _number,
    "boolean": _boolean,
    "selection": _selection,
    "date": _date,
    "datetime": _datetime,
    "many2one": _relation,
    "one2many": _relation,
    "many2many": _relation,
    "many2one_reference": _integer,
    "reference": _char,
}
