"""`./dev test`: unit tests, then for each series the addon's tests and official clients."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from . import database, find_odoo, fixtures, keys, lock, log_gate, odoo, ports, postgres, process, python_env
from .errors import DevError, DiskFullError
from .home import ADDON, REPOSITORY, Home
from .node import Node
from .odoo import Odoo
from .progress import say, step
from .test_plan import TestPlan, plan, tested_addons
from .test_report import Row, count_odoo, count_pytest, table

# Two would hold no stream to listen on.
_WORKERS = 3
_SCENARIO_WORKERS = 2
_SHOWN_ENTRIES = 10
_BROWSERS = ("google-chrome", "chromium", "chromium-browser", "google-chrome-stable")


@dataclass
class TestRun:
    """One call of `./dev test`."""

    __test__ = False

    home: Home
    wanted: TestPlan
    rows: list[Row] = field(default_factory=list)

    def unit(self) -> None:
        """The tests that need no Odoo."""
        if self.wanted.unit is not None:
            with step("Unit tests"):
                self._pytest("unit", "", self.wanted.unit, {})

    def series(self, ready: Odoo) -> None:
        """The addon's tests and the clients' on one series, on fresh clones of its templates."""
        if self.wanted.needs_template:
            self._bare(ready)
        if self.wanted.needs_demo:
            self._demo(ready)

    def _bare(self, ready: Odoo) -> None:
        """What needs no demo data."""
        series = ready.tree.series
        name = f"odoo_mcp_test_{database.short(series)}"
        if self.wanted.odoo and not any(map(shutil.which, _BROWSERS)):
            say("  No Chromium on PATH: Odoo skips browser tests")
        source = database.template(ready)
        try:
            database.clone(ready, source, name)
            installed = self._odoo(ready, name)
            if installed and (self.wanted.addons or self.wanted.needs_server):
                installed = self._addons(ready, name)
            if self.wanted.needs_server and installed:
                self._or_failure("clients", ready, name, self._clients)
        finally:
            process.stop_own()
            database.drop(ready, name)

    def _demo(self, ready: Odoo) -> None:
        """Tests that need the apps people work with, and business scenarios, on demo data."""
        series = ready.tree.series
        name = f"odoo_mcp_scenarios_{database.short(series)}"
        source = database.template(ready, demo=True)
        try:
            database.clone(ready, source, name)
            phase = "business" if self.wanted.business else "on demo data"
            installed = self._install(ready, name, [ADDON], self.wanted.business, phase, f"test-demo-{series}")
            if installed and self.wanted.scenarios is not None:
                self._or_failure("scenarios", ready, name, self._scenarios)
        finally:
            process.stop_own()
            database.drop(ready, name)

    def _odoo(self, ready: Odoo, name: str) -> bool:
        """Install the addon, with its tests if they are wanted; False when that failed."""
        return self._install(ready, name, [ADDON], self.wanted.odoo, "odoo", f"test-{ready.tree.series}")

    def _addons(self, ready: Odoo, name: str) -> bool:
        """Install the addons of tests/addons, with their tests if they are wanted; the clients need them."""
        modules = [fixtures.MODULE, *tested_addons()]
        log = f"test-addons-{ready.tree.series}"
        return self._install(ready, name, modules, self.wanted.addons, "addons of tests", log)

    def _install(self, ready: Odoo, name: str, modules: list[str], tags: str | None, phase: str, log_name: str) -> bool:
        """Install modules, with tests of these tags; False when that failed."""
        series, log = ready.tree.series, self.home.log(log_name)
        options = ["-i", ",".join(modules), "--stop-after-init"]
        if tags:
            options += [
                f"--test-tags={tags}",
                f"--http-port={ports.any_free()}",
                f"--gevent-port={ports.any_free()}",
                f"--http-interface={ports.HOST}",
            ]
        else:
            options.append("--no-http")
        start = time.monotonic()
        with step(f"Odoo {series}: install{' and tests' if tags else ''} of {', '.join(modules)}"):
            try:
                ready.run(name, *options, what=f"Odoo {series}", log=log)
                code = 0
            except DiskFullError:
                raise
            except DevError:
                # The counts and the log gate say what it was.
                code = 1
        ran, failed = count_odoo(log.read_text(errors="replace")) if tags else (1, code)
        self._add(phase if tags else f"install {phase}", series, ran, failed or code, start)
        self._gate(f"log of {phase}", series, log)
        return ran > 0 and (tags is not None or not code)

    def _or_failure(self, phase: str, ready: Odoo, name: str, run: Callable[[Odoo, str], None]) -> None:
        """A server that does not come up fails this phase, and the next series is still tested."""
        start = time.monotonic()
        try:
            run(ready, name)
        except DiskFullError:
            raise
        except DevError as error:
            say(f"  {error}")
            self._add(phase, ready.tree.series, 0, 1, start)

    def _clients(self, ready: Odoo, name: str) -> None:
        series = ready.tree.series
        log = self.home.log(f"test-server-{series}")
        with step(f"Odoo {series}: official clients and streams against a running server"):
            key = keys.issue(ready, name, "admin", "dev test", unlimited=True)
            certificate = self.home.folder("logs") / f"certificate-{series}.pem"
            running = ready.serve(name, ports.any_free(), _WORKERS, log, SSL_CERT_FILE=str(certificate))
            variables = {
                "MCP_URL": running.endpoint,
                "MCP_EVENTED_URL": running.endpoint.replace(f":{running.port}/", f":{running.evented_port}/"),
                "MCP_KEY": key,
                "ODOO_SERIES": series,
                "ODOO_DATABASE": name,
                "MCP_DATABASE": name,
                "DATABASE": name,
                "SERVER_LOG": str(log),
                "MCP_CERTIFICATE": str(certificate),
                "ODOO_LOGIN": "admin",
                "ODOO_PASSWORD": "admin",
            }
            if self.wanted.clients is not None:
                node = Node.of(self.home)
                self._pytest("clients", series, self.wanted.clients, {**variables, **_node_variables(node)})
            if self.wanted.streams is not None:
                programs = f"{ready.server.programs}{os.pathsep}{os.environ['PATH']}"
                database_variables = {**ready.server.environment(), "PATH": programs}
                self._pytest("streams", series, self.wanted.streams, {**variables, **database_variables})
            running.stop()
        self._gate("log of the server", series, log)

    def _scenarios(self, ready: Odoo, name: str) -> None:
        series = ready.tree.series
        log = self.home.log(f"test-scenarios-{series}")
        with step(f"Odoo {series}: business scenarios against a running server with demo data"):
            # Switches the server on; the tests make keys of their own.
            keys.issue(ready, name, "admin", "dev test")
            running = ready.serve(name, ports.any_free(), _SCENARIO_WORKERS, log, scheduled=False)
            variables = {"MCP_URL": running.endpoint, "ODOO_DATABASE": name}
            self._pytest("scenarios", series, self.wanted.scenarios, variables)
            running.stop()
        self._gate("log of scenarios", series, log)

    def _pytest(self, group: str, series: str, arguments: list[str], variables: dict[str, str]) -> None:
        place = REPOSITORY / "tests" / group
        requirements = python_env.REQUIREMENTS / "clients.txt"
        python = python_env.environment(self.home, "clients", wanted=[requirements])
        name = f"pytest-{group}-{series}".rstrip("-")
        report = self.home.folder("logs") / f"{name}.xml"
        report.unlink(missing_ok=True)
        start = time.monotonic()
        log = self.home.log(name)
        with log.open("w") as output:
            code = process.finish(
                process.start(
                    [
                        python,
                        "-m",
                        "pytest",
                        "-c",
                        place / "pytest.ini",
                        "--rootdir",
                        place,
                        "--quiet",
                        "--no-header",
                        f"--junitxml={report}",
                        *arguments,
                    ],
                    output,
                    folder=REPOSITORY,
                    environment={**variables, "PYTHONDONTWRITEBYTECODE": "1"},
                ),
                "pytest",
            )
        ran, failed, skipped = count_pytest(report)
        if code:
            say(log.read_text(errors="replace"))
        self._add(group, series, ran, failed or (1 if code else 0), start, skipped)

    def _gate(self, phase: str, series: str, log: Path) -> None:
        start = time.monotonic()
        found = log_gate.offences(log)
        for entry in found[:_SHOWN_ENTRIES]:
            say(entry)
        if len(found) > _SHOWN_ENTRIES:
            say(f"  ... and {len(found) - _SHOWN_ENTRIES} more in {log}")
        self.rows.append(Row(phase, series, 0, len(found), time.monotonic() - start))

    def _add(self, phase: str, series: str, ran: int, failed: int, start: float, skipped: int = 0) -> None:
        if not ran and not failed:
            say(f"  {phase}: no tests ran, which counts as a failure")
            failed = 1
        self.rows.append(Row(phase, series, ran, failed, time.monotonic() - start, skipped))


def _node_variables(node: Node) -> dict[str, str]:
    return {
        "NODE": str(node.program),
        "NODE_MODULES": str(node.modules()),
        "MCP_REMOTE": str(node.package("mcp-remote", "0.15.1") / "dist" / "proxy.js"),
    }


def test(series: list[str], what: str | None, fast: bool, db_url: str | None) -> int:
    """Run what was asked for; 0 when all of it passed.

    A series that cannot be had is named; it is a failure when it was asked for or none is left.
    """
    wanted = plan(what, fast=fast)
    home = Home.open()
    missing: list[str] = []
    with lock.exclusive(home.root / "test.lock", "running tests"):
        run = TestRun(home, wanted)
        run.unit()
        if wanted.needs_odoo:
            with postgres.server(home, db_url, for_tests=True) as server:
                missing = odoo.each(
                    series or find_odoo.SERIES, home, server, run.series, fixtures.ADDONS, together=True
                )
    print(table(sorted(run.rows, key=lambda row: row.series)))
    for reason in missing:
        print(f"not tested: {reason}")
    lacking = missing and (series or not any(row.series for row in run.rows))
    return 1 if lacking or not run.rows or any(row.failed for row in run.rows) else 0
