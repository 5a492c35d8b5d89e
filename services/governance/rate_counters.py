"""Who counts requests: Redis when it is configured and answers, otherwise PostgreSQL.

Limits stay exact when Redis is lost. What Redis grants is added to the counts of PostgreSQL within a tenth of a second
(:class:`_Keeper`, in the background, many requests in one statement). When Redis does not answer, the worker that
notices says so in PostgreSQL; every worker counts there once what was granted before has arrived (:data:`SETTLE`), and
goes back to Redis when it answers again, with the counts that PostgreSQL has. The same happens to a window of which
Redis knows nothing, because it was restarted or emptied. Nobody's request fails for it.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence

import psycopg2

from ..redis_client import RedisLost
from . import rate_postgres, rate_redis
from .rate_limits import Bucket, Decision

_logger = logging.getLogger(__name__)

_TICK = 0.1  # seconds between two reports of the keeper
_PATIENCE = 3.0  # seconds without work after which the keeper rests
_MOST_TURNS = 8  # between Redis and PostgreSQL, for one request

_counters: dict[tuple[str, str], _RedisCounters] = {}
_lock = threading.Lock()
# Called in a thread of their own, by one of the workers, when Redis is lost or used again: with the database's name,
# the reason (empty: it is used again), and whether that is news.
on_redis_change: list[Callable[[str, str, bool], None]] = []


def take(dbname: str, redis_url: str, buckets: Sequence[Bucket], cost: int = 1) -> Decision:
    """Count a request in all ``buckets``, or in none when one of them is full.

    :param redis_url: empty to count in PostgreSQL
    :raises psycopg2.Error: PostgreSQL, without which no request can be served, did not answer
    """
    if not buckets:
        return Decision(True)
    if not redis_url:
        return rate_postgres.take(dbname, buckets, cost)
    with _lock:
        counters = _counters.get((dbname, redis_url))
        if counters is None:
            counters = _counters[dbname, redis_url] = _RedisCounters(dbname, redis_url)
    return counters.take(buckets, cost)


class _RedisCounters:
    """The counts of one database in one Redis, as this process sees them."""

    def __init__(self, dbname: str, url: str):
        self.dbname = dbname
        self.url = url
        # The epoch and whether Redis is lost, as PostgreSQL said last; None: to be asked for.
        self.known: tuple[str, bool] | None = None
        self._keeper = _Keeper(self)

    def take(self, buckets: Sequence[Bucket], cost: int) -> Decision:
        seeds = None
        for _turn in range(_MOST_TURNS):
            if self.known is None:
                self.known = rate_postgres.state(self.dbname)
            epoch, is_lost = self.known or ("", True)
            if is_lost:
                decision, seeds = self._take_instead(buckets, cost), None
                if decision:
                    return decision
                continue
            try:
                decision = rate_redis.take(self.url, self.dbname, epoch, buckets, cost, seeds)
            except rate_redis.OtherEpoch:
                self._adopt(epoch)
                seeds = None
            except rate_redis.Unknown:
                self._keeper.report()
                seeds = rate_postgres.open_windows(self.dbname, [bucket.key for bucket in buckets])
            except RedisLost as lost:
                self._lose(epoch, str(lost))
            else:
                if decision.granted:
                    self._keeper.note(decision)
                return decision
        _logger.info("MCP rate limits: Redis comes and goes; this request is counted in PostgreSQL.")
        return rate_postgres.take(self.dbname, buckets, cost)

    def _take_instead(self, buckets: Sequence[Bucket], cost: int) -> Decision | None:
        """The decision of PostgreSQL, or None when it must be asked again, or Redis is back."""
        instead = rate_postgres.take_instead(self.dbname, buckets, cost)
        if instead.epoch:
            self.known = (instead.epoch, False)
            return None
        self._keeper.stay_awake()
        if instead.decision is None:
            time.sleep(max(0.0, instead.wait))
        return instead.decision

    def _adopt(self, epoch: str) -> None:
        """Find out who is behind the times, this worker or Redis."""
        self.known = known = rate_postgres.state(self.dbname)
        if known == (epoch, False):
            try:
                rate_redis.adopt(self.url, self.dbname, epoch)
            except RedisLost as lost:
                self._lose(epoch, str(lost))
            else:
                self._tell("", False)

    def _lose(self, epoch: str, reason: str) -> None:
        """Redis did not answer: from now on PostgreSQL counts, for every worker."""
        self._keeper.report()
        is_news = rate_postgres.lose(self.dbname, epoch, reason)
        self.known = None
        _logger.info("MCP rate limits of %s are counted in PostgreSQL: %s", self.dbname, reason)
        if is_news is not None:
            self._tell(reason, is_news)

    def _tell(self, reason: str, is_news: bool) -> None:
        for tell in on_redis_change:
            threading.Thread(target=tell, args=(self.dbname, reason, is_news), daemon=True).start()


class _Keeper:
    """The thread that tells PostgreSQL what Redis granted, and watches for a lost Redis to come back."""

    def __init__(self, counters: _RedisCounters):
        self._counters = counters
        self._granted: dict[str, tuple[int, float]] = {}  # by key: count, end of the window (monotonic)
        self._lock = threading.Lock()
        self._reporting = threading.Lock()
        self._thread: threading.Thread | None = None
        self._rests_at = 0.0

    def note(self, decision: Decision) -> None:
        """Remember a request that Redis granted."""
        now = time.monotonic()
        with self._lock:
            for usage in decision.usages:
                end = now + usage.left
                count, known_end = self._granted.get(usage.bucket.key, (0, end))
                if end > known_end + 1:  # a new window
                    count = 0
                self._granted[usage.bucket.key] = (count + decision.cost, end)
        self.stay_awake()

    def report(self) -> None:
        """Tell PostgreSQL now. What cannot be told is kept for the next time."""
        with self._reporting:
            with self._lock:
                granted, self._granted = self._granted, {}
            now = time.monotonic()
            counts = [(key, count, end - now) for key, (count, end) in granted.items() if end > now]
            if not counts:
                return
            try:
                epoch = rate_postgres.absorb(self._counters.dbname, counts)
            except psycopg2.Error:
                with self._lock:
                    for key, (count, end) in granted.items():
                        more, later_end = self._granted.get(key, (0, end))
                        self._granted[key] = (count + more, max(end, later_end))
                raise
            known = self._counters.known
            if known and epoch != known[0]:  # another worker lost Redis
                self._counters.known = None

    def stay_awake(self) -> None:
        """Have the thread run for some more time."""
        with self._lock:
            self._rests_at = time.monotonic() + _PATIENCE
            if self._thread is None or not self._thread.is_alive():
                name = f"mcp-rate-{self._counters.dbname}"
                self._thread = threading.Thread(target=self._work, name=name, daemon=True)
                self._thread.start()

    def _work(self) -> None:
        next_look = 0.0
        while True:
            time.sleep(_TICK)
            try:
                self.report()
                if time.monotonic() >= next_look:
                    next_look = time.monotonic() + rate_postgres.PAUSE / 2
                    self._look_after_redis()
            except psycopg2.Error as error:
                _logger.info("MCP rate limits: PostgreSQL does not answer: %s", str(error).strip().split("\n")[0])
            with self._lock:
                if time.monotonic() >= self._rests_at:
                    self._thread = None
                    return

    def _look_after_redis(self) -> None:
        """While Redis is lost, see here whether it is back, so that no request has to wait for it."""
        if self._counters.known and self._counters.known[1] and not rate_redis.answers(self._counters.url):
            rate_postgres.stay_lost(self._counters.dbname)
