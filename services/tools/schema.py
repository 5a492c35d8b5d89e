"""Making pydantic's JSON schemas short: every byte of them is read by a model in every conversation."""

from __future__ import annotations

from typing import Any

DEEPEST, LARGEST = 32, 5000  # objects and arrays within each other; all of them
# What pydantic calls a bound that follows a validator of ours.
_BOUNDS = {"ge": "minimum", "le": "maximum", "gt": "exclusiveMinimum", "lt": "exclusiveMaximum"}
_OBJECT_BOUNDS = {"minLength": "minProperties", "maxLength": "maxProperties"}
_LARGEST_INTEGER = 2**31 - 1  # of PostgreSQL; no news to anybody


def compact_schema(schema: Any) -> Any:
    """``schema`` without generated titles, null branches and null defaults.

    An optional argument may be left out or be null; its schema shows only what it can be when it is given.
    """
    if isinstance(schema, list):
        return [compact_schema(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    compact = {}
    for key, value in _bounded(schema).items():
        if key == "title" and isinstance(value, str):
            continue
        if key in ("properties", "$defs"):
            # names of properties are no keywords: a property may well be called "title"
            compact[key] = {name: compact_schema(inner) for name, inner in value.items()}
        elif key in ("enum", "const", "examples"):
            compact[key] = value
        elif key == "default" and value in (None, [], {}):
            continue
        else:
            compact[key] = compact_schema(value)
    branches = [branch for branch in compact.get("anyOf", ()) if branch != {"type": "null"}]
    if len(branches) == 1:
        del compact["anyOf"]
        compact = branches[0] | compact
    elif branches:
        compact["anyOf"] = branches
    return compact


def _bounded(schema: dict[str, Any]) -> dict[str, Any]:
    """``schema`` with its bounds under the names of JSON Schema."""
    named = {_BOUNDS.get(key, key): value for key, value in schema.items()}
    if named.get("maximum") == _LARGEST_INTEGER:
        del named["maximum"]
    return named


def require_sound(name: str, schema: Any) -> None:
    """Refuse a schema that would make clients fetch something, or that is too much to be looked through.

    :raises TypeError: for whoever wrote the tool ``name``
    """
    left = [(schema, 1)]
    seen = 0
    while left:
        value, depth = left.pop()
        seen += 1
        if depth > DEEPEST or seen > LARGEST:
            raise TypeError(f"Tool {name}: its schema is deeper than {DEEPEST} levels or larger than {LARGEST} parts.")
        if isinstance(value, dict):
            for keyword in ("$ref", "$dynamicRef"):
                target = value.get(keyword)
                if isinstance(target, str) and not target.startswith("#"):
                    raise TypeError(f"Tool {name}: {keyword} may only point into its own schema, with a #.")
        inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
        left += [(one, depth + 1) for one in inner if isinstance(one, dict | list)]


def _bounded(schema: dict[str, Any]) -> dict[str, Any]:
    """``schema`` with its bounds under the names of JSON Schema."""
    words = _OBJECT_BOUNDS if schema.get("type") == "object" else _BOUNDS
    named = {words.get(key, key): value for key, value in schema.items()}
    if named.get("maximum") == _LARGEST_INTEGER:
        del named["maximum"]
    return named
