"""From a recording to what has changed: each record once, with what differs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from . import rows
from .recording import Recording, known_as

Kind = Literal["create", "update", "delete"]
_CHATTER = "mail.message"


@dataclass(slots=True)
class Touched:
    """One record that a call changed. ``before`` of a creation and ``after`` of a deletion are empty."""

    model: str
    id: int
    kind: Kind
    name: str
    before: dict[str, Any]
    after: dict[str, Any]
    seen: bool = False  # made or deleted by the user, not by the system, maybe out of the user's sight


def touched(env, recording: Recording) -> list[Touched]:
    """What ``recording`` comes down to, in the order in which records were first touched; flush before."""
    found: dict[tuple[str, int], Touched] = {}
    by_model: dict[str, dict[str, list[int]]] = {}
    for (model_name, record_id), kind in recording.order.items():
        by_model.setdefault(model_name, {}).setdefault(kind, []).append(record_id)
    for model_name, kinds in by_model.items():
        # sudo: names and values of whatever the call touched; who may see them is decided where they are shown
        model = env[model_name].sudo().with_context(active_test=False)
        for change in _created(model, kinds.get("create", []), recording):
            found[model_name, change.id] = change
        # what a part of the call deleted that was taken back is still there, and at most changed
        kept = set(model.browse(kinds.get("delete", [])).exists().ids)
        for change in _updated(model, [*kinds.get("update", []), *sorted(kept)], recording.before[model_name]):
            found[model_name, change.id] = change
        for record_id in kinds.get("delete", []):
            if record_id in kept:
                continue
            before = recording.before[model_name].get(record_id, {})
            name = recording.names.get((model_name, record_id), "")
            if model_name == _CHATTER and recording.order.get((before["model"], before["res_id"])) == "delete":
                before = {"model": before["model"], "res_id": before["res_id"]}  # went with its record
            before = rows.kept(before)
            seen = (model_name, record_id) in recording.seen
            found[model_name, record_id] = Touched(model_name, record_id, "delete", name, before, {}, seen)
    return [found[key] for key in recording.order if key in found and not _is_of_server(found[key])]


def _is_of_server(change: Touched) -> bool:
    """Whether it hangs on a record of the MCP server itself: an approver's reminder of a request, for example."""
    values = change.before or change.after
    document = values.get("res_model") or values.get("model")
    return change.model.startswith(("mail.", "ir.")) and isinstance(document, str) and document.startswith("mcp.")


def _created(model, ids: list[int], recording: Recording) -> list[Touched]:
    if not ids:
        return []
    values = rows.read(model, ids, rows.column_names(model))
    for name in rows.link_names(model):
        for record_id, linked in rows.read_links(model, list(values), name).items():
            values[record_id][name] = linked
    if model._name == _CHATTER:
        values = {i: row for i, row in values.items() if _is_said(row, recording)}
    names = _names(model, list(values))
    return [
        Touched(
            model._name,
            record_id,
            "create",
            names[record_id],
            {},
            rows.told(row, row),
            (model._name, record_id) in recording.seen,
        )
        for record_id, row in values.items()
    ]


def _is_said(message: dict, recording: Recording) -> bool:
    """Whether a message is one in its own right, rather than Odoo's note of what is recorded here."""
    if message["message_type"] in ("notification", "user_notification", "auto_comment"):
        return False
    return recording.order.get((message.get("model"), message.get("res_id"))) != "create"


def _updated(model, ids: list[int], before: dict[int, dict]) -> list[Touched]:
    """The records of ``ids`` of which something is different now."""
    by_names: dict[tuple, list[int]] = {}
    for record_id in ids:
        by_names.setdefault(tuple(sorted(before[record_id])), []).append(record_id)
    changes = []
    for names, some_ids in by_names.items():
        links = [name for name in names if not rows.is_column(model, name)]
        now = rows.read(model, some_ids, [name for name in names if name not in links])
        for name in links:
            for record_id, linked in rows.read_links(model, list(now), name).items():
                now[record_id][name] = linked
        for record_id, row in now.items():
            differing = [name for name in names if row[name] != before[record_id][name]]
            if differing:
                old = {name: before[record_id][name] for name in differing}
                changes.append(
                    Touched(model._name, record_id, "update", "", old, {name: row[name] for name in differing})
                )
    for change, name in zip(changes, _names(model, [c.id for c in changes]).values(), strict=True):
        change.name = name
    return changes


def _names(model, ids: list[int]) -> dict[int, str]:
    return {record.id: known_as(record) for record in model.browse(ids)}
