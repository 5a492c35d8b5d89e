"""Codes, tokens and secrets: 256 random bits each, known in clear to their holder only."""

from __future__ import annotations

import base64
import hmac
import secrets

from ..bearer import hash_key

CODE, ACCESS, REFRESH, SECRET = "mcpc_", "mcpa_", "mcpr_", "mcps_"
_BYTES = 32

hash_token = hash_key


def new(prefix: str) -> str:
    return prefix + secrets.token_urlsafe(_BYTES)


def new_client_id() -> str:
    return "mcp-" + secrets.token_urlsafe(16)


def wrap(predecessor: str, token: str) -> str:
    """``token`` so that only the holder of ``predecessor`` can read it.

    A refresh token that comes twice within the grace window is answered with the same successor, of which the database
    knows only the hash. So the successor is kept for that long, masked with a key that is in nobody's hands but the
    client's. One predecessor masks one token of each kind: the mask is used once.
    """
    prefix, bits = _split(token)
    return prefix + _text(_masked(predecessor, prefix, bits))


def unwrap(predecessor: str, wrapped: str) -> str:
    """The token that :func:`wrap` was given."""
    return wrap(predecessor, wrapped)


def _split(token: str) -> tuple[str, bytes]:
    prefix, text = token[: len(ACCESS)], token[len(ACCESS) :]
    return prefix, base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _text(bits: bytes) -> str:
    return base64.urlsafe_b64encode(bits).decode("ascii").rstrip("=")


def _masked(predecessor: str, purpose: str, bits: bytes) -> bytes:
    mask = hmac.digest(predecessor.encode(), b"successor " + purpose.encode(), "sha256")
    return bytes(a ^ b for a, b in zip(bits, mask, strict=True))
