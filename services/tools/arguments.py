"""Explaining to a model what is wrong with the arguments it sent. No Odoo import."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import ValidationError

from ..text.nearest import nearest

_MOST_FAULTS = 5


def explain(error: ValidationError, tool: str, known: Sequence[str]) -> str:
    """One sentence per fault, the argument first, with the nearest argument for a name that does not exist."""
    faults = error.errors(include_url=False, include_input=False)
    sentences = [_sentence(fault, known) for fault in faults[:_MOST_FAULTS]]
    if len(faults) > _MOST_FAULTS:
        sentences.append(f"… and {len(faults) - _MOST_FAULTS} more.")
    return f"The arguments of {tool} are not valid. " + " ".join(sentences)


def _sentence(fault: dict, known: Sequence[str]) -> str:
    path = ".".join(str(part) for part in fault["loc"])[:200]
    if fault["type"] == "extra_forbidden":
        suggestions = nearest(path, known, count=1)
        hint = f"did you mean {suggestions[0]}?" if suggestions else f"there are: {', '.join(known) or 'none'}."
        return f"{path}: there is no such argument; {hint}"
    if fault["type"] == "missing":
        return f"{path}: is required."
    message = fault["msg"].removeprefix("Value error, ")
    return f"{path}: {message[:1].lower()}{message[1:]}."
