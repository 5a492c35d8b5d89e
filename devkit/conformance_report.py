"""What the official conformance suite found, read from its files, as a table and a verdict."""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .conformance_reasons import reason

_RUNNING = re.compile(r"^=== Running scenario: (\S+) ===$", re.MULTILINE)
_FOLDER = re.compile(r"(?:authorization-)?server-(?P<scenario>.+)-\d{4}-\d\d-\d\dT[\d-]+Z")
_REQUIRED = re.compile(r"^server:\n((?:  - \S+\n)+)", re.MULTILINE)
_LONGEST_MESSAGE = 300


@dataclass(frozen=True)
class Remark:
    """A check that did not simply pass: its id, and what the suite says of it."""

    check: str
    text: str


@dataclass(frozen=True)
class Scenario:
    """One scenario of one run.

    Attributes:
        scored: whether a failure counts.
        failures: what failed; a scenario that broke off or was never run has one, too.
        skipped: checks that the suite itself left out.
    """

    name: str
    scored: bool
    passed: int
    failures: tuple[Remark, ...] = ()
    warnings: tuple[Remark, ...] = ()
    skipped: tuple[Remark, ...] = ()


@dataclass(frozen=True)
class SuiteRun:
    """One call of the suite."""

    label: str
    scenarios: tuple[Scenario, ...]

    @property
    def failed(self) -> bool:
        """Whether a scored scenario failed, or there was none."""
        scored = [scenario for scenario in self.scenarios if scenario.scored]
        return not scored or any(scenario.failures for scenario in scored)


def required_scenarios(requirements: Path) -> list[str]:
    """The server scenarios that a requirements file of the suite names as scored.

    Raises:
        ValueError: the file is not of the form this knows.
    """
    found = _REQUIRED.search(requirements.read_text(encoding="utf-8"))
    if not found:
        raise ValueError(f"{requirements} names no server scenarios")
    return [line.strip(" -") for line in found[1].splitlines()]


def read_run(label: str, output: str, results: Path, required: list[str] | None) -> SuiteRun:
    """What a call of the suite did.

    Args:
        output: what it printed.
        results: the folder it was told to write to.
        required: the scored scenarios; None: every one that ran.
    """
    ran = _RUNNING.findall(output)
    folders = {found["scenario"]: folder for folder, found in _result_folders(results)}
    scenarios = [_scenario(name, required is None or name in required, folders.get(name)) for name in ran]
    for name in required or ():
        if name not in ran:
            never = Remark("not-run", "the suite did not run this scenario")
            scenarios.append(Scenario(name, True, 0, (never,)))
    return SuiteRun(label, tuple(scenarios))


def table(runs: list[SuiteRun]) -> str:
    """One line for each scenario, what did not pass in words, and the totals of each run."""
    lines = []
    for run in runs:
        width = max([len(scenario.name) for scenario in run.scenarios] + [8]) + 2
        lines.append(f"\n{run.label}")
        lines.append(f"{'scenario':<{width}}{'scored':<8}{'passed':>6}{'failed':>8}{'warnings':>10}")
        lines += [_row(scenario, width) for scenario in run.scenarios]
        lines += _remarks(run)
        lines.append(_totals(run))
    return "\n".join(lines).lstrip("\n")


def _row(scenario: Scenario, width: int) -> str:
    scored = "yes" if scenario.scored else "no"
    numbers = f"{scenario.passed:>6}{len(scenario.failures):>8}{len(scenario.warnings):>10}"
    return f"{scenario.name:<{width}}{scored:<8}{numbers}"


def _remarks(run: SuiteRun) -> list[str]:
    lines = []
    for scenario in run.scenarios:
        if scenario.scored:
            lines += [f"  failed: {scenario.name}: {remark.check}: {remark.text}" for remark in scenario.failures]
        else:
            lines += _accepted("failed, not scored", scenario.name, scenario.failures)
        lines += _accepted("warning", scenario.name, scenario.warnings)
        lines += _accepted("skipped", scenario.name, scenario.skipped)
    return lines


def _accepted(word: str, scenario: str, remarks: tuple[Remark, ...]) -> list[str]:
    """What fails nothing, each with its reason; what has the reason in common is told in one line."""
    by_reason: dict[str | None, list[Remark]] = {}
    for remark in remarks:
        by_reason.setdefault(reason(scenario, remark.check), []).append(remark)
    lines = []
    for why, alike in by_reason.items():
        if why is None:
            lines += [f"  {word}: {scenario}: {one.check}: {one.text} (no reason known)" for one in alike]
        else:
            lines.append(f"  {word}: {scenario}: {', '.join(one.check for one in alike)}: {why}")
    return lines


def _totals(run: SuiteRun) -> str:
    scored = [scenario for scenario in run.scenarios if scenario.scored]
    others = [scenario for scenario in run.scenarios if not scenario.scored]
    checks = sum(scenario.passed for scenario in scored)
    failed = sum(len(scenario.failures) for scenario in scored)
    warnings = sum(len(scenario.warnings) for scenario in run.scenarios)
    text = (
        f"{len(scored)} scenarios scored, {sum(1 for one in scored if one.failures)} of them failed: "
        f"{checks} checks passed, {failed} failed; {warnings} warnings"
    )
    if others:
        text += f"; not scored: {len(others)} run, {sum(1 for one in others if one.failures)} failing"
    return text


def _result_folders(results: Path) -> list[tuple[Path, re.Match[str]]]:
    found = ((folder, _FOLDER.fullmatch(folder.name)) for folder in sorted(results.glob("*server-*")))
    return [(folder, match) for folder, match in found if match]


def _scenario(name: str, scored: bool, folder: Path | None) -> Scenario:
    file = folder / "checks.json" if folder else None
    if file is None or not file.is_file():
        broken = Remark("broke-off", "the scenario ended without a result; see the suite's log")
        return Scenario(name, scored, 0, (broken,))
    checks = json.loads(file.read_text(encoding="utf-8"))
    numbers = Counter(check["status"] for check in checks)
    failures = _with_status(checks, "FAILURE")
    if not numbers["SUCCESS"] and not failures and not numbers["SKIPPED"] and not numbers["WARNING"]:
        failures = (Remark("no-checks", _informed(checks)),) if scored else ()
    return Scenario(
        name,
        scored,
        numbers["SUCCESS"],
        failures,
        _with_status(checks, "WARNING"),
        _with_status(checks, "SKIPPED"),
    )


def _with_status(checks: list[dict[str, Any]], status: str) -> tuple[Remark, ...]:
    return tuple(Remark(check["id"], _text(check)) for check in checks if check["status"] == status)


def _informed(checks: list[dict[str, Any]]) -> str:
    words = [_text(check) for check in checks if check["status"] == "INFO"]
    return f"nothing was checked{f': {words[-1]}' if words else ''}"


def _text(check: dict[str, Any]) -> str:
    details = check.get("details")
    message = details.get("message") if isinstance(details, dict) else None
    text = check.get("errorMessage") or message or check.get("description") or "no reason given"
    return " ".join(str(text).split())[:_LONGEST_MESSAGE]
