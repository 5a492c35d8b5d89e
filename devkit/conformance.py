"""`./dev conformance`: the official MCP conformance suite against a server of our own.

The suite cannot send a key: a proxy adds it.
"""

from __future__ import annotations

import shutil
import time
from dataclasses import dataclass
from pathlib import Path

from . import conformance_authorization, find_odoo, fixtures, lock, log_gate, odoo, ports, postgres, process
from .conformance_report import SuiteRun, read_run, required_scenarios, table
from .errors import DevError
from .fixtures import Fixtures
from .header_proxy import Route, header_proxy
from .home import Home
from .node import Node
from .odoo import Odoo
from .progress import say, step

PACKAGE = "@modelcontextprotocol/conformance"
_PUBLISHED, _FROZEN = "0.1.16", "0.2.0-alpha.12"
REQUIREMENTS = ("2025-11-25", "2026-07-28")
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
        if option != "--requirements":
            return None
        return required_scenarios(folder / "requirements" / f"{revision}.yaml")


def suites(requirements: str | None) -> list[Suite]:
    """What to run: everything, or what one revision of the protocol requires."""
    frozen = [Suite(_FROZEN, ("--requirements", revision)) for revision in REQUIREMENTS]
    if requirements:
        return [suite for suite in frozen if requirements in suite.selection]
    return [Suite(_PUBLISHED, ("--suite", "all")), *frozen]


def conformance(requirements: str | None, series: list[str], db_url: str | None) -> int:
    """Run the suite on each series and print what it found.

    0 when no scored scenario failed and the server's log is clean. A series that cannot be had is
    named; it is a failure when it was asked for or none is left.
    """
    home = Home.open()
    node = Node.of(home)
    clean: list[bool] = []

    def check(ready: Odoo) -> None:
        clean.append(_check(ready, node, requirements))

    with (
        lock.exclusive(home.root / "conformance.lock", "running the conformance suite"),
        postgres.server(home, db_url, for_tests=True) as server,
    ):
        missing = odoo.each(series or find_odoo.SERIES, home, server, check, fixtures.ADDONS)
    for reason in missing:
        print(f"not checked: {reason}")
    return 0 if clean and all(clean) and not (missing and series) else 1


def _check(ready: Odoo, node: Node, requirements: str | None) -> bool:
    start = time.monotonic()
    with fixtures.serving(ready, "conformance") as served:
        runs = [_run(ready.home, node, suite, served) for suite in suites(requirements)]
        runs.append(_authorization(ready.home, node, served))
    seconds = time.monotonic() - start
    print(f"\nOdoo {ready.tree.series}, {seconds:.0f} s\n\n{table(runs)}")
    offences = log_gate.offences(served.log)
    for entry in offences:
        say(entry)
    print(f"log of the server: {len(offences)} warnings and errors")
    return not offences and not any(run.failed for run in runs)


def _run(home: Home, node: Node, suite: Suite, served: Fixtures) -> SuiteRun:
    folder = node.package(PACKAGE, suite.version)
    place = home.folder("conformance")
    results = place / suite.name
    shutil.rmtree(results, ignore_errors=True)
    results.mkdir(parents=True)
    running = served.running
    route = Route(running.port, {"Authorization": f"Bearer {served.key}"}, running.evented_port)
    output = place / f"{suite.name}.log"
    with step(suite.label), header_proxy(route) as port, output.open("w") as file:
        url = f"http://{ports.HOST}:{port}{running.path}"
        program = folder / "dist" / "index.js"
        command = [node.program, program, "server", "--url", url, *suite.selection, "-o", results]
        child = process.start(command, file, folder=place)
        code = process.finish(child, suite.label, timeout=_PATIENCE)
    text = output.read_text(encoding="utf-8", errors="replace")
    run = read_run(suite.label, text, results, suite.required(folder))
    if code and not any(scenario.failures for scenario in run.scenarios):
        raise DevError(f"{suite.label} ended with exit code {code} without a failure; see {output}")
    return run


def _authorization(home: Home, node: Node, served: Fixtures) -> SuiteRun:
    program = node.package(PACKAGE, _FROZEN) / "dist" / "index.js"
    label = f"{PACKAGE} {_FROZEN} authorization"
    place = home.folder("conformance")
    results = place / f"{_FROZEN}-authorization"
    shutil.rmtree(results, ignore_errors=True)
    results.mkdir(parents=True)
    with step(label):
        output = place / f"{results.name}.log"
        text = conformance_authorization.run(node.program, program, served.running, place, results, output)
    return read_run(label, text, results, conformance_authorization.SCENARIOS)
