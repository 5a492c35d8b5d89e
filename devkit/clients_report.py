"""What the clients saw, held against what the server has, as a Markdown table."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

COLUMNS = ("connect", "list", "call", "resource", "prompt", "progress", "elicitation")
_FEWEST_COUNTRIES = 200  # every Odoo comes with them


def _is(expected: Any) -> Callable[[Any], bool]:
    return lambda seen: seen == expected


def _answered(seen: Any) -> bool:
    return isinstance(seen, str) and all(
        part in seen for part in ("action=accept", '"username": "ada"', '"email": "ada@example.com"')
    )


# What each column must have seen; the fixtures' texts are those that the conformance suite asks for.
_EXPECTED: Mapping[str, Callable[[Any], bool]] = {
    "connect": _is("odoo_mcp"),
    "list": lambda seen: isinstance(seen, list) and {"test_simple_text", "search_records"} <= set(seen),
    "call": lambda seen: (
        isinstance(seen, dict)
        and seen.get("text") == "This is a simple text response for testing."
        and seen.get("count", 0) >= _FEWEST_COUNTRIES
    ),
    "resource": _is("This is the content of the static text resource."),
    "prompt": _is("Prompt with arguments: arg1='hello', arg2='world'"),
    "progress": _is([[0, 100], [50, 100], [100, 100]]),
    "elicitation": _answered,
}


@dataclass(frozen=True)
class Row:
    """One client.

    Attributes:
        version: of the protocol, as negotiated; None when it did not come so far.
        failures: by column, what went wrong.
        lacks: columns it has no notion of, and why.
    """

    client: str
    version: str | None
    failures: Mapping[str, str]
    lacks: Mapping[str, str]


def judge(report: Mapping[str, Any], lacks: Mapping[str, str]) -> dict[str, str]:
    """What went wrong, by column or at the `end`; columns that the client lacks are not looked at."""
    failures = {}
    for column in COLUMNS:
        seen = report.get(column)
        if column in lacks or (seen is not None and _EXPECTED[column](seen)):
            continue
        if isinstance(seen, dict) and "error" in seen:
            failures[column] = str(seen["error"])
        else:
            failures[column] = "not seen" if seen is None else f"saw {str(seen)[:200]}"
    if "end" in report:
        failures["end"] = str(report["end"]["error"])
    return failures


def table(rows: list[Row]) -> str:
    """A line for each client, why something is not there, and what went wrong."""
    reasons = list(dict.fromkeys(why for row in rows for why in row.lacks.values()))
    lines = [
        f"| client | speaks | {' | '.join(COLUMNS)} |",
        f"| --- | --- |{' :-: |' * len(COLUMNS)}",
        *(_line(row, reasons) for row in rows),
    ]
    if reasons:
        lines.append("")
        lines += [f"– {_mark(number)}: {why}." for number, why in enumerate(reasons)]
    failures = [f"✗ {row.client}: {column}: {what}" for row in rows for column, what in row.failures.items()]
    return "\n".join([*lines, "", *failures]).rstrip()


def _line(row: Row, reasons: list[str]) -> str:
    cells = []
    for column in COLUMNS:
        if column in row.lacks:
            cells.append(f"– {_mark(reasons.index(row.lacks[column]))}")
        else:
            cells.append("✗" if column in row.failures else "✓")
    return f"| {row.client} | {row.version or '–'} | {' | '.join(cells)} |"


def _mark(number: int) -> str:
    return "¹²³⁴⁵⁶⁷⁸⁹"[number]
