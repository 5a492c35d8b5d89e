"""Everything that Odoo 18.0 and 19.0 spell differently, in one place.

Feature-detect, never compare version numbers: a feature test says what is
needed and keeps working on the saas versions between two majors.
"""

from .access import field_is_accessible, has_read_rules, joins_without_rules
from .buttons import press
from .cache import cached_values, in_shared_cache, keep_cached
from .domains import AND, OR, narrowed
from .groups import classify_groups, group_members, user_groups
from .messages import tell_of, told_attributes
from .table import Constraint, Index, UniqueIndex
