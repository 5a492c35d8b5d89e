from . import test_every_field, test_starting
