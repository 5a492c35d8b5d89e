"""Why the suite warns, skips, or fails what it does not score: what is known and accepted, with its reason."""

from __future__ import annotations

from fnmatch import fnmatchcase

# (scenario, check, reason), the first that matches counts. A reason that nothing needs any more is to be deleted.
_REASONS = (
    ("tasks-status-notifications", "*", "the suite itself leaves it out"),
    ("tasks-*", "*", "the tasks extension, optional for every server, is not offered"),
    ("server-sse-polling", "server-sse-retry-field", "sent only where the server closes a stream before the answer"),
)


def reason(scenario: str, check: str) -> str | None:
    """Why this check of this scenario did not pass; None: nobody has said so yet."""
    for scenarios, checks, why in _REASONS:
        if fnmatchcase(scenario, scenarios) and fnmatchcase(check, checks):
            return why
    return None
