from . import keys
from . import audit
from . import limits
from . import scale
from . import changes
from . import files
from . import oauth
from . import streams
