"""The journal as its readers use it: listing changes, and undoing one, by an AI or by a person."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from ..records.values import time_zone
from ..tools.call import Call
from ..tools.errors import ToolError
from . import journal, recording
from .atomic import atomic
from .telling import told_changes
from .touched import touched
from .undo import undo

MOST_RECORDS = 40


def list_changes(call: Call, change_id: int | None, model: str | None, record_id: int | None, limit: int) -> dict:
    """Changes of the user, newest first; those of one call, or of one record, with their values."""
    env = call.gate.env
    domain: list = []
    if change_id:
        domain.append(("id", "=", change_id))
    if record_id and not model:
        raise ToolError("An id is of a model: give model, too.")
    if model:
        call.gate.model(model)
        lines = [("res_model", "=", model)] + ([("res_id", "=", record_id)] if record_id else [])
        domain.append(("line_ids", "any", lines))
    found = env["mcp.change"].search(domain, limit=limit, order="id desc")
    call.facts.rows = len(found)
    if change_id and not found:
        raise _no_such(change_id)
    told = []
    for change in found:
        entry = _told(env, change)
        if change_id or record_id:
            touches = change.line_ids._as_touched()
            if record_id:
                touches = [touch for touch in touches if (touch.model, touch.id) == (model, record_id)]
            entry["records"], others = told_changes(call.gate, touches, MOST_RECORDS)
            if others:
                entry["also"] = others
        told.append(entry)
    return {"changes": told}


def undo_change(call: Call, change_id: int) -> dict:
    """Take back the change ``change_id``."""
    env = call.gate.env
    change = env["mcp.change"].search([("id", "=", change_id)])
    if not change:
        raise _no_such(change_id)
    notes = undo(env, change, call.gate.model)
    _mark(change)
    call.facts.undoes_id = change.id
    answer = {"undone": change.id, "what": change.summary or ""}
    if notes:
        answer["notes"] = notes
    return answer


def undo_by_person(change) -> list[str]:
    """The same by the user of ``change.env``, with that user's rights; what did not come back."""
    env = change.env

    def allow(model_name: str, operation: str):
        model = env[model_name]
        model.check_access(operation)
        return model

    with atomic(env):
        seen = recording.begin(env.cr)
        try:
            notes = undo(env, change, allow)
        finally:
            recording.end(env.cr)
        _mark(change)
        journal.write_down(env, touched(env, seen), tool="undo", undoes_id=change.id)
    return notes


def _mark(change) -> None:
    # sudo: nobody may write the journal by hand
    change = change.sudo()
    now = datetime.now(ZoneInfo("UTC")).replace(tzinfo=None, microsecond=0)
    change.write({"undone_at": now, "undone_user_id": change.env.uid})
    taken_back = True
    while change.undoes_id:  # taking back an undo: what it had taken back is done again, and so on
        by, change, taken_back = change, change.undoes_id, not taken_back
        if taken_back:
            change.write({"undone_at": now, "undone_user_id": change.env.uid, "undone_by_id": by.id})
        else:
            change.write({"undone_at": False, "undone_user_id": False, "undone_by_id": False})


def _told(env, change) -> dict:
    when = change.create_date.replace(tzinfo=ZoneInfo("UTC")).astimezone(time_zone(env))
    entry = {
        "change_id": change.id,
        "when": when.isoformat(timespec="seconds"),
        "tool": change.tool or "",
        "what": change.summary or "",
    }
    if change.client:
        entry["client"] = change.client
    if change.undone_at:
        entry["undone"] = True
    return entry


def _no_such(change_id: int) -> ToolError:
    return ToolError(f"There is no change {change_id} of yours. list_changes tells which there are.")
