"""Models and their fields, told so that a model can use them without having to read them all."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..schema_cache import remembered
from ..tools.call import Call
from .default_fields import view_field_names
from .starting import starting_values
from .writing import required_names

_ALWAYS_TECHNICAL = frozenset({"create_uid", "write_uid", "write_date", "__last_update", "create_date", "id"})
_VIEWS = ("search", "list", "form")
_OFTEN_NEEDED = ("active", "company_id", "currency_id", "state", "date")
MOST_CHOICES = 12
MOST_MAIN_FIELDS = 45


def describe(call: Call, model_name: str, fields: Sequence[str] | None, all_fields: bool) -> dict:
    """What ``model_name`` is and what it has; see ``ModelDescription`` for the shape."""
    call.facts.res_model = model_name
    model = call.gate.model(model_name)
    readable = call.gate.readable_fields(model)
    required = [name for name in required_names(model) if name in readable and not _has_default(readable[name])]
    if fields:
        for name in fields:
            call.gate.field(model, name)
        shown = list(dict.fromkeys(fields))
    elif all_fields:
        shown = sorted(readable)
    else:
        shown = _main_fields(model, readable, required)
    labels = _labels(model, shown, with_help=bool(fields))
    starting = starting_values(model)
    answer: dict[str, Any] = {
        "model": model_name,
        # sudo: ordinary users cannot read ir.model, and may read records of this one
        "name": call.gate.env["ir.model"].sudo()._get(model_name).name,
        "may": [
            word
            for operation, word in (("read", "read"), ("create", "create"), ("write", "update"), ("unlink", "delete"))
            if call.gate.may(model_name, operation)
        ],
        "fields": {
            name: _line(call, readable[name], labels[name], name in required, name in starting) for name in shown
        },
    }
    if not fields and not all_fields:
        others = sorted(name for name in readable if name not in set(shown) and name not in _ALWAYS_TECHNICAL)
        answer["other_fields"] = " ".join(name for name in others if not _is_plumbing(name))
        answer["hint"] = "Details of others: describe_model(model, fields=[…]); of every field: all_fields=true."
    return answer


def _labels(model, names: Sequence[str], with_help: bool) -> dict[str, dict]:
    """What ``fields_get`` says of these fields, by name: ``string``, and ``help`` when asked for."""
    known = remembered(model.env, "labels", (model._name,), lambda: model.fields_get(None, ["string", "help"]))
    new = [name for name in names if name not in known]  # fields that this user sees, and others of the same groups not
    known = {**known, **model.fields_get(new, ["string", "help"])} if new else known
    return {name: known[name] if with_help else {"string": known[name].get("string")} for name in names}


def _main_fields(model, readable: dict, required: Sequence[str]) -> list[str]:
    """The fields that people filter by, see in the list or must fill in."""
    names = [model._rec_name or "display_name", *required]
    for view_type in _VIEWS:
        names += view_field_names(model, view_type)
    names += _OFTEN_NEEDED
    useful = (name for name in names if name in readable and _is_useful(readable[name]))
    return list(dict.fromkeys(useful))[:MOST_MAIN_FIELDS]


def _has_default(field) -> bool:
    return bool((field.related_field if field.inherited else field).default)


def _is_useful(field) -> bool:
    """Whether a field of a view says something of the record, rather than serving the screen."""
    only_for_the_screen = not field.store and field.readonly and not field._description_searchable
    return not (only_for_the_screen or _is_plumbing(field.name) or field.name in _ALWAYS_TECHNICAL)


def _is_plumbing(name: str) -> bool:
    """Whether a field serves the web client rather than the business."""
    return name.startswith(("message_", "activity_", "website_message_", "avatar_", "image_", "has_message"))


def _line(call: Call, field, label: dict, required: bool, is_start: bool) -> str:
    """``many2one res.partner, required: Customer`` — one line says it all.

    The label is left out where the name already says it.

    :param required: a new record must be given it, because it has no default
    :param is_start: a new record may be given it, and keeps it
    """
    words = [field.type]
    if field.relational:
        words[0] += f" {field.comodel_name}"
    elif field.type == "selection":
        words[0] = "selection " + _choices(field, call.gate.env)
    if required:
        words.append("required")
    elif field.readonly:
        words.append("only when created" if is_start else "readonly")
    if not field._description_searchable:
        words.append("not searchable")
    line = ", ".join(words)
    text = label.get("string") or ""
    if text and text.lower().replace(" ", "_") not in (
        field.name,
        field.name.removesuffix("_id"),
        field.name.removesuffix("_ids"),
    ):
        line += f": {text}"
    return f"{line} ({label['help']})" if label.get("help") else line


def _choices(field, env) -> str:
    choices = [str(key) for key, _label in field._description_selection(env)]
    more = f"|… {len(choices) - MOST_CHOICES} more" if len(choices) > MOST_CHOICES else ""
    return "|".join(choices[:MOST_CHOICES]) + more
