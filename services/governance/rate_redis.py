"""Counting requests in Redis: one script, one round trip."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Sequence

from ..redis_client import RedisLost, run
from .rate_limits import Bucket, Decision, Usage

# KEYS: the epoch, then the counters. ARGV: the epoch expected, the cost, then of each counter the most, and the count
# and milliseconds it begins with where Redis has none (-1: not known, ask for it).
_SCRIPT = """
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return {'epoch'} end
local cost, granted, counts, lefts = tonumber(ARGV[2]), 1, {}, {}
for i = 2, #KEYS do
  local most, seed, milliseconds = tonumber(ARGV[3 * i - 3]), tonumber(ARGV[3 * i - 2]), tonumber(ARGV[3 * i - 1])
  local left = redis.call('PTTL', KEYS[i])
  if left < 0 then
    if seed < 0 then return {'unknown'} end
    redis.call('SET', KEYS[i], seed, 'PX', milliseconds)
    left = milliseconds
  end
  local used = tonumber(redis.call('GET', KEYS[i]))
  if used + cost > most then granted = 0 end
  counts[i - 1], lefts[i - 1] = used, left
end
if granted == 1 then
  for i = 2, #KEYS do counts[i - 1] = redis.call('INCRBY', KEYS[i], cost) end
end
return {'counted', granted, counts, lefts}
"""
_SHA = hashlib.sha1(_SCRIPT.encode(), usedforsecurity=False).hexdigest()
_DAYS_KEPT = 3
_OVER = 0.1  # seconds: what PostgreSQL may be behind Redis with the end of a window


class OtherEpoch(Exception):
    """Redis holds counts of another time, or none: what is true is in PostgreSQL."""


class Unknown(Exception):
    """A window is not known to Redis: say what it begins with."""


def take(
    url: str, dbname: str, epoch: str, buckets: Sequence[Bucket], cost: int, seeds: Sequence[tuple[int, float]] | None
) -> Decision:
    """Count a request in all ``buckets``, or in none when one of them is full.

    :param seeds: of each bucket the count and seconds left that it begins with, where Redis does not know it
    :raises OtherEpoch, Unknown: nothing was counted
    :raises RedisLost: see :func:`.redis_client.run`; it may have been counted, or not
    """
    keys = [_epoch_key(dbname), *(_key(dbname, epoch, bucket.key) for bucket in buckets)]
    values: list = [epoch, cost]
    for place, bucket in enumerate(buckets):
        count, left = seeds[place] if seeds else (-1, 0.0)
        if seeds and left <= _OVER:
            count, left = 0, bucket.seconds
        values += [bucket.most, count, math.ceil(left * 1000)]
    answer = run(url, _evaluate, keys, values)
    try:
        if answer[0] == "epoch":
            raise OtherEpoch
        if answer[0] == "unknown":
            raise Unknown
        _counted, granted, counts, lefts = answer
        filled = zip(buckets, counts, lefts, strict=True)
        usages = [Usage(bucket, int(used), left / 1000) for bucket, used, left in filled]
    except (TypeError, ValueError, IndexError) as error:
        raise RedisLost(f"Redis answered the counting script with {str(answer)[:100]!r}.") from error
    return Decision(granted == 1, tuple(usages), cost)


def adopt(url: str, dbname: str, epoch: str) -> None:
    """Let Redis count for ``epoch``; counts of others are not looked at any more, and end by themselves."""
    run(url, lambda client: client.set(_epoch_key(dbname), epoch, ex=_DAYS_KEPT * 86_400))


def answers(url: str) -> bool:
    try:
        run(url, lambda client: client.ping())
    except RedisLost:
        return False
    return True


def _evaluate(client, keys: list, values: list):
    from redis.exceptions import NoScriptError

    try:
        return client.evalsha(_SHA, len(keys), *keys, *values)
    except NoScriptError:
        return client.eval(_SCRIPT, len(keys), *keys, *values)


def _epoch_key(dbname: str) -> str:
    return f"{{mcp:{dbname}}}:epoch"


def _key(dbname: str, epoch: str, key: str) -> str:
    # the braces keep all keys of a database on one node of a cluster; the epoch is of this database alone
    return f"{{mcp:{dbname}}}:{epoch[:12]}:{key}"
