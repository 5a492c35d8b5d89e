"""kill -9 in the middle of a write, again and again: is a call ever half done, or done twice?

    python benchmarks/kill_worker.py --url http://127.0.0.1:8069/odoo/mcp --key mcp_… --server-pid 4711 --kills 100

The server must run with one worker (``--workers 1``: so it is the one that is at work, and warm), on a database that
may be thrown away, with rate limits that allow some hundred calls a minute; ``--server-pid`` is its main process.
Each round sends one call that creates contacts in several steps, kills all HTTP workers at a random moment while it
runs, counts what is there (nothing or all of it), repeats the call with the same idempotency key until it is
answered, and counts again (all of it, once).
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import sys
import threading
import time
import urllib.error
import urllib.request
import uuid
from collections import Counter
from pathlib import Path

STEPS, PER_STEP = 4, 40
WHOLE = STEPS * PER_STEP


class Server:
    def __init__(self, url: str, key: str, pid: int):
        self.url, self.key, self.pid = url, key, pid

    def call(self, tool: str, arguments: dict) -> dict:
        message = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": tool, "arguments": arguments}}
        headers = {
            "Authorization": f"Bearer {self.key}",
            "Content-Type": "application/json",
            "Accept": "application/json, text/event-stream",
            "MCP-Protocol-Version": "2025-11-25",
        }
        request = urllib.request.Request(self.url, json.dumps(message).encode(), headers)
        with urllib.request.urlopen(request, timeout=120) as answer:
            result = json.load(answer)["result"]
        if result.get("isError"):
            raise RuntimeError(result["content"][0]["text"])
        return result["structuredContent"]

    def patiently(self, tool: str, arguments: dict) -> dict:
        """The same call until it is answered, as a client does whose connection broke."""
        for _try in range(100):
            try:
                return self.call(tool, arguments)
            except (urllib.error.URLError, ConnectionError, TimeoutError):
                time.sleep(0.2)
        raise RuntimeError("The server does not come back.")

    def kill_workers(self) -> int:
        """SIGKILL to every process that serves HTTP; the main process starts others."""
        main = _command(self.pid)
        children = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split()
        workers = [int(child) for child in children if _command(int(child)) == main]  # forks, not the evented one
        for worker in workers:
            os.kill(worker, signal.SIGKILL)
        return len(workers)


def _command(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


def one_round(server: Server, longest: float) -> str:
    """What became of the call that was killed: ``answered``, ``nothing`` or ``done unheard``; anything else raises."""
    mark, key = f"KILL-{uuid.uuid4().hex[:12]}", uuid.uuid4().hex
    records = [{"name": f"{mark} {number}", "ref": mark} for number in range(PER_STEP)]
    step = {"tool": "create_records", "arguments": {"model": "res.partner", "records": records}}
    call = {"steps": [step] * STEPS, "idempotency_key": key}
    heard: list = []

    def send() -> None:
        try:
            heard.append(server.call("run_batch", call))
        except (urllib.error.URLError, ConnectionError, TimeoutError) as error:
            heard.append(error)

    client = threading.Thread(target=send)
    client.start()
    time.sleep(random.uniform(0.02, longest))
    server.kill_workers()
    client.join()
    question = {"model": "res.partner", "domain": [["ref", "=", mark]]}
    there = server.patiently("count_records", question)["count"]
    if there not in (0, WHOLE):
        raise AssertionError(f"{there} of {WHOLE} records are there: half a call was committed.")
    answered = isinstance(heard[0], dict)
    if answered and not there:
        raise AssertionError("The call was answered, and nothing is there.")
    again = server.patiently("run_batch", call)
    there_now = server.patiently("count_records", question)["count"]
    if there_now != WHOLE or bool(again.get("replayed")) != bool(there):
        raise AssertionError(
            f"After the retry there are {there_now} of {WHOLE} records, replayed: {again.get('replayed')}."
        )
    return "answered" if answered else "done unheard" if there else "nothing"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--url", required=True)
    parser.add_argument("--key", required=True)
    parser.add_argument("--server-pid", type=int, required=True)
    parser.add_argument("--kills", type=int, default=100, help="kills that must hit a call before its answer")
    arguments = parser.parse_args()
    server = Server(arguments.url, arguments.key, arguments.server_pid)
    warm = {"name": "warm", "ref": "KILL-warm"}
    step = {"tool": "create_records", "arguments": {"model": "res.partner", "records": [warm] * PER_STEP}}
    for _time in range(2):
        started = time.perf_counter()
        server.patiently("run_batch", {"steps": [step] * STEPS})
    longest = (time.perf_counter() - started) * 0.95
    outcomes: Counter[str] = Counter()
    while outcomes["nothing"] + outcomes["done unheard"] < arguments.kills:
        outcomes[one_round(server, longest)] += 1
        print(dict(outcomes), file=sys.stderr, flush=True)
    rounds = outcomes.total()
    print(
        f"{rounds} kills (kill -9 of every HTTP worker), {rounds - outcomes['answered']} before the client had its "
        f"answer: {outcomes['nothing']} left nothing, {outcomes['done unheard']} had committed the whole call. "
        f"Partial commits: 0. Calls repeated with the same key: {rounds}, each with one effect."
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
