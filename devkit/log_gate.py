"""The log gate: a warning or an error in Odoo's log fails the run, whoever wrote it."""

from __future__ import annotations

import re
from pathlib import Path

_LINE = re.compile(r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d+ \d+ (?P<level>[A-Z]+) ")
_BAD = ("WARNING", "ERROR", "CRITICAL")
# Of a long traceback the first line and the end tell the story.
_SHOWN_END = 25

# Lines that the machine causes, each with its cause. Nothing of this addon belongs here.
KNOWN = (
    # docutils of some distributions, once for each module whose description is no HTML.
    re.compile(r"nodes\.Node\.traverse\(\) is obsoleted"),
    # Odoo 18.0 on the Python of a newer distribution.
    re.compile(r" odoo: Python 3\.\d+ is not officially supported"),
    # Odoo 19.0 where the distribution's PyPDF2 is installed beside pypdf.
    re.compile(r"PyPDF2 is deprecated"),
)


def offences(log: Path) -> list[str]:
    """The entries of a log that fail the run, each with its traceback."""
    found: list[list[str]] = []
    bad = False
    with log.open(encoding="utf-8", errors="replace") as lines:
        for line in lines:
            start = _LINE.match(line)
            if start:
                bad = start["level"] in _BAD
                if bad:
                    found.append([])
            if bad:
                found[-1].append(line.rstrip())
    entries = ("\n".join(_shortened(entry)) for entry in found)
    return [entry for entry in entries if not any(known.search(entry) for known in KNOWN)]


def _shortened(entry: list[str]) -> list[str]:
    left_out = len(entry) - _SHOWN_END - 1
    if left_out <= 0:
        return entry
    return [entry[0], f"  ... {left_out} lines ...", *entry[-_SHOWN_END:]]
