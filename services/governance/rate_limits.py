"""Rate limits: which apply to a request, and how a refusal reads. Plain values; :mod:`.rate_counters` counts.

A window begins with its first request and ends a minute or a day later. A refused request counts nowhere.
"""

from __future__ import annotations

import ipaddress
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..protocol.errors import ProtocolError

# Outside of the ranges that JSON-RPC and MCP reserve.
RATE_LIMITED = -32829
SECONDS = {"minute": 60, "day": 86_400}

# What :mod:`..identity.standing` reads of the settings and the connection.
COLUMNS = """
    CASE WHEN connection.own_rate_limits THEN connection.rate_per_minute ELSE settings.rate_per_minute END
        AS rate_connection_minute,
    CASE WHEN connection.own_rate_limits THEN connection.rate_per_day ELSE settings.rate_per_day END
        AS rate_connection_day,
    settings.user_rate_per_minute AS rate_user_minute, settings.user_rate_per_day AS rate_user_day,
    settings.address_rate_per_minute AS rate_address_minute, settings.address_rate_per_day AS rate_address_day,
    settings.global_rate_per_minute AS rate_everybody_minute, settings.global_rate_per_day AS rate_everybody_day,
    settings.failures_per_minute AS rate_failures,
    CASE WHEN settings.use_redis THEN settings.redis_url END AS redis_url
"""
_SUBJECTS = ("connection", "user", "address", "everybody")


@dataclass(frozen=True, slots=True)
class RateLimits:
    """Requests per minute and per day, by whom they are counted; 0 is unlimited."""

    connection: tuple[int, int] = (0, 0)
    user: tuple[int, int] = (0, 0)
    address: tuple[int, int] = (0, 0)
    everybody: tuple[int, int] = (0, 0)
    failures: int = 0  # refused credentials, per minute and address
    redis_url: str = ""  # where to count; empty: in PostgreSQL

    @classmethod
    def from_row(cls, row: Mapping[str, Any]) -> RateLimits:
        """From what :data:`COLUMNS` selected."""
        pairs = {who: (row[f"rate_{who}_minute"] or 0, row[f"rate_{who}_day"] or 0) for who in _SUBJECTS}
        return cls(**pairs, failures=row["rate_failures"] or 0, redis_url=row["redis_url"] or "")


@dataclass(frozen=True, slots=True)
class Bucket:
    """One count that a request is subject to.

    :param key: names the count; short, and the same in every worker
    :param who: ``connection``, ``user``, ``address``, ``everybody`` or ``failures``
    :param per: ``minute`` or ``day``
    """

    key: str
    who: str
    per: str
    most: int

    @property
    def seconds(self) -> int:
        return SECONDS[self.per]


@dataclass(frozen=True, slots=True)
class Usage:
    """How far a bucket is filled."""

    bucket: Bucket
    used: int  # this request included, when it was granted
    left: float  # seconds until the window ends

    @property
    def remaining(self) -> int:
        return max(0, self.bucket.most - self.used)


@dataclass(frozen=True, slots=True)
class Decision:
    """Whether a request may go on, and how far its buckets are filled."""

    granted: bool
    usages: tuple[Usage, ...] = ()
    cost: int = 1

    @property
    def reason(self) -> Usage | None:
        """Of a refusal: the limit in the way, the one that lasts longest."""
        full = [usage for usage in self.usages if usage.used + self.cost > usage.bucket.most]
        return None if self.granted else max(full, key=lambda usage: usage.left)

    @property
    def retry_after(self) -> int:
        """Whole seconds after which it is worth trying again."""
        return max(1, math.ceil(self.reason.left)) if self.reason else 0


def buckets_of_call(limits: RateLimits, connection_id: int, user_id: int, address: str | None) -> list[Bucket]:
    """What a request with a good credential is subject to."""
    names = {
        "connection": f"c{connection_id}",
        "user": f"u{user_id}",
        "address": f"a{address_key(address)}",
        "everybody": "all",
    }
    found = []
    for who, name in names.items():
        for per, most in zip(SECONDS, getattr(limits, who), strict=True):
            if most:
                found.append(Bucket(f"{name}:{per[0]}", who, per, most))
    return found


def bucket_of_failure(limits: RateLimits, address: str | None) -> list[Bucket]:
    """What a request is subject to whose credential was refused."""
    if not limits.failures:
        return []
    return [Bucket(f"f{address_key(address)}:m", "failures", "minute", limits.failures)]


def address_key(address: str | None) -> str:
    """An IP address as it is counted: of IPv6 the /64, which one machine has for itself."""
    try:
        parsed = ipaddress.ip_address((address or "").partition("%")[0])
    except ValueError:
        return "?"
    if parsed.version == 6:
        if parsed.ipv4_mapped:
            return str(parsed.ipv4_mapped)
        return str(ipaddress.ip_network((parsed, 64), strict=False).network_address)
    return str(parsed)


_WHOSE = {
    "connection": "This connection may make {most} requests per {per}",
    "user": "The connections of this user may together make {most} requests per {per}",
    "address": "The connections from your IP address may together make {most} requests per {per}",
    "everybody": "This server takes {most} requests per {per}, of all clients together",
    "failures": "Too many requests with a wrong key came from your IP address ({most} per {per})",
}


def refusal(decision: Decision) -> ProtocolError:
    """429: which limit, and when to come back."""
    reason, wait = decision.reason, decision.retry_after
    bucket = reason.bucket
    whose = _WHOSE[bucket.who].format(most=f"{bucket.most:,}", per=bucket.per)
    if decision.cost > bucket.most:
        text = f"{whose}, and this batch has {decision.cost:,} at once. Send smaller batches."
    else:
        used = "" if bucket.who == "failures" else ", and has had them" if reason.used >= bucket.most else ""
        text = f"{whose}{used}. Try again in {_in_words(wait)}."
    data = {"limit": bucket.who, "per": bucket.per, "allowed": bucket.most, "retry_after": wait}
    return ProtocolError(
        RATE_LIMITED, text, data=data, http_status=429, headers={"Retry-After": str(wait), **headers(decision)}
    )


def headers(decision: Decision) -> dict[str, str]:
    """``RateLimit`` and ``RateLimit-Policy`` (draft-ietf-httpapi-ratelimit-headers-10)."""
    shown: Sequence[Usage] = [usage for usage in decision.usages if usage.bucket.who != "failures"]
    if not shown:
        return {}
    policies = [f'"{u.bucket.who}-{u.bucket.per}";q={u.bucket.most};w={u.bucket.seconds}' for u in shown]
    tightest = min(shown, key=lambda usage: (usage.remaining, -usage.left))
    name = f"{tightest.bucket.who}-{tightest.bucket.per}"
    return {
        "RateLimit-Policy": ", ".join(policies),
        "RateLimit": f'"{name}";r={tightest.remaining};t={math.ceil(tightest.left)}',
    }


def _in_words(seconds: int) -> str:
    if seconds < 120:
        return f"{seconds} second{'' if seconds == 1 else 's'}"
    minutes = math.ceil(seconds / 60)
    return f"{minutes} minutes" if minutes < 120 else f"{math.ceil(minutes / 60)} hours"
