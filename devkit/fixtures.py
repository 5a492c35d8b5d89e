"""A server of our own with the conformance fixtures, as the suite and the clients need it.

The server is a real one, with two workers and the evented one, on a fresh database.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from . import database, keys, log_gate, ports, process
from .errors import DevError
from .home import REPOSITORY
from .odoo import Odoo, OdooServer
from .progress import step

ADDONS = REPOSITORY / "tests" / "addons"
MODULE = "odoo_mcp_conformance"
_WORKERS = 2


@dataclass(frozen=True)
class Fixtures:
    """The server, the key of an administrator's connection, and where it logs."""

    running: OdooServer
    key: str
    log: Path


@contextlib.contextmanager
def serving(ready: Odoo, purpose: str) -> Iterator[Fixtures]:
    """A server for one purpose, gone with its database when the block ends.

    Args:
        ready: an Odoo with :data:`ADDONS` on its addons path.
        purpose: one word, part of the names of database and logs.
    """
    series = ready.tree.series
    name = f"odoo_mcp_{purpose}_{database.short(series)}"
    try:
        database.clone(ready, database.template(ready), name)
        with step(f"Odoo {series}: installing the fixtures"):
            install = ready.home.log(f"{purpose}-install-{series}")
            options = ("-i", MODULE, "--stop-after-init", "--no-http")
            ready.run(name, *options, what="installing the fixtures", log=install)
            if offences := log_gate.offences(install):
                raise DevError("installing the fixtures left this in the log:\n" + "\n".join(offences))
        key = keys.issue(ready, name, "admin", purpose, unlimited=True)
        log = ready.home.log(f"{purpose}-server-{series}")
        with step(f"Odoo {series} starts with {_WORKERS} workers"):
            running = ready.serve(name, ports.any_free(), _WORKERS, log)
        yield Fixtures(running, key, log)
        running.stop()
    finally:
        process.stop_all()
        database.drop(ready, name)
