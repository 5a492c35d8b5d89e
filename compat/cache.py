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


def cached_ids(records, field):
    """The ids that the stored many2one ``field`` of ``records`` points to (None: nowhere), without a record each."""
    if hasattr(field, "_get_cache"):  # 19.0
        cache = field._get_cache(records.env)
        ids = [cache[record_id] for record_id in records._ids if record_id in cache]
    else:
        ids = list(records.env.cache.get_values(records, field))
    return ids if len(ids) == len(records) else [record[field.name].id for record in records]
