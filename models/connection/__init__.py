from . import limits
from . import rotation
