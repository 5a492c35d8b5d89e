"""The machine's own apt sources: which mirror it uses, and which keys it trusts for it.

Formats: the manual page sources.list(5), both the deb822 style (`*.sources`) and the one-line style
(`*.list`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

_ONE_LINE = re.compile(r"^deb\s+(?:\[(?P<options>[^\]]*)\]\s+)?(?P<uri>\S+)\s+(?P<suite>\S+)\s*(?P<components>.*)$")


@dataclass(frozen=True)
class AptSource:
    """One source of binary packages."""

    uri: str
    suites: tuple[str, ...]
    components: tuple[str, ...]
    signed_by: str | None

    def is_distribution(self) -> bool:
        """Whether it is a distribution's main archive, not its security updates or a vendor's."""
        return "main" in self.components and not any("security" in suite for suite in self.suites)


def read_sources(folder: Path = Path("/etc/apt")) -> list[AptSource]:
    """All sources of a machine, in apt's own order."""
    found: list[AptSource] = []
    files = [folder / "sources.list", *sorted((folder / "sources.list.d").glob("*"))]
    for file in files:
        if file.suffix == ".sources":
            found += parse_deb822(file.read_text(encoding="utf-8"))
        elif file.suffix == ".list" and file.is_file():
            found += parse_one_line(file.read_text(encoding="utf-8"))
    return found


def parse_one_line(text: str) -> Iterator[AptSource]:
    """The sources of a `.list` file."""
    for line in text.splitlines():
        match = _ONE_LINE.match(line.partition("#")[0].strip())
        if match:
            options = dict(option.split("=", 1) for option in (match["options"] or "").split() if "=" in option)
            yield AptSource(
                match["uri"],
                (match["suite"],),
                tuple(match["components"].split()),
                options.get("signed-by"),
            )


def parse_deb822(text: str) -> Iterator[AptSource]:
    """The sources of a `.sources` file: one for each address of each enabled stanza."""
    for stanza in re.split(r"\n[ \t]*\n", text):
        fields = _fields(stanza.splitlines())
        if "deb" not in fields.get("types", "").split() or fields.get("enabled", "yes") == "no":
            continue
        # A value that spans lines is the key itself; only a file name can be handed on.
        key = fields.get("signed-by", "")
        for uri in fields.get("uris", "").split():
            yield AptSource(
                uri,
                tuple(fields.get("suites", "").split()),
                tuple(fields.get("components", "").split()),
                key if key.startswith("/") else None,
            )


def _fields(lines: Iterable[str]) -> dict[str, str]:
    fields: dict[str, str] = {}
    name = ""
    for line in lines:
        if line.startswith("#"):
            continue
        if line[:1] in (" ", "\t"):
            fields[name] = f"{fields.get(name, '')} {line.strip()}".strip()
        elif ":" in line:
            name, _, value = line.partition(":")
            name = name.strip().lower()
            fields[name] = value.strip()
    return fields
