from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

OK, ATTENTION, PROBLEM, NOT_APPLICABLE = "ok", "attention", "problem", "not_applicable"


@dataclass(frozen=True, slots=True)
class Remedy:
    """A text to copy into some configuration.

    :param place: which configuration, such as Nginx
    """

    place: str
    text: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One check.

    :param code: stable, for tests and support
    :param state: ``ok``, ``attention`` (works, but), ``problem`` (AI tools will fail), ``not_applicable``
    :param seen: what was observed, in a sentence
    :param advice: what to do about it; empty when there is nothing to do
    """

    code: str
    group: str
    title: str
    state: str
    seen: str
    advice: str = ""
    remedies: tuple[Remedy, ...] = ()

    def as_json(self) -> dict[str, Any]:
        return asdict(self)
