from .compat import classify_groups


def post_init_hook(env):
    """Put the groups under one heading of the user form and fill the tool catalog."""
    classify_groups(env, "odoo_mcp", "MCP Server", ["group_user", "group_manager"])
    env["mcp.tool"]._synchronize()
