from odoo import models

from odoo.addons.odoo_mcp.services.tools import result
from odoo.addons.odoo_mcp.services.tools.definition import tool
from odoo.addons.odoo_mcp.services.tools.errors import ToolError
from odoo.addons.odoo_mcp.services.tools.result import ToolResult

from ..media import PNG, WAV

CATEGORY = "Conformance"


class ContentFixtures(models.AbstractModel):
    """Scenarios ``tools-call-*`` that look at the blocks of a result."""

    _inherit = "mcp.tool.registry"

    @tool(title="Simple text", category=CATEGORY)
    def test_simple_text(self) -> ToolResult:
        """Return one block of text."""
        return ToolResult([result.text("This is a simple text response for testing.")])

    @tool(title="Image", category=CATEGORY)
    def test_image_content(self) -> ToolResult:
        """Return a picture of one pixel."""
        return ToolResult([result.image(PNG, "image/png")])

    @tool(title="Audio", category=CATEGORY)
    def test_audio_content(self) -> ToolResult:
        """Return a sound of no length."""
        return ToolResult([result.audio(WAV, "audio/wav")])

    @tool(title="Embedded resource", category=CATEGORY)
    def test_embedded_resource(self) -> ToolResult:
        """Return a resource with its content."""
        body = "This is an embedded resource content."
        return ToolResult([result.embedded("test://embedded-resource", body, "text/plain")])

    @tool(title="Mixed content", category=CATEGORY)
    def test_multiple_content_types(self) -> ToolResult:
        """Return text, a picture and a resource."""
        return ToolResult(
            [
                result.text("Multiple content types test:"),
                result.image(PNG, "image/png"),
                result.embedded("test://mixed-content-resource", '{"test":"data","value":123}', "application/json"),
            ]
        )

    @tool(title="Error", category=CATEGORY)
    def test_error_handling(self) -> ToolResult:
        """Always fail."""
        raise ToolError("This tool intentionally returns an error for testing")
