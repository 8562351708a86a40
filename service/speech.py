"""What all edits of casual speech have in common: replacements, and the quotations that they must not touch."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from service.lexicon import read_rows
from service.quotations import find_quotations, real_quotations
from service.regions import Region
from service.spans import Span


@dataclass(frozen=True)
class Replacement:
    """Casual words and the words of copy that mean the same.

    Attributes:
        span: Where the casual words stand.
        plain: What copy says; empty where the words only have to go.
        certain: Whether a rule may put it in; if not, it takes an editor who sees the context.
    """

    span: Span
    plain: str
    certain: bool


def quoted_spans(text: str) -> tuple[Span, ...]:
    """Find what nobody may touch or blame: real quotations, those in single marks included."""
    spans = [quotation.outer for quotation in real_quotations(text)]
    spans += [Span(*match.span()) for match in _SINGLE_QUOTED.finditer(text)]
    return tuple(sorted(set(spans)))


# 'Tis, '90s and 'em open nothing.
_SINGLE_QUOTED = re.compile(
    r"(?<![\w'’])['‘](?!(?:em|til|till|cause|bout|round|tis|twas|n)\b|\d0?s?\d?s?\b)(?=\w)"
    r"[^'‘’\n\"]*(?:(?<=\w)['’]\w[^'‘’\n\"]*)*(?<=[\w.,!?…])['’](?![\w'])"
)


@cache
def word_class(name: str) -> frozenset[str]:
    """Give the words of a closed class from ``word_classes.tsv``."""
    return frozenset(next(words for row, words in read_rows("word_classes.tsv") if row == name).split())


# Where a capital letter is no sign of a name.
STARTS = re.compile(r"(?:^|[.!?…:;—\n]|[\"“‘(])[\"“”’')\]]*\s*$")


def replace_outside_quotations(text: str, replacements: Iterable[tuple[Span, str]]) -> str:
    """Put in every replacement that touches no quotation and none before it.

    Constructed dialogue is left as it was filed as well, until it can be reported as a whole.
    """
    replacements = sorted(replacements)
    if not replacements:
        return text
    quoted = Region([*quoted_spans(text), *(quotation.outer for quotation in find_quotations(text))])
    pieces: list[str] = []
    position = 0
    for span, new in replacements:
        if span.start < position or quoted.touches(span):
            continue
        pieces += [text[position : span.start], new]
        position = span.end
    return "".join([*pieces, text[position:]])


def indent(text: str) -> int:
    """Give the place of the first character that is no white space."""
    return len(text) - len(text.lstrip())
