"""What Odoo knows of itself, for the doctor."""

from __future__ import annotations

import os
import time

import odoo.http
from odoo.service.db import list_dbs
from odoo.tools import config

from .. import redis_client
from ..identity.caller import DEFAULT_ORIGINS
from .facts import Facts, RedisFacts, ServerFacts


def gather(env, browser_origin: str) -> Facts:
    """Everything but what the public address answers."""
    settings = env["mcp.settings"].current()
    base_url = settings.get_base_url().rstrip("/")
    return Facts(
        base_url=base_url,
        browser_origin=browser_origin,
        enabled=settings.enabled,
        https_only=settings.https_only,
        cors_origin=_cors_origin(settings.allowed_origins),
        statement_timeout=settings.statement_timeout,
        server=_server(env, base_url),
        redis=_redis(settings),
    )


def _cors_origin(allowed: str | bool) -> str:
    origins = (allowed or "").split()
    return next(
        (origin for origin in [*DEFAULT_ORIGINS.split(), *origins] if origin in origins and "*" not in origin), ""
    )


def _server(env, base_url: str) -> ServerFacts:
    databases = list_dbs(force=True)
    host = base_url.partition("://")[2].partition("/")[0]
    db_name = config["db_name"] or []
    return ServerFacts(
        database=env.cr.dbname,
        databases_for_host=tuple(odoo.http.db_filter(databases, host=host)),
        database_count=len(databases),
        db_name_set=bool(db_name),
        dbfilter=config["dbfilter"] or "",
        proxy_mode=bool(config["proxy_mode"]),
        workers=config["workers"] or 0,
        gevent_port=config["gevent_port"] or 0,
        cron_threads=config["max_cron_threads"] or 0,
        limit_time_real=config["limit_time_real"] or 0,
        clock_skew=_clock_skew(env.cr),
        wkhtmltopdf=env["ir.actions.report"].get_wkhtmltopdf_state(),
        odoo_sh=bool(os.environ.get("ODOO_STAGE")),
    )


def _clock_skew(cr) -> float:
    """Seconds that this machine's clock is ahead of the database's, at the middle of the question's way."""
    before = time.time()
    cr.execute("SELECT extract(epoch FROM clock_timestamp())")
    (database,) = cr.fetchone()
    return (before + time.time()) / 2 - float(database)


def _redis(settings) -> RedisFacts:
    if not settings.use_redis:
        return RedisFacts(configured=False)
    try:
        _version, milliseconds = redis_client.check(settings.redis_url or "")
    except redis_client.RedisLost as lost:
        return RedisFacts(configured=True, failure=str(lost))
    return RedisFacts(configured=True, seconds=milliseconds / 1000)
