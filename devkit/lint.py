"""`./dev lint`: every check that pays, each printing nothing when there is nothing to say."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path
from xml.etree import ElementTree

from . import process, python_env
from .database import addon_files, repository_files
from .home import ADDON, REPOSITORY, Home
from .node import Node
from .progress import say, step

# What the checks of the Odoo community want otherwise than this project: a series in the version
# (one source serves two), README.rst, one class for all toolsets, another spelling of the same XML
# header. missing-return takes __set_name__ and computed fields for overrides that return something.
_PYLINT_OFF = "manifest-version-format,missing-readme,consider-merging-classes-inherited,missing-return"
_OCA_OFF = "xml-header-wrong,missing-readme"
# pytest's, not Odoo's.
_NOT_ODOO = ("unit", "clients")


def lint() -> int:
    """Run all checks; 0 when none complains."""
    home = Home.open()
    requirements = python_env.REQUIREMENTS / "tools.txt"
    tools = python_env.environment(home, "tools", wanted=[requirements]).parent
    copy = _addon_alone(home)
    ruff = [tools / "ruff", "check", "--no-cache", "--quiet", "--output-format=concise", "."]
    pylint = [tools / "pylint", f"--rcfile={REPOSITORY / 'pylintrc'}", f"--disable={_PYLINT_OFF}", ADDON]
    oca = [tools / "oca-checks-odoo-module", f"--disable={_OCA_OFF}", ADDON]
    passed = {
        "ruff": _passes(home, "ruff", ruff, REPOSITORY),
        "pylint-odoo": _passes(home, "pylint-odoo", pylint, copy),
        "oca-checks-odoo-module": _passes(home, "oca-checks-odoo-module", oca, copy),
    }
    failed = [name for name, good in passed.items() if not good]
    if broken := _broken_xml():
        say("\n".join(broken))
        failed.append("XML")
    if not _eslint(home):
        failed.append("eslint")
    print(f"lint: {', '.join(failed)} failed" if failed else "lint: all checks passed")
    return 1 if failed else 0


def _addon_alone(home: Home) -> Path:
    """A folder with a copy of the addon under its technical name and nothing that is not Odoo's.

    The linters take module names from paths, and lose their way through a symbolic link.
    """
    folder = home.root / "lint"
    shutil.rmtree(folder, ignore_errors=True)
    for file in addon_files(with_tests=True):
        place = file.relative_to(REPOSITORY)
        if place.parts[:1] == ("tests",) and place.parts[1] in _NOT_ODOO:
            continue
        (folder / ADDON / place).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, folder / ADDON / place)
    return folder


def _passes(home: Home, name: str, command: Sequence[str | Path], folder: Path) -> bool:
    log = home.log(f"lint-{name}")
    with step(name), log.open("w") as output:
        code = process.finish(process.start(command, output, folder=folder), name)
    text = log.read_text(errors="replace").strip()
    if code:
        say(text or f"{name} ended with exit code {code}")
    return code == 0


def _broken_xml() -> list[str]:
    """XML files that no parser accepts, each with the reason."""
    broken = []
    for file in repository_files(suffix=".xml"):
        try:
            ElementTree.parse(file)
        except ElementTree.ParseError as error:
            broken.append(f"{file.relative_to(REPOSITORY)}: {error}")
    return broken


def _eslint(home: Home) -> bool:
    found = (file.relative_to(REPOSITORY) for file in repository_files(suffix=".js"))
    names = [file for file in found if file.parts[0] == "static" and "lib" not in file.parts]
    if not names:
        return True
    node = Node.of(home)
    modules = node.modules()
    script = modules / "eslint" / "bin" / "eslint.js"
    # The configuration file requires eslint's packages, which live outside the repository.
    command = ["env", f"NODE_PATH={modules}", node.program, script, "--no-warn-ignored", *names]
    return _passes(home, "eslint", command, REPOSITORY)
