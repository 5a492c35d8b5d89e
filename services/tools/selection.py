"""Which tools a client is shown, and which it may call: chosen on the connection, by URL parameters or by headers.

    /odoo/mcp?mode=search               X-MCP-Mode: search            how many tools are listed
    /odoo/mcp?toolsets=records,talk     X-MCP-Toolsets: records,talk  only these families
    /odoo/mcp?readonly=true             X-MCP-Readonly: true          only tools that change nothing

A choice only ever takes away from what the connection may do. No Odoo import.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ..text.nearest import nearest

FULL, ESSENTIAL, SEARCH = MODES = ("full", "essential", "search")
FIND_TOOLS, CALL_TOOL = "find_tools", "call_tool"
_DOORS = frozenset({FIND_TOOLS, CALL_TOOL})
_LISTED = {
    SEARCH: _DOORS | {"describe_model", "search_records"},
    ESSENTIAL: _DOORS
    | {
        "whoami",
        "list_models",
        "describe_model",
        "search_records",
        "read_records",
        "count_records",
        "create_record",
        "update_record",
        "list_actions",
        "run_action",
        "post_message",
    },
}
_YES, _NO = ("1", "true", "yes", "on"), ("0", "false", "no", "off", "")


class UnknownChoiceError(ValueError):
    """A parameter or header has a value that means nothing; the message says which there are."""


@dataclass(frozen=True, slots=True)
class Selection:
    """What one request is about; without arguments, everything.

    :param toolsets: slugs of categories; None for all
    """

    mode: str = FULL
    toolsets: frozenset[str] | None = None
    read_only: bool = False

    def lists(self, name: str) -> bool:
        """Whether ``tools/list`` shows the tool, if it may be called."""
        if name in _DOORS:
            return self.mode != FULL
        return self.mode == FULL or name in _LISTED[self.mode]

    def why_not(self, name: str, category: str | None, risk: str | None) -> str:
        """Why the client has chosen not to have the tool, empty when it may be called.

        :param category: None, like ``risk``, when it is not known (tools that came as dictionaries)
        """
        if name in _DOORS:
            return ""
        if self.toolsets is not None and slug(category or "") not in self.toolsets:
            return f"{name} is in none of the toolsets that this client asked for: {', '.join(sorted(self.toolsets))}."
        if self.read_only and risk != "read":
            return f"{name} may change something, and this client asked for read-only tools."
        return ""


def slug(category: str) -> str:
    """``Files and reports`` as parameters spell it: ``files_and_reports``."""
    return re.sub(r"[^a-z0-9]+", "_", category.lower()).strip("_")


def selection_of(
    parameters: Mapping[str, str], headers: Mapping[str, str], mode: str, categories: Iterable[str]
) -> Selection:
    """What URL and headers of a request choose; of two that say the same, the URL counts.

    :param mode: of the connection, where the request says nothing
    :param categories: of all tools
    :raises UnknownChoiceError: a value is none of those there are
    """

    def said(name: str) -> str | None:
        value = parameters.get(name, headers.get(f"X-MCP-{name}"))
        return None if value is None else value.strip().lower()

    chosen = said("mode")
    if chosen:
        mode = _known("mode", chosen, MODES)
    toolsets = None
    if names := said("toolsets"):
        known = sorted({slug(category) for category in categories})
        wanted = [slug(name) for name in names.split(",") if name.strip()]
        checked = frozenset(_known("toolsets", name, [*known, "all"]) for name in wanted)
        toolsets = None if "all" in checked else checked
    read_only = said("readonly") or ""
    _known("readonly", read_only, (*_YES, *_NO))
    return Selection(mode, toolsets, read_only in _YES)


def _known(name: str, value: str, known: Iterable[str]) -> str:
    choices = [choice for choice in known if choice]
    if value not in (*choices, ""):
        near = nearest(value, choices, count=1)
        hint = f" Did you mean {near[0]}?" if near else ""
        raise UnknownChoiceError(f"{name}={value[:60]!r} is unknown.{hint} There are: {', '.join(choices)}.")
    return value
