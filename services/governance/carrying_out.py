"""The way of a call of a tool, from its name to its answer.

    may this connection use the tool?          the gate
    was this very call made before?            idempotency: its answer again
    must somebody agree first?                 approval_rules, before and while it runs: a pending answer
    carry it out, all of it or nothing         one savepoint, flushed inside, with what it changes on record
    only try it?                               dry run: carried out, measured, taken back

Serialization failures go on to Odoo's retry, which starts the call anew in a new transaction.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import psycopg2

from ..protocol.versions import BATCH_VERSION
from ..tools.call import Call
from ..tools.definition import ToolDefinition
from ..tools.errors import RefusedError
from ..tools.result import ToolResult
from . import dry_run, idempotency, journal, refused_queries
from .approval_rules import ApprovalNeeded, Watch, rules_of
from .arguments import Governance, from_meta
from .atomic import atomic

Result = dict | ToolResult | None


def carry_out(
    call: Call, registry, name: str, arguments: dict[str, Any], agreed: Callable[..., None] | None = None
) -> Result:
    """The result of the tool ``name``, or None when there is none of this name for this connection.

    :param registry: ``mcp.tool.registry`` in the environment of the call
    :param agreed: somebody agreed to this very call: it is not asked again, and this looks on instead of the rules
        for approvals, see :class:`~.recording.Recording`
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
    with refused_queries.explained():
        if governance.dry_run:
            return dry_run.rehearse(call, lambda: registry.execute_tool(call, name, arguments))
        key = governance.idempotency_key or from_meta(call.context.meta)
        return _carry_out(_Doing(call, registry, name, definition, arguments, key, agreed))


def _carry_out(doing: _Doing) -> Result:
    call, registry = doing.call, doing.registry
    try:
        try:
            return doing.whole("" if doing.agreed else registry._approval_reason(call, doing.definition, doing.name))
        except ApprovalNeeded as needed:
            return doing.whole(str(needed))
    except psycopg2.errors.InvalidSavepointSpecification:
        # the tool's code ended the transaction behind our back: nothing of it may be committed
        call.gate.env.cr.rollback()
        raise


@dataclass(slots=True)
class _Doing:
    """One call of a tool that changes something."""

    call: Call
    registry: Any
    name: str
    definition: ToolDefinition | None
    arguments: dict[str, Any]
    key: str | None
    agreed: Callable[..., None] | None

    def whole(self, reason: str) -> Result:
        """All of it or nothing: the effect, the journal, the answer that is kept.

        :param reason: why somebody must agree first; the effect is then a request for that
        """
        with atomic(self.call.gate.env):
            taken = idempotency.claim(self.call, self.key, self.name, self.arguments) if self.key else None
            if taken and taken.answer is not None:
                return taken.answer
            if reason:
                result = self.registry._request_approval(self.call, self.name, self.arguments, reason, self.key)
            else:
                result = self._run()
            if taken and result is not None:
                idempotency.keep(self.call, taken, result)
        return result

    def _run(self) -> Result:
        call, env = self.call, self.call.gate.env
        with journal.recording(call) as record:
            outer_watch = record.watch
            record.watch = outer_watch or self.agreed or _watch(call)
            try:
                with call.own_context():  # the journal is for people: in the user's language
                    result = self.registry.execute_tool(call, self.name, self.arguments)
                if result is not None:
                    env.cr.flush()
            finally:
                record.watch = outer_watch
        if record.stopped:  # and swallowed by the tool, or by Odoo
            raise record.stopped
        if result is None:
            return None
        change_id = journal.store(call, self.name, record)
        return _with(result, "change_id", change_id) if change_id else result


def _watch(call: Call) -> Watch:
    env, connection_id = call.gate.env, call.caller.connection_id
    return Watch(env, connection_id, rules_of(env, connection_id))


def is_hidden(call: Call, name: str) -> bool:
    """Whether there is no such tool for this client: the administrator chose others, for all or for this one."""
    return name in call.limits.switched_off_tools or call.caller.policy.hides_tool(name)


def _read(call: Call, registry, name: str, arguments: dict[str, Any]) -> Result:
    if call.context.protocol_version == BATCH_VERSION:  # others of the batch may have written in this transaction
        with call.gate.env.cr.savepoint():
            return registry.execute_tool(call, name, arguments)
    try:
        result = registry.execute_tool(call, name, arguments)
        call.gate.env.flush_all()  # a tool that says it reads may still have left something to be computed
        return result
    except psycopg2.Error:
        # nothing else happened in this transaction, and nothing is left of this call: no savepoint was needed
        call.gate.env.cr.rollback()
        raise


def _with(result: dict | ToolResult, key: str, value: Any) -> dict | ToolResult:
    """``result`` with one thing more, where a program and a model will find it."""
    if isinstance(result, dict):
        return {**result, key: value}
    return result.with_note(key, value)
