"""What the audit log keeps of the messages themselves, where that is switched on."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from . import redaction

if TYPE_CHECKING:
    from ..identity.caller import ServerLimits

_logger = logging.getLogger(__name__)

# What :mod:`..identity.standing` reads of the settings and the connection.
COLUMNS = """
    CASE connection.payload_logging WHEN 'on' THEN true WHEN 'off' THEN false ELSE settings.log_payloads END
        AS log_payloads,
    settings.redact_payloads
"""


def of_request(limits: ServerLimits, params: Mapping[str, Any]) -> str | None:
    """The parameters of a request as JSON; None when payloads are not logged, or there are none."""
    if not limits.log_payloads or not params:
        return None
    return _redacted(limits, params)


def of_answer(limits: ServerLimits, message: Mapping[str, Any] | None) -> str | None:
    """The result or error of a JSON-RPC answer as JSON; None when payloads are not logged."""
    if not limits.log_payloads or message is None:
        return None
    answer = message.get("result", message.get("error"))
    if isinstance(answer, Mapping) and answer.get("structuredContent") is not None:
        # the content says the same once more, as text
        answer = {key: value for key, value in answer.items() if key != "content"}
    return _redacted(limits, answer)


def _redacted(limits: ServerLimits, value: Any) -> str | None:
    """Nobody's call fails because of the log, and nothing gets into the log that was not looked through."""
    try:
        return redaction.payload(value, limits.redact_payloads)
    except Exception:
        _logger.exception("A payload could not be redacted, and is not kept")
        return '"[not kept: it could not be redacted]"'
