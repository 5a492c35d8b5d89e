"""Ten thousand calls on record, then somebody with SQL alters the log: does *Verify* name the first such row?

    python benchmarks/verify_log.py --url http://127.0.0.1:8069/odoo/mcp --key mcp_… --login admin --password admin \
        --database copy --calls 10000

It makes the calls over HTTP, verifies as an administrator does (the button *Verify* of the audit log, in a session of
the web client), keeps the head, and then, one after the other, forges and repairs the log with ``psql``, which finds
the server by its own variables (``PGHOST``, ``PGUSER`` …). Each forgery must be named with its first row, and the log
be whole again after it was repaired. The database is one that may be thrown away; its connection has no rate limits.
"""

from __future__ import annotations

import argparse
import base64
import json
import random
import re
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http.cookiejar import CookieJar
from urllib.parse import urlencode, urlsplit

AT_ONCE = 4
COLUMNS = "create_date, outcome, user_id, method, tool, http_status, rows, duration_ms"


# Of a seal with one row, which is gone.
_LAST_SEAL = "DELETE FROM mcp_audit_seal WHERE number = (SELECT max(number) FROM mcp_audit_seal)"


class BenchmarkError(Exception):
    """What a person must put right before anything can be shown; one line."""


class Administrator:
    """A session of the web client."""

    def __init__(self, url: str, login: str, password: str):
        parts = urlsplit(url)
        self.base = f"{parts.scheme}://{parts.netloc}"
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
        page = self._opener.open(f"{self.base}/web/login", timeout=60).read().decode()
        token = re.search(r'name="csrf_token" value="([^"]+)"', page)[1]
        form = urlencode({"login": login, "password": password, "csrf_token": token}).encode()
        if "/web/login" in self._opener.open(f"{self.base}/web/login", form, timeout=60).geturl():
            raise BenchmarkError(f"Odoo refused the login {login!r}; give --login and --password.")

    def verify(self, kept_head: str = "") -> dict:
        """What the dialog shows."""
        check = self._call("create", [{"kept_head": kept_head}])
        self._call("action_verify", [[check]])
        fields = ["result", "problem", "log_id", "checked", "seal_number", "head", "head_file"]
        return self._call("read", [[check], fields])[0]

    def _call(self, method: str, args: list) -> object:
        params = {"model": "mcp.audit.check", "method": method, "args": args, "kwargs": {}}
        body = json.dumps({"jsonrpc": "2.0", "method": "call", "params": params}).encode()
        address = f"{self.base}/web/dataset/call_kw/mcp.audit.check/{method}"
        request = urllib.request.Request(address, body, {"Content-Type": "application/json"})
        answer = json.load(self._opener.open(request, timeout=600))
        if "error" in answer:
            raise BenchmarkError(answer["error"]["data"]["message"])
        return answer["result"]


class Database:
    """Somebody who may do everything in PostgreSQL."""

    def __init__(self, name: str):
        self.name = name

    def __call__(self, *statements: str) -> list[str]:
        """The lines that ``statements`` answer, which are one transaction."""
        command = ["psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-1", "-d", self.name]
        for statement in statements:
            command += ["-c", statement]
        done = subprocess.run(command, check=False, capture_output=True, text=True)
        if done.returncode:
            raise BenchmarkError(f"psql: {done.stderr.strip()}")
        return done.stdout.split()


@dataclass(frozen=True)
class Forgery:
    """What somebody does to the log, what repairs it, and the row that must be named as the first."""

    name: str
    first: int
    do: tuple[str, ...]
    repair: tuple[str, ...]


def make_calls(url: str, key: str, count: int) -> Iterator[int]:
    """``count`` calls of tools, some at a time; yields how many are done, now and then."""
    headers = {
        "Authorization": f"Bearer {key}",
        "Content-Type": "application/json",
        "Accept": "application/json, text/event-stream",
        "MCP-Protocol-Version": "2025-11-25",
    }
    tools = (
        ("whoami", {}),
        ("count_records", {"model": "res.partner"}),
        ("search_records", {"model": "res.partner", "fields": ["name"], "limit": 3}),
        ("read_records", {"model": "res.partner", "ids": [0], "fields": ["no such field"]}),  # refused, and on record
    )

    def one(number: int) -> None:
        name, arguments = tools[number % len(tools)]
        message = {
            "jsonrpc": "2.0",
            "id": number,
            "method": "tools/call",
            "params": {"name": name, "arguments": arguments},
        }
        request = urllib.request.Request(url, json.dumps(message).encode(), headers)
        with urllib.request.urlopen(request, timeout=120) as answer:
            if "result" not in json.load(answer):
                raise BenchmarkError(f"{name} was not answered.")

    with ThreadPoolExecutor(AT_ONCE) as threads:
        for done, _nothing in enumerate(threads.map(one, range(count)), 1):
            if not done % 1000:
                yield done


