{
    "name": "MCP Server: every type of field",
    "summary": "A model with every type of field, for tests of writing, dry runs and undo",
    "version": "1.0.0",
    "category": "Hidden",
    "author": "odoo_mcp contributors",
    "license": "LGPL-3",
    "depends": ["odoo_mcp"],
    "data": ["security/ir.model.access.csv"],
}
