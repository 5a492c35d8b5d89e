"""The before and after of a request, as a page that a person reads."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .words import field_label, told

_TEMPLATE = "odoo_mcp.approval_effect"
_BADGES = {"create": "text-bg-success", "update": "text-bg-info", "delete": "text-bg-danger"}


def as_html(env, report: Mapping[str, Any]) -> str:
    """``report`` of a dry run (see :mod:`..governance.dry_run`) as HTML, every value escaped."""
    changes = [_change(env, change) for change in report.get("changes", ()) if change["model"] in env.registry]
    others = [
        (env[name]._description if name in env.registry else name, count)
        for name, count in report.get("also", {}).items()
    ]
    values = {
        "changes": changes,
        "others": others,
        "mails": report.get("would_send", ()),
        "reached": report.get("would_reach", ()),
    }
    # sudo: the template is ours, and its values were told to the requester already
    return env["ir.qweb"].sudo()._render(_TEMPLATE, values)


def _change(env, change: Mapping[str, Any]) -> dict[str, Any]:
    model = env[change["model"]]
    rows = []
    for name, value in change["fields"].items():
        if name not in model._fields:
            continue
        old, new = value if change["kind"] == "update" else (None, value)
        if change["kind"] == "delete":
            old, new = value, None
        rows.append({"label": field_label(model, name), "old": told(model, name, old), "new": told(model, name, new)})
    return {
        "kind": change["kind"],
        "word": {"create": env._("New"), "update": env._("Changed"), "delete": env._("Deleted")}[change["kind"]],
        "badge": _BADGES[change["kind"]],
        "model": model._description,
        "name": change["name"] or change["id"],
        "rows": rows,
    }
