"""What a method handler gets, and what the table says about it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ..application import Application
from ..limits import Limits
from ..messages import CallContext, Era

BOTH_ERAS = frozenset(Era)
HANDSHAKE_ONLY = frozenset([Era.HANDSHAKE])
MODERN_ONLY = frozenset([Era.MODERN])


@dataclass(frozen=True, slots=True)
class Call:
    """One request, its envelope checked and its method found; ``params`` is still unchecked."""

    context: CallContext
    params: dict[str, Any]
    application: Application
    limits: Limits
    headers: Mapping[str, str] = field(default_factory=dict)  # folded


@dataclass(frozen=True, slots=True)
class Method:
    """A method of the table.

    Its handler returns the result without what 2026-07-28 adds to every one. Where the application
    may answer by a conversation or a question, ``shape`` turns its result into that of a protocol
    version, whenever it comes.
    """

    handler: Callable[[Call], Any]  # a result, InputRequired, Conversation or Subscription
    eras: frozenset[Era] = BOTH_ERAS
    cacheable: bool = False  # its 2026-07-28 result carries ttlMs and cacheScope
    shape: Callable[[dict[str, Any], str], dict[str, Any]] | None = None
    # Which capabilities offer it; None: every server has it.
    offered_by: Callable[[Mapping[str, Any]], bool] | None = None
    opens_session: bool = False


def announced(family: str) -> Callable[[Mapping[str, Any]], bool]:
    """Offered by a capability, whatever stands in it."""
    return lambda capabilities: family in capabilities
