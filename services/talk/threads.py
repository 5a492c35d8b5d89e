"""The chatter of a record: reading it, writing in it, and who follows it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

from markupsafe import Markup, escape

from odoo.tools.mail import plaintext2html

from ..files.files import reachable
from ..governance import call_rules
from ..governance import recording as recordings
from ..records.finding import find_one
from ..records.names import name_of
from ..records.values import time_zone
from ..text.markup import plain_text
from ..tools.call import Call
from ..tools.errors import ToolError
from .people import named, partners_of

LONGEST_BODY = 3_000
_UTC = ZoneInfo("UTC")


def thread(call: Call, model_name: str, record_id: int, reading: bool = False):
    """The record, with a chatter that the caller may read or write in.

    :raises ToolError: records of this model have no chatter
    """
    model = call.gate.model(model_name)
    if not hasattr(model, "message_post"):
        raise ToolError(f"Records of {model_name} have no chatter.")
    operation = "read" if reading else getattr(model, "_mail_post_access", "write")
    return find_one(call, model_name, record_id, operation)


# ---------------------------------------------------------------------- reading


def read_messages(call: Call, model_name: str, record_id: int, limit: int, before: int | None) -> dict[str, Any]:
    """Messages of a record, the newest first, and its followers."""
    record = thread(call, model_name, record_id, reading=True)
    domain = [("model", "=", model_name), ("res_id", "=", record.id), ("message_type", "!=", "user_notification")]
    if before:
        domain.append(("id", "<", before))
    found = record.env["mail.message"].search(domain, order="id desc", limit=limit + 1)
    call.facts.rows = len(found[:limit])
    answer: dict[str, Any] = {"messages": [_message(message) for message in found[:limit]]}
    if not before:
        answer["followers"] = followers_of(record)
    if len(found) > limit:
        answer["next_before"] = found[limit - 1].id
    return answer


def _message(message) -> dict[str, Any]:
    date = message.date.replace(tzinfo=_UTC).astimezone(time_zone(message.env)).isoformat(timespec="minutes")
    author = (name_of(message.author_id) or "(hidden)") if message.author_id else message.email_from or ""
    told: dict[str, Any] = {"id": message.id, "date": date, "author": author, "kind": _kind(message)}
    if message.subject:
        told["subject"] = message.subject
    text = plain_text(message.body or "")
    if text:
        told["text"] = text if len(text) <= LONGEST_BODY else f"{text[:LONGEST_BODY]}… [{len(text)} characters]"
    changes = _changes(message)
    if changes:
        told["changes"] = changes
    if message.attachment_ids:
        told["files"] = [{"id": file.id, "name": file.name} for file in message.attachment_ids]
    return told


def _kind(message) -> str:
    if message.message_type in ("email", "email_outgoing"):
        return "email"
    if message.message_type in ("notification", "auto_comment"):
        return "system"
    return "note" if message.is_internal or message.subtype_id == message.env.ref("mail.mt_note") else "message"


def _changes(message) -> list[str]:
    # sudo: tracked values are nobody's to read directly; Odoo's own filter decides which of them the user may see
    tracked = message.sudo().tracking_value_ids._filter_has_field_access(message.env)
    gate, model = call_rules.open_gate(message.env.cr), message.env[message.model]
    if gate is not None:
        tracked = tracked.filtered(
            lambda row: (
                row.field_id.name in model._fields
                and gate.may_read_field(model, model._fields[row.field_id.name])
                and not gate.limits_records(model._fields[row.field_id.name].comodel_name or "")
            )
        )
    lines = []
    for row in tracked._tracking_value_format():
        field = row.get("fieldInfo") or row
        label = field.get("changedField") or ""
        old, new = (_tracked(row.get(key)) for key in ("oldValue", "newValue"))
        lines.append(f"{label}: {old or 'none'} → {new or 'none'}")
    return lines


def _tracked(value: Any) -> str:
    if isinstance(value, dict):
        value = value.get("value")
    return "" if value in (None, False) else str(value)


def followers_of(record) -> list[str]:
    """The names of those who follow the record."""
    # sudo: the chatter names its followers to everybody who sees it; the connection's own limits are kept
    return [name for partner in record.sudo().message_partner_ids if (name := name_of(partner.with_env(record.env)))]


# ---------------------------------------------------------------------- writing


def post_message(
    call: Call,
    model_name: str,
    record_id: int,
    body: str,
    kind: str,
    mention: Sequence[Any],
    file_ids: Sequence[int],
) -> dict[str, Any]:
    """Write in the chatter, as the caller.

    :param kind: ``note`` for colleagues only, ``message`` for the followers, customers among them, by e-mail
    """
    if not body.strip():
        raise ToolError("The message is empty.")
    partners = partners_of(call, mention, "mention")
    files = [reachable(call, file_id).id for file_id in file_ids]
    record = thread(call, model_name, record_id)
    message = record.message_post(
        body=_html(body, partners),
        message_type="comment",
        subtype_xmlid="mail.mt_note" if kind == "note" else "mail.mt_comment",
        partner_ids=partners.ids,
        attachment_ids=files,
    )
    notified = message.sudo().notified_partner_ids  # sudo: of the message just written
    return {"message_id": message.id, "notified": [named(partner) for partner in notified]}


def _html(body: str, partners) -> Markup:
    """Plain text as HTML, with the mentioned as Odoo marks them; those that the text does not name come first."""
    html = str(plaintext2html(body))
    ahead = []
    for partner in partners:
        mark = Markup(
            '<a href="/odoo/res.partner/{id}" class="o_mail_redirect" data-oe-id="{id}" '
            'data-oe-model="res.partner" target="_blank">@{name}</a>'
        ).format(id=partner.id, name=partner.name)
        name = f"@{escape(partner.name)}"
        if name in html:
            html = html.replace(name, str(mark), 1)
        else:
            ahead.append(str(mark))
    if ahead:
        html = html.replace("<p>", f"<p>{' '.join(ahead)} ", 1)
    return Markup(html)  # made of escaped parts


def change_followers(
    call: Call, model_name: str, record_id: int, add: Sequence[Any], remove: Sequence[Any]
) -> dict[str, Any]:
    """Let people follow a record, or no longer."""
    joining, leaving = partners_of(call, add, "add"), partners_of(call, remove, "remove")
    record = thread(call, model_name, record_id)
    if (recording := recordings.current(record.env.cr)) is not None:
        recording.also.add("mail.followers")
    record.message_subscribe(joining.ids)
    record.message_unsubscribe(leaving.ids)
    return {"followers": followers_of(record)}
