"""Figures, units, dates and times that are changed or exchanged."""

from __future__ import annotations

import re
from collections.abc import Iterator
from random import Random

from evaluation.perturbations.passage import Passage
from evaluation.perturbations.planted import Change, Edit
from service.spans import Span

_FIGURE = re.compile(
    r"(?<![\w.,:/-])(?P<currency>[$£€])?(?P<digits>\d{1,3}(?:,\d{3})+|\d+)(?P<decimal>\.\d+)?(?![\d:/])"
)
_WORDS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
_WORDS += ["thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty"]
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_WORD = re.compile(rf"(?<![\w-])(?P<word>{'|'.join(_WORDS[2:] + _TENS[1:])})(?![\w])", re.IGNORECASE)
_ORDINALS = ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"]
_ORDINAL = re.compile(rf"(?<![\w-])(?P<ordinal>{'|'.join(_ORDINALS[1:])})(?=[ -][a-z])")
_MONTHS = ["Jan.", "Feb.", "March", "April", "May", "June", "July", "Aug.", "Sept.", "Oct.", "Nov.", "Dec."]
_LONG = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
_MONTH = re.compile(
    r"(?<![\w-])(?P<month>Jan\.|Feb\.|Aug\.|Sept\.|Oct\.|Nov\.|Dec\.|March|April|May|June"
    r"|July)(?: (?P<day>\d{1,2})\b)?"
)
_FULL = re.compile(rf"(?<![\w-])(?P<month>{'|'.join(_LONG)})\b(?! \d{{1,2}}\b)")
_DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
_YEAR = re.compile(
    r"(?<![\w$£€,.-])(?P<year>1[5-9]\d\d|20\d\d)(?![\w%]|,\d|\.\d| (?:people|homes|jobs|of|miles|votes"
    r"|km|meters|feet|pounds|euros|dollars))"
)
_CLOCK = re.compile(r"(?<![\w:])(?P<hour>\d{1,2})(?P<minute>:\d\d)?(?P<half> [ap]\.m\.)?")


def _dates(text: str) -> list[Span]:
    spans = [Span(*m.span()) for m in _MONTH.finditer(text) if m["day"]]
    spans += [Span(*m.span()) for m in _YEAR.finditer(text)]
    spans += [Span(*m.span()) for m in _CLOCK.finditer(text) if m["half"] or m["minute"]]
    spans += [Span(*m.span()) for m in re.finditer(r"\b\d{1,2}(?:st|nd|rd|th)\b|['’]\d\ds?\b|\b\d{4}s\b", text)]
    return spans


def _free(passage: Passage, span: Span, dates: list[Span]) -> bool:
    before = passage.text[max(0, span.start - 12) : span.start]
    named = any(
        passage.words[n].entity in {"PRODUCT", "FAC", "WORK_OF_ART", "LAW", "ORG"} for n in passage.numbers(span)
    )
    labelled = re.search(
        r"(?:[A-Z]\w*|No\.|Section|Route|line|Flight|Chapter|Article|article) $", before
    ) and not re.search(
        r"(?:^|[.!?]\s+|\b)(?:About|Nearly|Roughly|Only|At|Some|Almost|Another|Of|In|By|For|Just|Up|All|Least|The) $",
        before,
    )
    return not (passage.quotes(span.start) or named or labelled or any(span.overlaps(date) for date in dates))


