"""Vary a pair without making it unfaithful, so that the model learns to copy what it has never seen.

Figures and names that stand on both sides are exchanged for others, the same on both sides; marks are varied on the
casual side only.
"""

from __future__ import annotations

import random
import re

from training.examples import Pair

_FIGURE = re.compile(
    r"(?<![\w.,:'’\[-])\d{2,3}(?:,\d{3})*(?:\.\d+)?(?![\w:\]]|[.,]\d|-\d|'|’|\s?(?:am|pm|a\.m|p\.m|bps))"
)
_NUMERAL = re.compile(r"\d(?:[\d.,]*\d)?")
_MONTH = re.compile(
    r"\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|sept|oct|nov|dec|january|february|march|april|june|july|august"
    r"|september|october|november|december)\.?\s*$",
    re.IGNORECASE,
)
_NAME = re.compile(r"\b[A-ZÀ-Þ][a-zß-ÿ]{2,}\b")


def exchange_figures(pair: Pair, rng: random.Random) -> Pair:
    """Give each figure of at least two digits that stands on both sides other digits, the same on both."""
    shared = _figures(pair.casual) & _figures(pair.wire)
    taken = set(_NUMERAL.findall(f"{pair.casual} {pair.wire}"))
    mapping: dict[str, str] = {}
    for figure in sorted(shared):
        other = _other_figure(figure, rng)
        if other not in taken:
            mapping[figure] = other
            taken.add(other)
    return Pair(casual=_replace_figures(pair.casual, mapping), wire=_replace_figures(pair.wire, mapping))


def _figures(text: str) -> set[str]:
    # A day of the month stays: 41 would not be one, and its wording depends on it.
    return {m[0] for m in _FIGURE.finditer(text) if not _MONTH.search(text, 0, m.start()) and not _is_year(m[0])}


def _is_year(figure: str) -> bool:
    return len(figure) == 4 and figure.isdigit()


def _other_figure(figure: str, rng: random.Random) -> str:
    first = rng.choice("123456789")
    rest = "".join(rng.choice("0123456789") if c.isdigit() and c != "0" else c for c in figure[1:])
    # "11" to "19" and round figures read differently from others, so the last digit of a short one is never 0.
    if figure.isdigit() and rest.endswith("0") and not figure.endswith("0"):
        rest = rest[:-1] + rng.choice("123456789")
    return first + rest


def _replace_figures(text: str, mapping: dict[str, str]) -> str:
    def other(match: re.Match[str]) -> str:
        if _MONTH.search(text, 0, match.start()):
            return match[0]
        return mapping.get(match[0], match[0])

    return _FIGURE.sub(other, text)


def exchange_names(pair: Pair, names: dict[str, list[str]], rng: random.Random) -> Pair:
    """Exchange names that stand on both sides for others of the same kind.

    Args:
        pair: The pair.
        names: For each known name the names that may take its place (given names for given names, and so on).
        rng: The only source of chance.
    """
    shared = set(_NAME.findall(pair.casual)) & set(_NAME.findall(pair.wire)) & names.keys()
    taken = set(_NAME.findall(pair.casual + " " + pair.wire))
    mapping: dict[str, str] = {}
    for name in sorted(shared):
        other = rng.choice(names[name])
        if other not in taken:
            mapping[name] = other
            taken.add(other)
    return Pair(
        casual=_NAME.sub(lambda m: mapping.get(m[0], m[0]), pair.casual),
        wire=_NAME.sub(lambda m: mapping.get(m[0], m[0]), pair.wire),
    )


def vary_marks(pair: Pair, rng: random.Random) -> Pair:
    """Write the casual side with straight or with typographic marks, or all in lower case where no name is lost."""
    casual = pair.casual
    if rng.random() < 0.5:
        casual = casual.replace("’", "'").replace("“", '"').replace("”", '"')
    else:
        casual = re.sub(r"(?<=\w)'(?=\w)", "’", casual)
        casual = re.sub(r'"([^"]*)"', r"“\1”", casual)
    return Pair(casual=casual, wire=pair.wire)


def augment(pair: Pair, names: dict[str, list[str]], rng: random.Random) -> Pair:
    """Apply each variation with a chance of its own."""
    if rng.random() < 0.6:
        pair = exchange_figures(pair, rng)
    if rng.random() < 0.6:
        pair = exchange_names(pair, names, rng)
    if rng.random() < 0.5:
        pair = vary_marks(pair, rng)
    if pair.wire and rng.random() < 0.06:
        # W14: wire copy stays as it is.
        pair = Pair(casual=pair.wire, wire=pair.wire)
    return pair
