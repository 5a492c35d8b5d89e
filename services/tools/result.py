"""What a tool returns when its answer is more than data: pictures, sound, files, text of its own. No Odoo import.

    @tool(title="Label", category="Examples")
    def label(self, call: Call, partner_id: int) -> ToolResult:
        \"\"\"The address label of a partner as a picture.\"\"\"
        return ToolResult([text("The label:"), image(png, "image/png")])

A tool that returns a dictionary needs none of this: it becomes ``structuredContent`` and the same as text. Client
versions that do not know a kind of block get text in its place; see :mod:`..protocol.dialect`.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..protocol.answers import EncodedObject


@dataclass(frozen=True, slots=True)
class ToolResult:
    """A CallToolResult of MCP.

    :param content: content blocks, made by the functions below
    :param structured: also the data itself, for programs; what the tool's output schema says, if it has one
    :param is_error: the tool could not do it; raising a ``ToolError`` says the same when there is nothing but text
    """

    content: Sequence[Mapping[str, Any]]
    structured: Mapping[str, Any] | None = None
    is_error: bool = False

    def as_mcp(self) -> dict[str, Any]:
        """As the protocol takes it."""
        result: dict[str, Any] = {"content": [dict(block) for block in self.content], "isError": self.is_error}
        if self.structured is not None:
            result["structuredContent"] = dict(self.structured)
        return result

    def with_note(self, key: str, value: Any) -> ToolResult:
        """The same with one thing more to tell: as text, and in the data when there are any."""
        words = text(f"{key}: {json.dumps(value, ensure_ascii=False, default=str)}")
        structured = None if self.structured is None else {**self.structured, key: value}
        return ToolResult([*self.content, words], structured, self.is_error)

    @property
    def text(self) -> str:
        """What its text blocks say, for the audit log."""
        return "\n".join(block["text"] for block in self.content if block["type"] == "text")


def text(words: str) -> dict[str, Any]:
    """A block of text."""
    return {"type": "text", "text": words}


def image(data: bytes, mime_type: str) -> dict[str, Any]:
    """A picture."""
    return {"type": "image", "data": _base64(data), "mimeType": mime_type}


def audio(data: bytes, mime_type: str) -> dict[str, Any]:
    """A sound; since 2025-03-26."""
    return {"type": "audio", "data": _base64(data), "mimeType": mime_type}


def embedded(uri: str, body: str | bytes, mime_type: str) -> dict[str, Any]:
    """A resource with its content, text or bytes."""
    content = {"text": body} if isinstance(body, str) else {"blob": _base64(body)}
    return {"type": "resource", "resource": {"uri": uri, "mimeType": mime_type, **content}}


def link(uri: str, name: str, mime_type: str | None = None) -> dict[str, Any]:
    """A resource that the client may read when it needs it; since 2025-06-18."""
    return {"type": "resource_link", "uri": uri, "name": name} | ({"mimeType": mime_type} if mime_type else {})


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def tool_result(result: dict[str, Any] | ToolResult) -> dict[str, Any]:
    """A CallToolResult: what the tool returned, as text and, when it is structured, as itself."""
    if isinstance(result, ToolResult):
        return result.as_mcp()
    structured = EncodedObject(result)
    return {
        "content": [{"type": "text", "text": structured.json}],
        "structuredContent": structured,
        "isError": False,
    }
