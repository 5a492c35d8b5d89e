"""The table for people and the JSON for machines."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Sequence
from typing import Any

from measure import Sample

HEADINGS = ("target", "median ms", "p95 ms", "x ORM floor", "x /jsonrpc", "bytes", "tokens")


def rows_of(samples: Sequence[Sample], count_tokens: Callable[[str], int]) -> list[dict[str, Any]]:
    """One dictionary per sample; a ratio is the median of the ratios within each round."""
    floor, rpc = _named(samples, "ORM floor"), _named(samples, "/jsonrpc")
    return [
        {
            "target": sample.name,
            "n": len(sample.milliseconds),
            "median_ms": round(sample.median, 3),
            "p95_ms": round(sample.p95, 3),
            "min_ms": round(min(sample.milliseconds), 3),
            "times_floor": round(_ratio(sample, floor), 3),
            "times_jsonrpc": round(_ratio(sample, rpc), 3),
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


def ratio(samples: Sequence[Sample], name: str, reference: str) -> float:
    """How many times as long one target takes as another: the median of the ratios within each round."""
    by_name = {sample.name: sample for sample in samples}
    return round(_ratio(by_name[name], by_name[reference]), 4)


def _named(samples: Sequence[Sample], start: str) -> Sample:
    return next(sample for sample in samples if sample.name.startswith(start))


def _ratio(sample: Sample, reference: Sample) -> float:
    """Round by round, so that a machine that changes its speed in mid-run changes both sides."""
    pairs = zip(sample.milliseconds, reference.milliseconds, strict=True)
    return statistics.median(own / other for own, other in pairs)
