"""The table for people and the JSON for machines."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from measure import Sample

HEADINGS = ("target", "median ms", "p95 ms", "x ORM floor", "x /jsonrpc", "bytes", "tokens")


def rows_of(samples: Sequence[Sample], count_tokens: Callable[[str], int]) -> list[dict[str, Any]]:
    """One dictionary per sample; the ratios are those of the medians."""
    floor, rpc = _median(samples, "ORM floor"), _median(samples, "/jsonrpc")
    return [
        {
            "target": sample.name,
            "n": len(sample.milliseconds),
            "median_ms": round(sample.median, 3),
            "p95_ms": round(sample.p95, 3),
            "min_ms": round(min(sample.milliseconds), 3),
            "times_floor": round(sample.median / floor, 3),
            "times_jsonrpc": round(sample.median / rpc, 3),
            "bytes": sample.size,
            "tokens": count_tokens(sample.visible),
        }
        for sample in samples
    ]


def markdown(rows: Sequence[dict[str, Any]]) -> str:
    """``rows`` as a table that also reads well in a terminal."""
    cells = [
        (
            row["target"],
            f"{row['median_ms']:.2f}",
            f"{row['p95_ms']:.2f}",
            f"{row['times_floor']:.2f}",
            f"{row['times_jsonrpc']:.2f}",
            f"{row['bytes']:,}",
            f"{row['tokens']:,}",
        )
        for row in rows
    ]
    widths = [max(map(len, column)) for column in zip(HEADINGS, *cells, strict=True)]
    first, *others = widths
    ruler = "|".join(["", "-" * (first + 2), *("-" * (width + 1) + ":" for width in others), ""])
    return "\n".join([_line(HEADINGS, widths), ruler, *(_line(line, widths) for line in cells)])


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    padded = [
        cell.ljust(width) if index == 0 else cell.rjust(width)
        for index, (cell, width) in enumerate(zip(cells, widths, strict=True))
    ]
    return "| " + " | ".join(padded) + " |"


def _median(samples: Sequence[Sample], start: str) -> float:
    return next(sample.median for sample in samples if sample.name.startswith(start))
