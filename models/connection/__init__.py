from . import approvals
from . import limits
from . import payloads
from . import rotation
from . import policy
from . import model_access
from . import oauth
from . import tool_mode
