"""What a call would do, in one plain sentence for the person who decides."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import datetime, timezone
from typing import Any

from odoo.tools.misc import format_date, format_datetime

from ..governance.audit import clean

_MOST_NAMED = 3
_CHATTER = "mail.message"
_LONGEST_VALUE = 60


def sentence(env, title: str, arguments: Mapping[str, Any], report: Mapping[str, Any]) -> str:
    """For example: "Change Azure Interior (Contact): Phone from 1 to 2; 3 more records change with it."

    What was asked comes first, what follows from it is counted.

    :param title: of the tool, for calls of which nothing can be foreseen
    :param report: of the dry run, see :mod:`..governance.dry_run`; ``asked`` names the records the call is about
    """
    asked, following = parted(report)
    wanted = wanted_fields(arguments)
    parts = [_of_kind(env, kind, asked, wanted) for kind in ("create", "update", "delete")]
    parts += _following(env, following, sum(report.get("also", {}).values()))
    text = "; ".join(part for part in parts if part)
    text = f"{text[0].upper()}{text[1:]}." if text else f"{title}: {_short(env, arguments, 200)}."
    if mails := report.get("would_send"):
        people = _some(env, sorted({address for mail in mails for address in mail["to"]}))
        one = env._("Sends 1 message to %s.", people)
        many = env._("Sends %(count)s messages to %(people)s.", count=len(mails), people=people)
        text += f" {one if len(mails) == 1 else many}"
    if reached := report.get("would_reach"):
        text += f" {env._('Reaches %s.', ', '.join(reached[:_MOST_NAMED]))}"
    return clean(text) or title


def parted(report: Mapping[str, Any]) -> tuple[list[dict], list[dict]]:
    """The changes that were asked for, and those that follow from them.

    Where nothing of what would change was asked for by name, as with most buttons, everything counts as asked.
    """
    changes = list(report.get("changes", ()))
    keys = {(model, record_id) for model, record_id in report.get("asked", ())}
    asked = [change for change in changes if (change["model"], change["id"]) in keys] or changes
    # chatter goes with its record; it is told alone only
    asked = [change for change in asked if change["model"] != _CHATTER] or asked
    return asked, [change for change in changes if change not in asked and change["model"] != _CHATTER]


def _of_kind(env, kind: str, changes: list[dict], wanted: Iterable[str]) -> str:
    some = [change for change in changes if change["kind"] == kind]
    if not some:
        return ""
    if kind == "update" and (len(some) == 1 or len({change["model"] for change in some}) == len(some)):
        told = {"record": _named(env, some[0]), "fields": _fields(env, some[0], wanted)}
        text = env._("change %(record)s: %(fields)s", **told)
        return "; ".join(filter(None, (text, *_following(env, some[1:], 0))))
    records = _some(env, [_named(env, change) for change in some])
    if kind == "create":
        return env._("create %s", records)
    if kind == "delete":
        return env._("delete %s", records)
    return env._("change %(record)s: %(fields)s", record=records, fields=_fields(env, some[0], wanted))


def _following(env, changes: list[dict], also: int) -> list[str]:
    parts = []
    for kind, told in (("create", env._("create %s")), ("delete", env._("delete %s"))):
        if some := [_named(env, change) for change in changes if change["kind"] == kind]:
            parts.append(told % _some(env, some))
    updated = sum(change["kind"] == "update" for change in changes)
    if updated:
        more = env._("%s more records change with it", updated)
        parts.append(env._("1 more record changes with it") if updated == 1 else more)
    if also:
        parts.append(env._("touch 1 more record") if also == 1 else env._("touch %s more records", also))
    return parts


def _some(env, names: list[str]) -> str:
    text = ", ".join(names[:_MOST_NAMED])
    more = len(names) - _MOST_NAMED
    return env._("%(names)s and %(count)s more", names=text, count=more) if more > 0 else text


def _named(env, change: dict) -> str:
    return f"{name_before(env, change)} ({env[change['model']]._description})"


def name_before(env, change: Mapping[str, Any]) -> str:
    """What people know a record by now: the old name of one that would be renamed."""
    renamed = change["kind"] == "update" and change["fields"].get(env[change["model"]]._rec_name)
    return str((renamed[0] if renamed else None) or change["name"] or change["id"])


def wanted_fields(arguments: Mapping[str, Any]) -> list[str]:
    """Names or labels of the fields that the call gives values for."""
    given = [arguments.get("values"), *(arguments.get("records") or ())]
    return [str(name) for values in given if isinstance(values, Mapping) for name in values]


def _fields(env, change: dict, wanted: Iterable[str]) -> str:
    model = env[change["model"]]
    rows, rest = fields_of(model, change["fields"], wanted)
    parts = [
        env._(
            "%(field)s from %(old)s to %(new)s",
            field=field_label(model, name),
            old=_short(env, told(model, name, old)),
            new=_short(env, told(model, name, new)),
        )
        for name, (old, new) in list(rows.items())[:_MOST_NAMED]
    ]
    more = len(rows) - len(parts)
    text = ", ".join(parts)
    if more <= 0:
        return text or ", ".join(field_label(model, name) for name in rest)
    one, many = env._("%s and 1 more field", text), env._("%(text)s and %(count)s more fields", text=text, count=more)
    return one if more == 1 else many


def fields_of(model, fields: Mapping[str, Any], wanted: Iterable[str] = ()) -> tuple[dict, dict]:
    """The fields that a person wants to read of, and those that follow from them or that Odoo filled in.

    :param wanted: names or labels of the fields that were asked for; empty when nobody knows
    """
    known = {name: value for name, value in fields.items() if name in model._fields}
    wanted = {name.lower() for name in wanted}
    first = [name for name in known if name in wanted or field_label(model, name).lower() in wanted]
    if not first:
        first = [name for name in known if not _is_computed(model._fields[name])]
        first.sort(key=lambda name: name not in (model._rec_name, "name"))
    return {name: known[name] for name in first}, {name: known[name] for name in known if name not in first}


def _is_computed(field) -> bool:
    return bool(field.compute and field.readonly)


def field_label(model, name: str) -> str:
    """What people call a field, in the language of the environment."""
    return model._fields[name]._description_string(model.env) or name


def shown(env, value: Any) -> str:
    """A value of the report as a person reads it."""
    if value is None:
        return "–"
    if isinstance(value, dict) and "id" in value:
        return str(value.get("name") or f"#{value['id']}")
    if isinstance(value, list):
        return ", ".join(shown(env, one) for one in value)
    if isinstance(value, bool):
        return env._("yes") if value else env._("no")
    return str(value)


def told(model, name: str, value: Any) -> str | None:
    """The value of a field as a person reads it, in the language and formats of ``model``; None stays None."""
    field = model._fields.get(name)
    if value is None or field is None:
        return value
    if isinstance(value, str) and field.type == "selection":
        return dict(field._description_selection(model.env)).get(value) or value
    if isinstance(value, str) and field.type in ("date", "datetime"):
        return _moment(model.env, field.type, value)
    return shown(model.env, value)


def _moment(env, kind: str, value: str) -> str:
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:  # "(withheld)"
        return value
    if kind == "date":
        return format_date(env, moment.date())
    # the report names the zone; Odoo formats moments of UTC that name none
    in_utc = moment.astimezone(timezone.utc).replace(tzinfo=None) if moment.tzinfo else moment
    return format_datetime(env, in_utc, dt_format="short")


def _short(env, value: Any, most: int = _LONGEST_VALUE) -> str:
    if value is None:
        return env._("nothing")
    is_plain = not isinstance(value, Mapping) or "id" in value
    text = shown(env, value) if is_plain else json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= most else f"{text[: most - 1]}…"