def _figures(passage: Passage) -> Iterator[tuple[Span, str]]:
    """Give the figures that stand free, with what they count: money, percent or a number."""
    text = passage.text
    dates = _dates(text)
    for match in _FIGURE.finditer(text):
        span = Span(match.start("digits"), match.end())
        after = text[span.end : span.end + 14]
        if (
            not _free(passage, span, dates)
            or re.match(r"(?:st|nd|rd|th|s)\b", after)
            or re.match(r"[A-Za-z]| 1/2", after)
        ):
            continue
        if match["currency"] or re.match(r" (?:million |billion )?(?:euros|pounds|dollars|pence|cents)", after):
            unit = re.match(r" (?:million |billion )?(euros|pounds|dollars|pence|cents)", after)
            yield span, match["currency"] or (unit[1] if unit else "")
        else:
            yield span, "percent" if after.startswith(("%", " percent", " basis")) else "count"
    for match in _WORD.finditer(text):
        span = Span(*match.span())
        if _free(passage, span, dates) and not re.match(
            r"-(?:thirds|fifths|quarters|day\b|\w+(?:st|nd|rd|th)s?\b)", text[span.end :]
        ):
            yield span, "word"


def figure_changed(passage: Passage, random: Random) -> list[Change]:
    """Put a plausible neighbour in the place of a figure, an ordinal or a fraction."""
    changes: list[Change] = []
    text = passage.text
    for span, sort in _figures(passage):
        other = _neighbour(text, span, sort, random)
        if other:
            changes.append((Edit(span, other),))
    for match in _ORDINAL.finditer(text):
        span = Span(*match.span())
        if passage.quotes(span.start) or re.match(r" (?:time|of)\b|-(?:in|hand)", text[span.end :]):
            continue
        number = _ORDINALS.index(match["ordinal"])
        quarter = re.match(r"[ -]quarter", text[span.end :])
        options = [n for n in (number - 1, number + 1, number + 2) if 1 <= n <= (3 if quarter else 9) and n != number]
        if options and any(passage.pos(n) == "ADJ" for n in passage.numbers(span)):
            changes.append((Edit(span, _ORDINALS[random.choice(options)]),))
    return changes


def _neighbour(text: str, span: Span, sort: str, random: Random) -> str | None:
    old = span.of(text)
    # Within a range the lower end stays the lower.
    following = re.match(r"(?:%| million| billion)?(?: to |-| and | or )[$£€]?(\d[\d,.]*\d|\d)", text[span.end :])
    preceding = re.search(r"([\d,.]*\d)(?:%| million| billion)?(?: to |-| and | or )[$£€]?$", text[: span.start])
    top = _value(following[1]) if following else float("inf")
    bottom = _value(preceding[1]) if preceding else -1.0
    for _ in range(12):
        new = _word_neighbour(old, random) if sort == "word" else _digits_neighbour(old, sort, random)
        if new is None or new == old:
            continue
        value = _value(new) if sort != "word" else 0.5
        if sort == "word" or (bottom < value < top and (sort != "percent" or value <= 100 or _value(old) > 100)):
            return new
    return None


def _value(figure: str) -> float:
    return float(figure.replace(",", "").rstrip("."))


def _word_neighbour(old: str, random: Random) -> str | None:
    low = old.lower()
    if low in _WORDS:
        number = _WORDS.index(low)
        options = [n for n in range(number - 2, number + 4) if 2 <= n <= 20 and n != number]
        if number <= 9:
            options = [n for n in options if n <= 9]
        new = _WORDS[random.choice(options)]
    else:
        new = random.choice([ten for ten in _TENS if ten != low])
    return new.capitalize() if old[0].isupper() else new


