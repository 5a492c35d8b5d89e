from . import mcp_settings
from . import mcp_connection
from . import mcp_credential
from . import mcp_audit_log
from . import mcp_tool
from . import tool_registry
from . import toolsets
from . import wizards
