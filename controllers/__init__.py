from . import files
from . import mcp
