"""Whether a request is let in: asked once per HTTP request, after its credential was looked up."""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import psycopg2

from ..protocol.errors import INTERNAL_ERROR, ProtocolError
from . import rate_counters, rate_limits
from .rate_limits import Bucket, RateLimits

if TYPE_CHECKING:
    from ..identity.caller import Caller

_logger = logging.getLogger(__name__)

# Odoo runs a controller again after a serialization failure: the request was let in then, and counts once.
_KEPT = "odoo_mcp.admission"


@dataclass(frozen=True, slots=True)
class Admission:
    """The answer to a request that must wait, or None, and what its client may know of its limits."""

    refusal: ProtocolError | None = None
    headers: dict[str, str] = field(default_factory=dict)


def of_call(dbname: str, rates: RateLimits, caller: Caller, httprequest: Any) -> Admission:
    """Whether a request with a good credential is within its limits; each message of a batch counts."""
    kept = httprequest.environ.get(_KEPT)
    if kept is None:
        buckets = rate_limits.buckets_of_call(rates, caller.connection_id, caller.user_id, httprequest.remote_addr)
        cost = _messages(httprequest.get_data()) if buckets else 1
        kept = httprequest.environ[_KEPT] = _admit(dbname, rates, buckets, cost)
    return kept


def of_failure(dbname: str, rates: RateLimits, address: str | None) -> Admission:
    """Whether one more request with a bad credential from ``address`` is answered as such."""
    return _admit(dbname, rates, rate_limits.bucket_of_failure(rates, address), 1)


def of_address(dbname: str, rates: RateLimits, what: str, address: str | None, per_minute: int) -> Admission:
    """Whether ``address`` may do ``what`` once more this minute: for endpoints that need no credential.

    :param what: a short name of the endpoint
    """
    key = f"{what}:{rate_limits.address_key(address)}:m"
    return _admit(dbname, rates, [Bucket(key, "address", "minute", per_minute)] if per_minute else [], 1)


def _admit(dbname: str, rates: RateLimits, buckets: list[Bucket], cost: int) -> Admission:
    try:
        decision = rate_counters.take(dbname, rates.redis_url, buckets, cost)
    except psycopg2.Error:
        _logger.exception("MCP rate limits cannot be counted: the request is refused")
        text = "The server is too busy to count requests. Try again in a few seconds."
        return Admission(ProtocolError(INTERNAL_ERROR, text, http_status=503, headers={"Retry-After": "3"}))
    if decision.granted:
        return Admission(headers=rate_limits.headers(decision))
    return Admission(rate_limits.refusal(decision))


def _messages(body: bytes) -> int:
    """How many messages a body holds; one when it cannot be read, which is refused later."""
    if body.lstrip()[:1] != b"[":
        return 1
    try:
        return max(1, len(json.loads(body)))
    except (ValueError, RecursionError):
        return 1
