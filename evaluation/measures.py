"""The measures of the gate: what is computed, on which rows, and what it must reach."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial

import numpy as np

from evaluation import discrimination
from evaluation.discrimination import Flags
from evaluation.intervals import Interval, bootstrap
from evaluation.judging import Rows

REFERENCES_ACCEPTED = 0.97

Compute = Callable[[Rows], float | None]
Choose = Callable[[Rows], Flags]


def everything(rows: Rows) -> Flags:
    """Choose all rows."""
    return np.ones(rows.faithful.size, dtype=bool)


def errors(rows: Rows) -> Flags:
    """Choose the unfaithful rows."""
    return ~rows.faithful


@dataclass(frozen=True)
class Measure:
    """One line of the report.

    Attributes:
        name: What it is called.
        compute: Gives the number.
        of: Which rows it looks at.
        counted: Which of those its n counts.
        target: What it must reach; None where it is only reported.
        at_most: The target is a ceiling.
        percent: It is a share, and shown in percent.
    """

    name: str
    compute: Compute
    of: Choose = everything
    counted: Choose = everything
    target: float | None = None
    at_most: bool = False
    percent: bool = True


@dataclass(frozen=True)
class Figure:
    """A measure of a test, measured.

    Attributes:
        test: The test.
        measure: The measure.
        n: Rows it counts.
        clusters: Sources they come from; the interval resamples these.
        interval: Value and 95% interval; None where there is nothing to measure.
        floor: The same measure of the floor; None where the floor has none.
    """

    test: str
    measure: Measure
    n: int
    clusters: int
    interval: Interval | None
    floor: float | None

    @property
    def met(self) -> bool | None:
        """Whether the value reaches the target; None where there is none, or nothing was measured."""
        if self.interval is None or self.measure.target is None:
            return None
        if self.measure.at_most:
            return self.interval.value <= self.measure.target
        return self.interval.value >= self.measure.target


def measure_rows(test: str, measure: Measure, product: Rows, floor: Rows) -> Figure:
    """Measure the product with its interval, and the floor beside it."""
    chosen = measure.of(product)
    rows = product.take(chosen)
    counted = measure.counted(rows)
    return Figure(
        test=test,
        measure=measure,
        n=int(counted.sum()),
        clusters=len(set(rows.cluster[counted].tolist())),
        interval=bootstrap(rows.cluster.tolist(), lambda drawn: measure.compute(rows.take(drawn)))
        if rows.kind.size
        else None,
        floor=measure.compute(floor.take(chosen)) if measure.compute not in _NOT_OF_THE_FLOOR else None,
    )


def balanced_accuracy(rows: Rows) -> float | None:
    """At the product's own decision."""
    return discrimination.balanced_accuracy(rows.faithful, rows.accepted)


def balanced_accuracy_at_half(rows: Rows) -> float | None:
    """At a score of one half, a threshold that was fitted to nothing."""
    return discrimination.balanced_accuracy(rows.faithful, rows.score >= 0.5)


def mean_balanced_accuracy(rows: Rows) -> float | None:
    """Mean over the parts, each counted alike; None where one has nothing to measure."""
    parts = [balanced_accuracy(rows.take(rows.part == part)) for part in np.unique(rows.part)]
    known = [value for value in parts if value is not None]
    return sum(known) / len(known) if known and len(known) == len(parts) else None


def recall(rows: Rows) -> float | None:
    """At the product's own decision."""
    return discrimination.recall(rows.faithful, rows.accepted)


def false_alarms(rows: Rows) -> float | None:
    """At the product's own decision."""
    return discrimination.false_alarm_rate(rows.faithful, rows.accepted)


def acceptance(rows: Rows) -> float | None:
    """Share of the faithful rows that are accepted."""
    return discrimination.share(rows.accepted[rows.faithful])


def auc(rows: Rows) -> float | None:
    """Over all thresholds."""
    return discrimination.auc(rows.faithful, rows.score)


def spearman(rows: Rows) -> float | None:
    """Of score and label."""
    return discrimination.spearman(rows.faithful, rows.score)


def pair_consistency(rows: Rows) -> float | None:
    """Over the unfaithful rows that have a faithful one beside them."""
    return discrimination.pair_consistency(rows.score[~rows.faithful], rows.rival[~rows.faithful])


def named(rows: Rows) -> float | None:
    """Share of the catches in which a right kind of fact is flagged."""
    return discrimination.share(rows.named[~rows.faithful & ~rows.accepted])


def placed(rows: Rows) -> float | None:
    """Share of the catches in which a fact is flagged where the error is."""
    return discrimination.share(rows.placed[~rows.faithful & ~rows.accepted])


def brier(rows: Rows) -> float | None:
    """Of score and label."""
    return discrimination.brier(rows.faithful, rows.score)


def calibration_error(rows: Rows) -> float | None:
    """Of score and label."""
    return discrimination.expected_calibration_error(rows.faithful, rows.score)


def recall_at_reference_threshold(rows: Rows) -> float | None:
    """Share of the errors refused at the threshold that accepts 97% of the references, being among the rows."""
    if rows.faithful.all() or not rows.faithful.any():
        return None
    threshold = discrimination.threshold_accepting(rows.score[rows.faithful], REFERENCES_ACCEPTED)
    return discrimination.share(rows.score[~rows.faithful] < threshold)


# The floor gives no kind, no place and no probability.
_NOT_OF_THE_FLOOR = (named, placed, brier, calibration_error)


def in_kinds(kinds: Iterable[str]) -> Choose:
    """Choose the rows of some types."""
    return partial(_in_kinds, sorted(kinds))


def _in_kinds(kinds: list[str], rows: Rows) -> Flags:
    return np.isin(rows.kind, kinds)


def in_part(part: str) -> Choose:
    """Choose the rows of a part."""
    return lambda rows: rows.part == part


def caught(rows: Rows) -> Flags:
    """Choose the errors that were refused."""
    return ~rows.faithful & ~rows.accepted


def paired(rows: Rows) -> Flags:
    """Choose the errors that have a faithful row beside them."""
    return ~np.isnan(rows.rival)


def by_kind(measure: Measure, product: Rows) -> list[Measure]:
    """Repeat a measure of errors for each of their types, beside all the faithful rows where it looks at these."""
    kinds = sorted(set(product.kind[~product.faithful].tolist()))
    return [_of_kind(measure, kind) for kind in kinds]


def _of_kind(measure: Measure, kind: str) -> Measure:
    def choose(rows: Rows) -> Flags:
        chosen: Flags = measure.of(rows) & (rows.faithful | (rows.kind == kind))
        return chosen

    return Measure(
        name=f"{measure.name}: {kind}",
        compute=measure.compute,
        of=choose,
        counted=measure.counted,
        target=measure.target,
        at_most=measure.at_most,
        percent=measure.percent,
    )
