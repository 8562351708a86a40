"""How sure a figure is: 95% intervals by bootstrap, whole clusters drawn at a time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

RESAMPLES = 1000
SEED = 0

Indices = NDArray[np.intp]


@dataclass(frozen=True)
class Interval:
    """A measure with its 95% bootstrap interval.

    Attributes:
        value: The measure over everything.
        low: 2.5th percentile of the resamples.
        high: 97.5th percentile.
    """

    value: float
    low: float
    high: float


def bootstrap(
    clusters: Sequence[str],
    measure: Callable[[Indices], float | None],
    *,
    resamples: int = RESAMPLES,
    seed: int = SEED,
) -> Interval | None:
    """Measure all rows, and resamples of their clusters: rows of one source stand or fall together.

    Args:
        clusters: For each row, what it shares with the rows that go with it.
        measure: Takes the numbers of the rows, some more than once; None where they have nothing to measure.
        resamples: How often clusters are drawn; resamples with nothing to measure are left out.
        seed: Seed of the draws, which do not depend on what is measured.
    """
    value = measure(np.arange(len(clusters)))
    if value is None:
        return None
    members: dict[str, list[int]] = {}
    for row, cluster in enumerate(clusters):
        members.setdefault(cluster, []).append(row)
    groups = [np.asarray(rows, dtype=np.intp) for rows in members.values()]
    draws = np.random.default_rng(seed).integers(len(groups), size=(resamples, len(groups)))
    scores = [
        score for draw in draws if (score := measure(np.concatenate([groups[number] for number in draw]))) is not None
    ]
    low, high = np.percentile(scores or [value], (2.5, 97.5))
    return Interval(value=value, low=float(low), high=float(high))


def bootstrap_ratio(
    clusters: Sequence[str],
    hits: Sequence[float],
    of: Sequence[float],
    *,
    resamples: int = RESAMPLES,
    seed: int = SEED,
) -> Interval | None:
    """Divide the sum of the hits by the sum of what they are out of: ``bootstrap`` for what adds up, and faster.

    Args:
        clusters: For each row, what it shares with the rows that go with it.
        hits: For each row, its hits.
        of: For each row, what they are out of.
        resamples: How often clusters are drawn.
        seed: Seed of the draws.
    """
    groups = np.unique(np.asarray(clusters, dtype=object), return_inverse=True)[1] if clusters else np.zeros(0, int)
    sums, totals = sum_groups(groups, hits), sum_groups(groups, of)
    if not totals.sum():
        return None
    draws = np.random.default_rng(seed).integers(len(sums), size=(resamples, len(sums)))
    drawn_sums, drawn_totals = sums[draws].sum(axis=1), totals[draws].sum(axis=1)
    measurable = drawn_totals != 0
    low, high = np.percentile(drawn_sums[measurable] / drawn_totals[measurable], (2.5, 97.5))
    return Interval(value=float(sums.sum() / totals.sum()), low=float(low), high=float(high))


def sum_groups(groups: Indices, values: Sequence[float]) -> NDArray[np.float64]:
    """Add up the values of each group; groups are numbered from 0."""
    return np.bincount(groups, weights=np.asarray(values, dtype=np.float64)).astype(np.float64)
