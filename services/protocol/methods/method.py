"""What a method handler gets, and what the table says about it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class Method:
    """A method: its handler returns the result without what 2026-07-28 adds to every one."""

    handler: Callable[[Call], dict[str, Any]]
    eras: frozenset[Era] = BOTH_ERAS
    cacheable: bool = False  # its 2026-07-28 result carries ttlMs and cacheScope
