{
    "name": "MCP Server: conformance fixtures",
    "summary": "The tools, resources and prompts that the official MCP conformance suite calls. For tests only: "
    "./dev conformance installs it in a database of its own.",
    "version": "1.0.0",
    "category": "Hidden",
    "author": "odoo_mcp contributors",
    "license": "LGPL-3",
    "depends": ["odoo_mcp"],
}
