"""Where a text departs from its house style, and what would be right there.

The lint and the edits have the same rules from here, so that what is put right is no fault any more.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from service.house_style import HouseStyle, StyleRule, british_spelling
from service.quotations import find_quotations
from service.regions import Region
from service.sentences import split_sentences
from service.spans import Span
from service.speech import STARTS, replace_outside_quotations

# Longest neighbour that is looked at.
_NEAR = 40


@dataclass(frozen=True)
class Departure:
    """Words that a house writes another way.

    Attributes:
        rule: The rule of wire style that it breaks, for example ``W11``.
        message: What is wrong and what would be right, in one sentence.
        span: Where it stands.
        right: What would be right; None where only an editor can tell.
    """

    rule: str
    message: str
    span: Span
    right: str | None


def find_departures(text: str, style: HouseStyle, *, headline: bool = False) -> list[Departure]:
    """Find where a text departs from a house style, inside quotations too; those of a rule are in order.

    Args:
        text: A paragraph or a headline.
        style: The house style.
        headline: Whether it is a headline.
    """
    return [found for rule in style.rules for found in _FINDERS[rule.name](text, rule, headline)]


def put_right(text: str, style: HouseStyle, *, headline: bool = False, untouched: Iterable[Span] = ()) -> str:
    """Write a text in a house style, as far as rules can tell; real quotations keep every letter.

    Args:
        text: A paragraph or a headline.
        style: The house style.
        headline: Whether it is a headline.
        untouched: What stays as it is.

    >>> from service.house_style import house_style
    >>> put_right("Color TV came to the U.S. on Oct. 3 at 6 a.m.", house_style("bbc"))
    'Color TV came to the US on 3 October at 06:00.'
    """
    kept = Region(untouched)
    found = [one for one in find_departures(text, style, headline=headline) if one.right is not None]
    ends = _SentenceEnds(text)
    changes = [_with_stop(text, one, None if headline else ends) for one in found if not kept.touches(one.span)]
    copy = replace_outside_quotations(text, changes)
    for mark in headline_marks(copy, style) if headline else ():
        copy = f"{copy[: mark.start]}'{copy[mark.end :]}"
    return copy


def headline_marks(text: str, style: HouseStyle) -> Sequence[Span]:
    """Find the double marks of a headline that a house would make single."""
    if not any(rule.name == "headline_marks" for rule in style.rules):
        return ()
    pairs = [quotation.outer for quotation in find_quotations(text)]
    whole = [pair for pair in pairs if (text[pair.start] + text[pair.end - 1]) in _DOUBLE and len(pair.of(text)) > 2]
    plain = [pair for pair in whole if not re.search(r"['‘’]", pair.of(text))]
    return [Span(place, place + 1) for pair in plain for place in (pair.start, pair.end - 1)]


_DOUBLE = frozenset({'""', "“”"})


class _SentenceEnds:
    """Where the sentences of a text end, found when it is asked for."""

    def __init__(self, text: str) -> None:
        self._text = text

    @cached_property
    def _ends(self) -> list[int]:
        return [sentence.end for sentence in split_sentences(self._text)]

    def follow(self, position: int) -> bool:
        """Tell whether nothing but marks stands between a place and the end of its sentence."""
        number = bisect_left(self._ends, position)
        return number < len(self._ends) and not re.search(r"\w", self._text[position : self._ends[number]])


def _with_stop(text: str, found: Departure, ends: _SentenceEnds | None) -> tuple[Span, str]:
    """Write one full stop where that of an abbreviation ends the sentence too, or would; headlines have no ends."""
    span, right = found.span, found.right or ""
    if right.endswith("."):
        return (Span(span.start, span.end + 1) if text[span.end : span.end + 1] == "." else span), right
    if span.of(text).endswith(".") and ends and ends.follow(span.end):
        return span, right + "."
    return span, right


# --- figures ---

_PERCENT = re.compile(
    r"(?<![\w.])(?<!\d,)(?P<number>\d[\d,]*(?:\.\d+)?)(?:\s|-)?(?:percent|per\s+cent|pct)\b(?!age)(?P<point>\s+points?\b)?"
)


def _percent(text: str, _: StyleRule, headline: bool) -> Iterator[Departure]:
    for match in _PERCENT.finditer(text):
        span = Span(match.start(), match.end() - len(match["point"] or ""))
        # "5 percent points" are none.
        right = None if match["point"] else match["number"] + "%"
        message = f"{span.of(text)!r} is a percentage; write the numeral with '%'."
        yield Departure("W11", message, span, right)


_SHORT_MONTHS = {
    "January": "Jan.",
    "February": "Feb.",
    "August": "Aug.",
    "September": "Sept.",
    "October": "Oct.",
    "November": "Nov.",
    "December": "Dec.",
}
_LONG_MONTH = re.compile(
    rf"\b(?P<month>{'|'.join(_SHORT_MONTHS)})\s+(?P<day>[12]\d|3[01]|[1-9])(?:st|nd|rd|th)?\b(?![-–:,.]?\d)"
)
_MONTHS = "January February March April May June July August September October November December"
_MONTH_FORMS = {name[:3]: name for name in _MONTHS.split()}
# Another day after it, as in "Oct. 3 and 4", would need another order still.
_DAY_AFTER_MONTH = re.compile(
    r"\b(?P<month>Jan(?:uary|\.)?|Feb(?:ruary|\.)?|Mar(?:ch|\.)|Apr(?:il|\.)?|May|June?|July?|Aug(?:ust|\.)?"
    r"|Sept?(?:ember|\.)?|Oct(?:ober|\.)?|Nov(?:ember|\.)?|Dec(?:ember|\.)?)\s+(?P<day>[12]\d|3[01]|[1-9])"
    r"(?:st|nd|rd|th)?(?:,?\s+(?P<year>(?:1\d|20)\d\d)\b)?"
    r"(?![\w:%]|[.,]\d|\s?(?:[-–—]|,|to|and|or|through|until|till)\s*\d{1,2}\b|\s*(?:percent|per\s+cent|[ap]\.?m\b))"
)


def _months(text: str, rule: StyleRule, headline: bool) -> Iterator[Departure]:
    if rule.value == "abbreviated":
        for match in _LONG_MONTH.finditer(text):
            right = f"{_SHORT_MONTHS[match['month']]} {match['day']}"
            message = f"A month with a day is abbreviated; write {right!r}."
            yield Departure("W11", message, Span(*match.span()), right)
        return
    for match in _DAY_AFTER_MONTH.finditer(text):
        # No sentence begins with a figure.
        if not STARTS.search(text[max(0, match.start() - _NEAR) : match.start()]):
            right = " ".join(filter(None, (match["day"], _MONTH_FORMS[match["month"][:3]], match["year"])))
            message = f"The day stands before the month; write {right!r}."
            yield Departure("W11", message, Span(*match.span()), right)


_CLOCK = re.compile(r"\b(?P<hour>\d{1,2}(?::\d\d)?)\s?(?P<half>am|pm|AM|PM|Am|Pm)\b")
_EITHER_CLOCK = re.compile(
    r"\b(?P<hour>\d{1,2})(?:[:.](?P<minute>[0-5]\d))?\s?(?P<half>[ap])(?:\.\s?m(?:\.|\b)|m\b)", re.IGNORECASE
)
# "9 to 11 a.m." leaves out half of the first time.
_OPEN_RANGE = re.compile(r"\d\s*(?:-|–|—|to|and|or|until|till|through)\s*$")


def _clock(text: str, rule: StyleRule, headline: bool) -> Iterator[Departure]:
    if rule.value == "12-hour":
        for match in _CLOCK.finditer(text):
            right = f"{match['hour']} {match['half'][0].lower()}.m."
            yield Departure("W11", f"{match[0]!r} is a time; write {right!r}.", Span(*match.span()), right)
        return
    for match in _EITHER_CLOCK.finditer(text):
        hour = int(match["hour"])
        if not 1 <= hour <= 12 or _OPEN_RANGE.search(text[max(0, match.start() - _NEAR) : match.start()]):
            continue
        right = f"{hour % 12 + 12 * (match['half'] in 'pP'):02}:{match['minute'] or '00'}"
        yield Departure("W11", f"{match[0]!r} is a time; write {right!r}.", Span(*match.span()), right)


_SCALES = {
    "k": "thousand",
    "m": "million",
    "mn": "million",
    "mil": "million",
    "mm": "million",
    "b": "billion",
    "bn": "billion",
    "tn": "trillion",
    "t": "trillion",
}
_LETTERS = {"million": "m", "billion": "bn", "trillion": "tn"}
_SHORT_SCALE = re.compile(
    r"(?<![\w.,])(?P<money>[$£€¥₦₹]?)(?P<number>\d[\d,]*(?:\.\d+)?)\s?(?P<scale>k|K|m|M|mn|mm|mil|b|B|bn|Bn|tn|T)(?![\w/’'-])"
)
_LONG_SCALE = re.compile(
    r"(?<![\w.,])(?P<sum>[$£€¥]\d[\d,]*(?:\.\d+)?)\s(?P<scale>million|billion|trillion)\b(?![-’'])"
)


def _scales(text: str, rule: StyleRule, headline: bool) -> Iterator[Departure]:
    letters = rule.value == "letters in money"
    for match in _SHORT_SCALE.finditer(text):
        scale = match["scale"]
        if not match["money"] and (scale in "mMbBT" or scale == "mm" or (scale == "K" and len(match["number"]) < 2)):
            continue
        if letters and match["money"] and scale in _LETTERS.values() and " " not in match[0]:
            continue
        word = _SCALES[scale.lower()]
        right = _sum(match["money"], match["number"], word, letters=letters) if match["money"] else None
        advice = f"write {right!r}" if letters and right else "spell the figure out"
        yield Departure("W11", f"{match[0]!r} is short for {word}; {advice}.", Span(*match.span()), right)
    for match in _LONG_SCALE.finditer(text) if letters else ():
        right = match["sum"] + _LETTERS[match["scale"]]
        yield Departure("W11", f"{match[0]!r} has a letter in money; write {right!r}.", Span(*match.span()), right)


def _sum(currency: str, number: str, word: str, *, letters: bool) -> str | None:
    """Write a sum of money with its scale; None where a thousandth of it is no whole number."""
    if word != "thousand":
        return f"{currency}{number}{_LETTERS[word] if letters else ' ' + word}"
    value = 1000 * Decimal(number.replace(",", ""))
    return f"{currency}{int(value):,}" if value == int(value) else None


# --- names and titles ---

_NOUN_AFTER = (
    r"(?=\s+(?:[Pp]resident|[Ss]enat(?:e|ors?)|[Cc]ongress|[Gg]overnment|[Aa]rmy|[Nn]avy|[Mm]ilitary|[Tt]reasury|[Ss]upreme"
    r"|[Ss]tate|[Dd]epartment|[Hh]ouse|[Ss]ecretary|officials?|troops|forces|dollars?|citizens?|economy|election|sanctions"
    r"|tariffs?|ambassador|embassy|diplomats?|lawmakers?|intelligence|authorities|prime\s+minister)\b)"
)


def _initials(text: str, rule: StyleRule, headline: bool) -> Iterator[Departure]:
    plain = [form for form in rule.value if "." not in form]
    stopped = {form.replace(".", ""): form for form in rule.value if "." in form}
    if plain:
        with_stops = {"".join(f"{letter}." for letter in form): form for form in plain}
        forms = "|".join(map(re.escape, with_stops))
        for match in re.finditer(rf"(?<![\w.])(?:{forms})(?!\w)", text):
            right = with_stops[match[0]]
            message = f"{match[0]!r} has no full stops; write {right!r}."
            yield Departure("W12", message, Span(*match.span()), right)
    # In capitals alone "US" may be a shout, and headlines have no room for stops.
    if stopped and not headline:
        forms = "|".join(stopped)
        pattern = (
            rf"\b(?:[Tt]he|[Ii]n the|[Ff]rom the|former|[Tt]o the)\s+(?P<noun>{forms})(?=['’]s\b|[.,;]|\s+(?:[a-z]+))"
            rf"|(?<![\w.])(?P<adjective>{forms}){_NOUN_AFTER}"
        )
        for match in re.finditer(pattern, text):
            name = match.lastgroup or "noun"
            right = stopped[match[name]]
            message = f"{match[name]!r} has periods in running text; write {right!r}."
            yield Departure("W12", message, Span(*match.span(name)), right)


# "12 Oak Dr. Firefighters came": a drive, not a doctor.
_ADDRESS = re.compile(r"\d\s+(?:[A-Z]\w*\s+)+$")


def _courtesy_titles(text: str, rule: StyleRule, headline: bool) -> Iterator[Departure]:
    for match in re.finditer(rf"(?<![\w.])(?P<title>{'|'.join(rule.value)})\.(?=\s+[A-Z])", text):
        if not _ADDRESS.search(text[max(0, match.start() - _NEAR) : match.start()]):
            message = f"{match[0]!r} has no full stop; write {match['title']!r}."
            yield Departure("W12", message, Span(*match.span()), match["title"])


# --- words ---

_BARE_WEEKDAY = re.compile(
    r"\b(?:said|announced|confirmed|reported|told\s+reporters|died|arrived|resigned|began|opened|closed|met|voted|ruled)\s+"
    r"(?P<day>(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day)(?=\s*$|[.,;]|\s+(?:that|it|he|she|they|its|his|her|their|in|at|after|before)\b)"
)


def _weekdays(text: str, _: StyleRule, headline: bool) -> Iterator[Departure]:
    for match in [] if headline else _BARE_WEEKDAY.finditer(text):
        right = f"on {match['day']}"
        message = f"'On' stands before the day of the week; write {right!r}."
        yield Departure("W10", message, Span(*match.span("day")), right)


_SMALL_WORD = re.compile(r"(?<![\w@#./])[a-z]+(?:-[a-z]+)*(?!\w|['’]?\w|\.\w|@|/)")
_PART = re.compile(r"[a-z]+")


def _spelling(text: str, _: StyleRule, headline: bool) -> Iterator[Departure]:
    british = british_spelling()
    for word in _SMALL_WORD.finditer(text):
        for match in _PART.finditer(text, *word.span()):
            if right := british.get(match[0]):
                message = f"{match[0]!r} is American spelling; write {right!r}."
                yield Departure("W12", message, Span(*match.span()), right)


def _nothing(text: str, _: StyleRule, headline: bool) -> Iterator[Departure]:
    """Marks touch quotations, so they are found by ``headline_marks``."""
    yield from ()


_FINDERS: Mapping[str, Callable[[str, StyleRule, bool], Iterator[Departure]]] = {
    "percent": _percent,
    "months": _months,
    "clock": _clock,
    "scales": _scales,
    "initials": _initials,
    "courtesy_titles": _courtesy_titles,
    "weekdays": _weekdays,
    "spelling": _spelling,
    "headline_marks": _nothing,
}
