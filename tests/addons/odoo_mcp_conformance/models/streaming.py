import time

from odoo import models

from odoo.addons.odoo_mcp.services.tools import result
from odoo.addons.odoo_mcp.services.tools.call import Call
from odoo.addons.odoo_mcp.services.tools.definition import tool
from odoo.addons.odoo_mcp.services.tools.result import ToolResult

from .content import CATEGORY

_PAUSE = 0.05  # seconds; the suite wants to see that events arrive one by one


class StreamingFixtures(models.AbstractModel):
    """Scenarios that listen while a tool runs."""

    _inherit = "mcp.tool.registry"

    @tool(title="Progress", category=CATEGORY, converses=True)
    def test_tool_with_progress(self, call: Call) -> ToolResult:
        """Report 0, 50 and 100 of 100."""
        for done in (0, 50, 100):
            if done:
                time.sleep(_PAUSE)
            call.progress(done, 100, f"Completed step {done} of 100")
        return ToolResult([result.text("Progress was reported three times.")])

    @tool(title="Logging", category=CATEGORY, converses=True)
    def test_tool_with_logging(self, call: Call) -> ToolResult:
        """Send three log messages."""
        for number, message in enumerate(("started", "processing data", "completed")):
            if number:
                time.sleep(_PAUSE)
            subject = "Tool" if number == 1 else "Tool execution"
            call.log("info", f"{subject} {message}")
        return ToolResult([result.text("Three messages were logged.")])

    @tool(title="One log message", category=CATEGORY, converses=True)
    def test_logging_tool(self, call: Call) -> ToolResult:
        """Send one log message; a client that did not name a level must not see it."""
        call.log("info", "Nobody asked for this")
        return ToolResult([result.text("One message was logged.")])

    @tool(title="Reconnection", category=CATEGORY, converses=True)
    def test_reconnection(self, call: Call) -> ToolResult:
        """Say nothing for so long that the stream begins with an event to come back to."""
        time.sleep(1)
        return ToolResult([result.text("Reconnection test completed.")])
