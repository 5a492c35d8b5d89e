def cached_ids(records, field):
    """The ids that the stored many2one ``field`` of ``records`` points to (None: nowhere), without a record each."""
    if hasattr(field, "_get_cache"):  # 19.0
        cache = field._get_cache(records.env)
        ids = [cache[record_id] for record_id in records._ids if record_id in cache]
    else:
        ids = list(records.env.cache.get_values(records, field))
    return ids if len(ids) == len(records) else [record[field.name].id for record in records]
