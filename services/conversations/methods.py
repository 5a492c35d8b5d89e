"""The part of :class:`~..application.OdooApplication` that is about sessions and tools that talk while they run."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from odoo.api import Environment

from ..governance.carrying_out import carry_out
from ..governance.gate import Gate
from ..protocol.errors import INVALID_PARAMS, ProtocolError
from ..protocol.messages import CallContext, InputRequired, Session
from ..tools.call import Call
from ..tools.result import tool_result
from . import sessions, states
from .link import ConversationCancelled, InputNeeded, Line
from .runner import ToolConversation


class ConversingMethods:
    """Sessions of handshake clients, and tools declared with ``converses``."""

    def open_session(self, context: CallContext, client_info: Mapping, client_capabilities: Mapping) -> str:
        ip_address = self.request_facts["ip_address"]
        version = context.protocol_version
        return sessions.open_session(self.env.cr, self.caller, version, client_info, client_capabilities, ip_address)

    def session(self, session_id: str) -> Session | None:
        found = sessions.find(self.env, self.caller, session_id)
        self._session_key = found and found[0]
        return found and found[1]

    def close_session(self, session_id: str) -> bool:
        return sessions.close(self.env.cr, self.caller, session_id)

    def set_log_level(self, _context: CallContext, level: str) -> None:
        if self._session_key:
            sessions.set_log_level(self.env.cr, self._session_key, level)

    def cancel(self, _context: CallContext, request_id: str | int, _reason: str | None) -> None:
        if self._session_key:
            sessions.leave(self.env.cr, self._session_key, "cancel", str(request_id))

    def accept_response(self, _context: CallContext, response: dict[str, Any]) -> None:
        if self._session_key:
            sessions.leave(self.env.cr, self._session_key, "answer", str(response.get("id")), response)

    def _converses(self, name: str) -> bool:
        definition = self._registry()._definitions().get(name)
        return definition is not None and definition.converses and not self._why_not_tool(name)

    def _converse(self, context: CallContext, name: str, arguments: dict[str, Any]) -> ToolConversation:
        """Run a tool that talks to the client in a thread of its own; see :mod:`.conversations.runner`."""

        def run(registry, call: Call) -> dict[str, Any]:
            result = carry_out(call, registry, name, arguments)
            if result is None:
                raise ProtocolError(INVALID_PARAMS, f"Unknown tool: {name[:100]!r}.")
            return tool_result(result)

        def failed(text: str) -> dict[str, Any]:
            return {"content": [{"type": "text", "text": text}], "isError": True}

        return self._conversation(context, name, arguments, run, failed)

    def _conversation(
        self, context: CallContext, subject: str, arguments: Mapping[str, Any], run: Callable, failed: Callable
    ) -> ToolConversation:
        """
        :param subject: what is called; a requestState is good for this and ``arguments`` only
        :param run: takes the tool registry and the :class:`Call`, returns the result
        :param failed: makes the result of a failure from the text that explains it, or raises
        """
        answers = dict(context.input_responses)
        if context.request_state is not None:
            answers = states.answers_of(self.env, self.caller, subject, arguments, context.request_state) | answers
        registry, session_key = self.env.registry, self._session_key

        def take(kind: str, request_id: str) -> dict | None:
            return sessions.take(registry, session_key, kind, request_id) if session_key else None

        line = Line(
            context,
            answers,
            answer_of=lambda request_id: take("answer", request_id),
            is_cancelled=lambda: take("cancel", str(context.request_id)) is not None,
        )
        return ToolConversation(
            registry.db_name, lambda cr, line: self._run_conversing(cr, line, subject, arguments, run, failed), line
        )

    def _run_conversing(
        self, cr, line: Line, subject: str, arguments: Mapping[str, Any], run: Callable, failed: Callable
    ) -> dict[str, Any] | InputRequired:
        env = Environment(cr, self.caller.user_id, self.caller.context())
        cr.execute("SELECT set_config('statement_timeout', %s, true)", [str(self.limits.statement_timeout * 1000)])
        call = self._call = Call(self.caller, self.limits, Gate(env, self.caller), line.context, line=line)
        try:
            return run(env["mcp.tool.registry"], call)
        except InputNeeded as needed:
            cr.rollback()
            state = states.state_of(env, self.caller, subject, arguments, line.answers)
            return InputRequired(needed.requests, state)
        except (ConversationCancelled, ProtocolError):
            raise
        except Exception as error:
            text = self._explain(error)
            if text is None:
                raise
            cr.rollback()
            return failed(text)
