"""Find figures, amounts of money and percentages, and tell whether two of them say the same.

A numeral is a number with what it counts: a currency, a unit, a percent sign, a bound such as ``at least``. ``$2M``
equals ``2 million dollars`` and ``nine`` equals ``9``; percent and percentage points differ, and so do miles and
kilometers.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache
from itertools import pairwise

from service.amounts import NOTES, Number, find_numbers
from service.bounds import LOOSE_END, agree, find_bound
from service.facts import FactKind
from service.lexicon import read_rows
from service.regions import Region
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
_CONTEXT = 300
_COUNTS = frozenset(range(3, 10))
_MOST_COUNTS = max(_COUNTS)
_MINUTE_OF_PLAY = re.compile(r"\b\d+(?:st|nd|rd|th)[\s-]minute\b")
# "Model A1263."
_CODE = re.compile(r"(?<![A-Za-z0-9])([A-Z]{1,4})-?$")
# "Suspended for a week", "missed by an inch".
_SINGLE = re.compile(
    r"\ban?\s+(?P<unit>minute|hour|day|week|month|year|decade|inch|foot|yard|mile|meter|quarter)"
    r"(?:(?P<own>['’]s|-long)(?=\s)|\b(?!\s+(?:ago|earlier|before|or\s+two|and|of)\b))",
    re.IGNORECASE,
)
_MEASURED = re.compile(r"(?:\b(?:for|in|within|by|after|over|and)|,) $", re.IGNORECASE)
_LONGEST_MEASURED = 8
_LENGTH_UNITS = frozenset({"inch", "foot", "yard", "mile", "meter"})
_MINUS = re.compile(r"(?:[-−]|\b(?:minus|negative)\s+)$", re.IGNORECASE)
_LONGEST_SIGN = 12
_GROUPS = frozenset({"both", "pair", "duo", "trio", "quartet", "twice", "thrice", "a pair of"})
_GROUPS |= {"triple", "tripled", "quadruple", "quadrupled"}
# Above this a numbered part of something is news: "Flight 118".
_MOST_PARTS = 30
_PART_NUMBER = re.compile(
    r"(?<!\w)(?:(?P<serial>(?:part|episode|ep\.?)\s+)|(?:step|update|take|point|thread|attempt)\s+|#)$", re.IGNORECASE
)
# Words that name a figure and tell none.
_IDIOM = re.compile(
    r"\b(?:high[\s-]five|(?:own|his|her|their|my|your)\s+two\s+feet|eleventh\s+hour|two\s+cents|cloud\s+nine|number\s+two,"
    r"|square\s+one|sixth\s+sense|second\s+nature|nine\s+lives|(?:fifty|50)\s?[-–/]\s?(?:fifty|50))(?!\w)",
    re.IGNORECASE,
)
# What is numbered: "week 2" is "the second week".
_NUMBERED = re.compile(
    r"(?<!\w)(?:day|night|week|month|year|round|grade|game|match|race|stage|lap|hole|mile|inning|minute|row|floor|chapter"
    r"|season|term|count|district|ward|lane|level|step|phase|quarter|set|leg|period|thru|through|attempt|try|number|no\.)\s+$",
    re.IGNORECASE,
)
# "Day 4, no sleep." heads a post.
_HEAD = re.compile(r"\W*(?:day|night|week|update|part)\s+$", re.IGNORECASE)
_HEAD_END = re.compile(r"\s*[,:.;!)–—-](?!\d)")
# "5 Stats About the Egg Glut" heads a list.
_LISTICLE = re.compile(
    r"\s+(?:[\w-]+\s+){0,2}(?:stats|facts|things|reasons|takeaways|ways|lessons|signs|charts|truths|questions|moments|words"
    r"|numbers|answers|secrets|times)\b",
    re.IGNORECASE,
)
_LONGEST_HEAD = 16
_LONGEST_ITEM = 500
# "R38 million" is an amount, "R2" a name.
_LEAST_RAND = 100
_LONGEST_IDIOM = 12
_VAGUE_ONE = frozenset({"one", "a", "an", "zero", "half", "nil"})
_FREE_WORDS = frozenset({"first", "second", "third"})
_JOINED = re.compile(r"[A-Za-z]-?$|[#.]$")
_PART_OF = re.compile(r"\s+(?:of|off|more|less|fewer|higher|lower)\b|\s*[-%]")
_LIST_STOP = re.compile(r"[.)/]\s+\S")
_LIST_NUMBER = re.compile(r"(?:^|[.!?:;)\]]\s+|\n\s*|#)$")
# What is measured in percent, which talk leaves out: "up 47–41 in the poll".
_OF_SHARES = re.compile(
    r"\b(?:poll(?:s|ing|ed|ster|sters)?|approval|survey\w*|turnout|inflation|tariffs?|interest rates?|raises?|stake"
    r"|owns?|central\s+bank|bank\s+of\s+\w+|the\s+fed)\b",
    re.IGNORECASE,
)
_MINUTES = re.compile(r"\d\s?h(?:rs?|ours?)?,?\s\d\d?m$", re.IGNORECASE)
_OF_ONE = re.compile(r"\s+an?(?=\s)", re.IGNORECASE)
# Beyond this, arithmetic could round.
_MANY = 10**9
_LENGTHS = (("k", "kilometer", 10**3), ("m", "meter", 10**6))
# A fall or a loss that a figure tells the size of.
_FALL = re.compile(
    r"\b(?:fell|fall\w*|lost|los[es]\w*|down|drop\w*|declin\w+|shrank|cut|shed|lower|decreas\w+|reduc\w+|slid|slump\w*|plung\w+"
    r"|fewer|contract\w+|sank|sink\w*|slip\w*|dip\w*|tumbl\w+)\b[^.;!?]*$",
    re.IGNORECASE,
)
_BELOW = re.compile(r"\s+(?:degrees\s+)?below\b(?!\s+\w+\s+(?:average|normal))", re.IGNORECASE)
_LEVEL = re.compile(
    r"\b(?:to|at|from|with|(?<!loss )(?<!fall )(?<!drop )(?<!decline )(?<!decrease )(?<!reduction )(?<!cut )of)"
    r"\s+(?:(?:about|around|just|only|a|an)\s+)?$",
    re.IGNORECASE,
)
# "A 6% decline", "$5 million loss".
_FALLING = re.compile(
    r"[\s-]+(?:[a-z]+\s+)?(?:fall|drop|declines?|decrease|cuts?|loss(?:es)?|reduction|slump|plunge|dip|slide|contraction|shrinkage"
    r"|lower|fewer|less|down|off)\b",
    re.IGNORECASE,
)
_FALL_REACH = 30
_PER = re.compile(
    r"\s*(?:per\s+\w+\s+)?(?:a|an|per|every|each|/)\s*"
    r"(?P<per>second|minute|hour|day|night|week|month|quarter|season|year|decade|hectare|acre|mile|kilometer|gallon|liter|barrel"
    r"|ounce|pound|kilo(?:gram)?|ton|tonne)\b"
    r"|\s+(?P<rate>hourly|daily|nightly|weekly|monthly|quarterly|yearly|annually)\b",
    re.IGNORECASE,
)
_RATES = {"hourly": "hour", "daily": "day", "nightly": "night", "weekly": "week", "monthly": "month", "yearly": "year"}
_RATES |= {"quarterly": "quarter", "annually": "year", "kilo": "kilogram", "tonne": "ton"}
_RANGE = re.compile(r"\s?(?:[-–—]|to|and|or)\s?", re.IGNORECASE)


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


def find_numerals(text: str, *, skip: Sequence[Span] = ()) -> tuple[Numeral, ...]:
    """Find the numerals of ``text`` outside the spans of ``skip``, in order.

    >>> [(n.span.of("up 3% to $2M"), str(n.value)) for n in find_numerals("up 3% to $2M")]
    [('3%', '3'), ('$2M', '2000000')]
    """
    skipped = Region(skip)
    numbers = [number for number in find_numbers(text) if not skipped.touches(number.span)]
    shared = list(_share_units(text, [_numeral(text, number) for number in numbers]))
    singles = [single for single in _singles(text) if not (skipped.touches(single.span) or _touch(shared, single.span))]
    return tuple(sorted([*_with_context(text, shared), *singles], key=lambda numeral: numeral.span))


def _singles(text: str) -> Iterator[Numeral]:
    """Find single units that the text gives as a measure: "for a week"."""
    for match in _SINGLE.finditer(text):
        if match["own"] or _MEASURED.search(text, max(0, match.start() - _LONGEST_MEASURED), match.start()):
            unit = match["unit"].casefold()
            yield Numeral(
                span=Span(match.start(), match.end("unit")),
                kind=FactKind.FIGURE,
                value=Decimal(1),
                unit=unit,
                certain=False,
                twin="length" if unit in _LENGTH_UNITS else "time",
            )


def _touch(numerals: Sequence[Numeral], span: Span) -> bool:
    return any(numeral.span.start < span.end and span.start < numeral.span.end for numeral in numerals)


def _numeral(text: str, number: Number) -> Numeral:
    kind, unit, span = _unit(text, number)
    if not unit and number.last == "grand":
        kind, unit = FactKind.MONEY, "grand"
    if number.last.startswith(("tripl", "quadrupl")):
        unit = "time"
    if number.value < 0 and (sign := _MINUS.search(text, max(0, span.start - _LONGEST_SIGN), span.start)):
        span = Span(sign.start(), span.end)
    bound, span = find_bound(text, number, span, is_money=kind is FactKind.MONEY)
    certain = not bool(
        (number.ordinal and number.value <= 3 and number.last in _FREE_WORDS)
        or (number.ordinal and text[number.span.end : number.span.end + 1] == ",")
        or (number.last in _VAGUE_ONE and number.value <= 1 and number.scale == 1)
        or (number.part and not unit and number.last in ("half", "quarter"))
        or (number.last.startswith(("a few", "several", "a couple")) and number.scale == 1)
        or (number.value == 1 and number.scale == 1 and kind is not FactKind.PERCENT)
        or (
            number.part
            and number.last.startswith(("third", "quarter", "fifth"))
            and not _PART_OF.match(text, number.span.end)
        )
        or number.last in _GROUPS
        or number.last.endswith("fortnight")
        # "0" in chat is "none", and "Day 12:" heads a post.
        or (number.value == 0 and not unit)
        or (not unit and _is_part_number(text, number))
        or (
            number.value <= 30
            and _LIST_STOP.match(text, number.span.end, number.span.end + 4)
            and (_LIST_NUMBER.search(text[max(0, number.span.start - 6) : number.span.start]) or _goes_on(text, number))
        )
        or any(idiom.start() < number.span.end and number.span.start < idiom.end() for idiom in _idioms(text, number))
        or (not unit and _heads(text, number.span))
        or (not unit and _JOINED.search(text[max(0, number.span.start - 2) : number.span.start]) is not None)
    )
    return Numeral(
        span=span,
        kind=kind,
        value=number.value / number.scale if unit == "minute" and number.last == "m" else number.value,
        unit=unit,
        bound=bound,
        per=_per(text, span),
        ordinal=number.ordinal,
        vague=number.vague,
        scale=number.scale,
        numbered=_is_numbered(text, number),
        certain=certain,
        twin=code[1]
        if not certain and (code := _CODE.search(text[max(0, number.span.start - 6) : number.span.start]))
        else "",
    )


def _is_part_number(text: str, number: Number) -> bool:
    match = _PART_NUMBER.search(text[max(0, number.span.start - 12) : number.span.start])
    return match is not None and (match["serial"] is not None or number.value <= _MOST_PARTS)


def _goes_on(text: str, number: Number) -> bool:
    """Tell whether it goes on a list that an earlier "1)" began."""
    before = text[max(0, number.span.start - _LONGEST_ITEM) : number.span.start]
    return text[number.span.end] == ")" and number.value > 1 and f"{number.value - 1})" in before


def _idioms(text: str, number: Number) -> Iterator[re.Match[str]]:
    return _IDIOM.finditer(text, max(0, number.span.start - _LONGEST_IDIOM), number.span.end + _LONGEST_IDIOM)


def _is_numbered(text: str, number: Number) -> bool:
    """Tell whether it tells which one: "week 2", "67'", or "the 88th" where a text speaks of minutes of play."""
    if number.ordinal:
        return number.value > _MOST_COUNTS and _MINUTE_OF_PLAY.search(text) is not None
    return _NUMBERED.search(text[max(0, number.span.start - 12) : number.span.start]) is not None


def _per(text: str, span: Span) -> str:
    match = _PER.match(text, span.end)
    word = (match["per"] or match["rate"]).casefold() if match else ""
    return _RATES.get(word, word)


def _heads(text: str, span: Span) -> bool:
    """Tell whether a number stands in the head of a post or of a list, where it tells nothing."""
    if span.start > _LONGEST_HEAD:
        return False
    before = text[: span.start]
    if _HEAD.fullmatch(before):
        return _HEAD_END.match(text, span.end) is not None
    return not any(character.isalnum() for character in before) and _LISTICLE.match(text, span.end) is not None


@cache
def _units() -> tuple[re.Pattern[str], re.Pattern[str], dict[str, tuple[FactKind, str]]]:
    """Compile what stands before and after a figure, and map each form to its kind and unit."""
    before: list[str] = []
    after: list[str] = []
    meaning: dict[str, tuple[FactKind, str]] = {}
    for kind, unit, forms in read_rows("units.tsv"):
        for form in forms.split("|"):
            bare = form.lstrip("^~")
            spellings = [bare] if form.startswith(("^", "~")) or not bare[-1].isalpha() else [bare, bare + "s"]
            for spelling in spellings:
                meaning.setdefault(("^" if form.startswith("^") else "") + spelling.casefold(), (FactKind(kind), unit))
                if form.startswith("^"):
                    before.append(
                        re.escape(spelling) + (r"\s?" if spelling[-1].isalpha() or spelling[-1] == "." else "")
                    )
                elif form.startswith("~"):
                    after.append(rf"(?<=\d){re.escape(spelling)}(?!\w)")
                else:
                    end = r"(?!\w)" if spelling[-1].isalnum() else ""
                    after.append(re.escape(spelling).replace(r"\ ", r"[\s-]") + end)
    return (
        re.compile(rf"(?<![A-Za-z])(?:{'|'.join(sorted(before, key=len, reverse=True))})$", re.IGNORECASE),
        re.compile(
            rf"(?:[\s\u00a0-]|\u00ad)?(?P<unit>{'|'.join(sorted(after, key=len, reverse=True))})", re.IGNORECASE
        ),
        meaning,
    )


def _unit(text: str, number: Number) -> tuple[FactKind, str, Span]:
    before, after, meaning = _units()
    head = text[max(0, number.span.start - 9) : number.span.start]
    span = number.span
    sign = before.search(head)
    if sign and not (sign[0].strip().casefold() == "r" and (sign[0][0] == "r" or number.value < _LEAST_RAND)):
        kind, unit = meaning["^" + sign[0].strip().casefold()]
        span = Span(span.start - len(sign[0]), span.end)
        # "$5 million dollars" and "$5 USD" say it twice.
        again = after.match(text, span.end)
        if again and meaning[" ".join(again["unit"].casefold().replace("-", " ").split())][0] is FactKind.MONEY:
            span = Span(span.start, again.end())
        return kind, unit, span
    # "19h 20m".
    if number.last == "m" and (minutes := _MINUTES.search(text, max(0, span.start - 6), span.end)):
        return FactKind.FIGURE, "minute", Span(span.start, minutes.end())
    # "Half a kilo", "half an hour".
    article = _OF_ONE.match(text, span.end) if number.last == "half" and number.part else None
    if number.last in NOTES:
        return FactKind.MONEY, "grand", span
    gap = article or LOOSE_END.match(text, span.end)
    if unit_after := after.match(text, gap.end() if gap else span.end):
        form = " ".join(unit_after["unit"].casefold().split())
        kind, unit = meaning.get(form) or meaning.get(form.replace("-", " ")) or meaning[form.replace(" ", "-")]
        if not number.ordinal and not (unit in ("second", "minute") and number.last == "a"):
            return kind, unit, Span(span.start, unit_after.end())
    return FactKind.FIGURE, "", span


def _share_units(text: str, numerals: Sequence[Numeral]) -> Iterator[Numeral]:
    """Give both ends of a range what one of them leaves out ("$4 to $6 million", "10-12%", "$4-6 million")."""
    joined = [
        bool(_RANGE.fullmatch(text, first.span.end, second.span.start))
        and not (_is_share(text, first) or _is_share(text, second))
        for first, second in pairwise(numerals)
    ]
    for index, numeral in enumerate(numerals):
        if index < len(joined) and joined[index]:
            other = numerals[index + 1]
            scale, value = other.scale, numeral.value
            alike = numeral.unit in ("", other.unit)
            if alike and scale > 1 and numeral.scale == 1 and value < 1000 and value < other.value / scale:
                numeral = replace(numeral, value=value * scale)
        elif index and joined[index - 1]:
            other = numerals[index - 1]
        else:
            yield numeral
            continue
        # "Up 11% to 620 million".
        differ = other.kind is FactKind.PERCENT and numeral.scale > 1
        if not numeral.unit and not differ:
            numeral = replace(numeral, kind=other.kind, unit=other.unit)
        yield replace(numeral, certain=numeral.certain or other.certain)


def _is_share(text: str, numeral: Numeral) -> bool:
    """Tell whether it is a fraction in words, which is no end of a range: "cut by a fifth to 48 billion"."""
    return 0 < numeral.value < 1 and text[numeral.span.start].isalpha()


def _with_context(text: str, numerals: Sequence[Numeral]) -> Iterator[Numeral]:
    """Say what bare figures may mean beside figures with a unit or a scale."""
    starts = [numeral.span.start for numeral in numerals]
    of_shares = _OF_SHARES.search(text) is not None
    for numeral in numerals:
        if numeral.vague or numeral.ordinal:
            yield numeral
            continue
        start = numeral.span.start
        # "800 million, the House says six hundred."
        own = 1 if numeral.scale == 100 else numeral.scale
        near = numerals[bisect_left(starts, start - _CONTEXT) : bisect_right(starts, start + _CONTEXT)]
        units = dict.fromkeys((other.kind, other.unit, other.scale if other.scale != 100 else 1) for other in near)
        # "He paid £190,000, they say they have seen 160."
        if not numeral.unit and numeral.scale == 1 and numeral.value < 1000:
            units |= dict.fromkeys((other.kind, other.unit, 1000) for other in near if _is_in_thousands(other))
        readings = [
            (kind, unit, numeral.value * scale if scale > 1 else numeral.value)
            for kind, unit, other_scale in units
            if numeral.unit in ("", unit) and kind in (numeral.kind, FactKind.PERCENT, FactKind.MONEY)
            for scale in ({1} if own > 1 else {1, other_scale})
            if unit != numeral.unit or scale > 1
        ]
        if of_shares and not numeral.unit and numeral.scale == 1 and 0 < numeral.value <= 100:
            readings.append((FactKind.PERCENT, "percent", numeral.value))
        # "Jobs -15k" is "15,000 jobs lost", "14 below" is "minus 14".
        if numeral.value > 0 and _fell(text, numeral.span):
            readings.append((numeral.kind, numeral.unit, -numeral.value))
        # A bare change is told in percent: "stock −6".
        if numeral.value < 0 and not numeral.unit and numeral.scale == 1 and numeral.value > -100:
            readings.append((FactKind.PERCENT, "percent", numeral.value))
        # "He fell at 35k" in a race, "a swell of 3.5m".
        for letter, unit, count in _LENGTHS:
            if (
                not numeral.unit
                and numeral.scale == count
                and numeral.value < _MANY
                and text[numeral.span.end - 1] == letter
            ):
                readings.append((FactKind.FIGURE, unit, numeral.value / count))
        # "Halved to 35c".
        if numeral.unit == "degree celsius" and text[numeral.span.end - 1] == "c":
            readings.append((FactKind.MONEY, "cent", numeral.value))
        yield replace(numeral, implied=tuple(dict.fromkeys(readings))) if readings else numeral


def _is_in_thousands(numeral: Numeral) -> bool:
    return (
        numeral.kind is FactKind.MONEY
        and numeral.scale == 1
        and 10_000 <= numeral.value < _MANY
        and numeral.value % 1000 == 0
    )


def _fell(text: str, span: Span) -> bool:
    """Tell whether words say what a minus sign says."""
    if _BELOW.match(text, span.end):
        return True
    before = text[max(0, span.start - _FALL_REACH) : span.start]
    # "Fell to 5%" tells how far, and 5% is no loss.
    if _LEVEL.search(before):
        return False
    return bool(_FALL.search(before) or _FALLING.match(text, span.end))
