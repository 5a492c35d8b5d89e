"""The journal of what tools changed: one ``mcp.change`` per call that changed something, one line per record."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from contextlib import contextmanager

from odoo.tools import SQL
from odoo.tools.translate import LazyTranslate

from ..tools.call import Call
from . import recording as recordings
from .audit import clean
from .recording import Recording
from .touched import Touched, touched

_lt = LazyTranslate(__name__)

_BATCH = 500
_MOST_MODELS = 4  # that a summary names
_CHATTER = "mail.message"
# in the order in which a summary tells them; translated where they are used
_VERBS = {"create": _lt("created %s"), "update": _lt("changed %s"), "delete": _lt("deleted %s")}

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
        record = recordings.begin(cr)
        record.via = via(call)
        yield record
    finally:
        recordings.end(cr)


def store(call: Call, tool: str, record: Recording) -> int | None:
    """Write down what ``record`` saw; the id of the ``mcp.change``, None when nothing has changed. Flush before."""
    change = write_down(
        call.gate.env,
        touched(call.gate.env, record),
        call.facts.records(),
        connection_id=call.caller.connection_id,
        client=clean(client_name(call)),
        tool=tool,
        undoes_id=call.facts.undoes_id,
    )
    call.facts.change_id = change.id or None
    return call.facts.change_id


def write_down(env, changes: list[Touched], asked: Collection[tuple[str, int]] = (), **values):
    """A ``mcp.change`` of the user of ``env`` with ``values``; empty when there are no changes.

    :param asked: model and id of the records that the call is about; what else changed follows from it
    """
    # sudo: nobody may write the journal by hand
    journal = env["mcp.change"].sudo()
    if not changes:
        return journal
    change = journal.create({"user_id": env.uid, "summary": summary(env, changes, asked), **values})
    if change.undoes_id:
        change.undoes_id.undone_by_id = change
    _insert_lines(env.cr, change.id, changes, asked)
    change.invalidate_recordset(["line_ids"])
    if any(touch.model == "ir.attachment" for touch in changes):
        env.cr.execute(SQL(_KEEP_FILES, change.id))
    return change


def via(call: Call) -> str:
    """The AI tool and the connection of a call: "Claude Desktop 1.2, connection Claude of Anita"."""
    connection = f"connection {call.caller.connection_name}" if call.caller.connection_name else ""
    return clean(", ".join(part for part in (client_name(call), connection) if part)) or ""


def client_name(call: Call) -> str:
    info = call.context.client_info or {}
    return " ".join(str(info[key]) for key in ("name", "version") if info.get(key))


def summary(env, changes: list[Touched], asked: Collection[tuple[str, int]] = ()) -> str:
    """ "Changed S00012 (Sales Order); created 2 × Transfer; 3 more records changed with it"."""
    told = [change for change in changes if change.model != _CHATTER]
    if not told:
        return clean(_said(env, changes)) or env._("Changed %s records", len(changes))
    # what follows from an asked change is counted; where nothing of what changed was asked for, all of it is told
    named = [change for change in told if (change.model, change.id) in asked] or told
    follows = [change for change in told if change.kind == "update" and change not in named]
    told = [change for change in told if change not in follows]
    parts = [part for kind in _VERBS for part in _of_kind(env, kind, [one for one in told if one.kind == kind])]
    if follows:
        more = env._("%s more records changed with it", len(follows))
        parts.append(env._("1 more record changed with it") if len(follows) == 1 else more)
    text = "; ".join(parts)
    return clean(f"{text[:1].upper()}{text[1:]}")


def _of_kind(env, kind: str, changes: list[Touched]) -> list[str]:
    by_model: dict[str, list[Touched]] = {}
    for change in changes:
        by_model.setdefault(change.model, []).append(change)
    verb, parts = env._(_VERBS[kind]), []
    for model_name, some in list(by_model.items())[:_MOST_MODELS]:
        label = env[model_name]._description
        one = f"{some[0].name or some[0].id} ({label})"
        parts.append(verb % (one if len(some) == 1 else f"{len(some)} × {label}"))
    if len(by_model) > _MOST_MODELS:
        more = env._("records of %s more models", len(by_model) - _MOST_MODELS)
        parts.append(verb % more)
    return parts


def _said(env, messages: list[Touched]) -> str:
    """Of a call that changed nothing but the chatter."""
    names = dict.fromkeys(message.name for message in messages if message.name)
    if not names or any(message.kind != "create" for message in messages):
        return ""
    return env._("Posted a message on %s", ", ".join(list(names)[:_MOST_MODELS]))


def _insert_lines(cr, change_id: int, changes: list[Touched], asked: Collection[tuple[str, int]]) -> None:
    for start in range(0, len(changes), _BATCH):
        values = SQL(", ").join(
            SQL(
                "(%s, %s, %s, %s, %s, %s, %s, %s, %s::jsonb, %s::jsonb)",
                change_id,
                start + number,
                (change.model, change.id) in asked,
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
                "INSERT INTO mcp_change_line (change_id, sequence, asked, kind, res_model, res_id, res_name, seen,"
                " values_before, values_after) VALUES %s",
                values,
            )
        )
