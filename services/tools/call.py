"""What a tool is handed with its arguments. No Odoo import."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ..conversations.link import Silent
from .selection import Selection

if TYPE_CHECKING:
    from ..conversations.link import Line
    from ..governance.gate import Gate
    from ..identity.caller import Caller, ServerLimits


@dataclass(slots=True)
class CallFacts:
    """What a call turned out to be about; it ends in the audit log."""

    res_model: str | None = None
    res_ids: list[int] = field(default_factory=list)
    rows: int | None = None
    change_id: int | None = None  # of the journal
    note: str | None = None  # what an administrator may want to know of a call that went well
    approval: str = ""  # what somebody was asked to agree to
    undoes_id: int | None = None  # the change that this call takes back
    of_steps: set[tuple[str, int]] = field(default_factory=set)  # records that earlier steps of a batch were about

    def records(self) -> set[tuple[str, int]]:
        """Model and id of the records that the call is about, as against those that follow from it."""
        return self.of_steps | {(self.res_model or "", record_id) for record_id in self.res_ids}


@dataclass(slots=True)
class Call:
    """One call of one tool: who makes it, within which limits, and the only way to data (``gate``).

    A tool declared with ``converses=True`` may also talk to the client while it runs.
    """

    caller: Caller
    limits: ServerLimits
    gate: Gate
    context: Any  # the protocol's CallContext
    facts: CallFacts = field(default_factory=CallFacts)
    line: Line | Silent = field(default_factory=Silent)
    selection: Selection = field(default_factory=Selection)  # of tools, by the client

    def use_context(self, context: Mapping[str, Any] | None) -> None:
        """Go on in the context that the client asked for: language, time zone, companies, archived records or not.

        Everything else that a context can mean to Odoo is left out, and noted in the audit log.

        :raises ToolError: a value is not of its kind, or not for this connection
        """
        if context:
            ignored = self.gate.ignored_context(context)
            if ignored:
                self.facts.note = f"Ignored in the context: {', '.join(ignored)[:200]}"
            self.gate = self.gate.in_context(context)

    @contextmanager
    def own_context(self) -> Iterator[None]:
        """Within this the call may go on in another context; afterwards it is in the one of before."""
        gate = self.gate
        try:
            yield
        finally:
            self.gate = gate.reopened()

    def progress(self, done: float, total: float | None = None, message: str | None = None) -> None:
        """Tell how far the call is; a cancelled call ends here. ``done`` must grow."""
        self.line.progress(done, total, message)

    def log(self, level: str, data: Any, logger: str | None = None) -> None:
        """Send a log message (levels of RFC 5424, lower case); a cancelled call ends here."""
        self.line.log(level, data, logger)

    def ask_client(self, key: str, method: str, params: Mapping[str, Any]) -> dict[str, Any]:
        """Ask the client one question and wait for its answer.

        A 2026-07-28 client gets the question as the result, and repeats the call with the answer: the tool then runs
        from its beginning, in a new transaction, and this returns at once.

        :param key: names the question within this tool, the same at every run
        :param method: ``elicitation/create``, ``sampling/createMessage`` or ``roots/list``
        :raises ProtocolError: -32021, the client did not declare that it can answer this
        """
        return self.line.ask({key: {"method": method, "params": dict(params)}})[key]

    def ask_client_all(self, questions: Mapping[str, tuple[str, Mapping[str, Any]]]) -> dict[str, dict[str, Any]]:
        """Several questions at once, ``{key: (method, params)}``; the answers by key."""
        return self.line.ask({key: {"method": m, "params": dict(p)} for key, (m, p) in questions.items()})
