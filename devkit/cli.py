"""The command line of `./dev`, and the one place where errors become lines and exit codes."""

from __future__ import annotations

import argparse
import os
import signal
import sys
from collections.abc import Sequence
from types import FrameType

from . import clients, conformance, lint, process, test, use
from . import run as run_command
from .errors import DevError, from_os_error
from .find_odoo import SERIES
from .mutation import command as mutation

_INTERRUPTED = 130


def main(arguments: Sequence[str]) -> int:
    """Run one command and return its exit code; nothing it started is left running."""
    signal.signal(signal.SIGTERM, _as_interrupt)
    signal.signal(signal.SIGHUP, _as_interrupt)
    try:
        return _dispatch(_parser().parse_args(arguments))
    except DevError as error:
        print(f"dev: {error}", file=sys.stderr)
        return error.exit_code
    except OSError as error:
        print(f"dev: {from_os_error(error)}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\ndev: interrupted", file=sys.stderr)
        return _INTERRUPTED
    finally:
        # A second Ctrl-C must not stop the stopping.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        process.stop_all()


def _as_interrupt(number: int, frame: FrameType | None) -> None:  # noqa: ARG001
    raise KeyboardInterrupt


def _dispatch(options: argparse.Namespace) -> int:
    if options.command == "lint":
        return lint.lint()
    db_url = options.db_url or os.environ.get("DATABASE_URL")
    if options.command == "run":
        modules = tuple(filter(None, (options.modules or "").split(",")))
        return run_command.run(
            run_command.RunOptions(
                options.series,
                options.port,
                options.workers,
                options.reset,
                options.check,
                modules,
                db_url,
            )
        )
    if options.command == "test":
        return test.test(options.series or [], options.what, options.fast, db_url)
    if options.command == "conformance":
        return conformance.conformance(options.requirements, options.series or [], db_url)
    if options.command == "clients":
        return clients.clients(options.series or [], db_url)
    if options.command == "mutants":
        return mutation.mutants(options.series, db_url, options.guards, options.wanted)
    if options.command == "key":
        return use.key(options.series, options.user, options.name, db_url)
    if options.command == "shell":
        return use.shell(options.series, db_url)
    arguments = options.arguments[1:] if options.arguments[:1] == ["--"] else options.arguments
    return use.bench(options.series, db_url, arguments)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="./dev",
        description="Run and test odoo_mcp. Everything it installs goes into .dev (DEV_HOME).",
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    _add_run(commands.add_parser("run", help="run Odoo with the addon, demo data and a key"))
    testing = commands.add_parser("test", help="run the tests on every series found")
    testing.add_argument(
        "what",
        nargs="?",
        metavar="WHAT",
        help="unit, odoo, business, clients, streams, scenarios, a test file, or TestClass[.test_x]",
    )
    testing.add_argument("--series", action="append", choices=SERIES, help="may be repeated")
    testing.add_argument("--fast", action="store_true", help="leave out what is tagged slow")
    suite = commands.add_parser("conformance", help="run the official MCP conformance suite")
    suite.add_argument(
        "--requirements", choices=conformance.REQUIREMENTS, help="only what this revision of the protocol requires"
    )
    trying = commands.add_parser("clients", help="run real MCP clients, print the table of the README")
    for command in (suite, trying):
        command.add_argument("--series", action="append", choices=SERIES, help="may be repeated")
    mutants = commands.add_parser("mutants", help="how many small faults in the guards the tests notice")
    mutants.add_argument("guards", nargs="*", metavar="GUARD", help=f"of {', '.join(mutation.GUARDS)}; default: all")
    mutants.add_argument("--wanted", type=float, default=0, metavar="PERCENT", help="fail below this share")
    key = commands.add_parser("key", help="print a fresh key, alone, on standard output")
    key.add_argument("--user", required=True, metavar="LOGIN")
    key.add_argument("--name", required=True, help="of the connection; made if there is none")
    shell = commands.add_parser("shell", help="an Odoo shell on the database of run")
    bench = commands.add_parser("bench", help="run the benchmarks on a copy of that database")
    bench.add_argument("arguments", nargs=argparse.REMAINDER, metavar="...", help="for benchmarks/run.py, after --")
    for command in (mutants, key, shell, bench):
        command.add_argument("--series", choices=SERIES)
    for command in (testing, suite, trying, mutants, key, shell, bench):
        _add_db_url(command)
    commands.add_parser("lint", help="ruff, pylint-odoo, OCA's checks, XML and JavaScript")
    return parser


def _add_run(run: argparse.ArgumentParser) -> None:
    run.add_argument("--series", choices=SERIES, help="default: 18.0 if found, otherwise 19.0")
    run.add_argument("--port", type=_port, default=run_command.DEFAULT_PORT, metavar="N")
    run.add_argument("--workers", type=int, default=0, metavar="N", help="0 (default): threads")
    run.add_argument("--modules", metavar="A,B", help="Odoo modules to install with demo data")
    run.add_argument("--reset", action="store_true", help="make the database anew")
    run.add_argument("--check", action="store_true", help="do everything once, then stop")
    _add_db_url(run)


def _port(text: str) -> int:
    if not text.isdigit() or not 0 < int(text) < 65536:
        raise argparse.ArgumentTypeError(f"{text} is no port; give a number from 1024 to 65535")
    return int(text)


def _add_db_url(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--db-url", metavar="URL", help="PostgreSQL server to use (also DATABASE_URL); default: embedded"
    )
