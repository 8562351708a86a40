"""Figures, dates and times that stand somewhere, as far as they are alike."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Sequence
from typing import Any, Generic, Protocol, TypeVar

from service.facts import FactKind
from service.regions import nearest
from service.spans import Span

# Of more equal mentions than this, those about as far into the text are looked at.
_MOST = 100


class Mention(Protocol):
    """A figure, a date or a time that stands somewhere."""

    @property
    def span(self) -> Span:
        """Where it stands."""

    @property
    def kind(self) -> FactKind:
        """What it is about."""

    @property
    def certain(self) -> bool:
        """False where the words may state nothing, so that nobody misses them."""

    @property
    def twin(self) -> str:
        """What it is one of where it may state nothing, as "a week" may: a lost one and a new one of a kind differ."""

    @property
    def traces(self) -> frozenset[object]:
        """What it can be found by: two mentions that say the same have at least one trace in common."""

    def may_swap_with(self, other: Any) -> bool:
        """Tell whether one could stand where the other stands without a change of unit."""


M = TypeVar("M", bound=Mention)


class Mentions(Generic[M]):
    """Mentions that can be found by what they say."""

    def __init__(self, mentions: Sequence[M]) -> None:
        self._mentions = mentions
        self._left = dict.fromkeys(range(len(mentions)))
        self._numbers: dict[object, list[int]] = {}
        for number, mention in enumerate(mentions):
            for trace in mention.traces:
                self._numbers.setdefault(trace, []).append(number)

    def find(self, mention: M, place: float, same: Callable[[M, M], bool]) -> int | None:
        """Give the number of the first that says the same as ``mention``, which stands so far into its own text."""
        near: set[int] = set()
        for trace in mention.traces:
            near.update(nearest(self._numbers.get(trace, ()), place * len(self._mentions), most=_MOST))
        return next((number for number in sorted(near) if same(mention, self._mentions[number])), None)

    def discard(self, number: int) -> None:
        """Take one out."""
        del self._left[number]
        for trace in self._mentions[number].traces:
            numbers = self._numbers[trace]
            del numbers[bisect_left(numbers, number)]

    def rest(self) -> list[int]:
        """Give the numbers of those that were not taken out."""
        return list(self._left)
