"""Where something stands in a text."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Span:
    """Half-open character offsets into a text that is never normalised.

    >>> Span(0, 4).of("Kyiv said")
    'Kyiv'
    """

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start <= self.end:
            raise ValueError(f"a span needs 0 <= start <= end, got {self.start} and {self.end}")

    @classmethod
    def of_match(cls, match: re.Match[str], start: str | int = 0, end: str | int = 0) -> Span:
        """Give where a match stands, from the beginning of one of its groups to the end of another."""
        return cls(match.start(start), match.end(end))

    def of(self, text: str) -> str:
        """Give the characters of ``text`` that the span covers."""
        return text[self.start : self.end]

    def shift(self, offset: int) -> Span:
        """Move the span, as when its text becomes part of a longer one."""
        return Span(self.start + offset, self.end + offset)

    def overlaps(self, other: Span) -> bool:
        """Tell whether the two share at least one character."""
        return self.start < other.end and other.start < self.end
