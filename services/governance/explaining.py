"""Saying what refuses an operation: limits of the connection, Odoo's rights, rules and field groups; and who decides.

Of models it tells what Odoo's own access error tells any user: which groups have a right. What the connection hides
(models, records, fields), and what is a secret, is answered like what does not exist.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from ...compat import field_is_accessible
from ..tools.call import Call
from ..tools.errors import NoRecordError, ToolError
from . import rights
from .secrets import WITHHELD_MODELS, is_secret_field

OPERATIONS = {"read": "read", "create": "create", "update": "write", "delete": "unlink"}
_WORDS = {"read": "read", "create": "create", "write": "change", "unlink": "delete"}
_MOST_NAMES = 15
_NOBODY = "."  # what Odoo writes for a field that is closed to all groups


def explain_access(
    call: Call, model_name: str, operation: str, ids: Sequence[int], field_names: Sequence[str]
) -> dict[str, Any]:
    """What stands in the way of ``operation``; see ``AccessExplanation`` for the shape.

    :param operation: of :data:`OPERATIONS`
    :raises UnknownNameError: there is no such model, or the connection hides it
    """
    call.facts.res_model, call.facts.res_ids = model_name, list(ids)
    gate, mode = call.gate, OPERATIONS[operation]
    model = _model(gate, model_name)
    reasons = _of_model(gate, model, mode)
    answer: dict[str, Any] = {"model": model_name, "operation": operation, "allowed": not reasons}
    if reasons:
        answer["because"] = reasons
    if not gate.may_read_model(model_name):
        return answer
    if limits := _which_records(gate, model, mode):
        answer["which_records"] = limits
    told = {}
    if ids:
        told["records"] = _of_records(model, mode, list(dict.fromkeys(ids)))
    if field_names:
        told["fields"] = {name: _of_field(gate, model, mode, name) for name in dict.fromkeys(field_names)}
    for key, sentences in told.items():
        answer[key] = {name: sentence or "allowed" for name, sentence in sentences.items()}
        answer["allowed"] = answer["allowed"] and not any(sentences.values())
    return answer


def _model(gate, name: str):
    """The model, also where only Odoo's rights keep the user from reading it."""
    if gate.may_read_model(name):
        return gate.env[name]
    model = gate.env.registry.get(name)
    hidden = model is None or model._abstract or model._transient or name in WITHHELD_MODELS
    if hidden or not gate.policy.may(name, "read"):
        raise gate.unknown_model(name)
    return gate.env[name]


def _of_model(gate, model, mode: str) -> list[str]:
    """Everything that refuses, so that nobody has one lifted only to meet the next."""
    name, reasons = model._name, []
    if mode != "read":
        if reason := gate.policy.why_not_written(name):
            reasons.append(f"{reason[:1].upper()}{reason[1:]}.")
        elif not gate.policy.may(name, mode):
            access = gate.policy.models.get(name)
            line = f"The connection's list of models says: {access.in_words()}." if access else "It is not listed."
            reasons.append(f"{line} An MCP administrator can change the list.")
    for needed in dict.fromkeys(("read", mode)):
        if not model.has_access(needed):
            reasons.append(_right_lacking(model, needed))
    return reasons


def _right_lacking(model, mode: str) -> str:
    what = f"{_WORDS[mode]} {model._description} ({model._name})"
    return f"{model.env.user.name} lacks the right in Odoo to {what}. {rights.holders(model, mode)}."


def _which_records(gate, model, mode: str) -> str:
    """What decides which records may be used, without a word on any of them."""
    env = gate.env
    # sudo: names of rules that hold for this user, as Odoo's access errors tell them
    rules = env["ir.rule"]._get_rules(model._name, mode=mode).sudo()
    parts = [f"record rules of Odoo: {_listed(rules.mapped('name'))}"] if rules else []
    if gate.limits_records(model._name):
        parts.append("the limits of this connection")
    return f"Only some: {' and '.join(parts)}." if parts else ""


def _of_records(model, mode: str, ids: list[int]) -> dict[str, str]:
    visible = model.with_context(active_test=False).search([("id", "in", ids)], order="id")
    refused = visible - visible._filtered_access(mode) if mode not in ("read", "create") else visible.browse()
    told = {}
    for record_id in ids:
        if record_id not in visible._ids:
            told[str(record_id)] = str(NoRecordError(model._name, [record_id]))
        elif record_id in refused._ids:
            told[str(record_id)] = _rule_refusing(model.browse(record_id), mode)
        else:
            told[str(record_id)] = ""
    return told


def _rule_refusing(record, mode: str) -> str:
    # sudo: as above; the record itself is one that the user sees
    rules = record.env["ir.rule"]._get_failing(record, mode=mode).sudo()
    if not record.has_access("read") or not rules:
        return f"You may read it, not {_WORDS[mode]} it: Odoo's own checks of {record._name} refuse."
    return (
        f"You may read it, not {_WORDS[mode]} it: Odoo's record rules refuse: {_listed(rules.mapped('name'))}. "
        "An Odoo administrator decides over rules."
    )


def _of_field(gate, model, mode: str, name: str) -> str:
    field = model._fields.get(name)
    if field is not None and _only_groups_are_missing(gate, model, field):
        return f"It is only for {_listed(_group_names(gate.env, field.groups))}. An Odoo administrator decides this."
    try:
        field = gate.writable_field(model, name) if mode in ("create", "write") else gate.field(model, name)
    except ToolError as error:
        return str(error)
    if mode in ("create", "write") and field.readonly and not field.inverse and (field.compute or field.related):
        return "Odoo works it out by itself: change what it follows from."
    return ""


def _only_groups_are_missing(gate, model, field) -> bool:
    """Whether nothing but the field's groups keeps the user from reading it."""
    if field_is_accessible(model, field) or not field.groups or field.groups == _NOBODY:
        return False
    return not is_secret_field(field.name) and gate.policy.allows_field(model._name, field.name)


def _group_names(env, groups: str) -> list[str]:
    names = []
    for reference in groups.split(","):
        # sudo: names of groups, as Odoo's access errors tell them
        group = env.ref(reference.strip().removeprefix("!"), raise_if_not_found=False)
        if group:
            without = "users outside of " if reference.strip().startswith("!") else ""
            names.append(f"{without}{group.sudo().display_name}")
    return names or ["nobody"]


def _listed(names: Iterable[str]) -> str:
    names = list(dict.fromkeys(name or "(without a name)" for name in names))
    shown = ", ".join(repr(name) for name in names[:_MOST_NAMES])
    return shown if len(names) <= _MOST_NAMES else f"{shown} and {len(names) - _MOST_NAMES} more"
