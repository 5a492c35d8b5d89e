"""The table of attacks names tests that exist, each in the file it says, and every check of the parts there are."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parents[1]
ROW = re.compile(r"^\| (\d+)( ★)? \| ([^|]+) \| ([^|]+) \| ([^|]+) \|$")
REFERENCE = re.compile(r"`([\w/]+)::(\w+)`")
# Those of parts that are not built yet; the parts bring them.
NOT_YET = {51, *range(54, 73), 74}
IMPORTANT = {1, 11, 13, 15, 23, 26, 31, 32, 34, 35, 41, 44, 73, 76}
ROWS = [found for line in (TESTS / "ATTACKS.md").read_text(encoding="utf-8").splitlines() if (found := ROW.match(line))]
REFERENCES = [(row[1], *reference) for row in ROWS for reference in REFERENCE.findall(row[5])]


@cache
def functions(file: str) -> frozenset[str]:
    tree = ast.parse((TESTS / f"{file}.py").read_text(encoding="utf-8"))
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def test_no_check_is_missing_or_there_twice():
    numbers = [int(row[1]) for row in ROWS]
    assert numbers == sorted(set(range(1, 81)) - NOT_YET)
    assert {int(row[1]) for row in ROWS if row[2]} == IMPORTANT


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[1])
def test_each_has_a_proof_and_nothing_else_in_its_last_column(row):
    assert REFERENCE.findall(row[5])
    assert REFERENCE.sub("", row[5]).strip() == ""


@pytest.mark.parametrize(("number", "file", "name"), REFERENCES)
def test_each_named_test_is_there(number, file, name):
    assert name in functions(file), f"check {number}"
    assert name.startswith("test_") or file.startswith("races/")
