from . import look_around
from . import read_records
