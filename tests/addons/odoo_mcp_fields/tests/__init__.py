from . import test_every_field
