"""Virtual environments with pinned packages, rebuilt only when their requirement files change."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from . import lock, process
from .errors import DevError
from .home import Home
from .progress import step

REQUIREMENTS = Path(__file__).parent / "requirements"
OLDEST, NEWEST = (3, 10), (3, 13)
# docopt (of num2words) exists as source only; it is one Python file.
_WHEELS_ONLY = ("--only-binary", ":all:", "--no-binary", "docopt")
_QUIET = {
    "PIP_DISABLE_PIP_VERSION_CHECK": "1",
    "PIP_NO_INPUT": "1",
    "PIP_ROOT_USER_ACTION": "ignore",
}


def environment(home: Home, name: str, *, locked: Path | None = None, wanted: Sequence[Path] = ()) -> Path:
    """The interpreter of the environment `name`, made or renewed when needed.

    Args:
        locked: a complete list of pinned packages, installed as it stands.
        wanted: requirement files resolved the usual way, within the pins of `locked`.

    Raises:
        DevError: no suitable Python, no network, a package without a wheel, a full disk.
    """
    return environment_at(home.folder("venv") / name, name, home.log(f"pip-{name}"), locked=locked, wanted=wanted)


def environment_at(
    folder: Path, name: str, log: Path, *, locked: Path | None = None, wanted: Sequence[Path] = ()
) -> Path:
    """As :func:`environment`, in a folder of the caller's choice."""
    python, stamp = folder / "bin" / "python", folder / "requirements.sha256"
    base = interpreter()
    digest = _digest([base], [*filter(None, [locked]), *wanted])
    with lock.in_turn(folder.with_name(folder.name + ".lock"), f"the Python environment {name}"):
        if not (python.exists() and stamp.exists() and stamp.read_text() == digest):
            with step(f"Python environment {name}"):
                shutil.rmtree(folder, ignore_errors=True)
                _make(base, folder, log)
                _install(python, name, log, locked, wanted)
                stamp.write_text(digest)
    return python


def _install(python: Path, name: str, log: Path, locked: Path | None, wanted: Sequence[Path]) -> None:
    pip = (python, "-m", "pip", "install", "--quiet", *_WHEELS_ONLY)
    what = f"installing the Python packages of {name}"
    if locked:
        process.run([*pip, "--no-deps", "-r", locked], what, log, environment=_QUIET)
    if wanted:
        named = [word for file in wanted for word in ("-r", file)]
        limits = ["-c", locked] if locked else []
        process.run([*pip, *named, *limits], what, log, environment=_QUIET)


def interpreter() -> str:
    """A Python between 3.10 and 3.13: PYTHON of the environment, the running one, or one on PATH.

    Raises:
        DevError: none of them is.
    """
    chosen = os.environ.get("PYTHON")
    if chosen:
        found = shutil.which(chosen)
        if found and _suits(_version_of(found)):
            return found
        raise DevError(f"PYTHON={chosen} is no Python between 3.10 and 3.13")
    if _suits(sys.version_info[:2]):
        # Inside another virtual environment a new one must not depend on it.
        return os.path.realpath(getattr(sys, "_base_executable", sys.executable) or sys.executable)
    for minor in range(NEWEST[1], OLDEST[1] - 1, -1):
        found = shutil.which(f"python3.{minor}")
        if found and _suits(_version_of(found)):
            return found
    raise DevError(
        f"Odoo needs Python 3.10 to 3.13, this is {sys.version_info[0]}.{sys.version_info[1]}; "
        "install one of them or name it: PYTHON=/path/to/python3.12 ./dev ..."
    )


def _version_of(python: str) -> tuple[int, ...]:
    # A version manager's placeholder for a Python that it has not installed exits with an error.
    answer = subprocess.run(
        [python, "-c", "import sys; print(*sys.version_info[:2])"],
        capture_output=True,
        text=True,
        check=False,
    )
    return tuple(int(part) for part in answer.stdout.split()) if answer.returncode == 0 else ()


def _suits(version: tuple[int, ...]) -> bool:
    return OLDEST <= version[:2] <= NEWEST


def _make(base: str, folder: Path, log: Path) -> None:
    try:
        process.run([base, "-m", "venv", folder], "making a Python environment", log)
    except DevError as error:
        if "ensurepip" in log.read_text(errors="replace"):
            raise DevError(
                f"{base} cannot make environments; install its venv package (Debian: python3-venv)"
            ) from error
        raise


def _digest(words: Sequence[str], files: Sequence[Path]) -> str:
    digest = hashlib.sha256()
    for word in words:
        digest.update(word.encode() + b"\0")
    for file in files:
        digest.update(file.read_bytes() + b"\0")
    return digest.hexdigest()
