"""From the WHAT of `./dev test` to what each runner is told."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from pathlib import Path

from .errors import DevError
from .home import ADDON, REPOSITORY

_PYTEST_GROUPS = ("unit", "clients", "streams", "scenarios")
# Odoo's tag of tests that need the apps of the database with demo data.
BUSINESS = "mcp_business"


@dataclass
class TestPlan:
    """What to run; a group that is not wanted is None.

    Attributes:
        unit: arguments for pytest on tests/unit.
        odoo: Odoo's test tags.
        business: those for the database with demo data, and with it the apps that people work with.
        clients: arguments for pytest on tests/clients.
        addons: Odoo's test tags for the addons of tests/addons.
        streams: arguments for pytest on tests/streams.
        scenarios: arguments for pytest on tests/scenarios.
    """

    __test__ = False

    unit: list[str] | None = None
    odoo: str | None = None
    clients: list[str] | None = None
    addons: str | None = None
    streams: list[str] | None = None
    scenarios: list[str] | None = None
    business: str | None = None

    @property
    def needs_odoo(self) -> bool:
        """Whether any of it runs in or against an Odoo."""
        return self.needs_template or self.needs_demo

    @property
    def needs_demo(self) -> bool:
        """Whether a database with demo data is wanted."""
        return bool(self.business) or self.scenarios is not None

    @property
    def needs_template(self) -> bool:
        """Whether a database without demo data is wanted."""
        return bool(self.odoo or self.addons or self.needs_server)

    @property
    def needs_server(self) -> bool:
        """Whether a running Odoo is wanted, with the addons of tests/addons."""
        return self.clients is not None or self.streams is not None


def plan(what: str | None, *, fast: bool = False, tests: Path = REPOSITORY / "tests") -> TestPlan:
    """The plan for WHAT: nothing (all), a group, a test file, or TestClass[.test_x].

    Args:
        fast: leave out what is marked or tagged `slow`.

    Raises:
        DevError: nothing of that name.
    """
    result = _chosen(what, tests)
    if fast:
        if result.odoo:
            result.odoo += f",-slow/{ADDON}"
        if result.business:
            result.business += f",-slow/{ADDON}"
        for arguments in (getattr(result, group) for group in _PYTEST_GROUPS):
            if arguments is not None:
                arguments += ["-m", "not slow"]
    return result


def _chosen(what: str | None, tests: Path) -> TestPlan:
    pytest_arguments = {group: [str(tests / group)] for group in _PYTEST_GROUPS}
    odoo = f"/{ADDON},-{BUSINESS}/{ADDON}"
    business = f"{BUSINESS}/{ADDON}"
    addons = ",".join(f"/{name}" for name in tested_addons(tests)) or None
    if what is None:
        return TestPlan(odoo=odoo, addons=addons, business=business, **pytest_arguments)
    if what == "odoo":
        return TestPlan(odoo=odoo, addons=addons)
    if what == "business":
        return TestPlan(business=business)
    if what in _PYTEST_GROUPS:
        return TestPlan(**{what: pytest_arguments[what]})
    if what.endswith(".py") or "/" in what:
        return _of_file(what, tests)
    return _of_class(what, tests)


def _of_file(what: str, tests: Path) -> TestPlan:
    name = Path(what).name
    found = [file for file in sorted(tests.rglob(name)) if file.name == name]
    if len(found) > 1:
        found = [file for file in found if str(file).endswith(f"/{what.lstrip('./')}")] or found
    if not found:
        raise DevError(f"there is no test file {what} below tests/")
    if len(found) > 1:
        places = ", ".join(str(file.relative_to(tests.parent)) for file in found)
        raise DevError(f"{what} could be {places}; give the path")
    file = found[0]
    if group := _pytest_group(file, tests):
        return TestPlan(**{group: [str(file)]})
    classes = [name for name in _classes(file) if name.startswith("Test")]
    if not classes:
        raise DevError(f"{what} has no test class")
    tags: dict[str, list[str]] = {}
    for name in classes:
        group, module = _module_of(file, tests, name)
        tags.setdefault(group, []).append(f"/{module}:{name}")
    return TestPlan(**{group: ",".join(wanted) for group, wanted in tags.items()})


def _of_class(what: str, tests: Path) -> TestPlan:
    name, _, method = what.partition(".")
    for file in sorted(tests.rglob("test_*.py")):
        if name not in _classes(file):
            continue
        if group := _pytest_group(file, tests):
            return TestPlan(**{group: [f"{file}::{what.replace('.', '::')}"]})
        group, module = _module_of(file, tests, name)
        return TestPlan(**{group: f"/{module}:{name}" + (f".{method}" if method else "")})
    groups = ", ".join(("odoo", "business", *_PYTEST_GROUPS))
    raise DevError(f"no tests called {what}; give {groups}, a test file, or TestClass[.test_x]")


def tested_addons(tests: Path = REPOSITORY / "tests") -> list[str]:
    """The addons of tests/addons that have tests of their own."""
    return sorted(folder.parent.name for folder in tests.glob("addons/*/tests"))


def _module_of(file: Path, tests: Path, class_name: str) -> tuple[str, str]:
    """The group of TestPlan and the Odoo module that a test class belongs to."""
    first, *rest = file.relative_to(tests).parts
    if first == "addons":
        return "addons", rest[0]
    return ("business" if BUSINESS in _tags(_classes(file)[class_name]) else "odoo"), ADDON


def _pytest_group(file: Path, tests: Path) -> str | None:
    first = file.relative_to(tests).parts[0]
    return first if first in _PYTEST_GROUPS else None


def _classes(file: Path) -> dict[str, ast.ClassDef]:
    tree = ast.parse(file.read_text(encoding="utf-8"))
    return {node.name: node for node in tree.body if isinstance(node, ast.ClassDef)}


def _tags(node: ast.ClassDef) -> set[str]:
    """What stands in the decorators of a class: the tags of ``@tagged``."""
    return {
        constant.value
        for decorator in node.decorator_list
        for constant in ast.walk(decorator)
        if isinstance(constant, ast.Constant)
    }
