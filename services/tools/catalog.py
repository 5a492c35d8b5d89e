"""Finding a tool by what it does, for clients that are not shown all of them; and calling it. No Odoo import."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from ..text.nearest import nearest
from .definition import ToolDefinition
from .errors import UnknownNameError

_WORD = re.compile(r"[a-z]{3,}")
_EMPTY_WORDS = frozenset(
    {"the", "and", "for", "with", "from", "that", "this", "what", "which", "how", "can", "you", "want", "need", "all"}
    | {"any", "some", "one", "are", "into", "use", "using", "tool", "tools", "there", "somebody"}
)
# Words that people use for what a tool calls otherwise.
_SAME = {
    "email": "mail",
    "mails": "mail",
    "emails": "mail",
    "print": "report",
    "pdf": "report",
    "confirm": "action",
    "button": "action",
    "validate": "action",
    "approve": "action",
    "wizard": "action",
    "workflow": "action",
    "register": "action",
    "pay": "action",
    "payment": "action",
    "deliver": "action",
    "ship": "action",
    "receive": "action",
    "refund": "action",
    "won": "action",
    "lost": "action",
    "convert": "action",
    "edit": "update",
    "change": "update",
    "modify": "update",
    "new": "create",
    "make": "create",
    "add": "create",
    "insert": "create",
    "remove": "delete",
    "todo": "activity",
    "task": "activity",
    "reminder": "activity",
    "remind": "activity",
    "plan": "activity",
    "many": "count",
    "comment": "message",
    "chatter": "message",
    "upload": "file",
    "download": "file",
    "attachment": "file",
    "document": "file",
}


def found(definitions: Iterable[ToolDefinition], query: str, limit: int) -> list[ToolDefinition]:
    """The tools that ``query`` is about, the best first."""
    words = _words(query)
    scored = [(_score(definition, words), definition) for definition in definitions]
    best = sorted((pair for pair in scored if pair[0]), key=lambda pair: (-pair[0], pair[1].name))
    return [definition for _score_, definition in best[:limit]]


def told(definition: ToolDefinition) -> dict[str, Any]:
    """What a model needs to call the tool."""
    row = {
        "name": definition.name,
        "description": definition.description,
        "arguments": definition.input_schema.get("properties", {}),
    }
    required = definition.input_schema.get("required")
    return {**row, "required": required} if required else row


def unknown(name: str, definitions: Iterable[ToolDefinition]) -> UnknownNameError:
    """The error for a tool that there is not, or not for this client."""
    known = [(definition.name, definition.title) for definition in definitions]
    return UnknownNameError("Tool", name, known, "find_tools finds them by what they do.")


def _score(definition: ToolDefinition, words: list[str]) -> int:
    name = _words(definition.name.replace("_", " "))
    title = _words(f"{definition.title} {definition.category}")
    description = _words(definition.description)
    score = 0
    for word in words:
        score += 6 * _has(name, word) + 3 * _has(title, word) + _has(description, word)
    return score


def _has(words: list[str], word: str) -> bool:
    return any(one == word or one.startswith(word) or (len(one) > 3 and word.startswith(one)) for one in words)


def _words(text: str) -> list[str]:
    words = (word for word in _WORD.findall(text.lower().replace("e-mail", "mail")) if word not in _EMPTY_WORDS)
    return [_SAME.get(word, word) for word in words]


def nearest_names(query: str, definitions: Iterable[ToolDefinition]) -> list[str]:
    """Names like ``query``, for when nothing matches."""
    return nearest(query, [(definition.name, definition.title) for definition in definitions])
