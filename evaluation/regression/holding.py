"""Hold the figures of today against those on record."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from evaluation.figures import ALL, Summary
from evaluation.intervals import Interval
from evaluation.outcomes import Outcome
from evaluation.scoring import Described, is_of_a_kind

HOLDS, NEW = "holds", "is new"

# A passage that is one of these instead of another is neither better nor worse for it.
_NEITHER = ("status.unchanged", "status.rewritten", "status.repaired")
_OF_THE_GATE = ("balanced accuracy", "AUC", "references accepted")
# Computed in another order, figures differ in their last digits.
_ROUNDING = 1e-9


@dataclass(frozen=True)
class Held:
    """A figure that may not fall by more than its interval.

    Attributes:
        name: What it is of, and its measure.
        n: Texts or cases it was taken of.
        interval: The figure with its 95% interval.
        better: Which way is better.
    """

    name: str
    n: int
    interval: Interval
    better: Literal["higher", "lower"]

    def allows(self, value: float) -> bool:
        """Tell whether a value is no worse than the worst within the interval."""
        if self.better == "higher":
            return value >= self.interval.low - _ROUNDING
        return value <= self.interval.high + _ROUNDING


@dataclass(frozen=True)
class Finding:
    """What became of a figure.

    Attributes:
        held: The figure of today, or that on record where there is none of today.
        says: ``HOLDS``, ``NEW``, or what is wrong.
    """

    held: Held
    says: str

    @property
    def wrong(self) -> bool:
        """Whether the gate stays shut."""
        return self.says not in (HOLDS, NEW)


def held_of_rewrites(summaries: Mapping[str, Summary], measures: Iterable[Described]) -> list[Held]:
    """Take the figures of systems over all their texts, but for those of single kinds of facts."""
    better = {measure.name: measure.better for measure in measures if measure.name not in _NEITHER}
    found = []
    for system, summary in summaries.items():
        errors = Interval(summary.errors, summary.errors, summary.errors)
        found.append(Held(f"{system}: texts it failed on", summary.texts, errors, "lower"))
        found += [
            Held(f"{system}: {name}", figure.n, figure.interval, better[name])
            for name, figure in summary.sets[ALL].items()
            if name in better and not is_of_a_kind(name)
        ]
    return found


def held_of_gate(outcome: Outcome) -> list[Held]:
    """Take the figures of a test of the gate of which more is better."""
    return [
        Held(f"{outcome.test.name}: {figure.measure.name}", figure.n, figure.interval, "higher")
        for figure in outcome.figures
        if figure.measure.name in _OF_THE_GATE and figure.interval is not None
    ]


def compare_held(now: Sequence[Held], before: Sequence[Held]) -> Iterator[Finding]:
    """Say of every figure what became of it: those on record first, then those that are not on record yet."""
    found = {held.name: held for held in now}
    for held in before:
        current = found.pop(held.name, None)
        if current is None:
            yield Finding(held, "is on record and no longer measured")
        elif current.n != held.n:
            yield Finding(current, f"is of {current.n} texts, that on record of {held.n}")
        elif held.allows(current.interval.value):
            yield Finding(current, HOLDS)
        else:
            end = held.interval.low if held.better == "higher" else held.interval.high
            way = "fell below" if held.better == "higher" else "rose above"
            yield Finding(current, f"{way} {end:.4f}; on record is {held.interval.value:.4f}")
    yield from (Finding(held, NEW) for held in found.values())
