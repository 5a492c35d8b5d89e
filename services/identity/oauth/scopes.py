"""What a person can grant: reading, or reading and writing. Never more than that person may do in Odoo."""

from __future__ import annotations

from collections.abc import Iterable

READ = "mcp:read"
WRITE = "mcp:write"
# Wide scopes include narrow ones; the order is that of answers.
SCOPES = (READ, WRITE)
# Clients ask for it when they want to come back without the person; every grant allows that here.
OFFLINE = "offline_access"


def known(scope: str | None) -> list[str]:
    """The scopes of ours in a space-separated ``scope``; others (``openid`` and such) are left out."""
    asked = set((scope or "").split())
    if WRITE in asked:
        asked.add(READ)  # who may change may look
    return [name for name in SCOPES if name in asked]


def requested(scope: str | None, ceiling: str | None) -> list[str]:
    """What a request for ``scope`` amounts to for a client limited to ``ceiling``; everything when it names nothing.

    Empty when the client asks only for what it may not have.
    """
    allowed = known(ceiling) or list(SCOPES)
    asked = known(scope) or list(SCOPES)
    return [name for name in asked if name in allowed]


def join(scopes: Iterable[str]) -> str:
    return " ".join(scopes)


def may_write(scope: str) -> bool:
    return WRITE in scope.split()
