"""Arguments that a client repeats as ``Mcp-Param-*`` headers (2026-07-28, Streamable HTTP, Custom Headers).

A property with ``x-mcp-header`` asks for it, so that a gateway can route by the argument without reading the body.
What the header says and what the body says must then be the same, or the gateway decided about another call.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from .errors import HEADER_MISMATCH, ProtocolError, shown
from .headers import decode_value

ANNOTATION = "x-mcp-header"
_PREFIX = "mcp-param-"
# Of the tokens that HTTP allows the part that survives every web server: WSGI cannot tell "_" from "-".
_NAME = re.compile(r"[A-Za-z0-9-]{1,64}")
_TYPES = ("string", "integer", "boolean")
_VISIBLE = re.compile(r"[\t\x20-\x7e]*")
_INTEGER = re.compile(r"-?\d{1,16}")

# By header (in lower case) the path of the argument: ("customer", "country").
Mirrors = Mapping[str, tuple[str, ...]]


def mirrors_of(schema: Mapping[str, Any]) -> Mirrors:
    """The headers that an input schema asks for.

    :raises ValueError: an annotation breaks the specification; a client would drop the whole tool
    """
    mirrors: dict[str, tuple[str, ...]] = {}
    for path, name, described in _annotated(schema, ()):
        if not isinstance(name, str) or not _NAME.fullmatch(name):
            raise ValueError(f"{ANNOTATION} {name!r} must consist of letters, digits and hyphens")
        if described.get("type") not in _TYPES:
            raise ValueError(f"{ANNOTATION} {name}: {'.'.join(path)} must be one of {', '.join(_TYPES)}")
        if _PREFIX + name.lower() in mirrors:
            raise ValueError(f"{ANNOTATION} {name} is used twice")
        mirrors[_PREFIX + name.lower()] = path
    if _count(schema) != len(mirrors):
        raise ValueError(f"{ANNOTATION} may only stand on properties of objects, not behind $ref, items or anyOf")
    return mirrors


def check(mirrors: Mirrors, arguments: Mapping[str, Any], headers: Mapping[str, str]) -> None:
    """Let a call pass whose headers say what its arguments say.

    :param headers: folded, see :func:`.headers.fold`
    :raises ProtocolError: -32020, a header is missing, damaged, says something else or something of its own
    """
    for header, path in mirrors.items():
        sent, value = headers.get(header), _at(arguments, path)
        if sent is None and not isinstance(value, (str, int, float)):
            continue  # nothing to repeat: what is no value of this type is for the tool to refuse
        if sent is None or not _VISIBLE.fullmatch(sent) or not _says(decode_value(sent), value):
            name = f"Mcp-Param-{header.removeprefix(_PREFIX)}"
            found = "is missing" if sent is None else f"is {shown(sent)}"
            says = "has no value" if value is None else f"is {shown(value)}"
            raise ProtocolError(HEADER_MISMATCH, f"Header {name} {found}, the argument {'.'.join(path)} {says}")


def _says(sent: str | None, value: Any) -> bool:
    if sent is None:
        return False
    if isinstance(value, bool):
        return sent == str(value).lower()
    if isinstance(value, (int, float)):
        return bool(_INTEGER.fullmatch(sent)) and int(sent) == value
    return sent == value


def _at(arguments: Mapping[str, Any], path: tuple[str, ...]) -> Any:
    value: Any = arguments
    for step in path:
        value = value.get(step) if isinstance(value, Mapping) else None
    return value


def _annotated(schema: Mapping[str, Any], path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Any, Mapping]]:
    """The annotated properties that a chain of ``properties`` leads to."""
    properties = schema.get("properties")
    for step, described in properties.items() if isinstance(properties, Mapping) else ():
        if not isinstance(described, Mapping):
            continue
        if ANNOTATION in described:
            yield (*path, step), described[ANNOTATION], described
        yield from _annotated(described, (*path, step))


def _count(schema: Any) -> int:
    """How many annotations there are, wherever they stand; a property of that name is none."""
    if isinstance(schema, list):
        return sum(map(_count, schema))
    if not isinstance(schema, Mapping):
        return 0
    count = int(ANNOTATION in schema)
    for key, inner in schema.items():
        if key in ("enum", "const", "default", "examples"):
            continue
        named = key in ("properties", "$defs") and isinstance(inner, Mapping)
        count += _count(list(inner.values()) if named else inner)
    return count
