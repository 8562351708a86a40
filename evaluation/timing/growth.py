"""What times add up to: cost by length with the exponent of its growth, and what batches save."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median

import numpy as np
from scipy import stats

from evaluation.timing.rows import Timing

_LEAST_LENGTHS = 3
_SHARE = 0.95


@dataclass(frozen=True)
class Exponent:
    """How cost grows: as the length to this power; 1 is twice the cost for twice the words.

    Attributes:
        value: The slope of the line through the logarithms of words and CPU seconds, by least squares.
        low: Where its 95% interval begins.
        high: Where it ends.
        times: How many times the line goes through.
    """

    value: float
    low: float
    high: float
    times: int


@dataclass(frozen=True)
class Cost:
    """What one size costs an engine, the median of its times.

    Attributes:
        size: Words of the article at least, or passages at once.
        words: Words that went in.
        passages: Paragraphs that went in.
        seconds: By the clock on the wall.
        cpu_seconds: Of all cores together.
        times_plain: CPU seconds as a multiple of those of one parse of the same text.
        times: How many times were taken.
    """

    size: int
    words: float
    passages: float
    seconds: float
    cpu_seconds: float
    times_plain: float
    times: int

    @property
    def words_per_second(self) -> float:
        """Words a second, by the clock on the wall."""
        return self.words / self.seconds

    @property
    def passages_per_cpu_second(self) -> float:
        """Passages a CPU second."""
        return self.passages / self.cpu_seconds


@dataclass(frozen=True)
class EngineCosts:
    """What an engine costs.

    Attributes:
        engine: The engine.
        fingerprint: What identifies its version.
        articles: By length.
        growth: How cost grows with length; None where there are fewer than three lengths.
        batches: By size.
        errors: What went wrong.
    """

    engine: str
    fingerprint: str
    articles: tuple[Cost, ...]
    growth: Exponent | None
    batches: tuple[Cost, ...]
    errors: tuple[str, ...]

    def saved_by(self, batch: Cost) -> float | None:
        """Say how many passages a CPU second a batch has for one of the smallest batch; None for that itself."""
        first = self.batches[0]
        return None if batch is first else batch.passages_per_cpu_second / first.passages_per_cpu_second


def add_up(timings: Iterable[Timing]) -> list[EngineCosts]:
    """Add up the times of one machine, engine by engine."""
    every = list(timings)
    found = []
    for engine in dict.fromkeys(one.engine for one in every):
        own = [one for one in every if one.engine == engine]
        articles = [one for one in own if one.what == "article" and one.taken]
        found.append(
            EngineCosts(
                engine=engine,
                fingerprint=own[-1].fingerprint,
                articles=_costs(articles),
                growth=fit_growth([(one.words, one.taken.cpu_seconds) for one in articles if one.taken]),
                batches=_costs([one for one in own if one.what == "batch" and one.taken]),
                errors=tuple(f"{one.what} of {one.size}: {one.error}" for one in own if one.error),
            )
        )
    return found


def _costs(timings: Sequence[Timing]) -> tuple[Cost, ...]:
    costs = []
    for size in sorted({one.size for one in timings}):
        own = [(one, one.taken) for one in timings if one.size == size and one.taken]
        costs.append(
            Cost(
                size=size,
                words=median(one.words for one, _ in own),
                passages=median(one.passages for one, _ in own),
                seconds=median(taken.seconds for _, taken in own),
                cpu_seconds=median(taken.cpu_seconds for _, taken in own),
                times_plain=median(taken.cpu_seconds / one.plain.cpu_seconds for one, taken in own),
                times=len(own),
            )
        )
    return tuple(costs)


def fit_growth(points: Sequence[tuple[float, float]]) -> Exponent | None:
    """Fit a power of the length to cost; None where there are fewer than three lengths.

    Args:
        points: Words, and what they cost.

    >>> growth = fit_growth([(100, 2), (200, 4), (400, 8)])
    >>> round(growth.value, 6), growth.times
    (1.0, 3)
    """
    if len({words for words, _ in points}) < _LEAST_LENGTHS:
        return None
    words, cost = np.log(np.asarray(points, dtype=float)).T
    line = stats.linregress(words, cost)
    half = float(stats.t.ppf((1 + _SHARE) / 2, len(points) - 2) * line.stderr)
    return Exponent(float(line.slope), float(line.slope) - half, float(line.slope) + half, len(points))
