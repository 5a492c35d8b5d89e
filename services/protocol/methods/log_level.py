"""``logging/setLevel``; 2026-07-28 says it with each request instead."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..errors import INVALID_PARAMS, ProtocolError
from ..log_levels import LOG_LEVELS
from .method import HANDSHAKE_ONLY, Call, Method, announced


def set_level(call: Call) -> dict[str, Any]:
    """The lowest level to send from now on."""
    level = call.params.get("level")
    if level not in LOG_LEVELS:
        raise ProtocolError(INVALID_PARAMS, f"level must be one of {', '.join(LOG_LEVELS)}")
    call.application.set_log_level(call.context, level)
    return {}


METHODS: Mapping[str, Method] = {
    "logging/setLevel": Method(set_level, HANDSHAKE_ONLY, offered_by=announced("logging")),
}
