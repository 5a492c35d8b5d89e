{
    "name": "MCP Server: sample extension",
    "summary": "How another addon gives AI clients a tool, a resource, a template, a prompt and an app of its own",
    "version": "1.0.0",
    "category": "Hidden",
    "author": "odoo_mcp contributors",
    "license": "LGPL-3",
    "depends": ["odoo_mcp"],
}
