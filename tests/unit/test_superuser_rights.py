"""Each use of superuser rights says why, where it is."""

import ast
import re
from pathlib import Path

import pytest

ADDON = Path(__file__).resolve().parents[2]
ROOMS = ("controllers", "models", "services", "compat", "hooks.py")
REASON = re.compile(r'(#|""").*(sudo|superuser)', re.IGNORECASE)


def sources():
    for room in ROOMS:
        place = ADDON / room
        yield from [place] if place.is_file() else sorted(place.rglob("*.py"))


def takes_superuser_rights(node: ast.AST) -> bool:
    if not isinstance(node, ast.Call):
        return False
    values = [*node.args, *(keyword.value for keyword in node.keywords)]
    if any(isinstance(value, ast.Name) and value.id == "SUPERUSER_ID" for value in values):
        return True
    rights = [keyword.value for keyword in node.keywords if keyword.arg == "su"]
    if isinstance(node.func, ast.Attribute) and node.func.attr == "sudo":
        rights = node.args[:1] or [ast.Constant(True)]
    return any(not (isinstance(value, ast.Constant) and value.value is False) for value in rights)


def unexplained(text: str) -> list[int]:
    """Lines that take superuser rights although their function says no reason, up to there."""
    tree, lines = ast.parse(text), text.split("\n")
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    found = []
    for node in filter(takes_superuser_rights, ast.walk(tree)):
        begin = max((one.lineno for one in functions if one.lineno <= node.lineno <= one.end_lineno), default=1)
        if not any(map(REASON.search, lines[begin - 1 : node.end_lineno])):
            found.append(node.lineno)
    return sorted(found)


@pytest.mark.parametrize("path", list(sources()), ids=lambda path: str(path.relative_to(ADDON)))
def test_whoever_takes_superuser_rights_says_why(path):
    assert unexplained(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "line",
    ["x = a.sudo()", "x = a.sudo(True)", "env(su=True)", "env(user=SUPERUSER_ID)", "Environment(cr, SUPERUSER_ID, {})"],
)
def test_this_is_what_takes_them(line):
    assert unexplained(f"def f():\n    {line}\n") == [2]
    assert unexplained(f"def f():\n    # sudo: it is looked at only\n    {line}\n") == []
    assert unexplained(f"def f():\n    # sudo: elsewhere\n    pass\n\ndef g():\n    {line}\n") == [6]


def test_giving_them_up_needs_no_reason():
    assert unexplained("a.sudo(False)\nenv(su=False)\na.with_user(user)\n") == []
