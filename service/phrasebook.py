"""What the phrase book has for a text: plain words that may stand in the place of casual ones."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate

from service.loaded_words import find_casual
from service.rewordings import Rewording, split_pieces


def listed_rewordings(text: str) -> list[Rewording]:
    """Find what the phrase book has for a text; of several wordings for a phrase each is one.

    >>> [rewording.pieces for rewording in listed_rewordings("A brouhaha began")]
    [('An', ' uproar')]
    """
    pieces = split_pieces(text)
    ends = list(accumulate(map(len, pieces)))
    first_at = {end - len(piece.lstrip()): number for number, (piece, end) in enumerate(zip(pieces, ends, strict=True))}
    last_at = {end: number + 1 for number, end in enumerate(ends)}
    found: list[Rewording] = []
    for span, plain in find_casual(text):
        if span.start not in first_at or span.end not in last_at:
            continue
        first, last = first_at[span.start], last_at[span.end]
        for words in plain:
            fitting = words[0].upper() + words[1:] if span.of(text)[0].isupper() else words
            found.append(_after_article(pieces, first, last, split_pieces(" " * (first > 0) + fitting)))
    return found


def _after_article(pieces: Sequence[str], first: int, last: int, new: list[str]) -> Rewording:
    """Give the article before new words its right form."""
    article = pieces[first - 1] if first else ""
    bare = article.strip().lower()
    right = "an" if new[0].strip()[0].lower() in "aeiou" else "a"
    if bare not in ("a", "an") or bare == right:
        return Rewording(first, last, tuple(new))
    start = len(article) - len(bare)
    fitting = right.capitalize() if article[start].isupper() else right
    return Rewording(first - 1, last, (article[:start] + fitting, *new))
