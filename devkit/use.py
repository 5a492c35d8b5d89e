"""`./dev key`, `./dev shell` and `./dev bench`: the database of `./dev run`, used in other ways."""

from __future__ import annotations

import contextlib
import os
import shlex
from collections.abc import Iterator, Sequence

from . import database, keys, odoo, postgres, process
from .errors import DevError
from .home import REPOSITORY, Home
from .odoo import Odoo
from .run import database_name, default_series


def key(series: str | None, login: str, name: str, db_url: str | None) -> int:
    """Print a fresh key, alone, on standard output."""
    with made(series, db_url) as (ready, target):
        print(keys.issue(ready, target, login, name), flush=True)
    return 0


def shell(series: str | None, db_url: str | None) -> int:
    """An interactive Odoo shell."""
    with made(series, db_url) as (ready, target):
        return ready.shell(target)


def bench(series: str | None, db_url: str | None, arguments: Sequence[str]) -> int:
    """Run the benchmarks on a copy, since they add partners and a user; returns their exit code."""
    script = REPOSITORY / "benchmarks" / "run.py"
    if not script.is_file():
        raise DevError("there are no benchmarks in this checkout")
    with made(series, db_url) as (ready, source):
        target = f"odoo_mcp_bench_{database.short(ready.tree.series)}"
        database.clone(ready, source, target)
        try:
            launcher = ready.command(target)[:2]
            child = process.start(
                [ready.python, script, *arguments],
                None,
                folder=REPOSITORY,
                environment={
                    **ready.environment(),
                    "BENCH_ODOO": shlex.join(map(str, launcher)),
                    "BENCH_CONFIG": str(ready.configuration),
                    "BENCH_DATABASE": target,
                    "PYTHONDONTWRITEBYTECODE": "1",
                    "PATH": os.environ.get("PATH", ""),
                },
            )
            return process.finish(child, "the benchmarks")
        finally:
            process.stop_all()
            database.drop(ready, target)


@contextlib.contextmanager
def made(series: str | None, db_url: str | None) -> Iterator[tuple[Odoo, str]]:
    home = Home.open()
    series = series or default_series(home)
    with postgres.server(home, db_url) as server:
        ready = odoo.ready(home, series, server)
        target = database_name(series)
        note = database.read_note(ready, target)
        if note is None or not note.addon:
            raise DevError(f"no database {target} yet; run ./dev run --series {series} first")
        yield ready, target
