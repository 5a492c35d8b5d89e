"""``requestState`` of 2026-07-28: what was answered so far, sealed, for one user and one call, once."""

from __future__ import annotations

import hashlib
import json
import secrets
import time
from collections.abc import Mapping
from typing import Any

from ..protocol.errors import INVALID_PARAMS, ProtocolError
from ..protocol.sealed import BrokenSealError, seal, unseal
from ..resources.sealing import sealing_key

STATE_AGE = 900  # seconds a person has to answer
_PURPOSE = "requestState"


def state_of(env, caller, name: str, arguments: Mapping[str, Any], answers: Mapping[str, Any]) -> str:
    """A state that brings ``answers`` back with the repeated call."""
    payload = {
        "user": caller.user_id,
        "connection": caller.connection_id,
        "call": _digest(name, arguments),
        "answers": dict(answers),
        "once": secrets.token_urlsafe(16),
    }
    return seal(payload, sealing_key(env), time.time(), purpose=_PURPOSE)


def answers_of(env, caller, name: str, arguments: Mapping[str, Any], state: str) -> dict[str, Any]:
    """The answers that ``state`` carries, which is used up by this.

    :raises ProtocolError: -32602, the state was changed, is too old, was used before, or is for another call or user
    """
    try:
        payload = unseal(state, sealing_key(env), time.time(), STATE_AGE, purpose=_PURPOSE)
    except BrokenSealError as error:
        raise ProtocolError(INVALID_PARAMS, f"requestState is not valid: {error}. Call again without it") from None
    expected = (caller.user_id, caller.connection_id, _digest(name, arguments))
    if (payload["user"], payload["connection"], payload["call"]) != expected:
        raise ProtocolError(INVALID_PARAMS, "requestState belongs to another call. Repeat the call it came from")
    if not _use_up(env, payload["once"]):
        raise ProtocolError(INVALID_PARAMS, "requestState was used before. Call again without it")
    return payload["answers"]


def _use_up(env, once: str) -> bool:
    """Whether the state was unused until now. Committed at once: of two requests with it, one wins."""
    with env.registry.cursor() as cr:
        cr.execute(
            "DELETE FROM mcp_used_state WHERE create_date < now() AT TIME ZONE 'UTC' - %s * interval '1 second'",
            [2 * STATE_AGE],
        )
        cr.execute(
            """INSERT INTO mcp_used_state (once, create_date) VALUES (%s, now() AT TIME ZONE 'UTC')
               ON CONFLICT (once) DO NOTHING RETURNING id""",
            [once],
        )
        return cr.fetchone() is not None


def _digest(name: str, arguments: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps([name, arguments], sort_keys=True, default=str).encode()).hexdigest()
