"""Rate limits across the workers of a running server: with PostgreSQL, with Redis, and with a Redis that fails."""

from __future__ import annotations

import json
import shutil
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from endpoint import Endpoint
from redis_process import RedisProcess

LIMIT, CALLS, CLIENTS = 60, 500, 20


@pytest.fixture
def redis():
    program = shutil.which("redis-server")
    if not program:
        pytest.skip("redis-server is not installed (Debian: apt-get install redis-server)")
    process = RedisProcess(program)
    process.start()
    yield process
    process.close()


@pytest.fixture
def with_redis(administrator, redis):
    administrator.settings(use_redis=True, redis_url=redis.url)
    yield redis
    administrator.settings(use_redis=False)


@pytest.fixture
def limited(endpoint, administrator):
    """An endpoint whose key has the limit."""
    key = administrator.key("Limited", own_rate_limits=True, rate_per_minute=LIMIT, rate_per_day=0)
    return Endpoint(endpoint.url, key)


class Rush:
    """Many calls at once; what was answered, and how long the slowest took."""

    def __init__(self, endpoint: Endpoint, calls: int = CALLS) -> None:
        self._endpoint = endpoint
        self._calls = calls
        self._lock = threading.Lock()
        self._moments: dict[int, list] = {}
        self.done = 0
        self.statuses: Counter[int] = Counter()
        self.slowest = 0.0
        self.odd: list[bytes] = []

    def when(self, done: int, action) -> Rush:
        """Do something after so many answers."""
        self._moments.setdefault(done, []).append(action)
        return self

    def run(self) -> Rush:
        with ThreadPoolExecutor(CLIENTS) as pool:
            list(pool.map(self._call, range(self._calls)))
        return self

    def _call(self, _number: int) -> None:
        started = time.monotonic()
        heard = self._endpoint.post(self._endpoint.request("ping"))
        took = time.monotonic() - started
        with self._lock:
            self.done += 1
            self.statuses[heard.status] += 1
            self.slowest = max(self.slowest, took)
            if heard.status not in (200, 429):
                self.odd.append(heard.body[:300])
            actions = self._moments.pop(self.done, [])
        for action in actions:
            action()

    def check(self, accepted: int = LIMIT) -> None:
        expected = Counter({200: accepted, 429: self._calls - accepted})
        assert +self.statuses == +expected, (self.statuses, self.odd[:3])
        print(f"{dict(self.statuses)}, slowest {self.slowest:.2f} s")


def test_exactly_the_limit_is_accepted_with_postgresql(limited):
    Rush(limited).run().check()


def test_exactly_the_limit_is_accepted_with_redis(limited, with_redis):
    Rush(limited).run().check()
    assert b"0" not in with_redis.command("DBSIZE")[:2], "Redis counted nothing"


@pytest.mark.parametrize("moment", [1, 10, 30, 55])
def test_exactly_the_limit_is_accepted_when_redis_is_killed_half_way(limited, with_redis, moment):
    rush = Rush(limited).when(moment, with_redis.kill).run()
    rush.check()
    assert rush.slowest < 5


def test_exactly_the_limit_is_accepted_when_redis_hangs(limited, with_redis):
    rush = Rush(limited).when(30, with_redis.freeze).run()
    with_redis.thaw()
    rush.check()
    assert rush.slowest < 5


def test_an_emptied_redis_gets_the_counts_back(limited, with_redis):
    rush = Rush(limited).when(200, lambda: with_redis.command("FLUSHALL")).run()
    rush.check()


def test_redis_counts_again_when_it_is_back_and_forgets_nothing(limited, with_redis):
    Rush(limited, 20).run().check(20)
    with_redis.kill()
    Rush(limited, 20).run().check(20)
    with_redis.start()
    deadline = time.monotonic() + 10
    used = 40
    while with_redis.command("DBSIZE").startswith(b":0"):
        assert time.monotonic() < deadline, "Redis is not used again after 10 seconds"
        assert limited.post(limited.request("ping")).status == 200
        used += 1
        time.sleep(1)
    Rush(limited, 100).run().check(LIMIT - used)


def test_a_redis_that_is_full_costs_no_request(limited, with_redis):
    with_redis.command("CONFIG", "SET", "maxmemory", "1mb")
    with_redis.command("CONFIG", "SET", "maxmemory-policy", "noeviction")
    Rush(limited).run().check()


def test_the_administrator_is_told_once_that_redis_is_lost(administrator, limited, with_redis):
    def told() -> int:
        domain = [("res_model", "=", "mcp.settings"), ("user_id", "=", 2)]
        return administrator.do("mail.activity", "search_count", domain)

    limited.post(limited.request("ping"))
    with_redis.kill()
    Rush(limited, 40).run()
    deadline = time.monotonic() + 5
    while not told() and time.monotonic() < deadline:
        time.sleep(0.2)
    assert told() == 1
    state = administrator.do("mcp.settings", "search_read", [], fields=["redis_lost"])[0]["redis_lost"]
    assert state, "the settings show no warning"
    assert json.dumps(state)
