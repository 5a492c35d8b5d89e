from .compat import classify_groups
from .services.identity import standing


def post_init_hook(env):
    """Put the groups under one heading of the user form and fill the tool catalog."""
    classify_groups(env, "odoo_mcp", "MCP Server", ["group_user", "group_manager"])
    env["mcp.tool"]._synchronize()


def uninstall_hook(env):
    """Take back what is no table of ours; else PostgreSQL would keep it."""
    standing.unwatch(env.cr)
