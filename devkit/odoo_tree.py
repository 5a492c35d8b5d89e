"""Reading an Odoo source tree in any of its layouts.

A git checkout keeps most addons in `addons/` beside the package `odoo`; a source distribution and
Debian's package keep all of them in `odoo/addons`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

_SERIES = re.compile(r"^version_info\s*=\s*\(\s*(\d+)\s*,\s*(\d+)", re.MULTILINE)
_BUILD = re.compile(r"^version\s*\+=\s*['\"]-?([\w.]+)['\"]", re.MULTILINE)
_BELOW = ("", "usr/lib/python3/dist-packages", "odoo", "src")


@dataclass(frozen=True)
class OdooTree:
    """One Odoo on the disk.

    Attributes:
        series: "18.0".
        build: what tells builds of a series apart, e.g. "18.0-20250702".
        root: the folder that holds the package `odoo`; goes on PYTHONPATH.
        addons: folders for the addons path.
        why: where it came from, in words for the user.
    """

    series: str
    build: str
    root: Path
    addons: tuple[Path, ...]
    why: str

    @property
    def launcher(self) -> Path | None:
        """The tree's own `odoo-bin`; source distributions have none."""
        script = self.root / "odoo-bin"
        return script if script.is_file() else None


def read_tree(folder: Path, why: str) -> OdooTree | None:
    """The Odoo in `folder`, or one level into an unpacked archive; None when there is none."""
    for root in _candidates(folder):
        release = root / "odoo" / "release.py"
        if not release.is_file():
            continue
        text = release.read_text(encoding="utf-8")
        series = _SERIES.search(text)
        if not series:
            continue
        name = f"{series[1]}.{series[2]}"
        build = _BUILD.search(text)
        folders = (root / "addons", root / "odoo" / "addons")
        addons = tuple(path for path in folders if (path / "base").is_dir() or _has_web(path))
        if any(_has_web(path) for path in addons):
            return OdooTree(name, f"{name}-{build[1]}" if build else name, root, addons, why)
    return None


def _has_web(folder: Path) -> bool:
    return (folder / "web" / "__manifest__.py").is_file()


def _candidates(folder: Path) -> list[Path]:
    direct = [folder / name for name in _BELOW]
    if folder.name == "odoo":
        direct.append(folder.parent)
    return [*direct, *sorted(folder.glob("odoo-*/"))]
