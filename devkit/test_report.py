"""What `./dev test` found: one row for each phase, and the closing line."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

_ODOO_TOTAL = re.compile(r"(\d+) failed, (\d+) error\(s\) of (\d+) tests")


@dataclass(frozen=True)
class Row:
    """The outcome of one phase; a phase that only reads a log runs no tests."""

    phase: str
    series: str
    ran: int
    failed: int
    seconds: float
    skipped: int = 0


def count_odoo(log: str) -> tuple[int, int]:
    """(ran, failed) of an Odoo test run; (0, 1) when the log has no total, so nothing ran."""
    totals = _ODOO_TOTAL.findall(log)
    if not totals:
        return 0, 1
    failures, errors, ran = map(int, totals[-1])
    return ran, failures + errors


def count_pytest(report: Path) -> tuple[int, int, int]:
    """(ran, failed, skipped) of pytest's JUnit report; (0, 1, 0) when there is none."""
    if not report.is_file():
        return 0, 1, 0
    suites = ElementTree.parse(report).getroot().iter("testsuite")
    ran = failed = skipped = 0
    for suite in suites:
        skips = int(suite.get("skipped", 0))
        skipped += skips
        ran += int(suite.get("tests", 0)) - skips
        failed += int(suite.get("failures", 0)) + int(suite.get("errors", 0))
    return ran, failed, skipped


def table(rows: list[Row]) -> str:
    """The rows and the closing line `N passed, N failed`."""
    lines = [f"{'phase':<20}{'series':<9}{'ran':>6}{'failed':>8}{'skipped':>9}{'seconds':>9}"]
    lines += [
        f"{row.phase:<20}{row.series:<9}{row.ran:>6}{row.failed:>8}{row.skipped:>9}{row.seconds:>9.1f}" for row in rows
    ]
    failed = sum(row.failed for row in rows)
    passed = sum(max(row.ran - row.failed, 0) for row in rows)
    return "\n".join([*lines, f"{passed} passed, {failed} failed"])
