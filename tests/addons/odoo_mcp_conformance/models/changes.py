from odoo import models

from odoo.addons.odoo_mcp.services.tools import result
from odoo.addons.odoo_mcp.services.tools.definition import tool
from odoo.addons.odoo_mcp.services.tools.result import ToolResult

from .content import CATEGORY

_PROMPT = "conformance_comes_and_goes"
_MARK = " (changed)"


class ChangeFixtures(models.AbstractModel):
    """Scenario ``server-stateless``: clients that listen hear of these changes."""

    _inherit = "mcp.tool.registry"

    @tool(title="Changes the tools", category=CATEGORY, risk="write")
    def test_trigger_tool_change(self) -> ToolResult:
        """Change the catalog of tools."""
        row = self.env["mcp.tool"].sudo().search([("name", "=", "test_simple_text")])  # sudo: fixture, no user's data
        row.title = row.title.removesuffix(_MARK) if row.title.endswith(_MARK) else row.title + _MARK
        return ToolResult([result.text("A tool was changed.")])

    @tool(title="Changes the prompts", category=CATEGORY, risk="write")
    def test_trigger_prompt_change(self) -> ToolResult:
        """Make a prompt, or remove it again."""
        prompts = self.env["mcp.prompt"].sudo()  # sudo: fixture, no user's data
        there = prompts.search([("name", "=", _PROMPT)])
        if there:
            there.unlink()
        else:
            prompts.create({"name": _PROMPT, "title": "Comes and goes", "text": "Nothing to say."})
        return ToolResult([result.text("The prompts were changed.")])
