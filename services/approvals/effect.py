"""The before and after of a request, as a page that a person reads."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from .words import field_label, fields_of, name_before, parted, shown, told, wanted_fields

_TEMPLATE = "odoo_mcp.approval_effect"
_BADGES = {"create": "text-bg-success", "update": "text-bg-info", "delete": "text-bg-danger"}


def as_html(env, report: Mapping[str, Any], arguments: Mapping[str, Any]) -> str:
    """``report`` of a dry run (see :mod:`..governance.dry_run`) as HTML, every value escaped.

    :param arguments: of the call; the fields that they name come first
    """
    known = {**report, "changes": [one for one in report.get("changes", ()) if one["model"] in env.registry]}
    asked, following = parted(known)
    wanted = wanted_fields(arguments)
    others = [
        (env[name]._description if name in env.registry else name, count)
        for name, count in report.get("also", {}).items()
    ]
    values = {
        "changes": [_change(env, change, wanted) for change in asked],
        "following": [_change(env, change) for change in following],
        "others": others,
        "mails": report.get("would_send", ()),
        "reached": report.get("would_reach", ()),
    }
    # sudo: the template is ours, and its values were told to the requester already
    return env["ir.qweb"].sudo()._render(_TEMPLATE, values)


def _change(env, change: Mapping[str, Any], wanted: Iterable[str] = ()) -> dict[str, Any]:
    model = env[change["model"]]
    rows, rest = fields_of(model, change["fields"], wanted)
    if not rows:
        rows, rest = rest, {}
    return {
        "kind": change["kind"],
        "word": {"create": env._("New"), "update": env._("Changed"), "delete": env._("Deleted")}[change["kind"]],
        "badge": _BADGES[change["kind"]],
        "model": model._description,
        "name": name_before(env, change),
        "rows": [_row(model, change["kind"], name, value) for name, value in rows.items()],
        "rest": [_row(model, change["kind"], name, value) for name, value in rest.items()],
    }


def _row(model, kind: str, name: str, value: Any) -> dict[str, str]:
    old, new = value if kind == "update" else (value, value)
    old, new = (shown(model.env, told(model, name, one)) for one in (old, new))
    return {"label": field_label(model, name), "old": old, "new": new}
