from . import files
from . import doctor
from . import mcp
from . import oauth
from . import oauth_consent
from . import mcp_sse
from ..services.governance import server_log

server_log.guard()
