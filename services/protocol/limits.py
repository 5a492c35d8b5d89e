"""How much a client may send at once."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Hard limits of one request; every one of them has a default that suits a server for many.

    All sizes in characters, except ``max_body_bytes``.
    """

    max_body_bytes: int = 512 * 1024
    max_depth: int = 32  # nested objects and arrays, the message itself counted as one
    max_batch: int = 50  # messages in one array (2025-03-26)
    max_string: int | None = None  # one string or object key; None: only the body's size counts
    max_identifier: int = 256  # request id, method, progress token
    page_size: int = 100  # entries of one page of a list
    cache_ttl_ms: int = 60_000  # how long a 2026-07-28 client may keep lists and discovery
