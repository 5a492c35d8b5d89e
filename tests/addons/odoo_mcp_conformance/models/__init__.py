from . import content
from . import elicitation
from . import input_required
from . import prompts
from . import resources
from . import schemas
from . import slow
from . import streaming
