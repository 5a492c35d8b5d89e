"""Counting requests in PostgreSQL: one statement that checks every limit and counts only when all of them agree.

The rows are locked for the time of that statement, in the order of their keys, so that nobody deadlocks. The tables
are unlogged: they cost no disk writes, and a crash of the database merely begins new windows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..own_connection import fetch_one
from .rate_limits import Bucket, Decision, Usage

# Seconds for which Redis is left alone after it failed.
PAUSE = 5.0
# Seconds within which every worker has told PostgreSQL what it counted in Redis; see rate_counters.
SETTLE = 0.3

SCHEMA = """
CREATE UNLOGGED TABLE IF NOT EXISTS mcp_rate_counter (
    key text PRIMARY KEY,
    used integer NOT NULL,
    ends_at timestamptz NOT NULL
) WITH (fillfactor = 50);

-- One row: whether Redis is lost, and the epoch. That changes whenever Redis is lost, so that nobody uses old counts.
CREATE UNLOGGED TABLE IF NOT EXISTS mcp_rate_control (
    one boolean PRIMARY KEY DEFAULT true CHECK (one),
    epoch text NOT NULL,
    lost_at timestamptz NOT NULL DEFAULT '-infinity',
    lost_until timestamptz NOT NULL DEFAULT '-infinity',
    told_at timestamptz NOT NULL DEFAULT '-infinity',
    reason text
);

CREATE OR REPLACE FUNCTION mcp_rate_take(keys text[], most integer[], seconds integer[], cost integer)
RETURNS TABLE (granted boolean, counts integer[], lefts double precision[])
LANGUAGE plpgsql AS $function$
DECLARE
    counter record;
    place integer;
    found_keys integer := 0;
    ends timestamptz[];
    moment timestamptz;
BEGIN
    WHILE found_keys < cardinality(keys) LOOP
        found_keys := 0;
        FOR counter IN
            SELECT c.key, c.used, c.ends_at FROM mcp_rate_counter c WHERE c.key = ANY(keys) ORDER BY c.key FOR UPDATE
        LOOP
            place := array_position(keys, counter.key);
            counts[place] := counter.used;
            ends[place] := counter.ends_at;
            found_keys := found_keys + 1;
        END LOOP;
        IF found_keys < cardinality(keys) THEN
            INSERT INTO mcp_rate_counter (key, used, ends_at)
            SELECT wanted, 0, '-infinity' FROM unnest(keys) wanted ORDER BY wanted
            ON CONFLICT DO NOTHING;
        END IF;
    END LOOP;
    granted := true;
    moment := clock_timestamp();
    FOR place IN 1 .. cardinality(keys) LOOP
        IF ends[place] <= moment THEN
            counts[place] := 0;
            ends[place] := moment + seconds[place] * interval '1 second';
        END IF;
        granted := granted AND counts[place] + cost <= most[place];
        lefts[place] := extract(epoch FROM ends[place] - moment);
    END LOOP;
    IF granted THEN
        FOR place IN 1 .. cardinality(keys) LOOP
            counts[place] := counts[place] + cost;
            UPDATE mcp_rate_counter c SET used = counts[place], ends_at = ends[place] WHERE c.key = keys[place];
        END LOOP;
    END IF;
    RETURN NEXT;
END
$function$;
"""
DROP = """
DROP FUNCTION IF EXISTS mcp_rate_take(text[], integer[], integer[], integer);
DROP TABLE IF EXISTS mcp_rate_counter, mcp_rate_control;
"""

_TAKE = "SELECT granted, counts, lefts FROM mcp_rate_take(%s, %s, %s, %s)"

# As _TAKE, but only while Redis is lost, and once what was counted there is known here. The join makes the call
# depend on a row: a function in LATERAL ... ON would be called whatever the condition says.
_TAKE_INSTEAD = """
    WITH control AS MATERIALIZED (
        SELECT epoch, lost_until > clock_timestamp() AS is_lost,
               extract(epoch FROM lost_at - clock_timestamp())::float8 + %s AS unsettled
          FROM mcp_rate_control
    ), counting AS MATERIALIZED (
        SELECT 1 FROM control WHERE is_lost AND unsettled <= 0
    )
    SELECT control.epoch, control.is_lost, control.unsettled, taken.granted, taken.counts, taken.lefts
      FROM control
      LEFT JOIN (SELECT t.* FROM counting, mcp_rate_take(%s, %s, %s, %s) t) taken ON true
"""

_STATE = """
    WITH made AS (
        INSERT INTO mcp_rate_control (epoch) VALUES (md5(random()::text || clock_timestamp()::text))
        ON CONFLICT DO NOTHING RETURNING epoch, lost_until
    )
    SELECT epoch, lost_until > clock_timestamp() FROM made
    UNION ALL SELECT epoch, lost_until > clock_timestamp() FROM mcp_rate_control
    LIMIT 1
"""

_LOSE = """
    WITH before AS (SELECT epoch, told_at, lost_until FROM mcp_rate_control FOR UPDATE)
    UPDATE mcp_rate_control control
       SET epoch = md5(random()::text || clock_timestamp()::text),
           lost_at = clock_timestamp(),
           lost_until = clock_timestamp() + %s * interval '1 second',
           reason = %s,
           told_at = CASE WHEN control.told_at < clock_timestamp() - interval '10 minutes'
                          THEN clock_timestamp() ELSE control.told_at END
      FROM before
     WHERE control.epoch = %s AND control.lost_until <= clock_timestamp()
 RETURNING control.told_at > before.told_at
