"""Read numbers, in digits and in words, as exact values; what they count is left to others."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal, localcontext

from service.spans import Span

_SMALL = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen"
_SMALL += " seventeen eighteen nineteen"
_ORDINALS = "zeroth first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth"
_ORDINALS += " fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth"
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
_CARDINAL = {word: value for value, word in enumerate(_SMALL.split())} | {"nil": 0, "fourty": 40}
_CARDINAL |= {word: 20 + 10 * index for index, word in enumerate(_TENS.split())}
_ORDINAL = {word: value for value, word in enumerate(_ORDINALS.split()) if value}
_ORDINAL |= {word[:-1] + "ieth": 20 + 10 * index for index, word in enumerate(_TENS.split())}
_SCALE = {"hundred": 10**2, "thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12}
_SCALE |= {"dozen": 12, "lakh": 10**5, "crore": 10**7, "grand": 10**3, "thou": 10**3}
# Who says "one lakh twenty" means thousands.
_LAKH = _SCALE["lakh"]
# Bank notes, by what they are worth.
NOTES = {"fiver": 5, "tenner": 10}
# Short forms stand after digits alone: in "a mil" or "ten k" they may be something else.
_SHORT = {"k": 10**3, "m": 10**6, "mm": 10**6, "mn": 10**6, "mln": 10**6, "mil": 10**6, "mill": 10**6, "mio": 10**6}
_SHORT |= {"b": 10**9, "bn": 10**9, "bln": 10**9, "bil": 10**9, "t": 10**12, "tn": 10**12, "trn": 10**12, "cr": 10**7}
_PART = {"half": 2, "halve": 2, "quarter": 4, "hundredth": 100}
_PART |= {word: value for word, value in _ORDINAL.items() if value > 2}
_VULGAR = {"½": (1, 2), "⅓": (1, 3), "⅔": (2, 3), "¼": (1, 4), "¾": (3, 4), "⅕": (1, 5), "⅖": (2, 5), "⅗": (3, 5)}
_VULGAR |= {"⅘": (4, 5), "⅙": (1, 6), "⅚": (5, 6), "⅛": (1, 8), "⅜": (3, 8), "⅝": (5, 8), "⅞": (7, 8)}

_CURRENCY_MARKS = ("$", "£", "€", "¥")
# Digits that leave room for a scale, within the precision of decimal arithmetic.
_SHORT_NUMBER = 14
_SPACE = r"[ \t\u00a0\u2009\u202f]"
_SCALES = "|".join(_SCALE)
_GROUPED = r"\d{1,3}(?:,\d{3})+(?!\d)|\d{1,2}(?:,\d\d)+,\d{3}(?!\d)|\d{1,3}(?:[\u00a0\u2009\u202f]\d{3})+(?!\d)|\d+"
_DIGITS = rf"(?<!\d)(?<!\d[.,])(?:(?:{_GROUPED})(?:\.\d+)?|(?<![\w.])\.\d+)"
_SMALL_COUNT = "one|two|three|four|five|six|seven|eight|nine|ten|twelve"
# "Three in ten days" is no share.
_PERIODS = "(?:seconds?|minutes?|hours?|days?|nights?|weeks?|months?|years?|decades?|games?|matches|starts)"
_GROUP = {"pair": 2, "duo": 2, "both": 2, "twice": 2, "couple": 2, "trio": 3, "thrice": 3, "quartet": 4}
_GROUP |= {"fortnight": 2, "triple": 3, "tripled": 3, "quadruple": 4, "quadrupled": 4} | NOTES
# "A grand jury" is no sum of money.
_GRAND_THINGS = r"jur|prix|slam|piano|finale?\b|total|opening|reopening|tour\b|theft|larceny|duke|master|old\b|plan\b"
_GRAND_THINGS += (
    r"|scale\b|entrance|gesture|bargain|coalition|design|parade|marshal|mosque|mufti|ayatollah|vizier|hotel"
)
_GRAND_THINGS += r"|hall|stand\b|canyon|union"
_START = re.compile(
    rf"(?P<slash>(?<![\d/.,])(?:\d+(?:{_SPACE}|-))?\d{{1,3}}[/⁄]\d{{1,4}}(?![\d/]))"
    rf"|(?P<vulgar>(?:(?<![\d.,])\d+{_SPACE}?)?[{''.join(_VULGAR)}])"
    rf"|(?<![\w.,$£€:/-])(?P<share>(?P<top>{_SMALL_COUNT}|\d{{1,2}})\s+(?:in(?:\s+every)?|(?:out\s+of|outta)(?:\s+every|(?=\s+(?:10|ten|100)\b)))\s+"
    rf"(?P<bottom>{_SMALL_COUNT}|twenty|(?!(?:19|20)\d\d)\d{{1,4}}))\b(?![%:/-]|[.,]\d|\s*(?:{_SCALES}|of|am|pm|a\.m|p\.m|{_PERIODS})\b)"
    rf"|(?P<digits>{_DIGITS})"
    rf"|\b(?P<vague>(?:a\s+)?(?:couple(?:\s+of)?|few|good\s+few)|several|tens\s+of|(?:{_SCALES})s\s+of)"
    rf"\s+(?P<many>{_SCALES})s?\b"
    rf"|\b(?P<plural>dozen|hundred|thousand|million|billion|trillion)s\b"
    r"|\b(?P<some>a\s+couple(?:\s+of)?|a\s+pair\s+of|a\s+fortnight|tripled?|quadrupled?|fiver|tenner|both|pair|duo|trio|quartet|twice|thrice|a\s+few|several)\b"
    rf"|\b(?P<word>an?(?=\s+(?:(?:cool|whopping|full|good|solid|mere|measly|whole)\s+)?(?:{_SCALES})\b"
    rf"(?!(?<=\bgrand)\s+(?:{_GRAND_THINGS})))"
    rf"|hundred(?=\s+and\s+(?:{'|'.join(_CARDINAL)})\b)"
    rf"|an?(?=[\s-]+(?:{'|'.join(_PART)})\b)|{'|'.join([*_CARDINAL, *_ORDINAL, 'half', 'quarter'])})(?:\b|(?=fold\b))",
    re.IGNORECASE,
)
_NEXT = re.compile(
    r"(?P<joiner>\s+and\s+|[\s-]\s?)(?:(?:cool|whopping|full|good|solid|mere|measly|whole)\s+)?(?P<word>[a-z]+)\b", re.I
)
_SHORT_FORM = re.compile(
    rf"(?:(?P<letter>k|m|b|t|mm|{_SCALES})|[ \u00a0-]?(?P<short>mil|mill|mln|mn|mio|bn|bln|bil|tn|trn|cr))(?![\w/²])"
    # "1.8m tall" is a height, "5K run" a race.
    r"(?!\s+(?:tall|high|deep|wide|long|away|race|sprint|dash|hurdles|freestyle|run|swim|relay|radius|walk)\b)",
    re.IGNORECASE,
)
_ORDINAL_END = re.compile(r"(?:st|nd|rd|th)\b", re.IGNORECASE)
_AND_A_HALF = re.compile(r"(?:\s+and\s+|-and-)(?:a|one)[\s-]half\b", re.IGNORECASE)
_POINT = re.compile(rf"\s+point((?:[\s-]+(?:oh|{'|'.join(_SMALL.split()[:10])}))+)\b", re.IGNORECASE)
_OF_A_SCALE = re.compile(rf"(?:\s+of)?(?:\s+an?\s+|[\s-])({_SCALES})\b", re.IGNORECASE)
_PART_ENDS = re.compile(
    r"\s*(?:[.,;:!?)\]\"”–—]|$|(?:of|off|more|less|fewer|higher|lower|bigger|smaller|as|the|its|his|her|their|that|on|in|by|to"
    r"|from|at|for|with|than|over|above|under|below|into|is|are|was|were|has|have|had|goes|went|paid|up|down)\b"
    r"|-(?!grader|year|party|rate|degree|class|place|floor|round|generation)\w)"
)
_SIGN = re.compile(r"(?:(?<![\w)\]%.’'])[-−]|\b(?<!or )(?:minus|negative)\s+)[$£€]?$", re.IGNORECASE)

_YEAR = re.compile(
    r"(?<![\w$£€¥₹#.,:/-])(?P<year>1\d{3}|20\d\d)(?![\w%°/:]|[.,:]\d|\s?(?:percent|per\s+cent|million|billion)\b)"
)
_YEAR_CUE = re.compile(
    r"(?:\b(?:in|since|by|until|till|til|from|to|before|after|of|circa|early|mid|late|and|summer|spring|fall|winter|autumn"
    r"|between|through|around|year|back|for)\s+|\b\d{4}\s?[-–]\s?|\()$",
    re.IGNORECASE,
)
_COUNTED = re.compile(
    r"(?:[\s\u00a0]+|-)(?:(?!of\b)[a-z]+\s+)?(?:people|folks|men|women|kids|children|students|workers|employees|jobs|soldiers"
    r"|troops|homes|houses|votes|fans|protesters|patients|cases|deaths|miles?|kilomet\w+|meters?|metres?|feet|foot|f?t|km|kg"
    r"|tons?|tonnes?|pounds|euros?|dollars|bucks|quid|yen|hours?|days?|weeks?|months?|years?|minutes?|seconds?|degrees)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Number:
    """A number as the text has it, without currency, unit or bound.

    Attributes:
        span: Where it stands.
        value: Its exact value.
        ordinal: True for ``third`` and ``3rd``.
        part: True for a fraction such as ``half`` or ``two-thirds``.
        vague: True for a multiple that is not counted, such as ``dozens``; the value is then that of one.
        scale: What ``million`` or the like has multiplied it by; 1 where nothing has.
        last: The word or suffix that ends it, in lower case; empty after digits.
    """

    span: Span
    value: Decimal
    ordinal: bool = False
    part: bool = False
    vague: bool = False
    scale: int = 1
    last: str = ""


def find_years(text: str) -> tuple[Span, ...]:
    """Find the four-digit years, 1000 to 2099, in order.

    A year before 1900 needs a word such as ``since`` in front of it; a number that counts something is no year.

    >>> [year.of("In 1848 and 2015, 2000 people") for year in find_years("In 1848 and 2015, 2000 people")]
    ['1848', '2015']
    """
    found: list[Span] = []
    for match in _YEAR.finditer(text):
        cued = _YEAR_CUE.search(text[max(0, match.start() - 12) : match.start()])
        if (int(match["year"]) >= 1900 or cued) and not _COUNTED.match(text, match.end()):
            found.append(Span(match.start(), match.end()))
    return tuple(found)


def find_numbers(text: str) -> Iterator[Number]:
    """Find the numbers of ``text``, in order; years are among them."""
    position = 0
    while match := _START.search(text, position):
        number = _read(text, match)
        position = max(number.span.end if number else match.end(), match.start() + 1)
        if number:
            sign = _SIGN.search(text[max(0, match.start() - 12) : match.start()])
            if sign:
                number = replace(number, value=number.value.copy_negate())
            yield number


def read_spelled(words: str) -> Decimal | None:
    """Read ``twenty-six``, ``26`` or ``twenty-sixth``; None unless the whole of ``words`` is one number."""
    number = next(find_numbers(words), None)
    return number.value if number and number.span == Span(0, len(words)) and not number.vague else None


def _read(text: str, match: re.Match[str]) -> Number | None:
    length = match.end() - match.start()
    if length <= _SHORT_NUMBER:
        return _read_from(text, match)
    # Arithmetic would round a long number, and two that differ in their last digit would be one.
    with localcontext() as exact:
        exact.prec = length + exact.prec
        return _read_from(text, match)


def _read_from(text: str, match: re.Match[str]) -> Number | None:
    start, end = match.span()
    if match["slash"]:
        whole, _, part = (
            match[0].replace("-", " ").rpartition(" ") if re.search(r"[\s-]", match[0]) else ("", "", match[0])
        )
        top, bottom = (int(piece) for piece in re.split("[/⁄]", part))
        return Number(Span(start, end), Decimal(whole or 0) + Decimal(top) / bottom, part=True) if bottom else None
    if match["share"]:
        top, bottom = (_count(match[name]) for name in ("top", "bottom"))
        if 0 < top < bottom:
            return Number(Span(start, end), Decimal(top) / bottom, part=True, last="share")
        end = match.end("top")
        value = Decimal(top)
        return Number(Span(start, end), value, last="" if match["top"].isdigit() else match["top"].casefold())
    if match["vulgar"]:
        top, bottom = _VULGAR[match[0][-1]]
        value = Decimal(match[0][:-1].strip() or 0) + Decimal(top) / bottom
        return _scaled(text, Span(start, end), value, part=match[0][:-1] == "")
    if match["vague"]:
        return _read_vague(match)
    if match["plural"] or match["some"]:
        unit = _SCALE.get((match["plural"] or "").casefold(), 1)
        counted = next((_GROUP[word] for word in match[0].casefold().split() if word in _GROUP), None)
        return Number(
            Span(start, end), Decimal(counted or unit), vague=counted is None, scale=unit, last=match[0].casefold()
        )
    if match["digits"]:
        value = Decimal(re.sub(r"[,\s]", "", match[0]))
        if ordinal := _ORDINAL_END.match(text, end):
            return Number(Span(start, ordinal.end()), value, ordinal=True, last=ordinal[0].casefold())
        short = _SHORT_FORM.match(text, end)
        # "8mm" is a length, "$8mm" eight million.
        if short and (short[0].casefold() != "mm" or text[max(0, start - 1) : start] in _CURRENCY_MARKS):
            form = short[0].casefold().strip(" \u00a0-")
            scale = (_SHORT | _SCALE)[form]
            return Number(Span(start, short.end()), value * scale, scale=scale, last=form)
        return _scaled(text, Span(start, end), value)
    return _read_words(text, start, match["word"].casefold())


def _count(words: str) -> int:
    return int(words) if words.isdigit() else _CARDINAL[words.casefold()]


def _read_vague(match: re.Match[str]) -> Number:
    scale = _SCALE[match["many"].casefold()]
    many = match["vague"].casefold()
    span = Span(*match.span())
    if "couple" in many:
        return Number(span, Decimal(2 * scale), scale=scale, last=match["many"].casefold())
    head = many.split()[0].removesuffix("s")
    value = scale * (10 if head == "ten" else _SCALE.get(head, 1))
    return Number(span, Decimal(value), vague=True, scale=scale, last=match["many"].casefold())


def _read_words(text: str, start: int, word: str) -> Number | None:
    end = start + len(word)
    if word in ("half", "quarter"):
        return _of_a_scale(text, Span(start, end), Decimal(1) / _PART[word], word)
    if word in _ORDINAL:
        return Number(Span(start, end), Decimal(_ORDINAL[word]), ordinal=True, last=word)
    if word == "hundred":
        return _scaled(text, Span(start, end), Decimal(100), last=word, scale=100)
    return _scaled(text, Span(start, end), Decimal(_CARDINAL.get(word, 1)), last=word)


def _scaled(
    text: str, span: Span, value: Decimal, *, part: bool = False, last: str = "", scale: int = 0
) -> Number | None:
    """Read on from a first number: what follows may add to it, multiply it or make it a fraction or an ordinal."""
    total, current, end = Decimal(0), value, span.end
    while True:
        if point := _POINT.match(text, end) if last in _CARDINAL else None:
            digits = "".join(str(_CARDINAL.get(digit, 0)) for digit in point[1].casefold().replace("-", " ").split())
            current, end, last = current + Decimal(f"0.{digits}"), point.end(), "point"
            continue
        if half := _AND_A_HALF.match(text, end) if last != "half" and not part else None:
            current, end, last = current + Decimal("0.5") * (scale if current == 0 else 1), half.end(), "half"
            continue
        step = _NEXT.match(text, end)
        word = step["word"].casefold() if step else ""
        joined_by_and = bool(step) and "and" in step["joiner"] if step else False
        fits = current % 100 == 0 if _CARDINAL.get(word, _ORDINAL.get(word, 0)) >= 10 else _takes_unit(current)
        if not step or (joined_by_and and not (scale and current % 100 == 0)):
            break
        if (
            word in _SCALE
            and current > 0
            and not joined_by_and
            and (scale == 0 or scale > _SCALE[word] or scale == 100)
        ):
            factor = _SCALE[word]
            if factor == 100:
                current *= 100
            else:
                total, current = total + current * factor, Decimal(0)
            scale, end, last = factor, step.end(), word
        elif word in _CARDINAL and last and last != "half" and _CARDINAL[word] and fits and (scale or current >= 20):
            current, end, last = current + _CARDINAL[word], step.end(), word
        elif word in _ORDINAL and last in {*_CARDINAL, *_SCALE} and fits and (scale or current >= 20):
            return Number(Span(span.start, step.end()), total + current + _ORDINAL[word], ordinal=True, last=word)
        elif word.removesuffix("s") in _PART and scale == 0 and last and current < 20:
            return _part(text, span.start, step, current, last)
        else:
            break
    if last in ("a", "an"):
        return None
    if scale == _LAKH and 10 <= current < 100:
        current *= 1000
    return Number(Span(span.start, end), total + current, part=part, scale=scale or 1, last=last)


def _takes_unit(current: Decimal) -> bool:
    return current % 10 == 0 and (current % 100 == 0 or current % 100 >= 20)


def _part(text: str, start: int, step: re.Match[str], count: Decimal, last: str) -> Number | None:
    word = step["word"].casefold()
    value = count / _PART[word.removesuffix("s")]
    span = Span(start, step.end())
    if word in _ORDINAL and last in ("a", "an") and not _PART_ENDS.match(text, step.end()):
        # "A third man" is an ordinal, "a third of the men" is not.
        return Number(span, Decimal(_ORDINAL[word]), ordinal=True, last=word)
    if word.endswith("s") == (count == 1) and word != "half":
        return Number(Span(start, step.start()), count, last=last) if last in _CARDINAL else None
    return _of_a_scale(text, span, value, word)


def _of_a_scale(text: str, span: Span, value: Decimal, word: str) -> Number:
    if match := _OF_A_SCALE.match(text, span.end):
        scale = _SCALE[match[1].casefold()]
        return Number(Span(span.start, match.end()), value * scale, scale=scale, last=match[1].casefold())
    return Number(span, value, part=True, last=word)
