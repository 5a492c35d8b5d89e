"""Results of tools that are more than data."""

import base64

from odoo_mcp.services.tools.definition import ToolDefinition, tool
from odoo_mcp.services.tools.result import ToolResult, audio, embedded, image, link, text


def definition_of(method):
    options = tool(title="A tool", category="Tests")(method)._mcp_tool
    return ToolDefinition(method.__name__, method, options)


def test_blocks_look_as_the_specification_wants_them():
    assert text("Hello") == {"type": "text", "text": "Hello"}
    assert image(b"\x89PNG", "image/png") == {"type": "image", "data": "iVBORw==", "mimeType": "image/png"}
    assert audio(b"RIFF", "audio/wav")["type"] == "audio"
    assert link("test://a", "A") == {"type": "resource_link", "uri": "test://a", "name": "A"}
    assert link("test://a", "A", "text/plain")["mimeType"] == "text/plain"


def test_an_embedded_resource_is_text_or_a_blob():
    as_text = embedded("test://a", "words", "text/plain")["resource"]
    assert as_text == {"uri": "test://a", "mimeType": "text/plain", "text": "words"}
    as_blob = embedded("test://a", b"\x00\xff", "application/zip")["resource"]
    assert base64.b64decode(as_blob["blob"]) == b"\x00\xff"
    assert "text" not in as_blob


def test_structured_content_is_there_only_when_it_was_given():
    assert ToolResult([text("Hello")]).as_mcp() == {"content": [text("Hello")], "isError": False}
    result = ToolResult([text("3")], structured={"count": 3}, is_error=True).as_mcp()
    assert (result["structuredContent"], result["isError"]) == ({"count": 3}, True)


def test_a_tool_that_returns_blocks_has_no_output_schema_and_passes_them_on():
    def picture(self) -> ToolResult:
        """A picture."""

    definition = definition_of(picture)
    assert "outputSchema" not in definition.descriptor
    result = ToolResult([image(b"", "image/png")])
    assert definition.serialize(result) is result


def test_a_tool_names_its_app_in_every_way_hosts_look_for_it():
    def show(self) -> ToolResult:
        """Shows something."""

    options = tool(title="A tool", category="Tests", app="ui://odoo/a.html")(show)._mcp_tool
    meta = ToolDefinition("show", show, options).descriptor["_meta"]
    assert meta["ui"] == {"resourceUri": "ui://odoo/a.html"}
    assert meta["ui/resourceUri"] == meta["openai/outputTemplate"] == "ui://odoo/a.html"
    assert "_meta" not in definition_of(show).descriptor
