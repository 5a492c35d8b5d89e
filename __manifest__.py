{
    "name": "MCP Server",
    "summary": "Let Claude, ChatGPT, Cursor and every other MCP client work with live Odoo data, "
    "as an Odoo user, within limits you set, with every call on record",
    "version": "1.0.0",
    "category": "Productivity",
    "author": "odoo_mcp contributors",
    "license": "LGPL-3",
    "depends": ["base", "web", "mail"],
    "external_dependencies": {"python": ["pydantic"]},
    "data": [
        "security/mcp_groups.xml",
        "security/ir.model.access.csv",
        "security/mcp_rules.xml",
        "data/mcp_settings.xml",
        "views/mcp_audit_log_views.xml",
        "views/mcp_key_wizard_views.xml",
        "views/mcp_connection_views.xml",
        "views/mcp_tool_views.xml",
        "views/mcp_settings_views.xml",
        "views/menus.xml",
    ],
    "assets": {
        "web.assets_backend": ["odoo_mcp/static/src/**/*"],
        "web.assets_tests": ["odoo_mcp/static/tests/tours/**/*"],
    },
    "application": True,
    "post_init_hook": "post_init_hook",
}
