from . import mcp_approval_reject
from . import mcp_audit_check
from . import mcp_connect_wizard
from . import mcp_key_wizard
from . import oauth_ways
from . import mcp_oauth_client_wizard
