"""Bytes to JSON values, stricter than the standard library and with hard limits.

What RFC 8259 does not allow is a parse error (-32700): other encodings, a byte order mark,
``NaN``, broken syntax. What it allows, but no honest client needs, is an invalid request
(-32600): duplicate keys, numbers that do not fit 64 bits, NUL and lone surrogates (PostgreSQL
stores neither), too much depth.
"""

from __future__ import annotations

import json
import re
from typing import Any, NoReturn

from .errors import INVALID_REQUEST, PARSE_ERROR, ProtocolError, shown
from .limits import Limits

MIN_INTEGER, MAX_INTEGER = -(2**63), 2**63 - 1
_MAX_INTEGER_LITERAL = 20  # len("-9223372036854775808"): longer ones are never converted
_MAX_FLOAT_LITERAL = 1_100  # no double needs more digits; conversion time grows with them
_BOM = b"\xef\xbb\xbf"

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


class RefusedDocument(ProtocolError):
    """JSON that can be read but breaks a limit; ``document`` may still tell the request's id."""

    def __init__(self, message: str, document: Any = None) -> None:
        super().__init__(INVALID_REQUEST, message)
        self.document = document


def read_json(body: bytes, limits: Limits) -> Any:
    """The JSON value of a request body.

    :raises RefusedDocument: a limit of this module or of ``limits`` is broken
    :raises ProtocolError: -32700, this is no JSON text in UTF-8
    """
    if not body.strip():
        raise ProtocolError(PARSE_ERROR, "The body is empty: send one JSON-RPC message")
    if body.startswith(_BOM):
        raise ProtocolError(PARSE_ERROR, "The body must not start with a byte order mark")
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise ProtocolError(PARSE_ERROR, f"Not UTF-8 at byte {error.start}") from None
    reading = _Reading()
    try:
        document = reading.decode(text)
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise ProtocolError(PARSE_ERROR, f"Not JSON: {error.msg} ({where})") from None
    except RecursionError:
        raise RefusedDocument(_too_deep(limits)) from None
    violation = reading.violation or _walk_if_needed(document, body, limits)
    if violation:
        raise RefusedDocument(violation, document)
    return document


def is_storable(text: str) -> bool:
    """Whether a string is free of NUL and of lone surrogates."""
    return _UNSTORABLE.search(text) is None


class _Reading:
    """One run of the decoder, which goes on after a violation: the request's id may follow."""

    def __init__(self) -> None:
        self.violation: str | None = None
        self.decode = json.JSONDecoder(
            object_pairs_hook=self._object,
            parse_int=self._integer,
            parse_float=self._float,
            parse_constant=self._constant,
        ).decode

    def _note(self, violation: str) -> None:
        self.violation = self.violation or violation

    def _object(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        members = dict(pairs)
        if len(members) != len(pairs):
            seen: set[str] = set()
            twice = next(key for key, _value in pairs if key in seen or seen.add(key))
            self._note(f"Duplicate key {shown(twice)}: every key may appear once in an object")
            del members[twice]  # neither of two ids is the id
        return members

    def _integer(self, literal: str) -> int | None:
        if len(literal) <= _MAX_INTEGER_LITERAL:
            number = int(literal)
            if MIN_INTEGER <= number <= MAX_INTEGER:
                return number
        self._note("An integer does not fit 64 bits: send it as a string")
        return None

    def _float(self, literal: str) -> float | None:
        if len(literal) > _MAX_FLOAT_LITERAL:
            self._note(f"A number has more than {_MAX_FLOAT_LITERAL} characters")
            return None
        number = float(literal)
        if number in (float("inf"), float("-inf")):
            self._note(f"The number {shown(literal)} is too large")
            return None
        return number

    def _constant(self, literal: str) -> NoReturn:
        raise ProtocolError(PARSE_ERROR, f"Not JSON: {literal} is no JSON number")


def _walk_if_needed(document: Any, body: bytes, limits: Limits) -> str | None:
    """Look into the values only when the bytes say that a limit can be broken at all."""
    deep = body.count(b"{") + body.count(b"[") > limits.max_depth
    # Raw NUL is a syntax error and raw surrogates are no UTF-8: both need an escape.
    unstorable = b"\\u" in body
    long = limits.max_string is not None and len(body) > limits.max_string
    if deep or unstorable or long:
        return _walk(document, limits)
    return None


def _walk(document: Any, limits: Limits) -> str | None:
    level, depth = [document], 0
    while level:
        below: list[Any] = []
        for value in level:
            if isinstance(value, str):
                violation = _string_violation(value, limits)
                if violation:
                    return violation
            elif isinstance(value, dict):
                below.extend(value)
                below.extend(value.values())
            elif isinstance(value, list):
                below.extend(value)
        if any(isinstance(value, (dict, list)) for value in level):
            depth += 1
            if depth > limits.max_depth:
                return _too_deep(limits)
        level = below
    return None


def _string_violation(text: str, limits: Limits) -> str | None:
    if limits.max_string is not None and len(text) > limits.max_string:
        return f"A string has {len(text)} characters, the limit is {limits.max_string}"
    if not is_storable(text):
        return f"The string {shown(text)} holds a NUL or half a surrogate pair"
    return None


def _too_deep(limits: Limits) -> str:
    return f"The message is nested deeper than {limits.max_depth} levels: send it flatter"
