"""The way of a call of a tool, from its name to its answer.

    may this connection use the tool?          the gate
    was this very call made before?            idempotency: its answer again
    must somebody agree first?                 the registry's ``_approval_needed``: a pending answer
    carry it out, all of it or nothing         one savepoint, flushed inside, with what it changes on record
    only try it?                               dry run: carried out, measured, taken back

Serialization failures go on to Odoo's retry, which starts the call anew in a new transaction.
"""

from __future__ import annotations

from typing import Any

import psycopg2

from ..protocol.versions import BATCH_VERSION
from ..tools.call import Call
from ..tools.errors import RefusedError
from ..tools.result import ToolResult
from . import dry_run, idempotency, journal
from .arguments import Governance, from_meta
from .atomic import atomic

Result = dict | ToolResult | None


def carry_out(call: Call, registry, name: str, arguments: dict[str, Any], approved: bool = False) -> Result:
    """The result of the tool ``name``, or None when there is none of this name for this connection.

    :param registry: ``mcp.tool.registry`` in the environment of the call
    :param approved: somebody agreed to this very call: it is not asked again
    """
    definition = registry._definitions().get(name)
    if is_hidden(call, name):
        return None
    reason = call.caller.policy.why_not_tool(name, definition and definition.risk)
    if reason:
        raise RefusedError(reason)
    if definition is not None and definition.risk == "read":
        return _read(call, registry, name, arguments)
    governance, arguments = definition.governance(arguments) if definition else (Governance(), arguments)
    if governance.dry_run:
        return dry_run.rehearse(call, lambda: registry.execute_tool(call, name, arguments))
    try:
        with atomic(call.gate.env):
            key = governance.idempotency_key or from_meta(call.context.meta)
            taken = idempotency.claim(call, key, name, arguments) if key else None
            if taken and taken.answer is not None:
                return taken.answer
            result = None if approved else registry._approval_needed(call, definition, arguments)
            if result is None:
                result = _run(call, registry, name, arguments)
            if taken and result is not None:
                idempotency.keep(call, taken, result)
        return result
    except psycopg2.errors.InvalidSavepointSpecification:
        # the tool's code ended the transaction behind our back: nothing of it may be committed
        call.gate.env.cr.rollback()
        raise


def is_hidden(call: Call, name: str) -> bool:
    """Whether there is no such tool for this client: the administrator chose others, for all or for this one."""
    return name in call.limits.switched_off_tools or call.caller.policy.hides_tool(name)


def _read(call: Call, registry, name: str, arguments: dict[str, Any]) -> Result:
    if call.context.protocol_version == BATCH_VERSION:  # others of the batch may have written in this transaction
        with call.gate.env.cr.savepoint():
            return registry.execute_tool(call, name, arguments)
    try:
        return registry.execute_tool(call, name, arguments)
    except psycopg2.Error:
        # nothing else happened in this transaction, and nothing is left of this call: no savepoint was needed
        call.gate.env.cr.rollback()
        raise


def _run(call: Call, registry, name: str, arguments: dict[str, Any]) -> Result:
    with journal.recording(call) as record:
        result = registry.execute_tool(call, name, arguments)
        if result is not None:
            call.gate.env.cr.flush()
    if result is None:
        return None
    change_id = journal.store(call, name, record)
    return _with(result, "change_id", change_id) if change_id else result


def _with(result: dict | ToolResult, key: str, value: Any) -> dict | ToolResult:
    """``result`` with one thing more, where a program and a model will find it."""
    if isinstance(result, dict):
        return {**result, key: value}
    return result.with_note(key, value)
