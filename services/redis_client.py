"""Redis, where it is configured: one client per address and process, that never makes a request wait for long."""

from __future__ import annotations

import os
import threading
import time
from typing import Any

try:
    import redis
    from redis.backoff import NoBackoff
    from redis.retry import Retry
except ImportError:  # optional: requirements.txt
    redis = None

# Seconds for one command, and for connecting.
TIMEOUT = 0.25
_clients: dict[str, Any] = {}
_lock = threading.Lock()
_process = os.getpid()


class RedisLost(Exception):
    """Redis cannot be reached, is too slow, or answers nonsense; one line that says which."""


def is_installed() -> bool:
    """Whether the Python package is there."""
    return redis is not None


def run(url: str, command, *arguments: Any) -> Any:
    """What ``command(client, *arguments)`` returns.

    :param url: ``redis://[[user]:password@]host[:port][/number]``, ``rediss://`` or ``unix://``
    :raises RedisLost: no usable answer within :data:`TIMEOUT`
    """
    try:
        return command(client_of(url), *arguments)
    except RedisLost:
        raise
    except Exception as error:
        if not is_redis_failure(error):
            raise
        raise RedisLost(describe(error, url)) from error


def is_redis_failure(error: Exception) -> bool:
    return redis is not None and isinstance(error, (redis.RedisError, OSError))


def client_of(url: str) -> Any:
    """The client for ``url``, made when first needed.

    :raises RedisLost: the package is missing, or this is no address
    """
    global _process
    if redis is None:
        raise RedisLost("The Python package 'redis' is not installed on this server (pip install redis).")
    with _lock:
        if _process != os.getpid():
            _process = os.getpid()
            _clients.clear()
        client = _clients.get(url)
        if client is None:
            client = _clients[url] = _connect(url)
        return client


def _connect(url: str) -> Any:
    try:
        return redis.Redis.from_url(
            url,
            socket_timeout=TIMEOUT,
            socket_connect_timeout=TIMEOUT,
            retry=Retry(NoBackoff(), 0),
            decode_responses=True,
            client_name="odoo_mcp",
        )
    except ValueError as error:
        raise RedisLost(f"This is no Redis address: {error}") from error


def check(url: str) -> tuple[str, float]:
    """The version of the Redis at ``url`` and the milliseconds of one round trip, after trying what we need.

    :raises RedisLost: something does not work
    """

    def attempt(client):
        client.ping()
        started = time.perf_counter()
        key = f"{{mcp}}test:{os.getpid()}"
        answer = client.eval("return redis.call('SET', KEYS[1], ARGV[1], 'PX', 1000)", 1, key, "1")
        milliseconds = (time.perf_counter() - started) * 1000
        if str(answer.get("ok") if isinstance(answer, dict) else answer) != "OK":
            raise RedisLost(f"Redis answered a script with {answer!r}.")
        return client.info("server").get("redis_version", "unknown"), milliseconds

    return run(url, attempt)


def describe(error: Exception, url: str) -> str:
    """The error in one line, without the password of ``url``."""
    text = " ".join(f"{type(error).__name__}: {error}".split())[:300]
    for secret in _secrets_of(url):
        text = text.replace(secret, "***")
    return text


def _secrets_of(url: str) -> list[str]:
    credentials = url.partition("://")[2].rpartition("@")[0]
    return [credentials, credentials.partition(":")[2]] if credentials.partition(":")[2] else []
