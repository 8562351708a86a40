"""A number with what it counts, and whether two of them say the same.

``$2M`` equals ``2 million dollars`` and ``nine`` equals ``9``; percent and percentage points differ, and so do miles
and kilometers.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from service.bounds import agree
from service.facts import FactKind
from service.spans import Span

# "They picked her over two others."
_FEW = 3
_SPANS_OF_TIME = frozenset({"second", "minute", "hour", "day", "night", "week", "month", "year", "decade"})
# How many of the smaller are one of the larger; a length of time may be told in either.
_MEASURES = (
    ("hour", "day", 24),
    ("minute", "hour", 60),
    ("second", "minute", 60),
    ("day", "week", 7),
    ("month", "year", 12),
    ("year", "decade", 10),
    ("year", "century", 100),
    ("basis point", "percentage point", 100),
    ("basis point", "point", 100),
    ("year-old", "decade", 10),
    ("week", "fortnight", 2),
    ("milligram", "gram", 1000),
    ("gram", "kilogram", 1000),
    ("meter", "kilometer", 1000),
    ("centimeter", "meter", 100),
    ("millimeter", "centimeter", 10),
)
_COUNTS = frozenset(range(3, 10))
MOST_COUNTS = max(_COUNTS)


@dataclass(frozen=True)
class Numeral:
    """A number with what it counts.

    Attributes:
        span: Where it stands, unit included.
        kind: Figure, money or percent.
        value: Its exact value.
        unit: Standard form of its unit or currency; empty where none is stated.
        bound: ``least``, ``more``, ``most``, ``less``, ``nearly``, ``about``, or empty.
        per: What it is counted by, as ``month`` in ``$5 a month``; empty where nothing is said.
        ordinal: True for ``third``.
        vague: True for ``dozens``.
        scale: What ``million`` or the like has multiplied it by; 1 where nothing has.
        numbered: True for a number that tells which one, as in ``week 2``.
        certain: False where the words may be no figure at all, as ``one`` and ``second`` may.
        twin: What it is one of, as ``A`` of ``A1263`` and ``time`` of ``a week``; empty for most.
        implied: What a bare figure may mean beside another: unit, kind and value ("up 45%, from 40").
    """

    span: Span
    kind: FactKind
    value: Decimal
    unit: str = ""
    bound: str = ""
    per: str = ""
    ordinal: bool = False
    vague: bool = False
    scale: int = 1
    numbered: bool = False
    certain: bool = True
    twin: str = ""
    implied: tuple[tuple[FactKind, str, Decimal], ...] = ()

    @property
    def readings(self) -> tuple[tuple[FactKind, str, Decimal], ...]:
        """Kind, unit and value as stated, then what the context may add to a bare figure."""
        return ((self.kind, self.unit, self.value), *self.implied, *self._measures())

    def _measures(self) -> Iterator[tuple[FactKind, str, Decimal]]:
        """Give what it is in smaller and in larger units, where that is a whole number or a half."""
        for small, large, count in _MEASURES:
            if self.unit == large:
                yield _kind_of(small, self.kind), small, self.value * count
            elif self.unit == small and (2 * self.value) % count == 0:
                yield _kind_of(large, self.kind), large, self.value / count

    @property
    def traces(self) -> frozenset[object]:
        """Two numerals that say the same have one of these in common: its value, as stated and by every reading."""
        values = {value.copy_abs() for _, _, value in self.readings}
        return frozenset(values | {100 * value for value in values if 0 < value < 1})

    def may_swap_with(self, other: Numeral) -> bool:
        """Tell whether the two count in the same unit, so that one could stand where the other stands."""
        alike = self.kind is other.kind and self.unit == other.unit and self.ordinal == other.ordinal
        return alike and (0 < self.value < 1) == (0 < other.value < 1)


def _kind_of(unit: str, other: FactKind) -> FactKind:
    """Tell what a measure is about: a quarter of a point is a figure, 25 basis points are a percentage."""
    if unit in ("basis point", "percentage point"):
        return FactKind.PERCENT
    return FactKind.FIGURE if unit == "point" else other


def same_amount(first: Numeral, second: Numeral) -> bool:
    """Tell whether two numerals say the same.

    A unit that one side leaves to the context agrees with any of its kind; a bound does not.
    """
    if first.vague != second.vague:
        return False
    # "It took four ballots", "on the fourth ballot".
    # or "the sixth month", "six months"; "day 47", "the 47th day".
    if first.ordinal != second.ordinal and first.value not in _COUNTS and not (first.numbered or second.numbered):
        return False
    if first.numbered != second.numbered and _counts_time(second if first.numbered else first):
        return False
    if first.per and second.per and first.per != second.per:
        return False
    if not _same_bound(first, second):
        return False
    stated, rewritten = first.readings[0], second.readings[0]
    return (
        any(_same_reading(reading, rewritten) for reading in first.readings)
        or any(_same_reading(stated, reading) for reading in second.implied)
        # "Stock −6" and "it fell 6%".
        or any(
            _same_reading(one, other)
            for one in first.implied
            for other in second.implied
            if one[2] < 0 and one == other
        )
    )


def _counts_time(numeral: Numeral) -> bool:
    """Tell whether it gives a length of time: "two weeks", of which "week 2" is one."""
    return numeral.unit in _SPANS_OF_TIME and not numeral.ordinal


def _same_bound(first: Numeral, second: Numeral) -> bool:
    bounds = frozenset({first.bound, second.bound})
    if bounds == {"over", ""}:
        # "They picked her over two others", "no one died over five years".
        return (first.value <= _FEW and not (first.unit or second.unit)) or bool(
            {first.unit, second.unit} & _SPANS_OF_TIME
        )
    if bounds == {"within", ""}:
        return bool({first.unit, second.unit} & _SPANS_OF_TIME)
    return agree(first.bound, second.bound)


def _same_reading(first: tuple[FactKind, str, Decimal], second: tuple[FactKind, str, Decimal]) -> bool:
    # "Ten grand" may become "$10,000" or "10,000", and "a fifth" 20%.
    if "percent" in (first[1], second[1]) and "" in (first[1], second[1]):
        share, part = (first[2], second[2]) if first[1] else (second[2], first[2])
        return 0 < part < 1 and share == 100 * part
    # "The stock's up 6" is no "6-fold".
    if {first[1], second[1]} == {"", "fold"}:
        return False
    # A bare figure may be told with what it counts: "it ended after nine" hours, "they want 40" dollars.
    if "" not in (first[1], second[1]):
        points = first[1].endswith("point") and second[1].endswith("point")
        weights = {first[1], second[1]} == {"lb", "pound"}
        if first[0] is not second[0] and not points and not weights and "grand" not in (first[1], second[1]):
            return False
        if not _same_unit(first[1], second[1]):
            return False
    return first[2] == second[2]


def _same_unit(first: str, second: str) -> bool:
    if "grand" in (first, second):
        return True
    return first == second or first in _WIDER.get(second, ()) or second in _WIDER.get(first, ())


# Shorter forms that may stand for a unit on the other side; no unit at all for an age, a degree or a multiple.
_WIDER: dict[str, tuple[str, ...]] = {
    "year-old": ("", "year"),
    "degree": ("",),
    "time": ("",),
    "fold": ("time",),
    "point": ("",),
    "square mile": ("mile",),
    "metric ton": ("ton",),
    "USD": ("dollar",),
    "CAD": ("dollar",),
    "AUD": ("dollar",),
    "NZD": ("dollar",),
    "HKD": ("dollar",),
    "SGD": ("dollar",),
    "GBP": ("pound",),
    "lb": ("pound",),
    "pound": ("GBP", "lb"),
    "penny": ("cent",),
    "degree fahrenheit": ("", "degree"),
    "degree celsius": ("", "degree"),
    "JPY": ("yen sign",),
    "CNY": ("yen sign",),
    "percentage point": ("point",),
    "percent": (),
    "basis point": (),
}
