"""``prompts/list`` and ``prompts/get``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .. import dialect
from ..messages import InputRequired
from ..paging import page_of
from ..streaming import Conversation
from . import params
from .method import Call, Method, announced


def list_prompts(call: Call) -> dict[str, Any]:
    """A page of the prompts this caller may see, by name."""
    page = page_of(
        call.application.list_prompts(call.context),
        call.params.get("cursor"),
        call.limits.page_size,
        "prompts",
    )
    version = call.context.protocol_version
    result: dict[str, Any] = {"prompts": [dialect.prompt(prompt, version) for prompt in page.items]}
    if page.next_cursor is not None:
        result["nextCursor"] = page.next_cursor
    return result


def get_prompt(call: Call) -> dict[str, Any] | Conversation | InputRequired:
    """GetPromptResult; which arguments there must be is the application's to say."""
    name = params.text(call.params, "name", "prompts/get needs the name of a prompt")
    arguments = params.texts(call.params, "arguments")
    return call.application.get_prompt(call.context, name, arguments)


_OFFERED = announced("prompts")

METHODS: Mapping[str, Method] = {
    "prompts/list": Method(list_prompts, cacheable=True, offered_by=_OFFERED),
    "prompts/get": Method(get_prompt, shape=dialect.prompt_result, offered_by=_OFFERED),
}
