"""Where everything that `./dev` installs and makes is kept."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
ADDON = "odoo_mcp"


@dataclass(frozen=True)
class Home:
    """The git-ignored folder of `./dev`: `.dev` in the repository, or what DEV_HOME names."""

    root: Path

    @classmethod
    def open(cls) -> Home:
        """The home of this checkout; makes the folder and the addons path inside it."""
        chosen = os.environ.get("DEV_HOME")
        home = cls(Path(chosen).expanduser().resolve() if chosen else REPOSITORY / ".dev")
        home.folder("logs")
        link = home.addons / ADDON
        if not link.is_symlink() or link.resolve() != REPOSITORY:
            link.unlink(missing_ok=True)
            link.symlink_to(REPOSITORY, target_is_directory=True)
        return home

    def folder(self, *names: str) -> Path:
        """A folder inside the home, made if it is not there."""
        path = self.root.joinpath(*names)
        path.mkdir(parents=True, exist_ok=True)
        return path

    @property
    def addons(self) -> Path:
        """An addons path with one entry: the repository under the addon's technical name."""
        return self.folder("addons")

    def log(self, name: str) -> Path:
        """The file that keeps what a step printed."""
        return self.folder("logs") / f"{name}.log"

    def secrets(self) -> Path:
        """A folder only its owner can enter."""
        path = self.folder("secrets")
        path.chmod(0o700)
        return path


def write_secret(path: Path, text: str) -> None:
    """Write a file that only its owner can read, at no moment readable by others."""
    path.unlink(missing_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with open(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
