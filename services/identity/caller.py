"""Who makes a call, and under which server-wide settings it is made. Plain values, no Odoo import."""

from __future__ import annotations

from dataclasses import dataclass, field

from ..governance.policy import ConnectionPolicy
from ..governance.rate_limits import RateLimits
from ..tools.selection import FULL

DEFAULT_ORIGINS = "\n".join(
    (
        "https://claude.ai",
        "https://chatgpt.com",
        "https://app.grok.com",
        "http://localhost:*",
        "http://127.0.0.1:*",
    )
)


@dataclass(frozen=True, slots=True)
class ServerLimits:
    """The settings that every request is subject to (SPEC 2), as read for this request."""

    enabled: bool
    https_only: bool
    max_payload_kb: int
    max_rows: int
    statement_timeout: int  # seconds
    hide_internal_errors: bool
    allowed_origins: tuple[str, ...]
    instructions: str
    switched_off_tools: frozenset[str]
    rates: RateLimits = field(default_factory=RateLimits)
    log_payloads: bool = False
    redact_payloads: bool = True


@dataclass(frozen=True, slots=True)
class Caller:
    """A connection whose credential, user and own state were found good for this very request."""

    connection_id: int
    connection_name: str
    credential_id: int
    user_id: int
    company_ids: tuple[int, ...]  # of the user and the connection, the user's main company first
    lang: str
    tz: str
    policy: ConnectionPolicy = field(default_factory=ConnectionPolicy)
    # before the person narrowed it at a browser login; None: the same
    connection_policy: ConnectionPolicy | None = None
    may_step_up: bool = False  # the client asked for less than it could have at the login, and may ask for more
    tool_mode: str = FULL  # of :mod:`..tools.selection`

    def context(self) -> dict:
        """The Odoo context of the call: nothing in it comes from the client."""
        return {"lang": self.lang, "tz": self.tz, "allowed_company_ids": list(self.company_ids)}
