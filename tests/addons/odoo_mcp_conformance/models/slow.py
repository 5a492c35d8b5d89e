import time
from typing import Annotated

from pydantic import Field

from odoo import models

from odoo.addons.odoo_mcp.services.tools import result
from odoo.addons.odoo_mcp.services.tools.call import Call
from odoo.addons.odoo_mcp.services.tools.definition import tool
from odoo.addons.odoo_mcp.services.tools.result import ToolResult

from .content import CATEGORY


class SlowFixtures(models.AbstractModel):
    """What tests of streams over several workers need: a call that takes its time."""

    _inherit = "mcp.tool.registry"

    @tool(title="Slow", category=CATEGORY, converses=True)
    def test_slow(self, call: Call, name: str, seconds: Annotated[float, Field(ge=0, le=120)] = 3) -> ToolResult:
        """Report progress ten times a second, and create a contact of this name at the end."""
        steps = int(seconds * 10)
        for done in range(steps):
            call.progress(done, steps)
            time.sleep(0.1)
        contact = self.env["res.partner"].create({"name": name})
        return ToolResult([result.text(f"Contact {contact.id}")])
