"""What a tool is handed with its arguments. No Odoo import."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ..governance.gate import Gate
    from ..identity.caller import Caller, ServerLimits


@dataclass(slots=True)
class CallFacts:
    """What a call turned out to be about; it ends in the audit log."""

    res_model: str | None = None
    res_ids: list[int] = field(default_factory=list)
    rows: int | None = None


@dataclass(slots=True)
class Call:
    """One call of one tool: who makes it, within which limits, and the only way to data (``gate``)."""

    caller: Caller
    limits: ServerLimits
    gate: Gate
    context: Any  # the protocol's CallContext
    facts: CallFacts = field(default_factory=CallFacts)