def _digits_neighbour(old: str, sort: str, random: Random) -> str | None:
    whole, point, decimal = old.partition(".")
    digits = whole.replace(",", "")
    if digits in {"1", "0"} and not decimal:
        return None
    way = random.choice(["transpose", "digit", "near"])
    if decimal and way == "transpose" and len(digits) == 1 and len(decimal) == 1 and "0" not in {digits, decimal}:
        digits, decimal = decimal, digits
    elif decimal:
        changed = str((int(decimal[-1]) + random.choice([2, 3, 4, 5])) % 10)
        if random.random() < 0.5 and digits != "0":
            digits = str(max(1, int(digits) + random.choice([-2, -1, 1, 2, 3])))
        else:
            decimal = decimal[:-1] + changed
    elif way == "transpose" and len(digits) > 1 and len(set(digits)) > 1:
        spots = [n for n in range(len(digits) - 1) if digits[n] != digits[n + 1] and (n or digits[1] != "0")]
        spot = random.choice(spots) if spots else None
        if spot is None:
            return None
        digits = digits[:spot] + digits[spot + 1] + digits[spot] + digits[spot + 2 :]
    elif way == "digit" and len(digits) > 1:
        stripped = digits.rstrip("0")
        spot = random.randrange(len(stripped))
        choices = [d for d in "123456789" if d != digits[spot]]
        digits = digits[:spot] + random.choice(choices) + digits[spot + 1 :]
    elif len(digits) <= 2:
        digits = str(int(digits) + random.choice([-3, -2, -1, 1, 2, 3, 4]))
        if int(digits) < 2:
            return None
    else:
        head = int(digits[0])
        digits = str(max(1, min(9, head + random.choice([-2, -1, 1, 2])))) + digits[1:]
    number = int(digits)
    shown = f"{number:,}" if "," in whole or (number >= 1000 and "," in whole) else str(number)
    return shown + point + decimal


def _ranged(text: str, span: Span) -> bool:
    """Tell whether a figure is one end of a range or of a score."""
    unit = r"(?:%| million| billion|-?[a-z]+)?"
    after = re.match(rf"{unit}(?: to |[-–](?:to-)?)[$£€]?\d", text[span.end :])
    return bool(after) or bool(re.search(rf"\d{unit}(?: to |[-–](?:to-)?)[$£€]?$", text[: span.start]))


def figure_swapped(passage: Passage, random: Random) -> list[Change]:
    """Let two figures of one sort change places."""
    text = passage.text
    found = list(_figures(passage))
    changes: list[Change] = []
    for position, (first, sort) in enumerate(found):
        for second, other in found[position + 1 : position + 5]:
            between = text[first.end : second.start]
            if other != sort or first.of(text).lower() == second.of(text).lower():
                continue
            if re.fullmatch(r"(?:%|\w| )*?(?: to | or |-| and )[$£€]?", between) or first.of(text).lower() in {
                "1",
                "one",
            }:
                continue
            if re.fullmatch(r" of (?:the )?", between) or second.of(text) == "1":
                continue
            if any(_ranged(text, span) for span in (first, second)):
                continue
            units = [re.match(r"(?:%| (?:million|billion|thousand))?", text[s.end :]) for s in (first, second)]
            if units[0] and units[1] and units[0][0] != units[1][0]:
                a = Span(first.start, first.end + len(units[0][0]))
                b = Span(second.start, second.end + len(units[1][0]))
                changes.append((Edit(a, b.of(text)), Edit(b, a.of(text))))
                continue
            changes.append((Edit(first, second.of(text).lower()), Edit(second, first.of(text).lower())))
    return changes


