"""Making pydantic's JSON schemas short: every byte of them is read by a model in every conversation."""

from __future__ import annotations

from typing import Any


def compact_schema(schema: Any) -> Any:
    """``schema`` without generated titles, null branches and null defaults.

    An optional argument may be left out or be null; its schema shows only what it can be when it is given.
    """
    if isinstance(schema, list):
        return [compact_schema(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    compact = {}
    for key, value in schema.items():
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
