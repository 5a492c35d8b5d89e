"""HTTP headers as MCP reads them."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from functools import lru_cache

_SENTINEL_START = "=?base64?"
_SENTINEL_END = "?="


def fold(headers: Mapping[str, str]) -> dict[str, str]:
    """Headers by lower-case name, values without the white space around them (RFC 9110, 5.5).

    Names that differ in case only are one header sent twice: their values are joined, as a web
    server does it, so that no reader can pick the copy it likes.
    """
    folded: dict[str, str] = {}
    for name, value in headers.items():
        key = name.lower()
        value = value.strip(" \t")
        folded[key] = f"{folded[key]}, {value}" if key in folded else value
    return folded


def decode_value(value: str) -> str | None:
    """A mirrored value (``Mcp-Name``) in clear; None when its base64 form is damaged.

    ``=?base64?...?=`` carries UTF-8 (2026-07-28, Streamable HTTP, Value Encoding). Only canonical
    base64 counts, so that one value has one spelling.
    """
    if not (
        value.startswith(_SENTINEL_START)
        and value.endswith(_SENTINEL_END)
        and len(value) >= len(_SENTINEL_START) + len(_SENTINEL_END)
    ):
        return value
    payload = value[len(_SENTINEL_START) : -len(_SENTINEL_END)]
    try:
        decoded = base64.b64decode(payload, validate=True)
        if base64.b64encode(decoded).decode("ascii") != payload:
            return None
        return decoded.decode("utf-8")
    except ValueError:  # no base64, no UTF-8
        return None


def media_type(value: str) -> tuple[str, dict[str, str]]:
    """A media type and its parameters, in lower case: ``text/html; Charset="UTF-8"``."""
    kind, *rest = value.split(";")
    parameters = {}
    for part in rest:
        name, _, text = part.partition("=")
        parameters[name.strip().lower()] = text.strip().strip('"').lower()
    return kind.strip().lower(), parameters


# Clients send a handful of values, each with every request.
@lru_cache(maxsize=32)
def accepts(accept: str, wanted: str) -> bool:
    """Whether an ``Accept`` value admits a media type; the closest range rules (RFC 9110, 12)."""
    ranges = (wanted, f"{wanted.split('/', 1)[0]}/*", "*/*")
    closest, admitted = len(ranges), False
    for part in accept.split(","):
        kind, parameters = media_type(part)
        if kind in ranges and ranges.index(kind) <= closest:
            position = ranges.index(kind)
            if position < closest:
                closest, admitted = position, False
            admitted = admitted or _quality(parameters.get("q", "1")) > 0
    return admitted


def _quality(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return 1.0  # a damaged weight is no reason to refuse an answer
