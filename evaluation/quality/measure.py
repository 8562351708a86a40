"""What a measure of a rewrite is: one function, and what a reader must know to trust its figure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Item:
    """A rewrite with what it is held against.

    Attributes:
        source: The text as filed.
        copy: The rewrite that is measured.
        reference: A rewrite by hand; empty where there is none.
    """

    source: str
    copy: str
    reference: str = ""


@dataclass(frozen=True)
class Score:
    """What a measure says of an item.

    Over many items the hits are added up and divided by the sum of what they are out of, so that a long text counts
    for more than a short one where that is meant, and a plain value, which is out of one, is averaged.

    Attributes:
        hits: What was found.
        of: What it was found among; above 0.
    """

    hits: float
    of: float = 1.0

    @property
    def value(self) -> float:
        """The score of this item alone."""
        return self.hits / self.of


@dataclass(frozen=True)
class Measure:
    """A measure, and what it is worth.

    Attributes:
        name: What results call it.
        says: What it measures, in which unit.
        blind: What it cannot see.
        source: Paper or library, with version or signature; another source is another measure.
        better: Which way is better.
        score: Measures an item; None where there is nothing to measure.
        percent: It is a share, and shown in percent.
    """

    name: str
    says: str
    blind: str
    source: str
    better: Literal["higher", "lower"]
    score: Callable[[Item], Score | None]
    percent: bool = False


def share(hits: float, of: float) -> Score | None:
    """Score a share; None where it is a share of nothing."""
    return Score(hits, of) if of else None
