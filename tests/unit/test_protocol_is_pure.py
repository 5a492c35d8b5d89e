"""services/protocol stays importable and testable without Odoo and without other libraries."""

import ast
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[2] / "services" / "protocol"
MODULES = sorted(PACKAGE.rglob("*.py"))


def imported_roots(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            yield node.module.split(".")[0]


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_a_module_imports_the_standard_library_and_its_neighbours_only(path):
    assert set(imported_roots(path)) <= sys.stdlib_module_names


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_relative_imports_stay_inside_the_package(path):
    depth = len(path.relative_to(PACKAGE).parents)
    levels = [
        node.level for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.ImportFrom)
    ]
    assert max(levels, default=0) <= depth


def test_the_package_was_found():
    assert len(MODULES) > 15
