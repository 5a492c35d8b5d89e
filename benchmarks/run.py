"""What does a call over MCP cost, next to Odoo's own doors and to the bare ORM? See README.md."""

from __future__ import annotations

import argparse
import json
import os
import platform
import shlex
import sys
import tempfile
import time
from typing import Any

import report
import targets
from measure import measure
from odoo_process import BenchmarkError, OdooCommand, Shell, running_server
from tokens import token_counter


def main() -> int:
    options = _options()
    odoo = OdooCommand(shlex.split(options.odoo), options.config, options.database)
    count_tokens, counted_by = token_counter()
    document: dict[str, Any] = {
        "database": options.database,
        "rounds": options.rounds,
        "tokens": counted_by,
        "cpus": os.cpu_count(),
        "python": platform.python_version(),
        "runs": [],
    }
    try:
        prepared = _prepare(odoo, options.partners)
        for workers in options.workers:
            run = _run(odoo, options, workers, prepared, count_tokens)
            document["runs"].append(run)
            _print_run(run, document)
    except BenchmarkError as error:
        print(f"benchmark: {error}", file=sys.stderr)
        return 1
    if options.json:
        with open(options.json, "w", encoding="utf-8") as file:
            json.dump(document, file, indent=1)
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--odoo",
        default=os.environ.get("BENCH_ODOO"),
        help="command that starts Odoo, e.g. 'python odoo-bin' (BENCH_ODOO)",
    )
    parser.add_argument(
        "--config",
        default=os.environ.get("BENCH_CONFIG"),
        help="Odoo's configuration file (BENCH_CONFIG)",
    )
    parser.add_argument(
        "--database",
        default=os.environ.get("BENCH_DATABASE"),
        help="has odoo_mcp installed; partners and a user are added to it (BENCH_DATABASE)",
    )
    parser.add_argument("--partners", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=300, help="timed calls per target, at least 20")
    parser.add_argument(
        "--workers",
        type=_worker_counts,
        default=(0, 2),
        help="server modes: 0 is threaded (default: 0,2)",
    )
    parser.add_argument("--seed", type=int, default=1, help="of the shuffling")
    parser.add_argument("--json", metavar="FILE", help="also write the figures there")
    options = parser.parse_args()
    if not options.odoo or not options.database:
        parser.error("--odoo and --database are needed: './dev bench' fills them in.")
    if options.rounds < 20 or options.partners < targets.LIMIT:
        parser.error(f"--rounds must be at least 20, --partners at least {targets.LIMIT}.")
    return options


def _worker_counts(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split(","))


def _prepare(odoo: OdooCommand, partners: int) -> dict[str, Any]:
    _say(f"Preparing the database: {partners:,} partners, a user, keys …")
    shell = Shell(odoo, "prepare:prepare", {"BENCH_PARTNERS": str(partners)})
    try:
        prepared = shell.answer()
    finally:
        shell.close()
    created, modules = prepared.pop("created"), prepared.pop("modules")
    _say(f"{created:,} partners created, {modules} modules installed.")
    return prepared


def _run(odoo: OdooCommand, options: argparse.Namespace, workers: int, prepared: dict, count_tokens) -> dict:
    started, load = time.time(), os.getloadavg()[0]
    _say(f"Starting Odoo, {_mode(workers)} …")
    with tempfile.NamedTemporaryFile(prefix="bench-", suffix=".log", delete=False) as log:
        pass
    shell = Shell(odoo, "floor:serve")
    try:
        with running_server(odoo, workers, log.name) as port:
            access = targets.Access(port=port, database=options.database, **prepared)
            samples = measure(_targets(access, shell), options.rounds, options.seed, _say)
    finally:
        shell.close()
    os.unlink(log.name)
    return {
        "mode": _mode(workers),
        "workers": workers,
        "load_before": round(load, 2),
        "load_after": round(os.getloadavg()[0], 2),
        "seconds": round(time.time() - started, 1),
        "rows": report.rows_of(samples, count_tokens),
        "login_over_key": report.ratio(
            samples, "MCP tools/call search_records, OAuth", "MCP tools/call search_records"
        ),
    }


def _targets(access: targets.Access, shell: Shell) -> list[targets.Target]:
    chosen = [
        targets.Floor(shell, access.uid),
        targets.RateLimiter(shell),
        targets.Health(access),
        targets.json_rpc(access),
        targets.call_kw(access),
        targets.Json2(access),
        targets.mcp_search(access),
        targets.mcp_limited_search(access),
        targets.mcp_login_search(access),
        targets.mcp_describe(access),
        targets.mcp_list(access),
        targets.mcp_discover(access),
        targets.mcp_ping(access),
    ]
    return [target for target in chosen if target.exists()]


def _print_run(run: dict, document: dict) -> None:
    print(f"\n### {run['mode']}\n")
    print(report.markdown(run["rows"]))
    print(f"\nAn OAuth access token takes {run['login_over_key']:.3f} of the time of an API key.")
    print(
        f"\nn = {document['rounds']} calls each, order shuffled in every round; "
        f"{document['cpus']} CPUs, load {run['load_before']} before, {run['load_after']} after; "
        f"tokens: {document['tokens']}."
    )


def _mode(workers: int) -> str:
    return f"{workers} workers" if workers else "threaded"


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
