"""What models look like, kept until somebody changes that: labels of fields, and which fields the views show.

In memory, as Odoo's own caches: emptied in every worker when models, fields, views, groups or translations change. With
Redis, a worker that has just started finds there what others have worked out. Never asked whether somebody may see
something: that is decided anew in each call.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable
from typing import Any

from . import redis_client

# Seconds for which Redis is not asked after it failed.
_PAUSE = 10.0
_rests_until = 0.0


def remembered(env, kind: str, key: tuple, compute: Callable[[], Any]) -> Any:
    """What ``compute`` returned for this ``kind`` and ``key``, and for users with the same groups, language, companies.

    :param compute: returns what JSON can carry; callers must not change it
    """
    settings = env["mcp.settings"]
    seconds, redis_url = settings._schema_cache_settings()
    if not seconds:
        return compute()
    groups = env.user._get_group_ids()
    whole_key = (kind, *key, tuple(sorted(groups)), env.lang, env.context.get("allowed_company_ids") and env.company.id)

    def work_out():
        return _through_redis(env, redis_url, seconds, whole_key, compute) if redis_url else compute()

    entry = settings._schema_cache_entry(whole_key, work_out)
    if time.monotonic() - entry[0] > seconds:
        entry[:] = [time.monotonic(), work_out()]
    return entry[1]


def _through_redis(env, url: str, seconds: int, key: tuple, compute: Callable[[], Any]) -> Any:
    global _rests_until
    if time.monotonic() < _rests_until:
        return compute()
    # Odoo counts how often its caches were emptied, in the database: what was true before has another name
    registry = env.registry
    sequences = [registry.registry_sequence, sorted(registry.cache_sequences.items())]
    digest = hashlib.sha256(json.dumps([sequences, key], default=str).encode()).hexdigest()
    name = f"{{mcp:{env.cr.dbname}}}:schema:{digest}"
    try:
        kept = redis_client.run(url, lambda client: client.get(name))
        if kept is not None:
            return json.loads(kept)
        value = compute()
        redis_client.run(url, lambda client: client.set(name, json.dumps(value), ex=seconds))
    except redis_client.RedisLost:
        _rests_until = time.monotonic() + _PAUSE
        return compute()
    return value
