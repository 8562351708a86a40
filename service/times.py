"""A date or a time of day as a text states it, and whether two of them say the same.

``Oct. 3`` equals ``October 3rd`` and ``'53`` equals ``1953``; a year, a day or a zone that stands on one side only is a
difference.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from service.facts import FactKind
from service.spans import Span

WEEKDAYS = (
    "mon(?:day)?|tue(?:s(?:day)?)?|wed(?:nesday|s)?|thu(?:r(?:s(?:day)?)?)?|fri(?:day)?|sat(?:urday)?|sun(?:day)?"
)


@dataclass(frozen=True)
class Time:
    """A date or a time of day as a text states it; what it does not state is None or empty.

    Attributes:
        span: Where it stands.
        kind: ``date`` or ``time``.
        year: Four digits.
        century: False where the text gives only the last two digits of the year; ``year`` is then below 100.
        month: 1 to 12.
        day: Day of the month.
        named: Weekday, season, quarter, part of the day or another word for a time, in its standard form.
        near: ``last`` or ``next``.
        part: ``early``, ``mid`` or ``late``.
        minute: Minutes since midnight, or since midnight or noon where ``half`` is empty.
        half: ``a`` or ``p``.
        zone: Time zone in its standard form.
        certain: False where the words may be no time at all, as ``may`` and ``the fall`` may.
        bare: True for a number that is a time only where the other text says so, as ``11`` in ``after 11``.
        way: ``until`` or ``from`` where something ends or begins then; empty where the words may tell either.
    """

    span: Span
    kind: FactKind = FactKind.DATE
    year: int | None = None
    century: bool = True
    month: int | None = None
    day: int | None = None
    named: str = ""
    near: str = ""
    part: str = ""
    minute: int | None = None
    half: str = ""
    zone: str = ""
    certain: bool = True
    bare: bool = False
    way: str = ""

    @property
    def twin(self) -> str:
        """Empty: of the words that may state no time none is missed."""
        return ""

    @property
    def is_lone_day(self) -> bool:
        """True for "the 4th" of a month that the text leaves out."""
        return self.day is not None and self.month is None

    @property
    def traces(self) -> frozenset[object]:
        """Two times that say the same have this in common."""
        year = None if self.year is None else self.year % 100
        stated: set[object] = {_stated(replace(self, year=year))}
        return frozenset(stated if self.day is None else stated | {self.day})

    def may_swap_with(self, other: Time) -> bool:
        """Tell whether the two are of a kind, so that one could stand where the other stands."""
        return self._shape == other._shape

    @property
    def _shape(self) -> tuple[object, ...]:
        return self.kind, self.month is None, self.minute is None, self.named == ""


def settled(times: Iterable[Time], others: Iterable[Time]) -> tuple[Time, ...]:
    """Leave out what may count something where the other text has no such time.

    That is a day without a month such as ``the 4th``, an hour such as ``after 11`` and a year without a word that
    makes it one.
    """
    own, whole = tuple(times), tuple(others)
    days = {other.day for other in whole}
    # "The 4th" on the one side and "the 14th" on the other.
    lone, others_lone = ({time.day for time in side if time.is_lone_day} for side in (own, whole))
    differ = len(lone) == len(others_lone) == 1
    told = {_moment(other) for other in whole if not other.bare and other.month is None}
    beside = _days_beside(whole)
    return tuple(
        replace(time, certain=False) if time.named in beside else time
        for time in own
        if (not time.is_lone_day or time.day in days or differ) and (not time.bare or _moment(time) in told)
    )


def _days_beside(times: Sequence[Time]) -> frozenset[str]:
    """Give the weekdays told by the one before or after: "on Monday and a day later"."""
    named = [time.named for time in times if time.named in WEEK]
    steps = {_STEPS[time.named] for time in times if time.named in _STEPS}
    return frozenset(WEEK[(WEEK.index(day) + step) % 7] for day in named for step in steps)


WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
# In the words of a text: a day later, a day earlier.
_STEPS = {"next day": 1, "day before": -1}


def _moment(time: Time) -> tuple[int | None, int | None]:
    return time.year, None if time.minute is None else time.minute % 720


def same_time(first: Time, second: Time) -> bool:
    """Tell whether two times say the same.

    ``last Tuesday`` agrees with ``Tuesday``, but not with ``next Tuesday``.
    """
    if first.near and second.near and first.near != second.near:
        return False
    if first.near != second.near and not (first.month or first.named in _NEAR_OPTIONAL):
        return False
    if first.half and second.half and first.half != second.half:
        return False
    if first.way and second.way and first.way != second.way:
        return False
    # "By the 4th", said of a month that the text has named.
    if first.day and first.day == second.day and (first.month is None or second.month is None):
        return True
    if not (first.century and second.century) and first.year is not None and second.year is not None:
        first = replace(first, year=first.year % 100)
        second = replace(second, year=second.year % 100)
    return _stated(first) == _stated(second)


_NEAR_OPTIONAL = frozenset({*WEEK, "weekend"})


def _stated(time: Time) -> tuple[object, ...]:
    minute = time.minute % 720 if time.minute is not None else None
    return (time.kind, time.year, time.month, time.day, time.named, time.part, minute, time.zone)
