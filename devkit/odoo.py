"""Running one Odoo: its environment, configuration, commands and server."""

from __future__ import annotations

import os
import secrets
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from . import ports, process, python_env
from .errors import DevError
from .find_odoo import OdooMissing, find_odoo
from .home import REPOSITORY, Home, write_secret
from .odoo_tree import OdooTree
from .server import DatabaseServer

# For trees without odoo-bin. A file, not `-m odoo`: Odoo starts its second server by this path.
_LAUNCHER = "import odoo.cli\n\nodoo.cli.main()\n"
_START_PATIENCE = 180
# A test that hangs must not hold up the rest for ever.
_RUN_PATIENCE = 1800


@dataclass(frozen=True)
class Odoo:
    """An Odoo source with a Python environment, a database server and a configuration file."""

    home: Home
    tree: OdooTree
    python: Path
    server: DatabaseServer
    configuration: Path

    @classmethod
    def prepare(cls, home: Home, tree: OdooTree, server: DatabaseServer, *more_addons: Path) -> Odoo:
        """Ready an Odoo for use: environment and configuration are made or renewed.

        Args:
            more_addons: folders that only this one has on its addons path.
        """
        python = series_python(home, tree.series)
        suffix = "-more" if more_addons else ""
        file = home.secrets() / f"{_name(tree, server)}{suffix}.conf"
        odoo = cls(home, tree, python, server, file)
        options = {
            **server.odoo_options(),
            "addons_path": ",".join(map(str, (*tree.addons, home.addons, *more_addons))),
            "data_dir": odoo.data,
            "list_db": "False",
            "http_interface": ports.HOST,
            "admin_passwd": secrets.token_urlsafe(24),
        }
        lines = (f"{name} = {value}\n" for name, value in options.items())
        write_secret(file, "[options]\n" + "".join(lines))
        return odoo

    @property
    def data(self) -> Path:
        """Odoo's data folder: sessions and the file stores of the databases of one server."""
        return self.home.folder("data", _name(self.tree, self.server))

    def filestore(self, database: str) -> Path:
        """Where the attachments of a database are."""
        return self.data / "filestore" / database

    def command(self, database: str, *arguments: str) -> list[str | Path]:
        """The command line for a database; a sub-command (such as shell) comes first."""
        launcher = self.tree.launcher
        if launcher is None:
            launcher = self.home.folder("odoo") / "odoo-bin"
            launcher.write_text(_LAUNCHER)
        first = 1 if arguments[:1] == ("shell",) else 0
        common = ("-c", self.configuration, "-d", database)
        return [self.python, launcher, *arguments[:first], *common, *arguments[first:]]

    def environment(self) -> dict[str, str]:
        """The variables Odoo runs with."""
        return {"PYTHONPATH": str(self.tree.root), "TZ": "UTC", "PYTHONUNBUFFERED": "1"}

    def run(self, database: str, *arguments: str, what: str, log: Path) -> str:
        """Run Odoo to its end (installing, upgrading, testing) and return its log.

        Raises:
            DevError: it exited with an error or took half an hour.
        """
        return process.run(
            self.command(database, *arguments),
            what,
            log,
            environment=self.environment(),
            downloads=False,
            timeout=_RUN_PATIENCE,
        )

    def run_script(self, database: str, script: str, what: str, log: Path, **variables: str) -> None:
        """Run Python in `odoo shell`, with `env` at hand and `variables` in os.environ."""
        process.run(
            self.command(database, "shell", "--no-http", "--log-level=warn"),
            what,
            log,
            environment={**self.environment(), **variables},
            stdin=script,
            downloads=False,
        )

    def shell(self, database: str) -> int:
        """An interactive shell at this terminal; returns its exit code."""
        command = [str(word) for word in self.command(database, "shell", "--no-http")]
        child = subprocess.Popen(command, env={**os.environ, **self.environment()})
        while True:
            try:
                return child.wait()
            except KeyboardInterrupt:
                # The shell has received the same Ctrl-C and decides what it means.
                continue

    def serve(
        self, database: str, port: int, workers: int, log: Path, *, scheduled: bool = True, **variables: str
    ) -> OdooServer:
        """Start the web server, with `variables` in its environment, and wait until it answers.

        Args:
            scheduled: run Odoo's scheduled actions, too; with apps and demo data some of them call the Internet.

        Raises:
            DevError: it ended or did not answer within three minutes.
        """
        evented_port = ports.any_free()
        with log.open("w", encoding="utf-8") as output:
            child = process.start(
                self.command(
                    database,
                    f"--http-port={port}",
                    f"--gevent-port={evented_port}",
                    f"--workers={workers}",
                    f"--http-interface={ports.HOST}",
                    "--db-filter=",
                    *([] if scheduled else ["--max-cron-threads=0"]),
                ),
                output,
                environment={**self.environment(), **variables},
            )
        running = OdooServer(child, port, log, evented_port if workers else 0)
        running.wait_until_up()
        return running


