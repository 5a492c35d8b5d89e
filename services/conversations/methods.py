"""The part of :class:`~..application.OdooApplication` about sessions, streams, and tools that converse."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from functools import cached_property
from typing import Any

from odoo.api import Environment

from ..governance.carrying_out import carry_out
from ..governance.gate import Gate
from ..protocol.errors import INVALID_PARAMS, ProtocolError, ResourceNotFound
from ..protocol.messages import CallContext, InputRequired, Session
from ..resources.sealing import sealing_key
from ..tools.call import Call
from ..tools.result import tool_result
from ..transactions import short_transaction
from . import bounds, events, sessions, states, watching
from .events import Place
from .followers import ListenStream, LostStream, OpenStream, SessionStream
from .link import ConversationCancelled, InputNeeded, Line
from .presence import Presence, assumed
from .runner import RunningCall, ToolConversation

# Older clients do not expect a server to close a stream and wait for them.
_COMES_BACK_SINCE = "2025-11-25"


class ConversingMethods:
    """Sessions of handshake clients, streams to listen on, and tools declared with ``converses``."""

    # Set by the controller: who is at the other end of this request.
    presence: Presence | None = None
    # The session that the 2024-11-05 transport opened before ``initialize``.
    early_session: str | None = None

    @cached_property
    def _stream_limits(self) -> bounds.StreamLimits:
        return bounds.limits_of(self.env.cr)

    @property
    def streams(self) -> bool:
        return self.presence is not None and self._stream_limits.enabled

    def _what_changes(self) -> dict[str, dict[str, bool]]:
        """The capabilities that need a stream to be of use."""
        if not self.streams:
            return {}
        changes = {"listChanged": True}
        return {"tools": changes, "prompts": changes, "resources": {"subscribe": True, **changes}}

    # ------------------------------------------------------------------ sessions

    def open_session(self, context: CallContext, client_info: Mapping, client_capabilities: Mapping) -> str | None:
        version, cr = context.protocol_version, self.env.cr
        if self.early_session is not None:
            if self.session(self.early_session):
                with short_transaction(self.env) as own:
                    sessions.introduce(own, self.session_key, version, client_info, client_capabilities)
            return None
        self.session_key, session_id = sessions.open_session(
            cr, self.caller, version, client_info, client_capabilities, self.request_facts["ip_address"]
        )
        return session_id

    def session(self, session_id: str) -> Session | None:
        found = self._found_session = sessions.find(self.env, self.caller, session_id)
        self.session_key = found and found.key
        return found and found.session

    def open_early_session(self, version: str, transport: str) -> tuple[str, str]:
        """A session whose client has not introduced itself yet: the owner of its stream, and its id."""
        owner = secrets.token_hex(8)
        self.session_key, session_id = sessions.open_session(
            self.env.cr, self.caller, version, {}, {}, self.request_facts["ip_address"], transport, owner
        )
        return owner, session_id

    def enter_early_session(self, session_id: str, transport: str) -> bool:
        """Serve this request in a session of :meth:`open_early_session`; False when there is none (any more)."""
        self.early_session = session_id
        if self.presence:  # this request is over long before its answer: the stream is who must be there
            self.presence = replace(self.presence, socket=None)
        return self.session(session_id) is not None and self._found_session.transport == transport

    def close_session(self, session_id: str) -> bool:
        with short_transaction(self.env) as cr:
            return sessions.close(cr, self.caller, session_id)

    def set_log_level(self, _context: CallContext, level: str) -> None:
        if self.session_key:
            with short_transaction(self.env) as cr:
                sessions.set_log_level(cr, self.session_key, level)

    def cancel(self, _context: CallContext, request_id: str | int, _reason: str | None) -> None:
        if self.session_key:
            sessions.leave(self.env.cr, self.session_key, "cancel", str(request_id))

    def accept_response(self, _context: CallContext, response: dict[str, Any]) -> None:
        if self.session_key:
            sessions.leave(self.env.cr, self.session_key, "answer", str(response.get("id")), response)

    # ------------------------------------------------------------------ streams to listen on

    def session_stream(self, _context: CallContext, last_event_id: str | None) -> OpenStream:
        cr, key = self.env.cr, sealing_key(self.env)
        place = Place("", events.newest(cr))
        if last_event_id is not None:
            place = events.place_of(key, self.session_key, last_event_id, self._found_session.lost_until)
        lasts = bounds.longest_stream()
        if bounds.takes_up_a_worker():
            lasts = min(bounds.SHORT_STREAM, lasts)
        # First: a client that finds none keeps the stream it has. The rest of a call is as good as the call.
        seat = self.take_seat(call=bool(place.stream))
        listener = ""
        try:
            if not place.stream:
                with short_transaction(self.env) as own:
                    listener = sessions.claim_stream(own, self.session_key)
        except Exception:
            seat()
            raise
        options = {"key": key, "lasts": lasts, "on_end": seat}
        if place.stream:
            return LostStream(*self.follower(place.position), stream=place.stream, **options)
        return SessionStream(*self.follower(place.position, listener), **options)

    def subscribe(self, context: CallContext, uri: str) -> None:
        self._subject = uri
        subscription = watching.subscription_to(self._registry(), self._begin(context).gate, uri)
        watching.subscribe(self.env.cr, self.session_key, subscription)

    def unsubscribe(self, _context: CallContext, uri: str) -> None:
        self._subject = uri
        watching.unsubscribe(self.env.cr, self.session_key, uri)

    def listen(self, context: CallContext, wanted: dict[str, Any]) -> OpenStream:
        gate, registry = self._begin(context).gate, self._registry()
        subscriptions = []
        for uri in wanted.get("resourceSubscriptions", ())[: watching.MOST_SUBSCRIPTIONS]:
            with suppress(ResourceNotFound):  # the acknowledgement says which ones are honoured
                subscriptions.append(watching.subscription_to(registry, gate, uri))
        honoured = {name: value for name, value in wanted.items() if name != "resourceSubscriptions"}
        if subscriptions:
            honoured["resourceSubscriptions"] = [subscription.uri for subscription in subscriptions]
        listener = f"listen-{secrets.token_hex(16)}"
        position = events.newest(self.env.cr)
        watching.listen(self.env.cr, listener, subscriptions)
        return ListenStream(
            *self.follower(position, listener),
            wanted=honoured,
            subscriptions=subscriptions,
            lasts=bounds.longest_stream(),
            on_end=self.take_seat(),
        )

    def follower(self, position: int, listener: str = "") -> tuple:
        """The first arguments of a :class:`~.followers.Follower`."""
        presence = self.presence or assumed(self.caller, self.limits)
        return self.env.cr.dbname, presence, self.caller.connection_id, self.session_key, position, listener

    def take_seat(self, *, call: bool = False) -> Callable[[], None]:
        """A place among the streams that may be open; see :meth:`.bounds.Seats.take`."""
        return bounds.SEATS.take(self.env.cr.dbname, self.caller.connection_id, self._stream_limits, call=call)

    # ------------------------------------------------------------------ tools that talk while they run

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
        position = events.newest(self.env.cr)
        keep, priming = self._memory(context, position)
        line = Line(context, answers, keep)
        call = RunningCall(*self.follower(position), line=line)
        seat = self.take_seat(call=True)
        return ToolConversation(
            lambda cr, line: self._run_conversing(cr, line, subject, arguments, run, failed),
            line,
            call,
            priming,
            seat,
        )

    def _memory(self, context: CallContext, position: int) -> tuple[Callable | None, str | None]:
        """How what a call says is kept for a client that loses the stream, and from where it may come back."""
        if self.session_key is None or not self.streams or self.early_session is not None:
            return None, None
        registry, session_key, key = self.env.registry, self.session_key, sealing_key(self.env)
        stream = secrets.token_hex(8)

        def keep(event) -> str:
            packed = events.pack(event, context.request_id, context.progress_token)
            with registry.cursor() as cr:
                place = Place(stream, events.store(cr, session_key, stream, "said", packed))
            return events.event_id(key, session_key, place)

        can_be_told = context.protocol_version >= _COMES_BACK_SINCE
        return keep, events.event_id(key, session_key, Place(stream, position)) if can_be_told else None

    def _run_conversing(
        self, cr, line: Line, subject: str, arguments: Mapping[str, Any], run: Callable, failed: Callable
    ) -> dict[str, Any] | InputRequired:
        env = Environment(cr, self.caller.user_id, self.caller.context())
        cr.execute("SELECT set_config('statement_timeout', %s, true)", [str(self.limits.statement_timeout * 1000)])
        gate = Gate(env, self.caller)
        call = self._call = Call(self.caller, self.limits, gate, line.context, line=line, selection=self.selection)
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
