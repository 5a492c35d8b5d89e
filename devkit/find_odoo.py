"""Which Odoo to use for a series: the nearest one on this machine, else a download."""

from __future__ import annotations

import importlib.util
import os
from pathlib import Path

from . import archive, debian, lock
from .errors import DevError, DiskFullError
from .home import Home
from .odoo_tree import OdooTree, read_tree
from .progress import say

SERIES = ("18.0", "19.0")


def find_odoo(home: Home, series: str) -> OdooTree:
    """The Odoo of a series; says which one was taken and why.

    Order: ODOO_SOURCE, ~/odoo/<series>, an `odoo` that pip installed, the official source download,
    Debian's package (19.0 only).

    Raises:
        DevError: none of them can be had; the message gives the reason of each.
    """
    missing: list[str] = []
    tree = _local(home, series, missing)
    if tree:
        return _announced(tree)
    fetchers = [(archive.official, archive.folder), (debian.package, debian.folder)]
    # What was fetched once is not asked for again: a second start takes seconds.
    fetchers.sort(key=lambda fetcher: not fetcher[1](home, series).is_dir())
    for fetch, _ in fetchers:
        try:
            with lock.in_turn(home.folder("odoo") / f"{series}.lock", f"Odoo {series}"):
                return _announced(fetch(home, series))
        except DiskFullError:
            raise
        except DevError as error:
            say(f"  {error}")
            missing.append(str(error))
    raise OdooMissing(
        f"no Odoo {series}: {'; '.join(missing)}. "
        f"Put its source into ~/odoo/{series} or name its folder with ODOO_SOURCE"
    )


class OdooMissing(DevError):
    """A series that can be had neither here nor from outside."""


def on_this_machine(home: Home, series: str) -> bool:
    """Whether a series is here without any download."""
    fetched = (archive.folder(home, series), debian.folder(home, series))
    return any(folder.is_dir() for folder in fetched) or _local(home, series, []) is not None


def _local(home: Home, series: str, missing: list[str]) -> OdooTree | None:
    """The Odoo this machine has of itself; appends to `missing` why a place was passed over."""
    return _from_environment(series, missing) or _from_home_folder(series, missing) or _from_pip(home, series, missing)


def _from_environment(series: str, missing: list[str]) -> OdooTree | None:
    source = os.environ.get("ODOO_SOURCE")
    if not source:
        return None
    tree = read_tree(Path(source).expanduser().resolve(), "named by ODOO_SOURCE")
    if not tree:
        raise DevError(f"ODOO_SOURCE={source} holds no Odoo (no odoo/release.py with addons)")
    if tree.series != series:
        missing.append(f"ODOO_SOURCE is Odoo {tree.series}")
        return None
    return tree


def _from_home_folder(series: str, missing: list[str]) -> OdooTree | None:
    folder = Path.home() / "odoo" / series
    if not folder.is_dir():
        missing.append(f"~/odoo/{series} is not there")
        return None
    tree = read_tree(folder, f"found in ~/odoo/{series}")
    if not tree or tree.series != series:
        missing.append(f"~/odoo/{series} holds {f'Odoo {tree.series}' if tree else 'no Odoo'}")
        return None
    return tree


def _from_pip(home: Home, series: str, missing: list[str]) -> OdooTree | None:
    spec = importlib.util.find_spec("odoo")
    for place in (spec.submodule_search_locations if spec else None) or ():
        tree = read_tree(Path(place).parent, "installed by pip in this Python")
        if tree and tree.series == series:
            return _alone(home, tree)
    missing.append("none is installed in this Python")
    return None


def _alone(home: Home, tree: OdooTree) -> OdooTree:
    """The same tree reached through a folder that shows the package `odoo` and nothing beside it.

    Its neighbours in site-packages must not shadow the packages of our environment.
    """
    root = home.folder("odoo", f"pip-{tree.series}")
    link = root / "odoo"
    link.unlink(missing_ok=True)
    link.symlink_to(tree.root / "odoo", target_is_directory=True)
    return OdooTree(tree.series, tree.build, root, (link / "addons",), tree.why)


def _announced(tree: OdooTree) -> OdooTree:
    say(f"• Odoo {tree.build}: {tree.why} ({tree.root})")
    return tree
