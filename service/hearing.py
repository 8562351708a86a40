"""What the rewriter makes of a change, though it may not say so: how it follows the text before and after.

How likely it finds the tokens that go, those that come and those behind them is told in figures. A probe (Alain and
Bengio, "Understanding intermediate layers using linear classifier probes", 2016) reads, with these, what an inner layer
holds at the same tokens: a model often knows there that a text is wrong although it finds it likely (Azaria and
Mitchell, "The internal state of an LLM knows when it's lying", 2023).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from service.generation import Following, Generator

PROBE = Path(__file__).parent / "weights" / "probe.npz"

Vector = NDArray[np.float32]
# More than this, in all, for each token, and where one token is very unlikely, tells no more.
MOST_NATS, MOST_NATS_EACH, LEAST_LIKELY = 12.0, 2.0, -15.0
# What a probe looks at stays within so many deviations of what it has seen.
MOST_DEVIATIONS = 6.0


@dataclass(frozen=True)
class Heard:
    """What the rewriter makes of a change.

    Attributes:
        features: In figures, by name; log-probabilities are in nats.
    """

    features: dict[str, float]


@dataclass(frozen=True, eq=False)
class Probe:
    """Tells from what an inner layer holds, and from how likely all is, whether a change is right.

    A network of one hidden layer of rectified units.

    Attributes:
        mean: Of each number it looks at.
        scale: How far each deviates from that.
        hidden: Weight of each deviation for each unit.
        bias: What is added to each unit.
        weights: How much each unit counts.
        intercept: What is added to their sum.
    """

    mean: Vector
    scale: Vector
    hidden: NDArray[np.float32]
    bias: Vector
    weights: Vector
    intercept: float

    @classmethod
    @cache
    def load(cls, path: Path = PROBE) -> Probe:
        """Read weights, those that ship where no others are named; they are kept in half precision."""
        with np.load(path) as stored:
            mean, scale, hidden, bias, weights, intercept = (stored[name].astype(np.float32) for name in PROBED)
        return cls(mean, scale, hidden, bias, weights, float(intercept))

    def deviations(self, seen: NDArray[np.float32]) -> NDArray[np.float32]:
        """Say how far what is seen is from the usual."""
        return np.asarray(np.clip((seen - self.mean) / self.scale, -MOST_DEVIATIONS, MOST_DEVIATIONS), np.float32)

    def logit(self, seen: Vector) -> float:
        """Say how likely a change is right: above 0 more likely than not."""
        units = np.maximum(self.deviations(seen) @ self.hidden + self.bias, 0)
        return float(units @ self.weights) + self.intercept


# What is stored of a probe.
PROBED = ("mean", "scale", "hidden", "bias", "weights", "intercept")


@dataclass(frozen=True)
class Places:
    """Which tokens a change takes away and puts in, and the first one behind it."""

    gone: list[int]
    come: list[int]
    behind: int


def hear(
    generator: Generator | None, cases: Sequence[tuple[str, str, str]], *, probe: Probe | None = None
) -> list[Heard | None]:
    """Ask the rewriter about texts before and after a change.

    Args:
        generator: The rewriter; None where there is none.
        cases: Each a source, what was made of it, and the same with a change.
        probe: Reads the states of the rewriter; the one that ships where none is given.

    Returns:
        None where nobody can be asked: the source is too long for the rewriter, or there is none.
    """
    if generator is None:
        return [None] * len(cases)
    probe = probe or Probe.load()
    return [
        Heard(describe_change(before, after, probe)) if before and after else None
        for before, after in follow_all(generator, cases)
    ]


def follow_all(
    generator: Generator, cases: Sequence[tuple[str, str, str]]
) -> list[tuple[Following | None, Following | None]]:
    """Have the rewriter follow texts before and after a change; the arguments are those of ``hear``."""
    texts: dict[str, dict[str, Following | None]] = {}
    for source, before, after in cases:
        texts.setdefault(source, {}).update({before: None, after: None})
    for source, found in texts.items():
        if generator.count_tokens(source) <= generator.max_source_tokens:
            found.update(zip(found, generator.follow(source, list(found)), strict=True))
    return [(texts[source][before], texts[source][after]) for source, before, after in cases]


def describe_change(before: Following, after: Following, probe: Probe | None) -> dict[str, float]:
    """Describe in figures how the rewriter follows a text before and after a change."""
    places = find_places(before.ids, after.ids)
    measured = _measure(before, after, places)
    seen = _look(before, after, places, measured) if probe else None
    # Where the model cannot be asked for its states, nothing speaks for the change or against it.
    return {**measured, "probe": probe.logit(seen) if probe and seen is not None else 0.0}


def see(before: Following, after: Following) -> Vector | None:
    """Give what a probe looks at; None where the model does not tell its states.

    Returns:
        What an inner layer holds at the tokens that come, at those that go, behind, and at the end, then what is
        measured of how likely they are.
    """
    places = find_places(before.ids, after.ids)
    return _look(before, after, places, _measure(before, after, places))


def _look(before: Following, after: Following, places: Places, measured: dict[str, float]) -> Vector | None:
    if before.states is None or after.states is None:
        return None
    was, now = _even(before.states), _even(after.states)
    told = np.array(list(measured.values()), np.float32)
    come, gone = now[places.come].mean(axis=0), was[places.gone].mean(axis=0)
    return np.concatenate([come, gone, now[places.behind], now[-1], told])


def _measure(before: Following, after: Following, places: Places) -> dict[str, float]:
    """Say how likely the rewriter finds the tokens of a text before and after a change, by name."""
    was, now = before.likely, after.likely
    return {
        "likelier": _within(float(now.sum() - was.sum()), MOST_NATS),
        "likelier_each": _within(float(now.mean() - was.mean()), MOST_NATS_EACH),
        "likely_before": float(was.mean()),
        "likely_after": float(now.mean()),
        "likely_gone": _above(was[places.gone].sum()),
        "likely_come": _above(now[places.come].sum()),
        "least_gone": _above(was[places.gone].min()),
        "least_come": _above(now[places.come].min()),
        "likely_behind": _above(now[places.behind]),
        "rest_before": _above(was[places.gone[-1] + 1 :].sum()),
        "rest_after": _above(now[places.come[-1] + 1 :].sum()),
        "alien_gone": _above((was - before.best)[places.gone].min()),
        "alien_come": _above((now - after.best)[places.come].min()),
        "least_before": _above(was.min()),
        "least_after": _above(now.min()),
        "first_gone": _above(was[places.gone[0]]),
        "first_come": _above(now[places.come[0]]),
        "first_alien": _above((now - after.best)[places.come[0]]),
        "tokens_gone": float(np.log1p(len(places.gone))),
        "tokens_come": float(np.log1p(len(places.come))),
    }


def find_places(before: Sequence[int], after: Sequence[int]) -> Places:
    """Find the tokens that differ; where none goes, or none comes, the next one stands for it."""
    gone: set[int] = set()
    come: set[int] = set()
    for _, start, end, first, last in _differences(before, after):
        gone.update(range(start, end) or [min(start, len(before) - 1)])
        come.update(range(first, last) or [min(first, len(after) - 1)])
    places = sorted(come) or [len(after) - 1]
    return Places(sorted(gone) or [len(before) - 1], places, min(places[-1] + 1, len(after) - 1))


def _differences(before: Sequence[int], after: Sequence[int]) -> list[tuple[str, int, int, int, int]]:
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    return [code for code in matcher.get_opcodes() if code[0] != "equal"]


def _even(states: NDArray[np.float32]) -> NDArray[np.float32]:
    """Give every state the same length: what comes later in a text is otherwise longer."""
    return np.asarray(states / np.sqrt((states**2).mean(axis=-1, keepdims=True)), np.float32)


def _within(value: float, most: float) -> float:
    return max(-most, min(most, value))


def _above(value: np.floating) -> float:
    return max(LEAST_LIKELY, float(value))
