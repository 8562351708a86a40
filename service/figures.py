"""Find the figures, amounts of money and percentages of a text, each with what it counts."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise

from service.amounts import Number, find_numbers
from service.bounds import find_bound
from service.facts import FactKind
from service.numerals import MOST_COUNTS, Numeral
from service.regions import Region
from service.spans import Span
from service.units import unit_of

_CONTEXT = 300
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
    kind, unit, span = unit_of(text, number)
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
        return number.value > MOST_COUNTS and _MINUTE_OF_PLAY.search(text) is not None
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
