"""The line from a running tool to the client that called it: progress, log messages, questions.

A tool reaches it through its :class:`~odoo_mcp.services.tools.call.Call`. What the client cannot take is dropped or
refused here, so that a tool need not know which protocol version it speaks.
"""

from __future__ import annotations

import queue
import threading
import uuid
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from ..protocol.messages import CallContext, Era
from ..protocol.questions import check_declared
from ..protocol.streaming import Cancelled, Event, Notification, ServerRequest
from ..tools.errors import ToolError

# Seconds that a person has to answer a question that a stream waits for.
ANSWER_TIME = 300


class ConversationCancelled(Exception):
    """The client cancelled the call, or went away; the tool is unwound and nothing of it stays."""


class InputNeeded(Exception):
    """2026-07-28: the call ends here, and is repeated with the answers to ``requests``."""

    def __init__(self, requests: Mapping[str, Mapping[str, Any]]):
        super().__init__(", ".join(requests))
        self.requests = dict(requests)


class Silent:
    """Of a call that is answered at once: progress and log messages have nowhere to go."""

    def progress(self, done: float, total: float | None, message: str | None) -> None:
        """Nobody listens."""

    def log(self, level: str, data: Any, logger: str | None) -> None:
        """Nobody listens."""

    def ask(self, questions: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
        """Nobody could answer ``questions``."""
        raise ToolError(f"This tool must ask {', '.join(questions)}: it was not declared to be one that asks.")


class Line:
    """Of a call that runs in a thread of its own while its answer is streamed.

    :param answers: what a 2026-07-28 client brought with the repeated call, by the question's key
    :param keep: puts an event into the session's log and returns its event id; None when nobody could ask for it again
    """

    def __init__(self, context: CallContext, answers: Mapping[str, Any], keep: Callable[[Event], str] | None = None):
        self.context = context
        self.answers = dict(answers)
        self.events: queue.Queue[Event] = queue.Queue()
        self.gone = threading.Event()
        self.said_something = False
        self.keep = keep
        self.attend: Callable[[], None] = lambda: None  # called before an answer is waited for
        self._heard = threading.Condition()
        self._responses: dict[str, dict] = {}

    # ------------------------------------------------------------------ what comes from the client

    def answered(self, request_id: str, response: dict[str, Any]) -> None:
        """The client answered a ServerRequest (handshake era)."""
        with self._heard:
            self._responses[request_id] = response
            self._heard.notify_all()

    def hang_up(self) -> None:
        """The client cancelled the call, went away for good, or may not be served any more.

        The tool stops at the next thing it says.
        """
        self.gone.set()
        with self._heard:
            self._heard.notify_all()

    # ------------------------------------------------------------------ what a tool says

    def progress(self, done: float, total: float | None, message: str | None) -> None:
        self._check()
        params = {"progress": done, "total": total, "message": message}
        self._say(Notification("notifications/progress", {k: v for k, v in params.items() if v is not None}))

    def log(self, level: str, data: Any, logger: str | None) -> None:
        self._check()
        params = {"level": level, "data": data} | ({"logger": logger} if logger else {})
        self._say(Notification("notifications/message", params))

    def ask(self, questions: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
        self._check()
        for question in questions.values():
            check_declared(question["method"], question["params"], self.context)
        if self.context.era is Era.MODERN:
            open_questions = {key: question for key, question in questions.items() if key not in self.answers}
            if open_questions:
                raise InputNeeded(open_questions)
            return {key: self.answers[key] for key in questions}
        return {key: self._ask_now(question) for key, question in questions.items()}

    def _ask_now(self, question: Mapping[str, Any]) -> Any:
        if self.context.session_id is None:
            raise ToolError("This tool must ask you something: open a session (initialize), so that you can answer.")
        request_id = f"ask-{uuid.uuid4().hex}"
        self.attend()
        self._say(ServerRequest(request_id, question["method"], question["params"]))
        with self._heard:
            self._heard.wait_for(lambda: self.gone.is_set() or request_id in self._responses, ANSWER_TIME)
            answer = self._responses.pop(request_id, None)
        self._check()
        if answer is None:
            raise ToolError(
                f"The question was not answered within {ANSWER_TIME} seconds. Call again to be asked again."
            )
        if "error" in answer:
            raise ToolError(f"The client did not answer: {str(answer['error'].get('message'))[:300]}")
        return answer.get("result") or {}

    def _say(self, event: Event) -> None:
        self.said_something = True
        self.events.put(self.kept(event))

    def kept(self, event: Event) -> Event:
        """The event with its id, when it can be asked for again."""
        if self.keep is None:
            return event
        event_id = self.keep(event)
        return event if isinstance(event, Cancelled) else replace(event, event_id=event_id)

    def _check(self) -> None:
        if self.gone.is_set():
            raise ConversationCancelled
