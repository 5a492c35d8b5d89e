"""Trying a call: it is carried out in full, measured, and taken back. Nothing leaves the database meanwhile.

What is queued for after the commit (mails, webhooks, bus) is dropped, connections are refused, numbers of document
sequences are foreseen rather than drawn. What stays is what every failed transaction of Odoo leaves: gaps in the
internal ids of tables.
"""

from __future__ import annotations

from collections.abc import Callable

from ..tools.call import Call
from ..tools.errors import ToolError
from ..tools.result import ToolResult
from . import outside, recording
from .atomic import atomic
from .telling import told_changes
from .touched import touched

MOST_RECORDS = 40
_MOST_MAILS = 20
NOTE = "Nothing was changed and nothing was sent. Ids of new records are not theirs."


def rehearse(
    call: Call,
    run: Callable[[], dict | ToolResult | None],
    look: Callable[[recording.Recording, dict], None] | None = None,
) -> dict | ToolResult | None:
    """What ``run`` answers, with ``dry_run``: what it would change, send and reach.

    :param look: sees the recording and the report before all is taken back
    """
    env = call.gate.env
    if recording.current(env.cr) is not None:
        raise ToolError("dry_run is given to the whole call, not to a step of it.")
    with outside.refused() as tried, atomic(env, keep=False):
        seen = recording.begin(env.cr, rehearsal=True)
        try:
            result = run()
            if result is None:
                return None
            env.cr.flush()
            report = measured(call, seen)
            if look:
                look(seen, report)
        finally:
            recording.end(env.cr)
    if tried:
        report["would_reach"] = tried
    return {**result, "dry_run": report} if isinstance(result, dict) else result.with_note("dry_run", report)


def measured(call: Call, seen: recording.Recording) -> dict:
    """What ``seen`` recorded, as the caller may see it; within the transaction."""
    env = call.gate.env
    asked = call.facts.records()
    # what was asked for first: what follows from it may be cut off
    found = sorted(touched(env, seen), key=lambda change: (change.model, change.id) not in asked)
    changes, others = told_changes(call.gate, found, MOST_RECORDS)
    report: dict = {"note": NOTE, "changes": changes}
    if others:
        report["also"] = others
    if mails := _mails(env, seen):
        report["would_send"] = mails
    return report


def _mails(env, seen: recording.Recording) -> list[dict]:
    """Whom the queued mails are for and what they are about."""
    # sudo: outgoing mail belongs to the system; it says what this very call would send
    mails = env["mail.mail"].sudo().browse(sorted(seen.unrecorded.get("mail.mail", ()))).exists()
    told = []
    for mail in mails[:_MOST_MAILS]:
        recipients = [mail.email_to] if mail.email_to else []
        recipients += [partner.email_formatted or partner.name for partner in mail.recipient_ids]
        told.append({"to": recipients, "subject": mail.subject or mail.record_name or ""})
    if len(mails) > _MOST_MAILS:
        told.append({"to": [f"… {len(mails) - _MOST_MAILS} more mails"], "subject": ""})
    return told
