"""What a call would do, in one plain sentence for the person who decides."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from ..governance.audit import clean

_VERBS = {"create": "create", "update": "change", "delete": "delete"}
_MOST_NAMED = 3
_CHATTER = "mail.message"
_LONGEST_VALUE = 60


def sentence(env, title: str, arguments: Mapping[str, Any], report: Mapping[str, Any]) -> str:
    """For example: "Change Azure Interior (Contact): Phone from 1 to 2. Sends 1 message to info@example.com."

    :param title: of the tool, for calls of which nothing can be foreseen
    :param report: of the dry run, see :mod:`..governance.dry_run`
    """
    parts = [_of_kind(env, kind, report["changes"]) for kind in ("create", "update", "delete")]
    parts = [part for part in parts if part]
    if others := report.get("also"):
        count = sum(others.values())
        parts.append(f"touch {count} more record{'s' * (count != 1)}")
    text = "; ".join(parts)
    text = f"{text[0].upper()}{text[1:]}." if text else f"{title}: {_short(arguments, 200)}."
    if mails := report.get("would_send"):
        recipients = sorted({address for mail in mails for address in mail["to"]})
        more = f" and {len(recipients) - _MOST_NAMED} more" if len(recipients) > _MOST_NAMED else ""
        text += f" Sends {len(mails)} message{'s' * (len(mails) != 1)} to {', '.join(recipients[:_MOST_NAMED])}{more}."
    if reached := report.get("would_reach"):
        text += f" Reaches {', '.join(reached[:_MOST_NAMED])}."
    return clean(text) or title


def _of_kind(env, kind: str, changes: list[dict]) -> str:
    some = [change for change in changes if change["kind"] == kind]
    # chatter goes with its record; it is told alone only
    some = [change for change in some if change["model"] != _CHATTER] or some
    if not some:
        return ""
    more = f" and {len(some) - 1} more record{'s' * (len(some) != 2)} that follow{'s' * (len(some) == 2)} from it"
    if kind == "update" and (len(some) == 1 or len({change["model"] for change in some}) == len(some)):
        return f"{_VERBS[kind]} {_named(env, some[0])}: {_fields(env, some[0])}{more if len(some) > 1 else ''}"
    names = ", ".join(_named(env, change) for change in some[:_MOST_NAMED])
    fields = f": {_fields(env, some[0])}" if kind == "update" else ""
    others = f" and {len(some) - _MOST_NAMED} more" if len(some) > _MOST_NAMED else ""
    return f"{_VERBS[kind]} {names}{others}{fields}"


def _named(env, change: dict) -> str:
    label = env[change["model"]]._description
    return f"{change['name'] or change['id']} ({label})"


def _fields(env, change: dict) -> str:
    model = env[change["model"]]
    parts = []
    for name, values in list(change["fields"].items())[:_MOST_NAMED]:
        if name not in model._fields:
            continue
        old, new = values
        parts.append(f"{field_label(model, name)} from {_short(old)} to {_short(new)}")
    more = len(change["fields"]) - len(parts)
    return ", ".join(parts) + (f" and {more} more field{'s' * (more != 1)}" if more > 0 else "")


def field_label(model, name: str) -> str:
    """What people call a field, in the language of the environment."""
    return model._fields[name]._description_string(model.env) or name


def shown(value: Any) -> str:
    """A value of the report as a person reads it."""
    if value is None:
        return "–"
    if isinstance(value, dict) and "id" in value:
        return str(value.get("name") or value["id"])
    if isinstance(value, list):
        return ", ".join(map(shown, value))
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


def told(model, name: str, value: Any) -> str:
    """The value of a field as a person reads it: what can be selected by its label, in the language of ``model``."""
    field = model._fields.get(name)
    if isinstance(value, str) and field is not None and field.type == "selection":
        return dict(field._description_selection(model.env)).get(value) or value
    return shown(value)


def _short(value: Any, most: int = _LONGEST_VALUE) -> str:
    if value is None:
        return "nothing"
    is_plain = not isinstance(value, Mapping) or "id" in value
    text = shown(value) if is_plain else json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= most else f"{text[: most - 1]}…"
