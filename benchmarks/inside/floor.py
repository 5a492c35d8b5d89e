"""Run inside ``odoo-bin shell``: the in-process floor, an ORM call with nothing around it.

Per call: a pooled cursor, a new environment, the method, a rollback. It is timed here, so that the
way to this process does not count.
"""

import time

from odoo import api
from odoo.tools.json import json_default


def serve(env, channel):
    """Answer questions ``{uid, model, method, args, kwargs}`` with ``{seconds, result}``."""
    registry = env.registry
    env.cr.rollback()
    for question in channel.questions():
        started = time.perf_counter()
        with registry.cursor() as cr:
            model = api.Environment(cr, question["uid"], {})[question["model"]]
            result = getattr(model, question["method"])(*question["args"], **question["kwargs"])
            cr.rollback()
        seconds = time.perf_counter() - started
        channel.answer({"seconds": seconds, "result": result}, default=json_default)
