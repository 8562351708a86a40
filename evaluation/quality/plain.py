"""A plain check of figures, names and quoted words: what anyone would count with a pencil, and no rule of the gate.

Written to be obviously right, not clever. What both texts have is counted once for each time that both have it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from evaluation.quality.measure import Item, Measure, Score, share

# Counts what two texts have of one kind, each by itself.
Count = Callable[[str, str], tuple[Counter[Any], Counter[Any]]]

_UNITS = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
_TEENS = ["ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"]
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_SPELLED = {
    **{word: number for number, word in enumerate((*_UNITS, *_TEENS), start=1)},
    **{word: 10 * number for number, word in enumerate(_TENS, start=2)},
}
# "One" is as often a pronoun as a figure, so it counts only after a ten, as in "twenty-one".
_FIGURE = re.compile(
    r"(?P<digits>(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?)"
    rf"|\b(?P<ten>{'|'.join(_TENS)})(?:[ -](?P<unit>{'|'.join(_UNITS)}))?\b"
    rf"|\b(?P<small>{'|'.join((*_UNITS[1:], *_TEENS))})\b",
    re.IGNORECASE,
)
_SCALES = {
    **dict.fromkeys(("k", "thousand", "grand"), 3),
    **dict.fromkeys(("m", "mn", "mil", "million"), 6),
    **dict.fromkeys(("b", "bn", "billion"), 9),
    **dict.fromkeys(("t", "tn", "trillion"), 12),
}
_SCALE = re.compile(rf"[ -]?(?P<scale>{'|'.join(_SCALES)})\b", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_BEGINNING = re.compile(r"(?:^|[.!?:…\n])[\"”’')\]]*\s*[-•*\"“‘'(]*\s*$")
_LOOK_BACK = 8
_POSSESSIVE = re.compile(r"['’]s$")
# Wire copy cuts the names of months short, and that changes none.
_MONTHS = {
    month: month[:3]
    for month in ["January", "February", "August", "September", "Sept", "October", "November", "December"]
}
_QUOTED = re.compile(r"[\"“]([^\"“”]*)[\"”]")


def figures(text: str) -> Counter[Decimal]:
    """Count the figures of a text, in digits or spelled out, with the thousand or million that follows.

    >>> sorted(map(int, figures("Twenty-two of 1,200 got $3.2M each, one of them two grand.")))
    [22, 1200, 2000, 3200000]
    """
    found: Counter[Decimal] = Counter()
    for match in _FIGURE.finditer(text):
        if match["digits"]:
            value = Decimal(match["digits"].replace(",", ""))
        else:
            words = (match["ten"], match["unit"], match["small"])
            value = Decimal(sum(_SPELLED[word.lower()] for word in words if word))
        scale = _SCALE.match(text, match.end())
        found[(value.scaleb(_SCALES[scale["scale"].lower()]) if scale else value).normalize()] += 1
    return found


def names(text: str, other: str) -> tuple[Counter[str], Counter[str]]:
    """Count the names in two texts: the words that one of them writes with a capital though they begin no sentence.

    A word that either text also writes small, or that is all capitals, is none.

    >>> names("Cops nabbed Dana Reyes.", "Reyes was arrested.")
    (Counter({'Dana': 1, 'Reyes': 1}), Counter({'Reyes': 1}))
    """
    small = {word for both in (text, other) for word in _WORD.findall(both) if word[0].islower()}
    known = {name for both in (text, other) for name in _capitalised(both) if name.lower() not in small}

    def count(words: str) -> Counter[str]:
        return Counter(word for word in map(_as_name, _WORD.findall(words)) if word in known)

    return count(text), count(other)


def _capitalised(text: str) -> set[str]:
    return {
        _as_name(match[0])
        for match in _WORD.finditer(text)
        if match[0][0].isupper()
        and not match[0].isupper()
        and not match[0].startswith(("I'", "I’"))
        and not _BEGINNING.search(text[max(0, match.start() - _LOOK_BACK) : match.start()])
    }


def _as_name(word: str) -> str:
    bare = _POSSESSIVE.sub("", word)
    return _MONTHS.get(bare, bare)


def quoted_words(text: str) -> Counter[str]:
    """Count the words between double quotation marks.

    >>> quoted_words("“We’re broke,” she said.")
    Counter({"we're": 1, 'broke': 1})
    """
    return Counter(
        word.casefold().replace("’", "'") for quotation in _QUOTED.findall(text) for word in _WORD.findall(quotation)
    )


def _each(count: Callable[[str], Counter[Any]]) -> Count:
    return lambda source, copy: (count(source), count(copy))


def _recall(count: Count) -> Callable[[Item], Score | None]:
    def score(item: Item) -> Score | None:
        stated, told = count(item.source, item.copy)
        return share((stated & told).total(), stated.total())

    return score


def _precision(count: Count) -> Callable[[Item], Score | None]:
    def score(item: Item) -> Score | None:
        stated, told = count(item.source, item.copy)
        return share((stated & told).total(), told.total())

    return score


# Name, how to count it, what it is, and what of it this check cannot see.
_KINDS: tuple[tuple[str, Count, str, str], ...] = (
    (
        "figures",
        _each(figures),
        "figures",
        "that two figures changed places, that one counts something else now, ordinals, or that “half” is 50%",
    ),
    (
        "names",
        names,
        "capitalised words",
        "that two names changed places, that “Yanks” are Americans, or that a word of a headline is no name",
    ),
    (
        "quoted",
        _each(quoted_words),
        "words between double quotation marks",
        "who said them, their order, or that a quotation nobody spoke was rightly taken away",
    ),
)


def measures() -> tuple[Measure, ...]:
    """Give recall and precision of each kind."""
    found = []
    for name, count, what, blind in _KINDS:
        shared: dict[str, Any] = {
            "blind": f"It cannot see {blind}.",
            "source": "evaluation/quality/plain.py, version 1",
            "better": "higher",
            "percent": True,
        }
        found += [
            Measure(
                name=f"{name}_recall",
                says=f"The share of the {what} of the source that the copy has too, each as often.",
                score=_recall(count),
                **shared,
            ),
            Measure(
                name=f"{name}_precision",
                says=f"The share of the {what} of the copy that the source has too, each as often.",
                score=_precision(count),
                **shared,
            ),
        ]
    return tuple(found)
