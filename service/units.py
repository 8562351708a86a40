"""What a number counts: the unit or currency that stands before or after it."""

from __future__ import annotations

import re
from functools import cache

from service.amounts import NOTES, Number
from service.bounds import LOOSE_END
from service.facts import FactKind
from service.lexicon import read_rows
from service.spans import Span

# "R38 million" is an amount, "R2" a name.
_LEAST_RAND = 100
_MINUTES = re.compile(r"\d\s?h(?:rs?|ours?)?,?\s\d\d?m$", re.IGNORECASE)
_OF_ONE = re.compile(r"\s+an?(?=\s)", re.IGNORECASE)


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


def unit_of(text: str, number: Number) -> tuple[FactKind, str, Span]:
    """Give the kind and the unit of a number, empty where none is stated, and where it stands with its unit."""
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