_UNITS = {
    "million": ["billion"],
    "billion": ["million"],
    "trillion": ["billion"],
    "thousand": ["million"],
    "miles": ["kilometers"],
    "kilometers": ["miles"],
    "mile": ["kilometer"],
    "kilometer": ["mile"],
    "feet": ["meters", "inches"],
    "meters": ["feet", "kilometers"],
    "meter": ["foot"],
    "inches": ["centimeters", "feet"],
    "centimeters": ["inches", "millimeters"],
    "millimeters": ["centimeters"],
    "acres": ["hectares", "square miles"],
    "hectares": ["acres"],
    "tons": ["pounds", "kilograms"],
    "kilograms": ["pounds", "grams"],
    "grams": ["kilograms", "ounces"],
    "ounces": ["pounds", "grams"],
    "liters": ["gallons"],
    "gallons": ["liters", "barrels"],
    "barrels": ["gallons"],
    "mph": ["kph"],
    "kph": ["mph"],
    "megawatts": ["gigawatts", "kilowatts"],
    "gigawatts": ["megawatts"],
    "kilowatts": ["megawatts"],
    "euros": ["dollars", "pounds"],
    "dollars": ["euros", "pounds"],
    "pence": ["pounds"],
    "cents": ["dollars"],
    "minutes": ["hours", "seconds"],
    "hours": ["minutes", "days"],
    "days": ["weeks", "hours"],
    "weeks": ["months", "days"],
    "months": ["weeks", "years"],
    "years": ["months"],
    "seconds": ["minutes"],
    "Celsius": ["Fahrenheit"],
    "Fahrenheit": ["Celsius"],
    "pounds": ["euros"],
    "rupees": ["dollars"],
    "yen": ["yuan"],
    "dozen": ["hundred"],
    "knots": ["mph"],
    "decades": ["years"],
    "centuries": ["decades"],
    "carats": ["grams"],
    "terabytes": ["gigabytes"],
    "gigabytes": ["megabytes"],
    "nautical miles": ["kilometers"],
}
_UNIT = re.compile(
    rf"(?P<figure>(?:\d|\b(?:{'|'.join(_WORDS[2:])}|several|dozen|hundred|million|billion|thousand))[ -])"
    rf"(?P<unit>{'|'.join(_UNITS)})\b(?! old)"
)
_RATE = re.compile(r"(?<=[\d%n] )(?P<per>an hour|a day|a week|a month|a year|per year|per month|per day)\b")
_RATES = ["a day", "a week", "a month", "a year"]


def unit_or_magnitude(passage: Passage, random: Random) -> list[Change]:
    """Exchange millions and billions, miles and kilometers, percent and percentage points, currencies, rates."""
    text = passage.text
    changes: list[Change] = []
    for match in _UNIT.finditer(text):
        span = Span(*match.span("unit"))
        if passage.quotes(span.start) or (
            match["unit"] == "pounds" and not re.search(r"[\d] $|million $|billion $", text[: span.start])
        ):
            continue
        if re.match(r",? (?:to|and|or)? ?\d", text[span.end :]) or text[span.start - 1] == "-":
            continue
        changes += [(Edit(span, other),) for other in _UNITS[match["unit"]]]
    for match in re.finditer(r"[$£€](?=\d)", text):
        alone = text.count(match[0]) == 1
        if not passage.quotes(match.start()) and (alone or random.random() < 0.3):
            changes.append((Edit(Span(*match.span()), random.choice([c for c in "$£€" if c != match[0]])),))
    for match in re.finditer(
        r"\b(?:rose|fell|up|down|grew|dropped|increased|decreased|declined|by|gained|lost|slid"
        r"|raised?|cut)(?: by| about| nearly)? \d[\d.]*(?P<sign>%)(?! (?:to|of)\b)",
        text,
    ):
        if not passage.quotes(match.start()):
            changes.append((Edit(Span(*match.span("sign")), " percentage points"),))
    for match in re.finditer(r" percentage points", text):
        if not passage.quotes(match.start()):
            changes.append((Edit(Span(*match.span()), "%"),))
    for match in _RATE.finditer(text):
        if not passage.quotes(match.start()):
            options = [rate for rate in _RATES if rate.split()[1] != match["per"].split()[1]]
            changes.append((Edit(Span(*match.span()), random.choice(options)),))
    return changes


