"""What somebody has to do: scheduling it, looking at it, and saying that it is done."""

from __future__ import annotations

from typing import Any

from odoo.fields import Date

from ..records.names import name_of
from ..records.writing_scalars import scalar
from ..text.markup import plain_text
from ..tools.call import Call
from ..tools.errors import ToolError, UnknownNameError
from .people import user_of
from .threads import thread

MOST_LISTED = 80


def schedule(
    call: Call,
    model_name: str,
    record_id: int,
    kind: str | None,
    summary: str | None,
    note: str | None,
    due: str | None,
    user: Any,
) -> dict[str, Any]:
    """A new activity on a record; without ``user`` it is the caller's, without ``due`` the type decides."""
    record = thread(call, model_name, record_id)
    if not hasattr(record, "activity_schedule"):
        raise ToolError(f"Records of {model_name} have no activities.")
    activity_type = _type(call, model_name, kind)
    values: dict[str, Any] = {"activity_type_id": activity_type.id, "user_id": call.gate.env.uid}
    if user is not None:
        values["user_id"] = user_of(call, user, "user").id
    field = record.env["mail.activity"]._fields["date_deadline"]
    deadline = scalar(record.env, field, "due", due) if due else None
    activity = record.activity_schedule(
        date_deadline=Date.to_date(deadline) if deadline else None, summary=summary or "", note=note or "", **values
    )
    return _row(activity)


def _type(call: Call, model_name: str, kind: str | None):
    env = call.gate.env
    types = env["mail.activity.type"].search([("res_model", "in", (False, model_name))])
    if not kind:
        todo = env.ref("mail.mail_activity_data_todo", raise_if_not_found=False)
        return todo if todo in types else types[:1]
    for one in types:
        if kind.strip().lower() in (one.name.lower(), str(one.id)):
            return one
    names = types.mapped("name")
    raise UnknownNameError("Activity type", kind, names, f"There are: {', '.join(names)}.")


def list_activities(
    call: Call, user: Any, model_name: str | None, record_id: int | None, due_until: str | None
) -> dict[str, Any]:
    """Open activities, the most urgent first: the caller's own, or those of a colleague or of one record."""
    activities = call.gate.model("mail.activity")
    domain: list[Any] = []
    if record_id and not model_name:
        raise ToolError("Say of which model the record is.")
    if model_name:
        call.gate.model(model_name)
        domain.append(("res_model", "=", model_name))
    if record_id:
        thread(call, model_name, record_id, reading=True)
        domain.append(("res_id", "=", record_id))
    if user is not None or not record_id:
        who = user_of(call, user, "user") if user is not None else call.gate.env.user
        domain.append(("user_id", "=", who.id))
    if due_until:
        day = scalar(activities.env, activities._fields["date_deadline"], "due_until", due_until)
        domain.append(("date_deadline", "<=", day))
    found = activities.search(domain, order="date_deadline, id", limit=MOST_LISTED + 1)
    shown = [_row(activity) for activity in found[:MOST_LISTED]]
    call.facts.rows = len(shown)
    answer: dict[str, Any] = {"activities": shown}
    if len(found) > MOST_LISTED:
        answer["hint"] = f"The first {MOST_LISTED}. Narrow it with model or due_until."
    return answer


def _document_name(activity) -> str:
    if not activity.res_model or activity.res_model not in activity.env:
        return ""
    return name_of(activity.env[activity.res_model].browse(activity.res_id))


def _row(activity) -> dict[str, Any]:
    row: dict[str, Any] = {
        "id": activity.id,
        "type": activity.activity_type_id.sudo().name or "",  # sudo: a name on the screen of everybody
        "due": activity.date_deadline.isoformat(),
        "state": activity.state,
        "user": activity.user_id.sudo().name or "",  # sudo: as above
        "record": {"model": activity.res_model or "", "id": activity.res_id, "name": _document_name(activity)},
    }
    if activity.summary:
        row["summary"] = activity.summary
    if note := plain_text(activity.note or ""):
        row["note"] = note[:500]
    return row


def complete(call: Call, activity_id: int, feedback: str | None) -> dict[str, Any]:
    """Mark an activity as done, with what came of it in the chatter."""
    activities = call.gate.model("mail.activity")
    activity = activities.search([("id", "=", activity_id)], limit=1)
    if not activity:
        raise ToolError(f"There is no open activity {activity_id}, or it may not be seen. list_activities tells which.")
    record = thread(call, activity.res_model, activity.res_id)
    name = activity.summary or activity.activity_type_id.sudo().name or ""  # sudo: as above
    activity.action_feedback(feedback=feedback or False)
    return {"done": name, "record": {"model": record._name, "id": record.id, "name": name_of(record)}}
