from . import actions
from . import apps
from . import files
from . import look_around
from . import odoo_resources
from . import read_records
from . import write_records
from . import reports
