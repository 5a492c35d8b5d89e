from . import every_field
