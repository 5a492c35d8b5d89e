"""Run inside ``odoo-bin shell``: 1,000 contacts by ``create()``, and the same by one call of ``create_records``.

Both in this process, in turn, and rolled back; of the call, from the bytes of the message to the bytes of the answer:
key, policy, checks of every value, savepoint, journal and audit row included.
"""

import json
import time

from odoo import api

from odoo.addons.odoo_mcp.services.application import OdooApplication
from odoo.addons.odoo_mcp.services.identity import bearer
from odoo.addons.odoo_mcp.services.protocol.limits import Limits
from odoo.addons.odoo_mcp.services.protocol.messages import HttpRequest
from odoo.addons.odoo_mcp.services.protocol.server import handle

HEADERS = {
    "Content-Type": "application/json",
    "Accept": "application/json, text/event-stream",
    "MCP-Protocol-Version": "2025-11-25",
}


def serve(env, channel):
    """Answer questions ``{uid, key, count}`` with the seconds of each way."""
    registry = env.registry
    countries = env["res.country"].search([], limit=20).ids
    env.cr.rollback()
    for question in channel.questions():
        rows = [_contact(number, countries) for number in range(question["count"])]
        channel.answer(
            {"create": _create(registry, question["uid"], rows), "call": _call(registry, question["key"], rows)}
        )


def _contact(number: int, countries: list) -> dict:
    return {
        "name": f"Batch {number:04d}",
        "email": f"batch{number:04d}@example.com",
        "phone": f"+32 2 000 {number:04d}",
        "street": f"{number} Main street",
        "city": "Namur",
        "country_id": countries[number % len(countries)],
        "comment": f"Row {number}",
    }


def _create(registry, uid: int, rows: list) -> float:
    with registry.cursor() as cr:
        model = api.Environment(cr, uid, {})["res.partner"]
        started = time.perf_counter()
        model.create([dict(row) for row in rows])
        cr.flush()
        seconds = time.perf_counter() - started
        cr.rollback()
    return seconds


def _call(registry, key: str, rows: list) -> float:
    arguments = {"model": "res.partner", "records": rows}
    params = {"name": "create_records", "arguments": arguments}
    body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params}).encode()
    with registry.cursor() as cr:
        started = time.perf_counter()
        env = api.Environment(cr, api.SUPERUSER_ID, {})
        identification = bearer.identify(env, key)
        caller = identification.caller
        application = OdooApplication(
            env(user=caller.user_id, context=caller.context(), su=False),
            caller,
            identification.limits,
            {"ip_address": "127.0.0.1", "user_agent": "benchmark"},
            last_try=True,
        )
        answer = handle(HttpRequest("POST", HEADERS, body), application, Limits(max_body_bytes=10**7))
        cr.flush()
        seconds = time.perf_counter() - started
        result = json.loads(answer.body)["result"]
        if result["isError"] or len(result["structuredContent"]["ids"]) != len(rows):
            raise RuntimeError(answer.body[:500])
        cr.rollback()
    return seconds