"""

_STAY_LOST = """
    UPDATE mcp_rate_control SET lost_until = clock_timestamp() + %s * interval '1 second'
     WHERE lost_until > clock_timestamp() RETURNING true
"""

_WHY_LOST = "SELECT max(reason) FILTER (WHERE lost_until > clock_timestamp()) FROM mcp_rate_control"

_ABSORB = """
    INSERT INTO mcp_rate_counter AS counter (key, used, ends_at)
    SELECT news.key, news.used, clock_timestamp() + news.seconds * interval '1 second'
      FROM unnest(%s::text[], %s::int[], %s::float8[]) news (key, used, seconds)
     ORDER BY news.key
        ON CONFLICT (key) DO UPDATE
       SET used = CASE WHEN excluded.ends_at > counter.ends_at + interval '1 second' THEN excluded.used
                       ELSE counter.used + excluded.used END,
           ends_at = CASE WHEN excluded.ends_at > counter.ends_at + interval '1 second' THEN excluded.ends_at
                          ELSE counter.ends_at END
"""
_ABSORBED = f"""
    WITH absorbed AS ({_ABSORB} RETURNING 1)
    SELECT (SELECT epoch FROM mcp_rate_control), count(*) FROM absorbed
"""

_OPEN_WINDOWS = """
    SELECT array_agg(counter.used), array_agg(extract(epoch FROM counter.ends_at - clock_timestamp())::float8)
      FROM unnest(%s::text[]) WITH ORDINALITY wanted (key, place)
      LEFT JOIN mcp_rate_counter counter ON counter.key = wanted.key AND counter.ends_at > clock_timestamp()
"""


@dataclass(frozen=True, slots=True)
class Instead:
    """What became of a request that should be counted here because Redis is lost."""

    epoch: str | None = None  # Redis is not lost (any more), and this is its epoch
    wait: float = 0.0  # seconds until what was counted in Redis is known here
    decision: Decision | None = None


def take(dbname: str, buckets: Sequence[Bucket], cost: int) -> Decision:
    """Count a request in all ``buckets``, or in none when one of them is full.

    :raises psycopg2.Error: PostgreSQL did not answer
    """
    ordered = _ordered(buckets)
    return _decision(ordered, fetch_one(dbname, _TAKE, _values(ordered, cost)), cost)


def take_instead(dbname: str, buckets: Sequence[Bucket], cost: int) -> Instead:
    """As :func:`take`, as long as Redis is lost."""
    ordered = _ordered(buckets)
    row = fetch_one(dbname, _TAKE_INSTEAD, [SETTLE, *_values(ordered, cost)])
    if row is None:
        return Instead(epoch=state(dbname)[0])
    epoch, is_lost, unsettled, *counted = row
    if not is_lost:
        return Instead(epoch=epoch)
    return Instead(wait=unsettled) if unsettled > 0 else Instead(decision=_decision(ordered, counted, cost))


def state(dbname: str) -> tuple[str, bool]:
    """The epoch, and whether Redis is lost."""
    while True:  # nothing when another worker makes the row at this moment
        row = fetch_one(dbname, _STATE, [])
        if row:
            return row


def lose(dbname: str, epoch: str, reason: str) -> bool | None:
    """Note for every worker that Redis is lost; None when another worker did.

    Otherwise whether it is news: a Redis that comes and goes is no news for some minutes.
    """
    row = fetch_one(dbname, _LOSE, [PAUSE, reason[:500], epoch])
    return row and row[0]


def stay_lost(dbname: str) -> bool:
    """Note that Redis still does not answer; False when it is not lost any more."""
    return fetch_one(dbname, _STAY_LOST, [PAUSE]) is not None


def why_lost(dbname: str) -> str:
    """Why Redis is not used at the moment; empty when it is."""
    return fetch_one(dbname, _WHY_LOST, [])[0] or ""


def absorb(dbname: str, counts: Sequence[tuple[str, int, float]]) -> str | None:
    """Add what was counted in Redis: key, count, seconds until the window ends. Returns the epoch."""
    keys, used, seconds = zip(*sorted(counts), strict=True)
    return fetch_one(dbname, _ABSORBED, [list(keys), list(used), list(seconds)])[0]


def open_windows(dbname: str, keys: Sequence[str]) -> list[tuple[int, float]]:
    """Of each key the count and the seconds left of its window; ``(0, 0.0)`` where none is open."""
    used, lefts = fetch_one(dbname, _OPEN_WINDOWS, [list(keys)])
    return [(count or 0, left or 0.0) for count, left in zip(used, lefts, strict=True)]


def _ordered(buckets: Sequence[Bucket]) -> list[Bucket]:
    return sorted(buckets, key=lambda bucket: bucket.key)


def _values(buckets: Sequence[Bucket], cost: int) -> list:
    return [
        [bucket.key for bucket in buckets],
        [bucket.most for bucket in buckets],
        [bucket.seconds for bucket in buckets],
        cost,
    ]


def _decision(buckets: Sequence[Bucket], row: Sequence, cost: int) -> Decision:
    granted, counts, lefts = row
    usages = tuple(Usage(*usage) for usage in zip(buckets, counts, lefts, strict=True))
    return Decision(granted, usages, cost)
