"""Do two systems differ? The same texts, measured in pairs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import permutation_test

from evaluation.intervals import RESAMPLES, SEED, Interval, sum_groups
from evaluation.quality.measure import Score
from evaluation.results import Row

PERMUTATIONS = 9_999
# What is random in the test is drawn in parts of this size, so that many texts take no more memory than few.
_AT_ONCE = 1_000

Numbers = NDArray[np.float64]
Pair = tuple[Row, Row]


@dataclass(frozen=True)
class Difference:
    """A measure on the texts that both sides rewrote.

    Attributes:
        measure: Its name.
        n: Texts of which it says something on both sides.
        clusters: Texts they come from; these are what is drawn and exchanged.
        first: The measure of the first side, over these texts.
        second: The same of the second side.
        interval: First less second, with its 95% interval by bootstrap over the clusters.
        p: Probability of a difference as large, either way, if it did not matter which side is which: a permutation
            test that exchanges the sides of whole clusters. None where there is but one cluster.
    """

    measure: str
    n: int
    clusters: int
    first: float
    second: float
    interval: Interval
    p: float | None


@dataclass(frozen=True)
class Comparison:
    """Two sides, compared.

    Attributes:
        paired: Texts that both sides rewrote.
        left_out: Texts that only one side has, or that a side failed on.
        same: Texts of which both sides made the same copy.
        differences: Measure by measure.
    """

    paired: int
    left_out: int
    same: int
    differences: tuple[Difference, ...]


def compare(first: Iterable[Row], second: Iterable[Row], *, across_sets: bool = False) -> Comparison:
    """Compare two sides, text by text.

    Args:
        first: Rows of one side, at most one for a text.
        second: Rows of the other side.
        across_sets: Pair what was made from the same text, whichever variant of it that is.
    """

    def keyed(rows: Iterable[Row]) -> dict[tuple[str, str], Row]:
        return {("", row.cluster) if across_sets else (row.part, row.sample): row for row in rows}

    left, right = keyed(first), keyed(second)
    pairs = [(left[key], right[key]) for key in left if key in right]
    whole = [pair for pair in pairs if all(row.copy is not None for row in pair)]
    return Comparison(
        paired=len(whole),
        left_out=len(left.keys() | right.keys()) - len(whole),
        same=sum(one.copy == other.copy for one, other in whole),
        differences=tuple(_difference(name, whole) for name in _names(whole)),
    )


def _names(pairs: Sequence[Pair]) -> list[str]:
    """Name what is measured on both sides of some text."""
    return list(dict.fromkeys(name for one, other in pairs for name in one.measures if name in other.measures))


def _difference(measure: str, pairs: Sequence[Pair]) -> Difference:
    measured = [pair for pair in pairs if all(measure in row.measures for row in pair)]
    clusters, groups = np.unique([pair[0].cluster for pair in measured], return_inverse=True)
    hits, of = (
        np.concatenate([_sums(groups, [row.measures[measure] for row in side], name) for side in _sides(measured)])
        for name in ("hits", "of")
    )
    count = len(clusters)

    def differ(first: Any, second: Any, axis: int = -1) -> Any:
        """Take the sums at these places for the first side and at those for the second."""
        return hits[first].sum(axis) / of[first].sum(axis) - hits[second].sum(axis) / of[second].sum(axis)

    places = np.arange(count)
    drawn = np.random.default_rng(SEED).integers(count, size=(RESAMPLES, count))
    low, high = np.percentile(differ(drawn, count + drawn), (2.5, 97.5))
    return Difference(
        measure=measure,
        n=len(measured),
        clusters=count,
        first=float(hits[:count].sum() / of[:count].sum()),
        second=float(hits[count:].sum() / of[count:].sum()),
        interval=Interval(float(differ(places, count + places)), float(low), float(high)),
        p=_p_value(differ, places, count) if count > 1 else None,
    )


def _p_value(differ: Any, places: NDArray[np.intp], count: int) -> float:
    found = permutation_test(
        (places, count + places),
        differ,
        permutation_type="samples",
        vectorized=True,
        n_resamples=PERMUTATIONS,
        batch=_AT_ONCE,
        rng=np.random.default_rng(SEED),
    )
    return float(found.pvalue)


def _sides(pairs: Sequence[Pair]) -> tuple[list[Row], list[Row]]:
    return [pair[0] for pair in pairs], [pair[1] for pair in pairs]


def _sums(groups: NDArray[np.intp], scores: Sequence[Score], name: str) -> Numbers:
    return sum_groups(groups, [getattr(score, name) for score in scores])


def describe(comparison: Comparison) -> dict[str, object]:
    """Describe a comparison for JSON."""
    return {
        "paired": comparison.paired,
        "left_out": comparison.left_out,
        "same_copy": comparison.same,
        "differences": [
            {
                "measure": one.measure,
                "n": one.n,
                "clusters": one.clusters,
                "first": one.first,
                "second": one.second,
                "difference": one.interval.value,
                "low": one.interval.low,
                "high": one.interval.high,
                "p": one.p,
            }
            for one in comparison.differences
        ],
    }
