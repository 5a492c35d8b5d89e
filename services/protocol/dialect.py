"""What each protocol version does not know yet, or no longer: left out before it is sent.

From the schemas of the specification, ``schema/<version>/schema.ts``.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from .versions import HANDSHAKE_VERSIONS, SUPPORTED_VERSIONS

# field -> (first version, last version or None)
_Span = tuple[str, str | None]

_TOOL: Mapping[str, _Span] = {
    "annotations": ("2025-03-26", None),
    "title": ("2025-06-18", None),
    "outputSchema": ("2025-06-18", None),
    "_meta": ("2025-06-18", None),
    "icons": ("2025-11-25", None),
    "execution": ("2025-11-25", "2025-11-25"),
}
_IMPLEMENTATION: Mapping[str, _Span] = {
    "title": ("2025-06-18", None),
    "icons": ("2025-11-25", None),
    "websiteUrl": ("2025-11-25", None),
    "description": ("2025-11-25", None),
}
_CAPABILITIES: Mapping[str, _Span] = {
    "completions": ("2025-03-26", None),
    # Negotiation of extensions came with 2026-07-28; hosts of MCP Apps use it before that, and
    # older clients pass over a capability they do not know.
    "extensions": ("2025-06-18", None),
    "tasks": ("2025-11-25", "2025-11-25"),
}
_RESOURCE: Mapping[str, _Span] = {  # also templates, prompts and resource links
    "title": ("2025-06-18", None),
    "_meta": ("2025-06-18", None),
    "icons": ("2025-11-25", None),
}
_PROMPT_ARGUMENT: Mapping[str, _Span] = {"title": ("2025-06-18", None)}
_RESOURCE_CONTENTS: Mapping[str, _Span] = {"_meta": ("2025-06-18", None)}
_ANNOTATIONS: Mapping[str, _Span] = {"lastModified": ("2025-06-18", None)}
_PROGRESS: Mapping[str, _Span] = {"message": ("2025-03-26", None)}
_CONTENT: Mapping[str, _Span] = {
    "_meta": ("2025-06-18", None),
    "icons": ("2025-11-25", None),
}
_CONTENT_TYPES: Mapping[str, _Span] = {
    "audio": ("2025-03-26", None),
    "resource_link": ("2025-06-18", None),
}
_STRUCTURED_CONTENT_SINCE = "2025-06-18"
# From here on nothing about content blocks has changed.
_CONTENT_SINCE = "2025-11-25"
# What 2026-07-28 adds to results.
_RESULT_FIELDS = frozenset(["resultType", "ttlMs", "cacheScope"])


def _unknown(spans: Mapping[str, _Span]) -> dict[str, frozenset[str]]:
    """For each version the names it does not know. Versions are dates: they sort as strings."""
    return {
        version: frozenset(
            name for name, (first, last) in spans.items() if version < first or (last is not None and version > last)
        )
        for version in SUPPORTED_VERSIONS
    }


_UNKNOWN_TOOL = _unknown(_TOOL)
_UNKNOWN_IMPLEMENTATION = _unknown(_IMPLEMENTATION)
_UNKNOWN_CAPABILITIES = _unknown(_CAPABILITIES)
_UNKNOWN_CONTENT = _unknown(_CONTENT)
_UNKNOWN_CONTENT_TYPES = _unknown(_CONTENT_TYPES)
_UNKNOWN_RESOURCE = _unknown(_RESOURCE)
_UNKNOWN_PROMPT_ARGUMENT = _unknown(_PROMPT_ARGUMENT)
_UNKNOWN_RESOURCE_CONTENTS = _unknown(_RESOURCE_CONTENTS)
_UNKNOWN_ANNOTATIONS = _unknown(_ANNOTATIONS)
_UNKNOWN_PROGRESS = _unknown(_PROGRESS)


def tool(definition: dict[str, Any], version: str) -> dict[str, Any]:
    """A tool definition as this version knows it.

    Before 2026-07-28 the root of an output schema had to be an object; another one is left out.
    """
    known = _without(definition, _UNKNOWN_TOOL[version])
    schema = known.get("outputSchema")
    if schema is not None and version in HANDSHAKE_VERSIONS and schema.get("type") != "object":
        known = _without(known, frozenset(["outputSchema"]))
    return known


def implementation(info: dict[str, Any], version: str) -> dict[str, Any]:
    """``serverInfo`` as this version knows it."""
    return _without(info, _UNKNOWN_IMPLEMENTATION[version])


def capabilities(offered: dict[str, Any], version: str) -> dict[str, Any]:
    """ServerCapabilities as this version knows them."""
    return _without(offered, _UNKNOWN_CAPABILITIES[version])


def resource(definition: dict[str, Any], version: str) -> dict[str, Any]:
    """A resource or a resource template as this version knows it."""
    return _annotated(_without(definition, _UNKNOWN_RESOURCE[version]), version)


def prompt(definition: dict[str, Any], version: str) -> dict[str, Any]:
    """A prompt as this version knows it."""
    known = _without(definition, _UNKNOWN_RESOURCE[version])
    unknown = _UNKNOWN_PROMPT_ARGUMENT[version]
    if unknown and known.get("arguments"):
        arguments = [_without(argument, unknown) for argument in known["arguments"]]
        known = {**known, "arguments": arguments}
    return known


def progress(params: dict[str, Any], version: str) -> dict[str, Any]:
    """The params of ``notifications/progress`` as this version knows them."""
    return _without(params, _UNKNOWN_PROGRESS[version])


def read_result(result: dict[str, Any], version: str) -> dict[str, Any]:
    """A ReadResourceResult as this version knows it."""
    unknown = _UNKNOWN_RESOURCE_CONTENTS[version]
    contents = [_without(part, unknown) for part in result["contents"]]
    return _result({**result, "contents": contents}, version)


def prompt_result(result: dict[str, Any], version: str) -> dict[str, Any]:
    """A GetPromptResult as this version knows it."""
    messages = [{**message, "content": _content([message["content"]], version)[0]} for message in result["messages"]]
    return _result({**result, "messages": messages}, version)


def tool_result(result: dict[str, Any], version: str) -> dict[str, Any]:
    """A CallToolResult as this version knows it.

    ``structuredContent`` may be any JSON value since 2026-07-28, an object since 2025-06-18 and is
    unknown before. Where it has to go and no content is left, its JSON becomes the text.
    """
    result = _result({**result, "content": _content(result.get("content") or [], version)}, version)
    if version in HANDSHAKE_VERSIONS and "structuredContent" in result:
        structured = result["structuredContent"]
        if version < _STRUCTURED_CONTENT_SINCE or not isinstance(structured, dict):
            del result["structuredContent"]
            if not result["content"]:
                text = json.dumps(structured, ensure_ascii=False, separators=(",", ":"))
                result["content"] = [{"type": "text", "text": text}]
    return result


def _result(result: dict[str, Any], version: str) -> dict[str, Any]:
    return _without(result, _RESULT_FIELDS) if version in HANDSHAKE_VERSIONS else result


def _content(blocks: list[dict[str, Any]], version: str) -> list[dict[str, Any]]:
    if version >= _CONTENT_SINCE:
        return blocks
    return [_block(block, version) for block in blocks]


def _block(block: dict[str, Any], version: str) -> dict[str, Any]:
    if block.get("type") in _UNKNOWN_CONTENT_TYPES[version]:
        return _as_text(block)
    block = _annotated(_without(block, _UNKNOWN_CONTENT[version]), version)
    if block.get("type") == "resource":
        embedded = _without(block["resource"], _UNKNOWN_RESOURCE_CONTENTS[version])
        block = {**block, "resource": embedded}
    return block


def _annotated(value: dict[str, Any], version: str) -> dict[str, Any]:
    unknown = _UNKNOWN_ANNOTATIONS[version]
    if unknown and value.get("annotations"):
        return {**value, "annotations": _without(value["annotations"], unknown)}
    return value


def _as_text(block: dict[str, Any]) -> dict[str, Any]:
    """A block of an unknown type as the text that loses least."""
    if block["type"] == "resource_link":
        text = f"{block.get('title') or block.get('name') or 'Resource'}: {block.get('uri')}"
    else:
        text = f"[{block['type']} content ({block.get('mimeType')}) left out: too old a protocol]"
    return {"type": "text", "text": text}


def _without(value: dict[str, Any], names: frozenset[str]) -> dict[str, Any]:
    if names.isdisjoint(value):
        return value
    return {name: member for name, member in value.items() if name not in names}
