"""Databases: made with modules, cloned from templates, brought up to date with the addon's files.

What `./dev` knows about a database is kept as the database's comment, so it cannot outlive it.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
from dataclasses import asdict, dataclass
from pathlib import Path

from .errors import DevError
from .home import ADDON, REPOSITORY
from .odoo import Odoo
from .progress import step

_MARK = "made by ./dev: "
_TEMPLATE_MODULES = ("base_setup", "mail", "contacts")
DEMO_MODULES = (
    "contacts",
    "crm",
    "sale_management",
    "purchase",
    "stock",
    "account",
    "project",
    "mass_mailing",
    "hr_expense",
    "hr_timesheet",
)
# Changing these asks for no upgrade of the addon.
_IGNORED = ("__pycache__", "node_modules")
_NOT_INSTALLED = (
    "devkit",
    "benchmarks",
    "dev",
    "README.md",
    "package.json",
    "ruff.toml",
    "pylintrc",
    "eslint.config.js",
)


@dataclass(frozen=True)
class Note:
    """What is inside a database.

    Attributes:
        build: of the Odoo that made it.
        modules: installed on request, sorted.
        addon: fingerprint of the addon's files at its last installation; "" without the addon.
        complete: False while the database is being made.
    """

    build: str
    modules: tuple[str, ...]
    addon: str = ""
    complete: bool = True


def read_note(odoo: Odoo, database: str) -> Note | None:
    """What was noted about a database; None when it is not there or nothing was."""
    text = odoo.server.note(database)
    if not text.startswith(_MARK):
        return None
    values = json.loads(text.removeprefix(_MARK))
    return Note(**{**values, "modules": tuple(values["modules"])})


def write_note(odoo: Odoo, database: str, note: Note) -> None:
    """Replace what is noted about a database."""
    odoo.server.write_note(database, _MARK + json.dumps(asdict(note)))


def short(series: str) -> str:
    """The series as part of a database name: 18 for 18.0."""
    return series.partition(".")[0]


def make(odoo: Odoo, database: str, modules: tuple[str, ...], *, demo: bool, log: Path) -> None:
    """Make a database with modules, replacing one that `./dev` made before.

    Raises:
        DevError: there is one of that name that `./dev` did not make, or a module fails to install.
    """
    if odoo.server.exists(database) and read_note(odoo, database) is None:
        raise DevError(f"the database {database} was not made by ./dev and is left alone; drop or rename it")
    drop(odoo, database)
    # Odoo itself would ask for extensions that the embedded server lacks, with an error in the log.
    odoo.server.create(database)
    note = Note(odoo.tree.build, tuple(sorted(modules)), complete=False)
    write_note(odoo, database, note)
    odoo.run(
        database,
        "-i",
        ",".join(modules),
        *_demo_options(odoo, demo),
        "--stop-after-init",
        "--no-http",
        what=f"installing {', '.join(modules)}",
        log=log,
    )
    write_note(odoo, database, Note(note.build, note.modules))


def template(odoo: Odoo, *, demo: bool = False) -> str:
    """The prepared database of a series that tests start from, made once for a build of Odoo.

    Args:
        demo: with :data:`DEMO_MODULES` and Odoo's demo data, else bare.
    """
    kind, modules = ("demo", DEMO_MODULES) if demo else ("template", _TEMPLATE_MODULES)
    database = f"odoo_mcp_{kind}_{short(odoo.tree.series)}"
    wanted = Note(odoo.tree.build, tuple(sorted(modules)))
    if read_note(odoo, database) != wanted:
        with step(f"Template database for Odoo {odoo.tree.series}{', with demo data' if demo else ''}"):
            log = odoo.home.log(f"{kind}-{odoo.tree.series}")
            make(odoo, database, modules, demo=demo, log=log)
    return database


def clone(odoo: Odoo, source: str, database: str) -> None:
    """Copy a database with its file store; the files are shared by hard links."""
    drop(odoo, database)
    odoo.server.create(database, template=source)
    write_note(odoo, database, Note(odoo.tree.build, (), complete=False))
    if odoo.filestore(source).is_dir():
        shutil.copytree(odoo.filestore(source), odoo.filestore(database), copy_function=os.link)


def drop(odoo: Odoo, database: str) -> None:
    """Remove a database and its file store."""
    odoo.server.drop(database)
    shutil.rmtree(odoo.filestore(database), ignore_errors=True)


def bring_up_to_date(odoo: Odoo, database: str, log: Path) -> None:
    """Install the addon, or upgrade it when its files changed since the last time."""
    note = read_note(odoo, database)
    if note is None:
        raise DevError(f"no database {database} of ./dev; run ./dev run first")
    fingerprint = addon_fingerprint()
    if note.addon == fingerprint:
        return
    option, verb = ("-u", "Upgrading") if note.addon else ("-i", "Installing")
    with step(f"{verb} {ADDON}"):
        odoo.run(
            database,
            option,
            ADDON,
            "--stop-after-init",
            "--no-http",
            what=f"{verb.lower()} {ADDON}",
            log=log,
        )
    write_note(odoo, database, Note(note.build, note.modules, fingerprint))


def addon_fingerprint(repository: Path = REPOSITORY) -> str:
    """A hash over the names and contents of the addon's files."""
    digest = hashlib.sha256()
    for file in addon_files(repository):
        digest.update(f"{file.relative_to(repository)}\0".encode())
        digest.update(file.read_bytes() + b"\0")
    return digest.hexdigest()


def addon_files(repository: Path = REPOSITORY, *, with_tests: bool = False) -> list[Path]:
    """The files that Odoo reads when it installs the addon."""
    left_out = _NOT_INSTALLED if with_tests else (*_NOT_INSTALLED, "tests")
    files = repository_files(repository)
    firsts = ((file, file.relative_to(repository).parts[0]) for file in files)
    return [file for file, first in firsts if first not in left_out and not first.startswith(".")]


def repository_files(repository: Path = REPOSITORY, suffix: str = "") -> list[Path]:
    """The repository's files, sorted: git's and new ones, without ignored ones."""
    names: list[str] = []
    if (repository / ".git").exists() and shutil.which("git"):
        listed = subprocess.run(
            ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
            cwd=repository,
            capture_output=True,
            text=True,
            check=False,
        )
        names = listed.stdout.split("\0")
    if not any(names):
        # No git, or it refuses a folder of somebody else's.
        for folder, below, here in os.walk(repository):
            below[:] = [name for name in below if name[0] != "." and name not in _IGNORED]
            names += [str(Path(folder, name).relative_to(repository)) for name in here]
    files = (repository / name for name in sorted(filter(None, names)) if name.endswith(suffix))
    return [file for file in files if file.is_file()]


def _demo_options(odoo: Odoo, demo: bool) -> list[str]:
    # 18.0 loads demo data unless told otherwise, 19.0 only when asked.
    if odoo.tree.series == "18.0":
        return [] if demo else ["--without-demo=all"]
    return ["--with-demo"] if demo else []
