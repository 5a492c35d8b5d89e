from . import mcp_key_wizard
