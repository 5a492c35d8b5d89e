"""What idle streams cost: database connections, and the time of the web client's first page.

Needs a server with two workers and the evented one, and the environment of tests/streams/conftest.py:

    python benchmarks/streams.py [300]

It sets the limits of streams for the time of the measurement, and puts them back.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "streams"))

from people import Person
from wire import Client

PAGES = 40
_CONNECTIONS = """
    SELECT count(*), count(*) FILTER (WHERE state <> 'idle'), count(*) FILTER (WHERE state LIKE 'idle in tr%')
      FROM pg_stat_activity WHERE datname = '{}' AND pid <> pg_backend_pid()
"""


def connections(database: str) -> dict[str, int]:
    """Connections to the database: all, those that do something, those with an open transaction."""
    command = ["psql", "-XAtq", "-F", " ", "-d", database, "-c", _CONNECTIONS.format(database)]
    answer = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return dict(zip(("all", "active", "in_transaction"), map(int, answer.split()), strict=True))


def pages(person: Person) -> dict[str, float]:
    times = sorted(person.page_time() * 1000 for _ in range(PAGES))
    return {"median_ms": round(statistics.median(times), 1), "p95_ms": round(times[int(PAGES * 0.95)], 1)}


def measure(count: int) -> dict:
    """Figures without streams, with ``count`` of them, and how soon all of them hear of one change."""
    environment = os.environ
    person = Person(environment["MCP_URL"], environment["ODOO_LOGIN"], environment["ODOO_PASSWORD"])
    database = environment["DATABASE"]
    settings = person.call("mcp.settings", "search", [[]])
    bounds = dict.fromkeys(("streams_evented", "streams_per_connection"), 10 * count)
    rates = [name for name in person.call("mcp.settings", "fields_get", []) if "rate_per_" in name]
    wanted = {**bounds, **dict.fromkeys(rates, 0)}
    before = person.call("mcp.settings", "read", [settings, list(wanted)])[0]
    person.call("mcp.settings", "write", [settings, wanted])
    record = person.call("res.partner", "create", [{"name": "Measured"}])
    uri = f"odoo://record/res.partner/{record}"
    clients = []
    try:
        pages(person)
        figures = {"without": {"pages": pages(person), "connections": connections(database)}}
        for _ in range(count):
            client = Client(environment["MCP_EVENTED_URL"], environment["MCP_KEY"]).initialize()
            client.post("resources/subscribe", {"uri": uri})
            clients.append((client, client.listen()))
        time.sleep(5)
        samples = [connections(database) for _ in range(50) if not time.sleep(0.1)]
        figures["with"] = {
            "streams": count,
            "pages": pages(person),
            "connections": {name: max(sample[name] for sample in samples) for name in samples[0]},
        }
        started = time.perf_counter()
        person.call("res.partner", "write", [[record], {"city": "Measured"}])
        heard = []
        for _client, stream in clients:
            stream.message(20)
            heard.append(time.perf_counter() - started)
        figures["with"]["change_heard_by_all_ms"] = round(max(heard) * 1000)
    finally:
        for client, _stream in clients:
            client.close()
        person.call("mcp.settings", "write", [settings, {name: before[name] for name in wanted}])
    return figures


if __name__ == "__main__":
    print(json.dumps(measure(int(sys.argv[1]) if len(sys.argv) > 1 else 300), indent=2))
