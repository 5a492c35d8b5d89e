"""The journal of what tools changed: one ``mcp.change`` per call that changed something, one line per record."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager

from odoo.tools import SQL

from ..tools.call import Call
from . import recording as recordings
from .audit import clean
from .recording import Recording
from .touched import Touched, touched

_BATCH = 500

# Files are kept by their hash. As long as a row names one, Odoo does not delete it: the file of before can come back.
_KEEP_FILES = """
    INSERT INTO ir_attachment (name, type, res_model, res_id, store_fname, checksum, file_size, mimetype,
                               create_date, write_date)
    SELECT 'Kept for undo', 'binary', 'mcp.change.line', id, values_before->>'store_fname',
           values_before->>'checksum', (values_before->>'file_size')::integer, values_before->>'mimetype',
           now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC'
      FROM mcp_change_line
     WHERE change_id = %s AND res_model = 'ir.attachment' AND values_before->>'store_fname' IS NOT NULL
"""


@contextmanager
def recording(call: Call) -> Iterator[Recording]:
    """Within this, what happens to records is seen; read it with :func:`store`."""
    cr = call.gate.env.cr
    outer = recordings.current(cr)
    if outer is not None:  # a tool that runs others: one call, one journal entry
        yield outer
        return
    try:
        yield recordings.begin(cr)
    finally:
        recordings.end(cr)


def store(call: Call, tool: str, record: Recording) -> int | None:
    """Write down what ``record`` saw; the id of the ``mcp.change``, None when nothing has changed. Flush before."""
    change = write_down(
        call.gate.env,
        touched(call.gate.env, record),
        connection_id=call.caller.connection_id,
        client=clean(client_name(call)),
        tool=tool,
        undoes_id=call.facts.undoes_id,
    )
    call.facts.change_id = change.id or None
    return call.facts.change_id


def write_down(env, changes: list[Touched], **values):
    """A ``mcp.change`` of the user of ``env`` with ``values``; empty when there are no changes."""
    # sudo: nobody may write the journal by hand
    journal = env["mcp.change"].sudo()
    if not changes:
        return journal
    change = journal.create({"user_id": env.uid, "summary": summary(env, changes), **values})
    if change.undoes_id:
        change.undoes_id.undone_by_id = change
    _insert_lines(env.cr, change.id, changes)
    change.invalidate_recordset(["line_ids"])
    if any(touch.model == "ir.attachment" for touch in changes):
        env.cr.execute(SQL(_KEEP_FILES, change.id))
    return change


def client_name(call: Call) -> str:
    info = call.context.client_info or {}
    return " ".join(str(info[key]) for key in ("name", "version") if info.get(key))


def summary(env, changes: list[Touched]) -> str:
    """ "Created 2 × Contact; changed S00012 (Sales Order)"."""
    parts = []
    for kind, verb in (("create", "Created"), ("update", "Changed"), ("delete", "Deleted")):
        by_model: dict[str, list[Touched]] = {}
        for change in changes:
            if change.kind == kind and (change.model != "mail.message" or len(changes) == 1):
                by_model.setdefault(change.model, []).append(change)
        for model_name, some in list(by_model.items())[:4]:
            label = env[model_name]._description
            told = f"{some[0].name or some[0].id} ({label})" if len(some) == 1 else f"{len(some)} × {label}"
            parts.append(f"{verb} {told}")
        if len(by_model) > 4:
            parts.append(f"{verb} records of {len(by_model) - 4} more models")
    return clean("; ".join(parts)) or f"Changed {len(changes)} records"


def _insert_lines(cr, change_id: int, changes: list[Touched]) -> None:
    for start in range(0, len(changes), _BATCH):
        values = SQL(", ").join(
            SQL(
                "(%s, %s, %s, %s, %s, %s, %s, %s::jsonb, %s::jsonb)",
                change_id,
                start + number,
                change.kind,
                change.model,
                change.id,
                clean(change.name),
                change.seen,
                json.dumps(change.before, ensure_ascii=True),
                json.dumps(change.after, ensure_ascii=True),
            )
            for number, change in enumerate(changes[start : start + _BATCH])
        )
        cr.execute(
            SQL(
                "INSERT INTO mcp_change_line (change_id, sequence, kind, res_model, res_id, res_name, seen,"
                " values_before, values_after) VALUES %s",
                values,
            )
        )
