"""Single values as people and models write them, as Odoo's ``create`` and ``write`` take them."""

from __future__ import annotations

import base64
import binascii
from datetime import datetime
from math import isfinite
from typing import Any
from zoneinfo import ZoneInfo

from ..tools.errors import ToolError, UnknownNameError
from .moments import read_moment
from .values import time_zone

LARGEST_INTEGER = 2**31 - 1
_TRUE, _FALSE = (True, 1, "true", "yes"), (False, 0, "false", "no")


def scalar(env, field, path: str, value: Any) -> Any:
    """``value`` for ``field``, which is no relation; null and "" empty it.

    :param path: how the caller knows the field, for messages
    :raises ToolError: it is not of the field's type; the message says what would be
    """
    if value is None or value == "" and field.type not in ("char", "text", "html"):
        return False
    return _CONVERT.get(field.type, _as_it_is)(env, field, path, value)


def _text(_env, field, path, value):
    if not isinstance(value, str | int | float) or isinstance(value, bool):
        raise ToolError(f"{path}: text is expected, not {value!r:.100}.")
    text = str(value).replace("\x00", "")
    size = getattr(field, "size", None)
    if size and len(text) > size:
        raise ToolError(f"{path}: at most {size} characters fit, not {len(text)}.")
    return text


def _integer(_env, _field, path, value):
    number = _number(_env, _field, path, value)
    if number != int(number) or abs(number) > LARGEST_INTEGER:
        raise ToolError(f"{path}: a whole number up to {LARGEST_INTEGER:,} is expected, not {value!r:.100}.")
    return int(number)


def _number(_env, _field, path, value):
    if isinstance(value, str):
        try:
            value = float(value)
        except ValueError:
            raise ToolError(f"{path}: a number such as 12.5 is expected, not {value!r:.100}.") from None
    if isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value) or abs(value) > 1e300:
        raise ToolError(f"{path}: a number is expected, not {value!r:.100}.")
    return value


def _boolean(_env, _field, path, value):
    word = value.lower() if isinstance(value, str) else value
    if isinstance(word, str | int) and word in _TRUE:
        return True
    if isinstance(word, str | int) and word in _FALSE:
        return False
    raise ToolError(f"{path}: true or false is expected, not {value!r:.100}.")


def _selection(env, field, path, value):
    choices = dict(field._description_selection(env))
    if isinstance(value, str):
        if value in choices:
            return value
        labelled = [key for key, label in choices.items() if str(label).strip().lower() == value.strip().lower()]
        if len(labelled) == 1:
            return labelled[0]
    known = [(str(key), str(label)) for key, label in choices.items()]
    there_are = ", ".join(f"{key} ({label})" if label != key else key for key, label in known)
    raise UnknownNameError(f"{path}: the value", value, known, f"There are: {there_are[:600]}.")


def _date(_env, _field, path, value):
    return _moment(path, value, "2026-01-31").date().isoformat()


def _datetime(env, _field, path, value):
    moment = _moment(path, value, "2026-01-31T09:00")
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=time_zone(env))
    try:
        utc = moment.astimezone(ZoneInfo("UTC"))
    except OverflowError:
        raise ToolError(f"{path}: {value!r:.50} is out of the calendar.") from None
    return f"{utc.year:04}-{utc:%m-%d %H:%M:%S}"


def _moment(path: str, value: Any, example: str) -> datetime:
    try:
        return read_moment(value)
    except ValueError:
        raise ToolError(
            f"{path}: a date such as {example!r} is expected, not {value!r:.100}. Without an offset it is in the "
            "user's time zone; whoami tells what day it is."
        ) from None


def _binary(_env, _field, path, value):
    try:
        base64.b64decode(value, validate=True)
    except (binascii.Error, TypeError, ValueError):
        raise ToolError(f"{path}: the content of a file is expected, in base64.") from None
    return value


def _reference(env, _field, path, value):
    if isinstance(value, dict) and value.keys() == {"model", "id"}:
        value = f"{value['model']},{value['id']}"
    model, _comma, record_id = str(value).partition(",")
    if model not in env.registry or not record_id.isdecimal():
        raise ToolError(f'{path}: a record is expected as {{"model": "res.partner", "id": 7}}, not {value!r:.100}.')
    return value


def _properties(_env, _field, path, value):
    if not isinstance(value, dict):
        raise ToolError(f"{path}: properties are given as an object, by name.")
    return value


def _as_it_is(_env, _field, _path, value):
    return value


_CONVERT = {
    "char": _text,
    "text": _text,
    "html": _text,
    "integer": _integer,
    "many2one_reference": _integer,
    "float": _number,
    "monetary": _number,
    "boolean": _boolean,
    "selection": _selection,
    "date": _date,
    "datetime": _datetime,
    "binary": _binary,
    "image": _binary,
    "reference": _reference,
    "properties": _properties,
}