@dataclass(frozen=True)
class OdooServer:
    """A running web server; `evented_port` is that of its evented worker, 0 without one."""

    child: subprocess.Popen
    port: int
    log: Path
    evented_port: int = 0
    path: ClassVar[str] = "/odoo/mcp"

    @property
    def url(self) -> str:
        """Its address, without a slash at the end."""
        return f"http://{ports.HOST}:{self.port}"

    @property
    def endpoint(self) -> str:
        """Where MCP clients connect."""
        return f"{self.url}{self.path}"

    def wait_until_up(self) -> None:
        """Return once it answers requests, its evented worker, too, which takes longer to come up."""
        deadline = time.monotonic() + _START_PATIENCE
        silent = [port for port in (self.port, self.evented_port) if port]
        while time.monotonic() < deadline:
            if self.child.poll() is not None:
                raise DevError(f"Odoo stopped while starting; see {self.log}")
            if not silent:
                return
            try:
                with urllib.request.urlopen(f"http://{ports.HOST}:{silent[0]}/web/health", timeout=10):
                    del silent[0]
            except (urllib.error.URLError, TimeoutError, ConnectionError):
                time.sleep(0.2)
        raise DevError(f"Odoo did not answer within {_START_PATIENCE} s; see {self.log}")

    def stop(self) -> None:
        """Stop it and its workers."""
        process.stop(self.child)


def _name(tree: OdooTree, server: DatabaseServer) -> str:
    return f"{tree.series}-{server.label}" if server.label else tree.series


def series_python(home: Home, series: str) -> Path:
    """The interpreter of a series' environment, with Odoo's and the addon's packages."""
    return python_env.environment(
        home,
        f"odoo-{series}",
        locked=python_env.REQUIREMENTS / f"odoo-{series}.txt",
        wanted=[REPOSITORY / "requirements.txt", python_env.REQUIREMENTS / "odoo-tests.txt"],
    )


def ready(home: Home, series: str, server: DatabaseServer, *more_addons: Path) -> Odoo:
    """Find (or fetch) the Odoo of a series and make it ready."""
    return Odoo.prepare(home, find_odoo(home, series), server, *more_addons)


def each(
    series: Sequence[str],
    home: Home,
    server: DatabaseServer,
    use: Callable[[Odoo], None],
    *more_addons: Path,
    together: bool = False,
) -> list[str]:
    """Use each series that can be had; returns why the others cannot.

    Args:
        together: use them at the same time, each in a thread of its own, when there is a processor for each.
    """
    found, missing = [], []
    for one in series:
        try:
            found.append(ready(home, one, server, *more_addons))
        except OdooMissing as error:
            missing.append(str(error))
            continue
        if not together:
            use(found[-1])
    if together:
        with ThreadPoolExecutor(max(1, min(len(found), os.cpu_count() or 1))) as pool:
            uses = [pool.submit(use, one) for one in found]
            try:
                for ended in as_completed(uses):
                    ended.result()
            except BaseException:
                pool.shutdown(wait=False, cancel_futures=True)
                # what waits for a child ends with it, and may have started another
                while not all(one.done() for one in uses):
                    process.stop_all()
                    time.sleep(0.2)
                raise
    return missing
