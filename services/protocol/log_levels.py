"""The severities of log messages (RFC 5424, section 6.2.1), lowest first."""

from __future__ import annotations

LOG_LEVELS = (
    "debug",
    "info",
    "notice",
    "warning",
    "error",
    "critical",
    "alert",
    "emergency",
)


def reaches(level: str, lowest: str) -> bool:
    """Whether a message of ``level`` is wanted by someone who asked for ``lowest`` and above.

    :raises ValueError: one of them is no level
    """
    return LOG_LEVELS.index(level) >= LOG_LEVELS.index(lowest)