def forgeries(sql: Database, first_id: int, last_id: int, pick: random.Random) -> Iterator[Forgery]:
    """Each on rows of its own choice among those of this run, with ids from ``first_id`` to ``last_id``."""

    def rows(count: int) -> list[int]:
        between = f"id BETWEEN {first_id} AND {last_id} AND seal_id IS NOT NULL"
        ids = [int(line) for line in sql(f"SELECT id FROM mcp_audit_log WHERE {between} ORDER BY id")]
        return sorted(pick.sample(ids[10:-10], count))

    one, other = rows(2)
    keep = f"CREATE TABLE verify_log_kept AS SELECT * FROM mcp_audit_log WHERE id IN ({one}, {other})"
    restore = (
        f"DELETE FROM mcp_audit_log WHERE id IN ({one}, {other})",
        "INSERT INTO mcp_audit_log SELECT * FROM verify_log_kept",
        "DROP TABLE verify_log_kept",
    )
    for column, value in (("rows", "COALESCE(rows, 0) + 1"), ("tool", "'whoami '"), ("user_id", "1"), ("error", "'x'")):
        forge = f"UPDATE mcp_audit_log SET {column} = {value} WHERE id = {one}"
        yield Forgery(f"{column} of a row altered", one, (keep, forge), restore)
    forge = f"UPDATE mcp_audit_log SET ip_address = NULL, client = 'x' WHERE id IN ({other}, {one})"
    yield Forgery("two rows altered", one, (keep, forge), restore)
    yield Forgery("a row deleted", one, (keep, f"DELETE FROM mcp_audit_log WHERE id = {one}"), restore)
    swap = (
        f"UPDATE mcp_audit_log SET id = -1 WHERE id = {one}",
        f"UPDATE mcp_audit_log SET id = {one} WHERE id = {other}",
        f"UPDATE mcp_audit_log SET id = {other} WHERE id = -1",
    )
    yield Forgery("two rows swapped", one, (keep, *swap), restore)
    late = last_id + 1_000_000
    away = f"DELETE FROM mcp_audit_log WHERE id = {late}"
    for name, seal, moment, repair in (
        ("a row put into a seal", "seal_id", "create_date", ()),
        # Verify seals it first: that seal goes with it
        ("a row put in as new, with a time of the past", "NULL", "create_date - interval '3 days'", (_LAST_SEAL,)),
    ):
        copy = COLUMNS.replace("create_date", moment)
        forge = (
            f"INSERT INTO mcp_audit_log (id, seal_id, {COLUMNS}) SELECT {late}, {seal}, {copy} FROM mcp_audit_log"
            f" WHERE id = {one}"
        )
        yield Forgery(name, late, (forge,), (away, *repair))


def expect(found: dict, row: int | None, what: str) -> None:
    """That *Verify* names ``row``; None: that it finds nothing. Says so."""
    if row is None:
        good = found["result"] == "whole"
    else:
        named = re.search(r"[Rr]ow (\d+)", found["problem"] or "")
        good = found["result"] == "broken" and named and int(named[1]) == row
    said = found["problem"] or f"whole: {found['checked']} rows, seal {found['seal_number']}"
    print(f"{what}: {said}", flush=True)
    if not good:
        raise AssertionError(f"{what}: {'nothing is wrong' if row is None else f'row {row} is the first'}.")


def show_heads(sql: Database, administrator: Administrator, more_calls: Callable[[], None]) -> None:
    """What a head proves that somebody kept: that the end is there, and nothing was written anew. Ruins the log."""
    kept = json.loads(base64.b64decode(administrator.verify()["head_file"]))["head"]
    more_calls()
    expect(administrator.verify(kept), None, "the head that was exported, some calls later")
    sql("UPDATE mcp_audit_log SET seal_id = NULL", "DELETE FROM mcp_audit_seal", "UPDATE mcp_audit_log SET rows = 1")
    expect(administrator.verify(), None, "the whole log written anew, without a head to compare")
    found = administrator.verify(kept)
    print(f"the same, with the head that was exported: {found['problem']}")
    if found["result"] != "broken":
        raise AssertionError("The head that was kept does not notice a log that was written anew.")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--url", required=True)
    parser.add_argument("--key", required=True)
    parser.add_argument("--login", required=True, help="of an MCP administrator")
    parser.add_argument("--password", required=True)
    parser.add_argument("--database", required=True, help="for psql; one that may be thrown away")
    parser.add_argument("--calls", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    sql = Database(options.database)
    administrator = Administrator(options.url, options.login, options.password)
    try:
        before = int(sql("SELECT COALESCE(max(id), 0) FROM mcp_audit_log")[0])
        started = time.perf_counter()
        for done in make_calls(options.url, options.key, options.calls):
            print(f"{done:,} calls", file=sys.stderr, flush=True)
        print(f"{options.calls:,} calls in {time.perf_counter() - started:,.0f} s")
        count, last = map(int, sql(f"SELECT count(*), max(id) FROM mcp_audit_log WHERE id > {before}")[0].split("|"))
        if count != options.calls:
            raise AssertionError(f"{count} rows for {options.calls} calls.")
        started = time.perf_counter()
        expect(administrator.verify(), None, "nobody altered anything")
        print(f"sealed and verified in {time.perf_counter() - started:.1f} s")
        forged = 0
        for forgery in forgeries(sql, before + 1, last, random.Random(options.seed)):
            sql(*forgery.do)
            expect(administrator.verify(), forgery.first, forgery.name)
            sql(*forgery.repair)
            if administrator.verify()["result"] != "whole":
                raise AssertionError(f"{forgery.name}: the log is not whole again after it was repaired.")
            forged += 1
        show_heads(sql, administrator, lambda: list(make_calls(options.url, options.key, 100)))
    except BenchmarkError as error:
        print(error, file=sys.stderr)
        return 2
    print(
        f"{forged} forgeries, each named with its first row; a log written anew is noticed by the head that was kept."
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
