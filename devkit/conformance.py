"""`./dev conformance`: the official MCP conformance suite against a server of our own.

The server is a real one, with two workers and the evented one, on a fresh database with the fixtures of
tests/addons/odoo_mcp_conformance. The suite cannot send a key: a proxy adds it.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from . import database, find_odoo, keys, lock, log_gate, ports, postgres, process
from .conformance_report import SuiteRun, read_run, required_scenarios, table
from .errors import DevError
from .header_proxy import Route, header_proxy
from .home import REPOSITORY, Home
from .node import Node
from .odoo import Odoo, OdooServer
from .progress import say, step
from .run import default_series

PACKAGE = "@modelcontextprotocol/conformance"
_PUBLISHED, _FROZEN = "0.1.16", "0.2.0-alpha.12"
REQUIREMENTS = ("2025-11-25", "2026-07-28")

_ADDONS = REPOSITORY / "tests" / "addons"
_FIXTURES = "odoo_mcp_conformance"
_WORKERS = 2
_PATIENCE = 900


@dataclass(frozen=True)
class Suite:
    """One call of the suite: a release, and which of its scenarios."""

    version: str
    selection: tuple[str, str]

    @property
    def label(self) -> str:
        return f"{PACKAGE} {self.version} {' '.join(self.selection)}"

    @property
    def name(self) -> str:
        """As part of a file name."""
        return f"{self.version}-{self.selection[1]}"

    def required(self, folder: Path) -> list[str] | None:
        """The scenarios that are scored; None: all of them."""
        option, revision = self.selection
        return required_scenarios(folder / "requirements" / f"{revision}.yaml") if option == "--requirements" else None


def suites(requirements: str | None) -> list[Suite]:
    """What to run: everything, or what one revision of the protocol requires."""
    frozen = [Suite(_FROZEN, ("--requirements", revision)) for revision in REQUIREMENTS]
    if requirements:
        return [suite for suite in frozen if requirements in suite.selection]
    return [Suite(_PUBLISHED, ("--suite", "all")), *frozen]


def conformance(requirements: str | None, series: str | None, db_url: str | None) -> int:
    """Run the suite and print what it found; 0 when no scored scenario failed and the log is clean."""
    home = Home.open()
    series = series or default_series(home)
    node = Node.of(home)
    with (
        lock.exclusive(home.root / "conformance.lock", "running the conformance suite"),
        postgres.server(home, db_url, for_tests=True) as server,
    ):
        ready = Odoo.prepare(home, find_odoo.find_odoo(home, series), server, _ADDONS)
        name = f"odoo_mcp_conformance_{database.short(series)}"
        try:
            log = home.log(f"conformance-server-{series}")
            running, key = _start(ready, name, log)
            runs = [_run(home, node, suite, running, key) for suite in suites(requirements)]
            running.stop()
        finally:
            process.stop_all()
            database.drop(ready, name)
    print(table(runs))
    offences = log_gate.offences(log)
    for entry in offences:
        say(entry)
    print(f"\nlog of the server: {len(offences)} warnings and errors")
    return 1 if offences or any(run.failed for run in runs) else 0


def _start(ready: Odoo, name: str, log: Path) -> tuple[OdooServer, str]:
    series = ready.tree.series
    database.clone(ready, database.template(ready), name)
    with step(f"Odoo {series}: installing the conformance fixtures"):
        install = ready.home.log(f"conformance-install-{series}")
        ready.run(
            name,
            "-i",
            _FIXTURES,
            "--stop-after-init",
            "--no-http",
            what="installing the fixtures",
            log=install,
        )
        if offences := log_gate.offences(install):
            raise DevError("installing the fixtures left this in the log:\n" + "\n".join(offences))
    key = keys.issue(ready, name, "admin", "conformance", unlimited=True)
    with step(f"Odoo {series} starts with {_WORKERS} workers"):
        return ready.serve(name, ports.any_free(), _WORKERS, log), key


def _run(home: Home, node: Node, suite: Suite, running: OdooServer, key: str) -> SuiteRun:
    folder = node.package(PACKAGE, suite.version)
    place = home.folder("conformance")
    results = place / suite.name
    shutil.rmtree(results, ignore_errors=True)
    results.mkdir(parents=True)
    route = Route(running.port, {"Authorization": f"Bearer {key}"}, running.evented_port)
    output = place / f"{suite.name}.log"
    with step(suite.label), header_proxy(route) as port, output.open("w") as file:
        url = f"http://{ports.HOST}:{port}{running.path}"
        command = [
            node.program,
            folder / "dist" / "index.js",
            "server",
            "--url",
            url,
            *suite.selection,
            "-o",
            results,
        ]
        code = process.finish(process.start(command, file, folder=place), suite.label, timeout=_PATIENCE)
    text = output.read_text(encoding="utf-8", errors="replace")
    run = read_run(suite.label, text, results, suite.required(folder))
    if code and not any(scenario.failures for scenario in run.scenarios):
        raise DevError(f"{suite.label} ended with exit code {code} without a failure; see {output}")
    return run
