"""How texts write times of day: "6 p.m. ET", "half past seven in the evening", "noon", "Monday night"."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace

from service.amounts import read_spelled
from service.facts import FactKind
from service.spans import Span
from service.times import WEEKDAYS, Time

# A pattern and what reads its matches.
Rule = tuple[str, Callable[[re.Match[str]], Iterator[Time]]]
_ZONES = r"ET|EST|EDT|CT|CST|CDT|MT|MST|MDT|PT|PST|PDT|GMT|UTC|BST|CET|CEST|JST|IST|AEST"
_ZONES += r"|[Ee]astern|[Cc]entral|[Pp]acific|[Mm]ountain|local(?:\s+time)?"
_ZONE = {"EST": "ET", "EDT": "ET", "EASTERN": "ET", "CST": "CT", "CDT": "CT", "CENTRAL": "CT", "MST": "MT", "MDT": "MT"}
_ZONE |= {"MOUNTAIN": "MT", "PST": "PT", "PDT": "PT", "PACIFIC": "PT", "UTC": "GMT", "LOCAL TIME": "LOCAL"}
_HOURS = "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve"


def _read_clock(match: re.Match[str]) -> Iterator[Time]:
    groups = match.groupdict()
    named = groups["hour"].casefold() in _NAMED_HOURS
    hour = 12 if named else int(groups["hour"]) if groups["hour"].isdigit() else int(read_spelled(groups["hour"]) or 0)
    minute = int(groups.get("minute") or 0)
    if groups.get("past"):
        past = groups["past"].casefold()
        shift = {"half": 30, "quarter": 15}.get(past) or int(read_spelled(past) or 0)
        hour, minute = (hour, shift) if groups["way"].casefold() != "to" else (hour - 1, 60 - shift)
    if hour > 24 or minute > 59:
        return
    half = (groups.get("half") or _HALF_OF.get((groups.get("daypart") or "").casefold(), "")).casefold()[:1]
    if hour > 12:
        half = "p"
    if named:
        # "Five to midnight" is in the evening, "five past" is not.
        half = "p" if (groups["hour"].casefold() == "midnight") == (hour == 11) else "a"
    zone = " ".join((groups.get("zone") or "").upper().split())
    yield Time(
        span=Span.of_match(match), kind=FactKind.TIME, minute=60 * hour + minute, half=half, zone=_ZONE.get(zone, zone)
    )


_NAMED_HOURS = frozenset({"noon", "midday", "midnight"})


def read_bare(match: re.Match[str]) -> Iterator[Time]:
    """Read a number that is an hour or a year where the other text says so; a match of one of ``BARE``."""
    if "year" in match.groupdict():
        yield Time(span=Span.of_match(match), year=int(match["year"]))
        return
    for time in _read_clock(match):
        # "0930" is in the morning.
        half = "a" if match["hour"].startswith("0") else time.half
        yield replace(
            time, span=Span.of_match(match, "past" if match.groupdict().get("past") else "hour", 0), half=half
        )


_HALF_OF = {"morning": "a", "afternoon": "p", "evening": "p", "night": "p"}


def _read_named_clock(match: re.Match[str]) -> Iterator[Time]:
    noon = match[0].casefold() in ("noon", "midday", "high noon")
    yield Time(span=Span.of_match(match), kind=FactKind.TIME, minute=720, half="p" if noon else "a")


def _read_daypart(match: re.Match[str]) -> Iterator[Time]:
    word = match["daypart"].casefold()
    named = _DAYPART_FORMS.get(word, word)
    certain = _HOUR_BEFORE.search(match.string[max(0, match.start() - 26) : match.start()]) is None
    yield Time(span=Span.of_match(match, "daypart", "daypart"), kind=FactKind.TIME, named=named, certain=certain)


# "At 11 on Thursday night" is "at 11 p.m. on Thursday".
_HOUR_BEFORE = re.compile(
    rf"\b(?:\d{{1,2}}|{_HOURS})\s+(?:on\s+)?(?:{WEEKDAYS}|tomorrow|this|that|the)\s+$", re.IGNORECASE
)
_DAYPART_FORMS = {"nite": "night", "sunrise": "dawn", "daybreak": "dawn", "sunset": "dusk", "nightfall": "dusk"}


_CLOCK_HALF = r"\s?(?P<half>[ap])\.?\s?m\b\.?"
_CLOCK_ZONE = rf"(?:\s+(?:in\s+)?(?P<zone>{_ZONES})\b)?"
_DAYPARTS = "morning|afternoon|evening|night"
CLOCKS: tuple[Rule, ...] = (
    (rf"\b(?P<hour>\d{{1,2}})(?:[:.](?P<minute>[0-5]\d))?{_CLOCK_HALF}{_CLOCK_ZONE}", _read_clock),
    (
        rf"(?<![\d:.])(?P<hour>[01]?\d|2[0-3]):(?P<minute>[0-5]\d)(?![\d:]|\.\d){_CLOCK_ZONE}"
        rf"(?:\s+(?:in\s+the|at)\s+(?P<daypart>{_DAYPARTS})\b)?",
        _read_clock,
    ),
    (
        rf"\b(?P<past>half|quarter)\s+(?P<way>past|after|to)\s+(?P<hour>{_HOURS}|\d{{1,2}})\b"
        rf"(?:\s+(?:in\s+the|at)\s+(?P<daypart>{_DAYPARTS})\b)?",
        _read_clock,
    ),
    (
        rf"\b(?P<past>{_HOURS}|twenty)\s+(?:minutes\s+)?(?P<way>past|to)\s+(?P<hour>{_HOURS})\s+(?:in\s+the|at)"
        rf"\s+(?P<daypart>{_DAYPARTS})\b",
        _read_clock,
    ),
    (
        rf"\b(?P<hour>\d{{1,2}}|{_HOURS})(?:\s+o['’]clock)?\s+(?:in\s+the|at)\s+(?P<daypart>{_DAYPARTS})\b",
        _read_clock,
    ),
    (rf"\b(?P<hour>\d{{1,2}}|{_HOURS})\s+o['’]clock\b", _read_clock),
    (rf"\b(?P<past>{_HOURS}|twenty|quarter)\s+(?P<way>past|to)\s+(?P<hour>noon|midday|midnight)\b", _read_clock),
    # British: "half seven" is 7:30.
    (rf"(?<=\bat\s)(?P<past>half)\s+(?P<way>)(?P<hour>{_HOURS})\b", _read_clock),
    (r"\b(?:high\s+noon|noon|midday|midnight)\b", _read_named_clock),
)
DAYPART: Rule = (
    rf"(?<!good\s)\b(?P<daypart>{_DAYPARTS}|dawn|dusk|nite|sunrise|daybreak|sunset|nightfall)\b(?=\s|[.,;!?]|['’]s|$)",
    _read_daypart,
)
# Numbers that are times where the other text has the same time in full: "0930", "banned after 11", "doors Mon 8.30".
BARE = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"\b(?P<past>{_HOURS}|twenty)\s+(?P<way>past|to)\s+(?P<hour>{_HOURS})\b",
        rf"\b(?P<past>half)\s+(?P<way>)(?P<hour>{_HOURS})\b",
        r"(?<![\w$£€#.,:/+-])(?P<hour>0\d|1\d|2[0-3])(?P<minute>00|15|30|45)(?![\w%°/:-]|[.,]\d)",
        r"(?<![\w$£€#.,:/+-])(?P<hour>1?\d)\.(?P<minute>[0-5]\d)(?![\w%°/:-]|[.,]\d)",
        rf"\b(?:at|after|before|until|till|til|by|from|to|past|around|about|like|since|doors|between|and)\s+"
        rf"(?P<hour>1[0-2]|[1-9]|{_HOURS})(?=\s*(?:[.,;:!?)—–(-](?!\d)|$)|\s+(?:and|at|but|every|for|from|if|in|instead|not|of"
        rf"|on|or|sharp|the|this|til|till|to|today|tomorrow|tonight|until|when|{WEEKDAYS})\b)"
        # "At 11 on Thursday night."
        rf"(?:(?=\s+(?:on\s+)?(?:{WEEKDAYS}|tomorrow|this|that|the)\s+(?P<daypart>{_DAYPARTS})\b))?",
        r"(?:(?<![\w$£€#.,:/+-])|(?<=\bend-)|(?<=\bmid-)|(?<=\blate-))(?P<year>1\d{3}|20\d\d)(?![\w%°/-]|[.,:]\d)",
    )
)
