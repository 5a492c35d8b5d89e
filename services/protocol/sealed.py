"""Values that travel through the client and must come back unchanged: cursors, requestState.

Sealed, not encrypted: the client can read them. HMAC-SHA256 (RFC 2104) over canonical JSON, in
base64url without padding (RFC 4648, section 5); one value has one spelling.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from typing import Any

_MAC_BYTES = 32
_SHORTEST_KEY = 32  # bytes; RFC 2104 advises no less than the hash has
_CLOCK_SKEW = 60  # seconds by which another machine of ours may be ahead


class BrokenSealError(ValueError):
    """Not sealed by us with this key and purpose, or changed since, or too old."""


def seal(payload: dict[str, Any], key: bytes, now: float, *, purpose: str = "") -> str:
    """``payload`` as text that only holders of ``key`` can make.

    :param key: secret, at least 32 bytes
    :param now: seconds since 1970, UTC
    :param purpose: what it is for: text sealed for one purpose does not open for another. Whom it
        was sealed for, and for which request, belongs into the payload
    :raises TypeError, ValueError: the payload is not JSON, or the key too short
    """
    body = json.dumps([int(now), payload], sort_keys=True, separators=(",", ":"), allow_nan=False).encode("ascii")
    return base64.urlsafe_b64encode(_mac(body, key, purpose) + body).decode("ascii").rstrip("=")


def unseal(text: str, key: bytes, now: float, max_age: float, *, purpose: str = "") -> dict[str, Any]:
    """The payload of a sealed text.

    :param max_age: seconds it is good for; the last of them still counts
    :raises BrokenSealError: see there
    """
    blob = _decoded(text)
    mac, body = blob[:_MAC_BYTES], blob[_MAC_BYTES:]
    if not hmac.compare_digest(mac, _mac(body, key, purpose)):
        raise BrokenSealError("This value was not issued here, or it was changed")
    sealed_at, payload = json.loads(body)
    if not -_CLOCK_SKEW <= int(now) - sealed_at <= max_age:
        raise BrokenSealError("This value is too old")
    return payload


def _mac(body: bytes, key: bytes, purpose: str) -> bytes:
    if len(key) < _SHORTEST_KEY:
        raise ValueError(f"A sealing key needs {_SHORTEST_KEY} bytes")
    # The length in front: no purpose and body can be cut another way.
    label = purpose.encode()
    return hmac.digest(key, len(label).to_bytes(4, "big") + label + body, hashlib.sha256)


def _decoded(text: str) -> bytes:
    try:
        blob = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (TypeError, ValueError):  # no text, no base64
        blob = b""
    if base64.urlsafe_b64encode(blob).decode("ascii").rstrip("=") != text:
        raise BrokenSealError("This value was not issued here, or it was changed")
    return blob
