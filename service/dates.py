"""Find the dates and times of day of a text.

Relative time stays relative (W13): it is read as it is written and never resolved.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from service.amounts import find_years, read_spelled
from service.clocks import BARE, CLOCKS, DAYPART, Rule, read_bare
from service.facts import FactKind
from service.spans import Span
from service.times import WEEK, WEEKDAYS, Time

_MONTHS = "jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
_MONTHS += "|nov(?:ember)?|dec(?:ember)?"
_MONTH_NUMBER = {
    name: number for number, name in enumerate(re.findall("...", "janfebmaraprmayjunjulaugsepoctnovdec"), 1)
}
_SEASONS = r"spring(?:time)?|summer(?:time)?|fall|autumn|winter(?:time)?"
# A short weekday or month may be another word; what comes before it decides.
_DOUBTFUL = frozenset({"sun", "sat", "wed", "mar", "may", "march", "mon", "thu", "fri", "dec", "jan", "fall", "spring"})
_LEAD = (
    r"(?:\b(?:in|on|since|by|until|till|til|from|to|of|and|or|before|after|around|last|next|this|every|come|early|mid|late"
    r"|through|thru|past|the|between|for|starting|effective|ends?|begins?|due|again|back)\s+|[-–(])$"
)
_LEAD_IN = re.compile(
    r"\b(?:in|by|until|till|til|since|during|over|from|to|before|after|come|through|of|for|back)\s+$", re.IGNORECASE
)
_NEAR = r"(?P<near>last|next|this|this\s+past|this\s+coming|this\s+upcoming|past|coming|previous)"
_PART = r"(?P<part>early|mid|late)(?:[\s-]+(?:in\s+)?)"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?(?![\d:%]|[.,]\d|,\d{3}|\s?(?:%|percent|[ap]\.?m\b))"
_ORDINAL_DAY = r"(?P<day>\d{1,2}(?:st|nd|rd|th)|[a-z]+(?:-[a-z]+)?)"
_YEAR = r"(?:,?\s+(?P<year>(?:1\d|20)\d\d|['’‘]\d\d)\b(?!\s*(?:people|votes|fans|jobs)))?"
_MONTH_YEAR = r"(?:\s+(?:of\s+)?(?P<year>(?:19|20)\d\d\b|['’‘]\d\d\b(?!\s*(?:percent|%))))?"
_NEAR_FORMS = {"this past": "last", "past": "last", "previous": "last", "this coming": "next", "this upcoming": "next"}
_NEAR_FORMS |= {"coming": "next", "this": ""}
# Chat writes months and weekdays small, where they may be other words: they answer a date and ask for no answer.
_SMALL_MONTHS = frozenset({"may", "march", "mar", "dec", "jan"})
# No abbreviations, so that a full stop behind one ends a sentence.
_WHOLE_MONTHS = frozenset({"may", "march", "april", "june", "july"})
_VERBS = frozenset({"may", "march", "mar"})
# "Landing still Sat 11am", "he quit sun nite", "they announced it wed: 8 eps".
_HOUR_NEXT = re.compile(r":\s|\s+(?:\d|nite\b|night\b|morning\b|afternoon\b|evening\b)", re.IGNORECASE)
_SMALL_DAYS = frozenset({"mon", "thu", "fri"})
_SHORT_DAYS = frozenset({"mon", "wed", "thu", "fri", "sat", "sun"})
# No article and no end of a sentence.
_GOES_BEFORE = re.compile(r"(?:[a-z0-9,]|\bnot)\s(?<!\bthe\s)(?<!\bThe\s)$")
_ORDINALS = {"first": 1, "1st": 1, "second": 2, "2nd": 2, "third": 3, "3rd": 3, "fourth": 4, "4th": 4}


def find_times(text: str) -> tuple[Time, ...]:
    """Find the dates and times of day of ``text``, in order.

    >>> [time.span.of("at 6am on Oct. 3") for time in find_times("at 6am on Oct. 3")]
    ['6am', 'Oct. 3']
    """
    found: list[Time] = []
    taken = bytearray(len(text))
    for pattern, read in _GRAMMAR:
        for match in pattern.finditer(text):
            if any(taken[match.start() : match.end()]):
                continue
            for time in read(match):
                found.append(time)
                taken[time.span.start : time.span.end] = b"\x01" * (time.span.end - time.span.start)
    for year in find_years(text):
        if not any(taken[year.start : year.end]):
            found.append(Time(span=year, year=int(year.of(text))))
            taken[year.start : year.end] = b"\x01" * (year.end - year.start)
    for pattern in BARE:
        for match in pattern.finditer(text):
            if not any(taken[match.start() : match.end()]):
                found += [replace(time, bare=True) for time in read_bare(match)]
                taken[match.start() : match.end()] = b"\x01" * (match.end() - match.start())
    directed = (replace(time, way=way) if (way := _way(text, time.span)) else time for time in found)
    return tuple(sorted(directed, key=lambda time: time.span))


def _way(text: str, span: Span) -> str:
    # The word before may belong to the mention, as in "by the 20th".
    match = _WAY.search(text, max(0, span.start - _WAY_REACH), span.start)
    if match is None:
        return ""
    # "Not until Monday" is "from Monday".
    denied = _DENIED.search(text[max(0, match.start() - _WAY_REACH) : match.start()]) is not None
    return "" if denied else "until" if match["until"] else "from"


_UNTIL = r"until|till|['’]?til|through|thru|by|no\s+later\s+than"
_WAY = re.compile(
    rf"\b(?:(?P<until>{_UNTIL})|from|since|starting|beginning|as\s+of|no\s+(?:earlier|sooner)\s+than)(?:\s+on)?(?:\s+the)?\s+$",
    re.IGNORECASE,
)
_WAY_REACH = 24
_DENIED = re.compile(r"(?:n['’]t|\b(?:not|never|no|none|nobody|nothing|neither))\b[^.;!?]*$", re.IGNORECASE)


def _month(name: str) -> int:
    return _MONTH_NUMBER[name.casefold()[:3]]


def _near(match: re.Match[str]) -> str:
    near = " ".join((match["near"] or "").casefold().split())
    return _NEAR_FORMS.get(near, near)


def _leads(match: re.Match[str]) -> bool:
    return bool(re.search(_LEAD, match.string[max(0, match.start() - 14) : match.start()], re.IGNORECASE))


def _year(match: re.Match[str]) -> tuple[int | None, bool]:
    """Read the year of a match, and whether it tells the century."""
    year = int(match["year"].lstrip("'’‘")) if match["year"] else None
    return year, year is None or year > 99


def _read_month_day(match: re.Match[str]) -> Iterator[Time]:
    month, day = _month(match["month"]), _day_number(match["day"])
    # "Brussels may. 5/ A rival bid more."
    end = match.end("month")
    stopped = end < match.start("day") and match.string[end] == "." and match["month"].casefold() in _WHOLE_MONTHS
    if day is None or not 1 <= day <= 31 or stopped:
        return
    year, century = _year(match)
    groups = match.groupdict()
    until = groups.get("until")
    if until and 1 <= int(until) <= 31:
        yield Time(span=Span.of_match(match, 0, "day"), month=month, day=day, year=year, century=century)
        yield Time(span=Span.of_match(match, "until", 0), month=month, day=int(until), year=year, century=century)
    else:
        yield Time(span=Span.of_match(match), month=month, day=day, year=year, century=century)


def _read_days_month(match: re.Match[str]) -> Iterator[Time]:
    month, first, last = _month(match["month"]), int(match["day"]), int(match["until"])
    year, century = _year(match)
    if 1 <= first < last <= 31:
        yield Time(span=Span.of_match(match, "day", "day"), month=month, day=first, year=year, century=century)
        yield Time(span=Span.of_match(match, "until", 0), month=month, day=last, year=year, century=century)


def _day_number(words: str) -> int | None:
    value = read_spelled(words)
    return int(value) if value is not None and value == int(value) else None


def _read_month(match: re.Match[str]) -> Iterator[Time]:
    name = match["month"]
    bare = not (match["near"] or match["part"] or match["year"])
    written = name[0].isupper() and (name.casefold().rstrip(".") not in _DOUBTFUL or _leads(match))
    led = _leads(match)
    if bare and not (written or led) and name.casefold() in _VERBS:
        return
    certain = not bare or written or (led and name.casefold() not in _SMALL_MONTHS)
    year, century = _year(match)
    part = (match["part"] or "").casefold()
    yield Time(
        span=Span.of_match(match),
        month=_month(name),
        year=year,
        century=century,
        near=_near(match),
        part=part,
        certain=certain,
    )


def _read_weekday(match: re.Match[str]) -> Iterator[Time]:
    name = match["weekday"].casefold()
    more = match["more"].casefold()
    if f"{name}{more}" == "thus":
        return
    sun = (
        name in _DOUBTFUL
        and match["weekday"].islower()
        and re.search(r"\bthe\s+$", match.string[max(0, match.start() - 14) : match.start()])
    )
    certain = bool(match["near"]) or name not in _DOUBTFUL or _leads(match)
    small = f"{name}{more}" in _SMALL_DAYS and match["weekday"].islower()
    # "She will be there Sat, not Sun."
    capital = (
        name in _SHORT_DAYS and match["weekday"][0].isupper() and _GOES_BEFORE.search(match.string, 0, match.start())
    )
    if sun or not (certain or small or capital or _HOUR_NEXT.match(match.string, match.end())):
        return
    full = next(day for day in WEEK if day.startswith(name[:3]))
    yield Time(span=Span.of_match(match), named=full, near=_near(match), certain=certain)


def _read_season(match: re.Match[str]) -> Iterator[Time]:
    season = match["season"].casefold().removesuffix("time").replace("autumn", "fall")
    year, century = _year(match)
    part = (match["part"] or "").casefold()
    before = match.string[max(0, match.start() - 14) : match.start()]
    # "The fall of the city" and "the spring in the clock" are no seasons; "to autumn" is one.
    certain = bool(match["near"] or year or part) or bool(match["the"] and _LEAD_IN.search(before))
    if match["the"] or certain or _LEAD_IN.search(before):
        yield Time(
            span=Span.of_match(match),
            named=season,
            near=_near(match),
            year=year,
            century=century,
            part=part,
            certain=certain,
        )


def _read_relative(match: re.Match[str]) -> Iterator[Time]:
    word = " ".join(match[0].casefold().replace("’", "'").split())
    if word in _RELATIVE:
        named, near = _RELATIVE[word]
        yield Time(span=Span.of_match(match), named=named, near=near, certain=word not in _ANSWERING)
    else:
        near = _near(match)
        unit = match["unit"].casefold()
        unit = _UNIT_FORMS.get(unit.rstrip("."), unit)
        if unit == "night":
            yield Time(span=Span.of_match(match), named="night" if near else "night this", near=near)
            return
        if match["unit"].casefold() == "evening" and not near:
            yield Time(span=Span.of_match(match), named="night this")
            return
        # "This month" is a date of its own; "the weekend" is whichever the text is about.
        named = unit + (" this" if not near and unit != "weekend" else "")
        yield Time(span=Span.of_match(match), named=named, near=near)


_SHORT_UNITS = {"yr": "year", "wk": "week", "mo": "month"}
_RELATIVE = {"yesterday": ("yesterday", ""), "today": ("today", ""), "tomorrow": ("tomorrow", "")}
_RELATIVE |= {"tonight": ("night this", ""), "tmrw": ("tomorrow", "")}
_RELATIVE |= {f"{last} {night}": ("night", "last") for last in ("last", "lst") for night in ("night", "nite")}
_RELATIVE |= {
    f"{lead} {unit} {tail}": (unit, "last")
    for lead in ("a", "one")
    for unit in ("week", "month", "year", "decade")
    for tail in ("ago", "earlier", "before", "back")
}
_RELATIVE |= {f"{lead} {short} ago": (unit, "last") for lead in ("a", "one") for short, unit in _SHORT_UNITS.items()}
# What tells a time only in passing: "costs up 31% yoy", "the year's haul".
_ANSWERING = frozenset({"yoy", "y/y", "the year's", "the month's", "the week's"})
_RELATIVE |= {"yoy": ("year", "last"), "y/y": ("year", "last")}
_RELATIVE |= {f"the {unit}'s": (f"{unit} this", "") for unit in ("year", "month", "week")}
_RELATIVE |= {f"the {unit} before": (unit, "last") for unit in ("week", "month", "year")}
_RELATIVE |= {"yesterday's": ("yesterday", ""), "tmr": ("tomorrow", ""), "tomoz": ("tomorrow", "")}
_UNIT_FORMS = {"yr": "year", "wk": "week", "mo": "month", "qtr": "quarter", "wkend": "weekend", "am": "morning"}
_UNIT_FORMS |= {"a.m": "morning", "nite": "night"}
_RELATIVE |= {"yday": ("yesterday", ""), "2nite": ("night this", ""), "overnight": ("overnight", "")}
_RELATIVE |= {f"{lead} weekend": ("weekend", "") for lead in ("the", "over the", "on the", "at the")}


def _read_step(match: re.Match[str]) -> Iterator[Time]:
    yield Time(span=Span.of_match(match), named="next day" if match["later"] else "day before", certain=False)


def _read_feast(match: re.Match[str]) -> Iterator[Time]:
    month, day = _FEASTS[" ".join(match[0].casefold().replace("’", "'").split())]
    yield Time(span=Span.of_match(match), month=month, day=day, certain=False)


def _read_holiday(match: re.Match[str]) -> Iterator[Time]:
    name = match["holiday"].casefold()
    certain = _HOLIDAY_LEAD.search(match.string, max(0, match.start() - _LONGEST_LEAD), match.start()) is not None
    yield Time(span=Span.of_match(match), named=_HOLIDAYS.get(name, name), certain=certain)


_LONGEST_LEAD = 10
_HOLIDAY_LEAD = re.compile(
    r"\b(?:by|until|till|til|before|after|since|at|around|over|come|this|next|last)\s+$", re.IGNORECASE
)
_MEAL_LEAD = re.compile(
    r"\b(?:by|before|after|around|at|until|till|til|(?:mon|tues|wednes|thurs|fri|satur|sun)day)\s+$", re.IGNORECASE
)
_HOLIDAYS = {"xmas": "christmas", "thanksgiving day": "thanksgiving"}


def _read_meal(match: re.Match[str]) -> Iterator[Time]:
    if _MEAL_LEAD.search(match.string, max(0, match.start() - _LONGEST_LEAD), match.start()) is None:
        return
    meal = match["meal"].casefold().removesuffix("time").removesuffix("-").strip()
    if meal == "lunch":
        yield Time(span=Span.of_match(match), kind=FactKind.TIME, minute=720, half="p", certain=False)
    else:
        named = {"dark": "dusk", "sunup": "dawn", "sundown": "dusk", "breakfast": "morning"}.get(meal, "evening")
        yield Time(span=Span.of_match(match), kind=FactKind.TIME, named=named, certain=False)


def _read_half(match: re.Match[str]) -> Iterator[Time]:
    number = match["digit"] or ("2" if match["word"].casefold() in ("second", "2nd", "last") else "1")
    yield Time(span=Span.of_match(match), named=f"half {number}", certain=not match["digit"])


# Days of a fixed date, by which copy may call them.
_FEASTS = {"boxing day": (12, 26), "christmas day": (12, 25), "christmas eve": (12, 24), "new year's day": (1, 1)}
_FEASTS |= {"new year's eve": (12, 31), "valentine's day": (2, 14), "halloween": (10, 31)}


def _read_quarter(match: re.Match[str]) -> Iterator[Time]:
    number = match["digit"] or match["figure"] or str(_ORDINALS[match["word"].casefold()])
    year, century = _year(match)
    yield Time(span=Span.of_match(match), named=f"quarter {number}", year=year, century=century)


def _read_fiscal(match: re.Match[str]) -> Iterator[Time]:
    year = int(match["year"])
    yield Time(span=Span.of_match(match), named="fiscal", year=year, century=year > 99)


def _read_lone_day(match: re.Match[str]) -> Iterator[Time]:
    if 1 <= int(match["day"]) <= 31:
        yield Time(span=Span.of_match(match, "day", "day"), day=int(match["day"]))


def _read_short_year(match: re.Match[str]) -> Iterator[Time]:
    yield Time(span=Span.of_match(match), year=int(match["year"]), century=False)


def _read_decade(match: re.Match[str]) -> Iterator[Time]:
    digits = match["digits"] or str(_DECADES[match["word"].casefold()])
    part = (match["part"] or "").casefold()
    yield Time(span=Span.of_match(match), year=int(digits), century=len(digits) == 4, named="decade", part=part)


_DECADES = {
    "twenties": 20,
    "thirties": 30,
    "forties": 40,
    "fifties": 50,
    "sixties": 60,
    "seventies": 70,
    "eighties": 80,
}
_DECADES |= {"nineties": 90}


def _read_numeric(match: re.Match[str]) -> Iterator[Time]:
    month, day = int(match["month"]), int(match["day"])
    if 1 <= month <= 12 and 1 <= day <= 31:
        yield Time(span=Span.of_match(match), year=int(match["year"]), month=month, day=day)


_RULES: tuple[Rule, ...] = (
    *CLOCKS,
    (r"\b(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)\b", _read_numeric),
    (r"(?<![\d/])(?P<month>\d{1,2})/(?P<day>\d{1,2})/(?P<year>(?:19|20)\d\d)(?![\d/])", _read_numeric),
    (
        rf"\b(?P<month>{_MONTHS})\.?\s+{_DAY}(?:\s?[-–]\s?|\s+(?:to|through|thru|and)\s+)(?P<until>\d{{1,2}})(?:st|nd|rd|th)?"
        rf"(?![\w:%]|[.,]\d|\s+(?:million|billion|percent|people|{_MONTHS})){_YEAR}",
        _read_month_day,
    ),
    (
        rf"(?<![\d.,$£€:])\b(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?:\s?[-–]\s?|\s+(?:to|through|thru|and)\s+)"
        rf"(?P<until>\d{{1,2}})(?:st|nd|rd|th)?\s+(?P<month>{_MONTHS})\b\.?{_YEAR}",
        _read_days_month,
    ),
    (rf"\b(?P<month>{_MONTHS})\.?\s+(?:the\s+)?{_DAY}{_YEAR}", _read_month_day),
    (rf"\b(?P<month>{_MONTHS})\.?\s+(?:the\s+)?(?P<day>[a-z]+(?:-[a-z]+)?(?:st|nd|rd|th)){_YEAR}", _read_month_day),
    (rf"\b{_ORDINAL_DAY}\s+of\s+(?P<month>{_MONTHS})\b\.?{_YEAR}", _read_month_day),
    (rf"\b(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\s+(?P<month>{_MONTHS})\b\.?{_YEAR}", _read_month_day),
    (
        r"\b(?:(?P<later>(?:a|one)\s+day\s+(?:later|after)|the\s+(?:next|following)\s+day|the\s+day\s+after)"
        r"|(?:a|one)\s+day\s+(?:earlier|before)|the\s+(?:previous\s+day|day\s+before))\b(?!\s+(?:yesterday|tomorrow))",
        _read_step,
    ),
    ("|".join(rf"\b{feast}\b".replace("'", "['’]").replace(" ", r"\s+") for feast in _FEASTS), _read_feast),
    (
        r"\b(?P<holiday>christmas|xmas|easter|thanksgiving(?:\s+day)?|ramadan|diwali|hanukkah|passover|eid)\b(?!\s+(?:day|eve|island))",
        _read_holiday,
    ),
    (
        r"\b(?:H(?P<digit>[12])(?!\w)|(?P<word>first|second|1st|2nd|last)\s+(?:half|six\s+months)\s+of\s+(?:the|this|last|next)"
        r"\s+(?:\w+\s+)?year\b)",
        _read_half,
    ),
    (
        r"\b(?P<meal>(?:supper|dinner|tea|lunch|breakfast)(?:[\s-]?time)?|dark|sunup|sundown)\b",
        _read_meal,
    ),
    (r"\b(?:FY|fiscal(?:\s+year)?)\s?['’‘]?(?P<year>(?:19|20)\d\d|\d\d)\b", _read_fiscal),
    (
        r"\b(?:Q(?P<digit>[1-4])|(?P<figure>[1-4])Q|(?P<word>first|second|third|fourth|1st|2nd|3rd|4th)[\s-]quarter)\b"
        r"(?!\s*(?:final|century|pole))(?:\s+(?:of\s+)?(?P<year>20\d\d|['’‘]\d\d)\b)?",
        _read_quarter,
    ),
    (
        rf"(?:\b{_PART}|(?<![\w'’-]))(?:\b{_NEAR}\s+)?\b(?P<month>{_MONTHS})(?!['’-]|\w)\.?{_MONTH_YEAR}",
        _read_month,
    ),
    (rf"(?:\b{_NEAR}\s+)?(?<![\w'’-])(?P<weekday>{WEEKDAYS})(?P<more>s?)\b(?!['’](?!s\b)\w|-\w)", _read_weekday),
    (
        rf"(?:\b{_PART})?(?:\b{_NEAR}\s+|\b(?P<the>the\s+)|\b)(?P<season>{_SEASONS})\b{_MONTH_YEAR}",
        _read_season,
    ),
    (
        rf"\b{_NEAR}\s+(?P<unit>week|weekend|month|year|decade|century|season|morning|afternoon|evening"
        r"|nite|yr|wk|mo|wkend|am|a\.m\.?)(?!\w)",
        _read_relative,
    ),
    (
        r"\b(?:(?:a|one)\s+(?:week|month|year|decade)\s+(?:ago|earlier|before|back)|the\s+(?:week|month|year)(?:\s+before|['’]s)"
        r"|(?:a|one)\s+(?:yr|wk|mo)\s+ago|yoy|y/y)\b",
        _read_relative,
    ),
    (
        r"\b(?:la?st\s+ni(?:ght|te)|tonight|2nite|yesterday|yday|today|tomorrow|tmrw|tmr|tomoz|overnight|(?:(?:over|on|at)\s+)?the\s+weekend)\b",
        _read_relative,
    ),
    DAYPART,
    (
        r"(?:\b(?P<part>early|mid|late)[\s-]+)?(?:(?<!\w)(?<!under[\s-])(?<!over[\s-])['’]?(?P<digits>(?:1[0-9]|20)\d0|\d0)(?:['’]?s)\b|\b(?:the|his|her|their|my|your)\s+(?P<word>"
        + "|".join(_DECADES)
        + r")\b)(?<!\d\d\d\d\ds)",
        _read_decade,
    ),
    (r"(?<![\w'’])['’‘](?P<year>\d\d)\b(?!\s*(?:percent|%)|\w)", _read_short_year),
    (
        r"\b(?:on|by|until|till|til|before|after|from|since|for|starts?|begins?|opens?|closes?|ends?)\s+the\s+(?P<day>\d{1,2})(?:st|nd|rd|th)\b"
        r"(?=\s*(?:[.,;:!?)—–(]|$)|\s+(?:and|but|so|at|to|in|with|cuz|cos|bc|because|tho|though|lol|if|or|when|after|before)\b)",
        _read_lone_day,
    ),
)
_GRAMMAR = tuple((re.compile(pattern, re.IGNORECASE), read) for pattern, read in _RULES)
