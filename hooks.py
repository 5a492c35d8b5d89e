from .compat import classify_groups
from .services.governance import rate_postgres
from .services.identity import standing


def post_init_hook(env):
    """Put the groups under one heading of the user form and fill the tool catalog."""
    classify_groups(env, "odoo_mcp", "MCP Server", ["group_user", "group_manager"])
    env["mcp.tool"]._synchronize()


def uninstall_hook(env):
    """Take back what was made beside the tables of models; PostgreSQL would keep it."""
    standing.unwatch(env.cr)
    env.cr.execute(rate_postgres.DROP)
