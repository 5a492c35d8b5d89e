from typing import Annotated

from pydantic import Field

from odoo import api, models

from odoo.addons.odoo_mcp.services.tools import result
from odoo.addons.odoo_mcp.services.tools.definition import tool
from odoo.addons.odoo_mcp.services.tools.result import ToolResult

from .content import CATEGORY

_NAME = "json_schema_2020_12_tool"
# Word for word what the suite wants back from tools/list.
_SCHEMA = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "type": "object",
    "$defs": {
        "address": {
            "$anchor": "addressDef",
            "type": "object",
            "properties": {"street": {"type": "string"}, "city": {"type": "string"}},
        }
    },
    "properties": {
        "name": {"type": "string"},
        "address": {"$ref": "#/$defs/address"},
        "contactMethod": {"type": "string", "enum": ["phone", "email"]},
        "phone": {"type": "string"},
        "email": {"type": "string"},
    },
    "allOf": [{"anyOf": [{"required": ["phone"]}, {"required": ["email"]}]}],
    "if": {"properties": {"contactMethod": {"const": "phone"}}, "required": ["contactMethod"]},
    "then": {"required": ["phone"]},
    "else": {"required": ["email"]},
    "additionalProperties": False,
}


class SchemaFixtures(models.AbstractModel):
    """Scenarios about schemas; the first tool comes as a dictionary, the other way to add one."""

    _inherit = "mcp.tool.registry"

    @api.model
    def get_tools(self):
        description = "Tool with JSON Schema 2020-12 features"
        return [*super().get_tools(), {"name": _NAME, "description": description, "inputSchema": _SCHEMA}]

    def execute_tool(self, call, name, arguments):
        if name == _NAME:
            return ToolResult([result.text(f"Called with {', '.join(sorted(arguments)) or 'nothing'}.")])
        return super().execute_tool(call, name, arguments)

    @tool(title="Argument in a header", category=CATEGORY)
    def test_x_mcp_header(
        self, region: Annotated[str, Field(description="Region", json_schema_extra={"x-mcp-header": "Region"})]
    ) -> ToolResult:
        """Take an argument that clients repeat in a header."""
        return ToolResult([result.text(f"Region: {region}")])
