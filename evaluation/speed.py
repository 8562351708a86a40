"""How many passages a second the gate checks."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from service.checking import Checker

RUNS = 3


@dataclass(frozen=True)
class Speed:
    """A speed.

    Attributes:
        name: What was timed.
        passages: How many passages there are.
        per_second: Passages a second, the median run.
        runs: Seconds of each run.
        cores: Cores of the machine.
    """

    name: str
    passages: int
    per_second: float
    runs: tuple[float, ...]
    cores: int | None


def measure_speed(name: str, checker: Checker, pairs: Sequence[tuple[str, str]], *, runs: int = RUNS) -> Speed:
    """Check the pairs of source and rewrite all at once, a few times over; a first run of a few warms up."""
    checker.check_all(pairs[:8])
    seconds = []
    for _ in range(runs):
        began = time.perf_counter()
        checker.check_all(pairs)
        seconds.append(time.perf_counter() - began)
    return Speed(
        name=name,
        passages=len(pairs),
        per_second=len(pairs) / median(seconds),
        runs=tuple(round(second, 3) for second in seconds),
        cores=os.cpu_count(),
    )
