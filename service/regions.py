"""Parts of a text that can be asked what they touch, however many they are."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence

from service.spans import Span


class Region:
    """All that lies in one of some spans.

    >>> Region([Span(5, 9), Span(0, 3)]).touches(Span(8, 20)), Region([Span(0, 3)]).touches(Span(3, 4))
    (True, False)
    """

    def __init__(self, spans: Iterable[Span]) -> None:
        self._starts: list[int] = []
        self._ends: list[int] = []
        for span in sorted(spans):
            if self._ends and span.start < self._ends[-1]:
                self._ends[-1] = max(self._ends[-1], span.end)
            else:
                self._starts.append(span.start)
                self._ends.append(span.end)

    def touches(self, span: Span) -> bool:
        """Tell whether ``span`` shares a character with the region."""
        last = bisect_left(self._starts, span.end) - 1
        return last >= 0 and self._ends[last] > span.start

    def holds(self, position: int) -> bool:
        """Tell whether the character at ``position`` lies in the region."""
        last = bisect_right(self._starts, position) - 1
        return last >= 0 and self._ends[last] > position


def nearest(numbers: Sequence[int], place: float, *, most: int) -> Sequence[int]:
    """Give the ``most`` of ascending ``numbers`` that stand around ``place``; all of them where there are no more.

    >>> nearest([1, 4, 5, 6, 90], 5, most=3)
    [4, 5, 6]
    """
    if len(numbers) <= most:
        return numbers
    first = bisect_left(numbers, place) - most // 2
    first = min(max(0, first), len(numbers) - most)
    return numbers[first : first + most]