_PHRASES = {
    "last year": ["last month", "two years ago"],
    "last month": ["last year", "last week"],
    "last week": ["last month"],
    "next year": ["next month", "this year"],
    "next month": ["next year", "next week"],
    "next week": ["next month"],
    "this year": ["last year"],
    "this month": ["last month"],
    "this week": ["last week"],
    "last fall": ["last spring"],
    "last spring": ["last fall"],
    "last summer": ["last winter"],
    "last winter": ["last summer"],
    "yesterday": ["last week"],
    "tomorrow": ["next week"],
    "last night": ["last week"],
    "over the weekend": ["on Wednesday"],
    "early in the morning": ["late in the evening"],
    "in the morning": ["in the evening"],
    "in the evening": ["in the morning"],
    "noon": ["midnight"],
    "midnight": ["noon"],
    "at night": ["during the day"],
    "years ago": ["months ago", "weeks ago"],
    "months ago": ["years ago", "weeks ago"],
    "weeks ago": ["months ago"],
    "next spring": ["next fall"],
    "next summer": ["next winter"],
    "next fall": ["next spring"],
    "next winter": ["next summer"],
    "Christmas": ["Easter", "Thanksgiving"],
    "Easter": ["Christmas"],
    "Thanksgiving": ["Christmas"],
    "Halloween": ["Easter"],
    "in the spring": ["in the fall"],
    "in the fall": ["in the spring"],
    "in the summer": ["in the winter"],
    "in the winter": ["in the summer"],
    "this summer": ["this winter"],
    "this fall": ["this spring"],
    "this spring": ["this fall"],
    "this winter": ["this summer"],
    "dawn": ["dusk"],
    "dusk": ["dawn"],
    "a year ago": ["a month ago"],
    "a year earlier": ["a month earlier"],
}
_PHRASE = re.compile(rf"(?<![\w-])(?:{'|'.join(sorted(_PHRASES, key=len, reverse=True))})(?![\w-])")
_DAY = re.compile(rf"\b(?:{'|'.join(_DAYS)})\b")


def date_time_changed(passage: Passage, random: Random) -> list[Change]:
    """Change a weekday, a month, a day, a year, a time of day or a relative date."""
    text = passage.text
    changes: list[Change] = []

    def put(start: int, end: int, new: str) -> None:
        if not passage.quotes(start) and new != text[start:end]:
            changes.append((Edit(Span(start, end), new),))

    for match in _DAY.finditer(text):
        spot = _DAYS.index(match[0])
        put(*match.span(), _DAYS[(spot + random.choice([-2, -1, 1, 2])) % 7])
    for match in _MONTH.finditer(text):
        spot = _MONTHS.index(match["month"])
        dated = match["day"] or re.search(
            r"\b(?:in|since|by|until|of|last|next|from|through|late|early|mid-|before|after|this) $",
            text[: match.start()],
        )
        if not dated:
            continue
        if match["day"]:
            day = max(1, min(28, int(match["day"]) + random.choice([-7, -2, -1, 1, 2, 7])))
            put(*match.span("day"), str(day))
            put(*match.span("month"), _MONTHS[(spot + random.choice([-1, 1])) % 12])
        elif match["month"] in _LONG:
            put(*match.span("month"), _LONG[(spot + random.choice([-2, -1, 1, 2])) % 12])
    for match in _FULL.finditer(text):
        if match["month"] not in {"March", "April", "May", "June", "July"}:
            spot = _LONG.index(match["month"])
            put(*match.span("month"), _LONG[(spot + random.choice([-2, -1, 1, 2])) % 12])
    for match in _YEAR.finditer(text):
        put(*match.span("year"), str(int(match["year"]) + random.choice([-10, -2, -1, 1, 2])))
    for match in _CLOCK.finditer(text):
        if match["half"]:
            put(*match.span("half"), " p.m." if match["half"] == " a.m." else " a.m.")
        if match["half"] or (match["minute"] and int(match["hour"]) <= 12):
            hour = (int(match["hour"]) - 1 + random.choice([-2, -1, 1, 2])) % 12 + 1
            put(*match.span("hour"), str(hour))
    for match in _PHRASE.finditer(text):
        put(*match.span(), random.choice(_PHRASES[match[0]]))
    for match in re.finditer(r"\bthe (?P<day>\d{1,2})(?P<end>st|nd|rd|th)\b", text):
        day = max(1, min(28, int(match["day"]) + random.choice([-3, -2, -1, 1, 2, 3])))
        put(match.start("day"), match.end("end"), ordinal(day))
    return changes


def ordinal(number: int) -> str:
    """Give an ordinal in digits.

    >>> ordinal(22), ordinal(13)
    ('22nd', '13th')
    """
    ending = "th" if 10 <= number % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"
