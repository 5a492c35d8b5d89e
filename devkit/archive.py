"""Odoo's official source download."""

from __future__ import annotations

import shutil
import tarfile
import zlib
from pathlib import Path

from .download import fetch
from .errors import NetworkError
from .home import Home
from .odoo_tree import OdooTree, read_tree
from .progress import step

_URL = "https://nightly.odoo.com/{series}/nightly/src/odoo_{series}.latest.tar.gz"


def folder(home: Home, series: str) -> Path:
    """Where the unpacked download of a series is kept."""
    return home.root / "odoo" / f"official-{series}"


def official(home: Home, series: str) -> OdooTree:
    """The official nightly source of a series, downloaded once.

    Raises:
        NetworkError: unreachable within 10 seconds, or the archive is broken.
    """
    target = folder(home, series)
    if not target.is_dir():
        file = home.folder("download") / f"odoo-{series}.tar.gz"
        with step(f"Downloading Odoo {series} (official source)"):
            fetch(_URL.format(series=series), file)
        with step(f"Unpacking Odoo {series}"):
            unpack(file, target)
        file.unlink()
    tree = read_tree(target, "the official source download")
    if not tree or tree.series != series:
        shutil.rmtree(target)
        raise NetworkError(f"the official download holds no Odoo {series}; run the command again")
    return tree


def unpack(file: Path, target: Path) -> None:
    """Unpack a tar file to `target`, all of it or nothing.

    Raises:
        NetworkError: the file is cut short or no archive; it is removed, so that the next run
            downloads it again.
    """
    part = target.with_name(target.name + ".part")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    try:
        with tarfile.open(file) as archive:
            safe = {"filter": "data"} if hasattr(tarfile, "data_filter") else {}
            archive.extractall(part, **safe)
    except (tarfile.TarError, EOFError, zlib.error) as error:
        shutil.rmtree(part)
        file.unlink()
        raise NetworkError(f"the download {file.name} is broken ({error}); run the command again") from error
    part.rename(target)
