"""Run inside ``odoo-bin shell``: the in-process floor, an ORM call with nothing around it.

Per call: a pooled cursor, a new environment, the method, a rollback. It is timed here, so that the
way to this process does not count.
"""

import time

from odoo import api
from odoo.tools.json import json_default

from odoo.addons.odoo_mcp.services.governance import rate_counters, rate_limits


def _count(dbname, most):
    """Seconds to count one request of a connection, per minute and day, in PostgreSQL."""
    limits = rate_limits.RateLimits(connection=(most, most))
    started = time.perf_counter()
    rate_counters.take(dbname, "", rate_limits.buckets_of_call(limits, 0, 0, None))
    return time.perf_counter() - started


def serve(env, channel):
    """Answer questions ``{uid, model, method, args, kwargs}`` with ``{seconds, result}``."""
    registry = env.registry
    env.cr.rollback()
    for question in channel.questions():
        if "rate_limits" in question:
            channel.answer({"seconds": _count(registry.db_name, question["rate_limits"])})
            continue
        started = time.perf_counter()
        with registry.cursor() as cr:
            model = api.Environment(cr, question["uid"], {})[question["model"]]
            result = getattr(model, question["method"])(*question["args"], **question["kwargs"])
            cr.rollback()
        seconds = time.perf_counter() - started
        channel.answer({"seconds": seconds, "result": result}, default=json_default)
