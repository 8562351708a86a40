"""Have two figures or two dates changed places?"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from service import explanations
from service.facts import Fact, Verdict
from service.mentions import M
from service.spans import Span

_WORD = re.compile(r"\w+(?:['’]\w+)*")
_CLAUSE_END = re.compile(r"[.!?;:]\s")
# What was, or is not: "from 52 to 45", "45 instead of 52", "45, not 52".
_LEFT_BEHIND = re.compile(
    r"\b(?:from|instead\s+of|in\s+place\s+of|rather\s+than)\s+(?:the\s+)?$"
    r"|(?:n['’]t|\bnot|\bno\s+longer)\s(?:(?!\bbut\b)[^.,;:!?()\d])*$",
    re.IGNORECASE,
)
_LEFT_BEHIND_REACH = 25
# The ends of a score or of a range stand together, so that the words around them tell nothing; so do those of a list.
_JOINED = re.compile(r"\s?[-–:]\s?")
_LISTED = re.compile(r"\s*,\s+(?:and\s+)?|\s+and\s+", re.IGNORECASE)
_WINDOW = 45
_SURE_MARGIN = 4
# Words that stand beside any figure and tell nothing about which it is; up, down and the like do.
_IDLE = frozenset(
    """
    about all also and are because been being but can could did does during even for gets got had has have her here him
    his how into its just may might not now off once only our out over per said say says she should some that the their
    them then there these they this those through very was were what when where which while who whom whose why will with
    would you your
    """.split()  # noqa: SIM905
)
# How many mentions away one is sought that has changed places with another.
_REACH = 40


def flag_swaps(source: str, copy: str, pairs: Sequence[tuple[M, M]], same: Callable[[M, M], bool]) -> list[Fact]:
    """List the kept facts; two of them are altered where each stands in the surroundings of the other."""
    if len(pairs) < 2:
        return [Fact(kind=a.kind, verdict=Verdict.KEPT, source=a.span, copy=b.span) for a, b in pairs]
    stated, rewritten = _Bounds(first.span for first, _ in pairs), _Bounds(second.span for _, second in pairs)
    spots = [(_around(source, a.span, stated), _around(copy, b.span, rewritten)) for a, b in pairs]
    left = [(_is_left_behind(source, a.span), _is_left_behind(copy, b.span)) for a, b in pairs]
    lists = _lists(source, [a.span for a, _ in pairs]), _lists(copy, [b.span for _, b in pairs])
    facts = [Fact(kind=a.kind, verdict=Verdict.KEPT, source=a.span, copy=b.span) for a, b in pairs]
    for i, (first, first_copy) in enumerate(pairs):
        for j, (second, second_copy) in enumerate(pairs[i + 1 : i + 1 + _REACH], start=i + 1):
            if not first.may_swap_with(second) or same(first, second) or first_copy.span == second_copy.span:
                continue
            if all(len({one[i], one[j]}) == 1 for one in lists):
                continue
            straight = _shared(spots[i][0], spots[i][1]) + _shared(spots[j][0], spots[j][1])
            ways = _shared(spots[i][0], spots[j][1]), _shared(spots[j][0], spots[i][1])
            # Where only one of the two stands in the surroundings of the other, a single word is no evidence.
            crossed = sum(ways) - (not all(ways))
            # Which of the two was left behind for the other: 1 for the first, -1 for the second, 0 where none was.
            course, course_copy = left[i][0] - left[j][0], left[i][1] - left[j][1]
            if course and course_copy:
                straight, crossed = (9, 0) if course == course_copy else (0, 9)
            turned = (first.span < second.span) != (first_copy.span < second_copy.span)
            if _have_changed_places(straight, crossed, turned=turned):
                here, there = (first.span, second.span), (first_copy.span, second_copy.span)
                reason = explanations.swapped(first.kind, source, here, copy, there)
                facts[i] = replace(facts[i], verdict=Verdict.ALTERED, reason=reason)
                facts[j] = replace(facts[j], verdict=Verdict.ALTERED, reason=reason)
    return facts


def _have_changed_places(straight: int, crossed: int, *, turned: bool) -> bool:
    """Weigh the words around two mentions: those they keep against those each took over from the other.

    A free rewrite turns the order of its sentences round, so that the order alone proves nothing.
    """
    if not turned:
        return crossed >= straight + _SURE_MARGIN
    # A single word on either side is no evidence.
    return crossed >= _SURE_MARGIN if straight == 1 else crossed > straight


def _is_left_behind(text: str, span: Span) -> bool:
    """Tell whether a figure is what was, or what is not."""
    return _LEFT_BEHIND.search(text[max(0, span.start - _LEFT_BEHIND_REACH) : span.start]) is not None


def _lists(text: str, spans: Sequence[Span]) -> list[int]:
    """Number the lists, ranges and scores that mentions belong to; most have one of their own."""
    numbers = list(range(len(spans)))
    order = sorted(numbers, key=lambda number: spans[number])
    for one, other in pairwise(order):
        if _JOINED.fullmatch(text, spans[one].end, spans[other].start):
            numbers[other] = numbers[one]
    # Two that "and" joins may each belong to another word, three are a list.
    for one, other, last in zip(order, order[1:], order[2:], strict=False):
        if all(
            _LISTED.fullmatch(text, spans[here].end, spans[there].start)
            for here, there in ((one, other), (other, last))
        ):
            numbers[other] = numbers[last] = numbers[one]
    return numbers


def _shared(here: _Spot, there: _Spot) -> int:
    """Count the words two spots share, the one next to the mention twice."""
    return len(here.words & there.words) + len(here.next & there.next)


@dataclass(frozen=True)
class _Spot:
    """The words near a mention.

    Attributes:
        words: Beginnings of the words that tell something.
        next: Those among them that stand directly before and after the mention.
    """

    words: frozenset[str]
    next: frozenset[str]


class _Bounds:
    """Where mentions begin and end."""

    def __init__(self, spans: Iterable[Span]) -> None:
        whole = list(spans)
        self._starts = sorted(span.start for span in whole)
        self._ends = sorted(span.end for span in whole)

    def last_end(self, position: int) -> int:
        """Give the last end up to ``position``; 0 where there is none."""
        before = bisect_right(self._ends, position)
        return self._ends[before - 1] if before else 0

    def next_start(self, position: int, *, limit: int) -> int:
        """Give the first start from ``position`` on, or ``limit`` where that comes first."""
        after = bisect_left(self._starts, position)
        return min(limit, self._starts[after]) if after < len(self._starts) else limit


def _around(text: str, span: Span, bounds: _Bounds) -> _Spot:
    """Give the words near a mention, up to the next mention or the end of the sentence."""
    begin = max(span.start - _WINDOW, bounds.last_end(span.start))
    end = bounds.next_start(span.end, limit=span.end + _WINDOW)
    before = _WORD.findall(_CLAUSE_END.split(text[begin : span.start])[-1])[-4:]
    after = _WORD.findall(_CLAUSE_END.split(text[span.end : end])[0])[:4]
    behind, ahead = _stems(before), _stems(after)
    return _Spot(frozenset(behind + ahead), frozenset(behind[-1:] + ahead[:1]))


def _stems(words: Iterable[str]) -> list[str]:
    return [word[:5] for word in map(str.casefold, words) if len(word) > 2 and word not in _IDLE]
