"""Odoo 19.0 from Debian unstable, unpacked without root and without touching the system's apt.

A private apt directory takes mirror and keys from the machine's own sources and asks them for the
suite `unstable`. Debian replaces bundled fonts and scripts by links into other packages; those are
fetched as well. One script that Debian leaves out for its licence comes from the npm registry.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterable
from pathlib import Path

from . import node, process
from .apt_sources import AptSource, read_sources
from .archive import unpack
from .errors import DevError, NetworkError
from .home import Home
from .odoo_tree import OdooTree, read_tree
from .progress import say, step

_SUITE = "unstable"
_PACKAGES = {"19.0": "odoo-19"}
# Which package owns the target of a link, by a part of its path (/usr/share/...).
_OWNERS = {
    "fonts-font-awesome/": ("fonts-font-awesome", "fonts-font-awesome-legacy"),
    "fonts/truetype/inconsolata/": ("fonts-inconsolata",),
    "fonts/truetype/montserrat/": ("fonts-montserrat",),
    "fonts/opentype/ocr-b/": ("fonts-ocr-b",),
    "fonts/truetype/roboto/": ("fonts-roboto-unhinted",),
    "fonts/truetype/dejavu/": ("fonts-dejavu-core",),
    "javascript/jquery/": ("libjs-jquery",),
    "javascript/jquery-form/": ("libjs-jquery-form",),
    "javascript/underscore/": ("libjs-underscore",),
}
# Where Debian puts what mail's asset bundle names, and the npm package that has it.
_SCRIPT = Path("mail/static/lib/selfie_segmentation/selfie_segmentation.js")
_SCRIPT_PACKAGE = "@mediapipe/selfie_segmentation@0.1.1675465747"


def folder(home: Home, series: str) -> Path:
    """Where the unpacked package of a series is kept."""
    return home.root / "odoo" / f"debian-{series}"


def package(home: Home, series: str) -> OdooTree:
    """Debian's Odoo of a series, downloaded and completed once.

    Raises:
        DevError: Debian has no such package, or this machine has no apt sources.
        NetworkError: mirror or registry unreachable, or a broken download.
    """
    name = _PACKAGES.get(series)
    if not name:
        raise DevError(f"Debian has no Odoo {series}")
    target = folder(home, series)
    if not target.is_dir():
        part = target.with_name(target.name + ".part")
        shutil.rmtree(part, ignore_errors=True)
        part.mkdir(parents=True)
        apt = PrivateApt(home)
        with step(f"Downloading {name} from Debian {_SUITE}"):
            apt.update()
            apt.unpack([name], part)
        with step("Completing Debian's package"):
            _complete_links(apt, part)
            _complete_script(home, part)
        part.rename(target)
    tree = read_tree(target, f"Debian's package {name}")
    if not tree or tree.series != series:
        shutil.rmtree(target)
        raise NetworkError(f"Debian's {name} holds no Odoo {series}; run the command again")
    return tree


class PrivateApt:
    """apt with lists, cache and configuration of its own; needs no root."""

    def __init__(self, home: Home) -> None:
        if not (shutil.which("apt-get") and shutil.which("dpkg-deb")):
            raise DevError("this system has no apt to fetch Debian's package with")
        self._root = home.folder("apt")
        self._log = home.log("apt")
        for name in ("state/lists/partial", "cache/archives/partial", "packages"):
            (self._root / name).mkdir(parents=True, exist_ok=True)
        (self._root / "state" / "status").touch()
        sources = self._root / "odoo.sources"
        sources.write_text(sources_for(read_sources()), encoding="utf-8")
        options = {
            "Dir::State": self._root / "state",
            "Dir::State::status": self._root / "state" / "status",
            "Dir::Cache": self._root / "cache",
            "Dir::Etc::sourcelist": sources,
            "Dir::Etc::sourceparts": "-",
            "Dir::Etc::preferences": "-",
            "Dir::Etc::preferencesparts": "-",
            "Acquire::Languages": "none",
            "Acquire::Retries": "2",
            "Acquire::http::Timeout": "20",
            # A machine's hooks after an update (clean-ups, notifications) need root.
            "APT::Update::Post-Invoke": "",
            **({"APT::Sandbox::User": "root"} if os.geteuid() == 0 else {}),
        }
        self._options = [word for name, value in options.items() for word in ("-o", f"{name}={value}")]

    def update(self) -> None:
        """Fetch the list of packages."""
        what = "reading Debian's list of packages"
        text = self._apt(what, "update")
        if re.search(r"^(W: Failed to fetch|Err:|E:)", text, re.MULTILINE):
            raise NetworkError(f"{what}: the mirror did not answer ({self._log})")

    def unpack(self, names: Iterable[str], target: Path) -> None:
        """Download packages (apt checks their sums) and unpack them below `target`."""
        names = list(names)
        place = self._root / "packages"
        for old in place.glob("*.deb"):
            old.unlink()
        self._apt(f"downloading {', '.join(names)}", "download", *names, folder=place)
        for file in sorted(place.glob("*.deb")):
            process.run(["dpkg-deb", "-x", file, target], f"unpacking {file.name}", self._log)
            file.unlink()

    def _apt(self, what: str, *arguments: str, folder: Path | None = None) -> str:
        return process.run(
            ["apt-get", "-q", *self._options, *arguments],
            what,
            self._log,
            folder=folder,
            environment={"LC_ALL": "C"},
        )


def sources_for(sources: list[AptSource]) -> str:
    """A `.sources` file that asks the machine's distribution mirror for the suite we need.

    Raises:
        DevError: no source of the machine is a distribution's.
    """
    source = next((source for source in sources if source.is_distribution()), None)
    if source is None:
        raise DevError("this system's apt sources name no distribution mirror")
    stanza = ["Types: deb", f"URIs: {source.uri}", f"Suites: {_SUITE}", "Components: main"]
    if source.signed_by:
        stanza.append(f"Signed-By: {source.signed_by}")
    return "\n".join(stanza) + "\n"


def dangling_links(root: Path) -> dict[Path, str]:
    """Symbolic links below `root` that lead nowhere, with their targets."""
    return {path: os.readlink(path) for path in sorted(root.rglob("*")) if path.is_symlink() and not path.exists()}


def owners_of(targets: Iterable[str]) -> list[str]:
    """The packages that own what links point to; unknown targets own nothing."""
    found: set[str] = set()
    for target in targets:
        for part, names in _OWNERS.items():
            if f"/share/{part}" in f"/{target}":
                found.update(names)
    return sorted(found)


def _complete_links(apt: PrivateApt, root: Path) -> None:
    owners = owners_of(dangling_links(root).values())
    if owners:
        apt.unpack(owners, root)
    left = sorted({path.name for path in dangling_links(root)})
    if left:
        say(f"  Debian has no {', '.join(left)} any more; only what uses it misses it")


def _complete_script(home: Home, root: Path) -> None:
    addons = next(root.glob("usr/lib/python3/dist-packages/odoo/addons"), None)
    if addons is None or (addons / _SCRIPT).exists():
        return
    place = home.folder("download")
    file = node.Node.of(home).pack(_SCRIPT_PACKAGE, place)
    unpacked = place / "selfie_segmentation"
    shutil.rmtree(unpacked, ignore_errors=True)
    unpack(file, unpacked)
    (addons / _SCRIPT).parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(unpacked / "package" / _SCRIPT.name, addons / _SCRIPT)
    shutil.rmtree(unpacked)
    file.unlink()
