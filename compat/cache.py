import sys

from odoo.tools.cache import ormcache

_LOOKUP = ormcache.lookup.__code__


def in_shared_cache():
    """Whether what is computed right now will be kept in a cache that other users' calls are answered from.

    Odoo has no such question; a cached method that is being computed has the look-up of its cache on the stack.
    """
    frame = sys._getframe(1)
    while frame is not None:
        if frame.f_code is _LOOKUP:
            return True
        frame = frame.f_back
    return False


def cached_values(records, field):
    """What Odoo's cache holds of the stored ``field`` for ``records``, in their order; None where one is missing.

    These are not the values that a record shows: nothing is None there, and a many2one is an id.
    """
    if hasattr(field, "_get_cache"):  # 19.0
        cache = field._get_cache(records.env)
        values = [cache[record_id] for record_id in records._ids if record_id in cache]
    else:
        values = list(records.env.cache.get_values(records, field))
    return values if len(values) == len(records._ids) else None


def keep_cached(records, field, values):
    """Put what is known of ``field`` for ``records`` into Odoo's cache, where nothing is yet; not written anywhere."""
    if hasattr(field, "_insert_cache"):  # 19.0
        field._insert_cache(records, values)
    else:
        records.env.cache.insert_missing(records, field, values)
