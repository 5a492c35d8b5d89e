"""Interleaved measuring: in every round each target once, in a new random order."""

from __future__ import annotations

import random
import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from targets import Target

WARM_UP = 15


@dataclass(frozen=True)
class Sample:
    """What one target took and answered."""

    name: str
    milliseconds: list[float]
    size: int  # bytes of the body
    visible: str  # what a language model would read

    @property
    def median(self) -> float:
        return statistics.median(self.milliseconds)

    @property
    def p95(self) -> float:
        return statistics.quantiles(self.milliseconds, n=20, method="inclusive")[18]


def measure(targets: Sequence[Target], rounds: int, seed: int, progress: Callable[[str], None]) -> list[Sample]:
    """Time ``rounds`` calls of each target, after a few that do not count.

    A fixed order would favour whoever runs after a neighbour that warmed the same caches.
    """
    bodies = {}
    for target in targets:
        for _ in range(WARM_UP):
            bodies[target.name] = target.measure()[1]
    times: dict[str, list[float]] = {target.name: [] for target in targets}
    draw, order = random.Random(seed), list(targets)
    for number in range(rounds):
        draw.shuffle(order)
        for target in order:
            times[target.name].append(target.measure()[0] * 1000)
        if (number + 1) % 50 == 0:
            progress(f"{number + 1} of {rounds} rounds")
    return [
        Sample(
            target.name,
            times[target.name],
            len(bodies[target.name]),
            target.visible(bodies[target.name]),
        )
        for target in targets
    ]
