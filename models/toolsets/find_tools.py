from typing import Annotated, Any

from pydantic import BeforeValidator, Field, StringConstraints
from typing_extensions import NotRequired, TypedDict

from odoo import models

from ...services.tools import catalog
from ...services.tools.call import Call
from ...services.tools.definition import tool
from ...services.tools.errors import ToolError
from ...services.tools.selection import CALL_TOOL, FIND_TOOLS
from .arguments import WholeNumber, from_json_text

CATEGORY = "Find tools"
_RECORDS = (
    "Orders, invoices, tasks and the like have no tools of their own: list_models finds their model, create_record "
    "makes them, run_action confirms, invoices or pays them."
)


class FoundTools(TypedDict):
    tools: list[dict[str, Any]]
    hint: NotRequired[str]


class FindTools(models.AbstractModel):
    _inherit = "mcp.tool.registry"

    @tool(title="Find tools", category=CATEGORY, name=FIND_TOOLS)
    def find_tools(
        self,
        call: Call,
        query: Annotated[str, StringConstraints(max_length=200), Field(description="E.g. send e-mail, confirm order")],
        limit: Annotated[WholeNumber, Field(ge=1, le=20)] = 4,
    ) -> FoundTools:
        """Find tools by what you want to do, with their arguments; then use call_tool. An empty query names all."""
        usable = self._usable_tools(call)
        if not query.strip():
            return {"tools": [{"name": one.name, "title": one.title} for one in usable]}
        tools = catalog.found(usable, query, limit)
        if tools:
            return {"tools": [catalog.told(one) for one in tools]}
        near = catalog.nearest_names(query, usable)
        names = f"Nearest: {', '.join(near)}." if near else "An empty query names all tools."
        advice = _RECORDS if {"list_models", "create_record", "run_action"} <= {one.name for one in usable} else ""
        return {"tools": [], "hint": f"Nothing matches. {names} {advice}".strip()}

    @tool(title="Call a tool", category=CATEGORY, risk="destructive", open_world=True, name=CALL_TOOL, governed=False)
    def call_tool(
        self,
        name: Annotated[str, StringConstraints(max_length=100)],
        arguments: Annotated[dict[str, Any] | None, BeforeValidator(from_json_text)] = None,  # noqa: ARG002
    ) -> dict[str, Any]:
        """Call a tool that find_tools found."""
        # the application has called the named tool instead, with everything that a call of a tool means
        raise ToolError(f"{CALL_TOOL} cannot be a step of another call: name {name!r:.100} itself.")

    def _usable_tools(self, call: Call) -> list:
        """The tools that the client of this call may call, by name."""
        definitions = self._definitions().values()
        return sorted(
            (one for one in definitions if one.name not in (FIND_TOOLS, CALL_TOOL) and self._may_use(call, one)),
            key=lambda one: one.name,
        )

    def _may_use(self, call: Call, definition) -> bool:
        selection = call.selection
        return (
            definition.name not in call.limits.switched_off_tools
            and call.gate.tool_allowed(definition)
            and not selection.why_not(definition.name, definition.category, definition.risk)
        )
