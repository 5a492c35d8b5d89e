"""Members of ``params``, checked; every refusal is -32602 and names the member."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ..errors import INVALID_PARAMS, ProtocolError, shown

# RFC 3986: a scheme and then nothing but the characters that may stand in a URI.
_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[!#$%&'()*+,\-./0-9:;=?@A-Z\[\]_a-z~]+")
_LONGEST_URI = 2_000  # characters


def text(params: Mapping[str, Any], name: str, what: str) -> str:
    """A string that is not empty."""
    value = params.get(name)
    if not isinstance(value, str) or not value:
        raise ProtocolError(INVALID_PARAMS, what)
    return value


def uri(params: Mapping[str, Any]) -> str:
    """``uri``: absolute, of the characters RFC 3986 allows."""
    value = text(params, "uri", "uri must be the URI of a resource")
    if len(value) > _LONGEST_URI or not _URI.fullmatch(value):
        raise ProtocolError(
            INVALID_PARAMS,
            f"{shown(value)} is no absolute URI of at most {_LONGEST_URI} characters (RFC 3986)",
        )
    return value


def cursor(params: Mapping[str, Any]) -> str | None:
    """``cursor``; None for the first page, which an empty string asks for as well."""
    value = params.get("cursor")
    if not isinstance(value, (str, type(None))):
        raise ProtocolError(INVALID_PARAMS, "cursor must be nextCursor of the page before")
    return value or None


def mapping(params: Mapping[str, Any], name: str) -> dict[str, Any]:
    """An object; null and nothing count as {}: client libraries are seen to send null."""
    value = params.get(name)
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise ProtocolError(INVALID_PARAMS, f"{name} must be an object")
    return value


def texts(params: Mapping[str, Any], name: str) -> dict[str, str]:
    """An object whose values are strings; null and nothing count as {}."""
    values = mapping(params, name)
    for key, value in values.items():
        if not isinstance(value, str):
            raise ProtocolError(INVALID_PARAMS, f"{name}: {shown(key)} must be a string")
    return values
