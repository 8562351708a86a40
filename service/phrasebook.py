"""What the phrase books have for a text: plain words that may stand in the place of casual ones."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from itertools import accumulate
from pathlib import Path

from service.loaded_words import find_casual
from service.rewordings import Rewording, split_pieces

# What hand-written pairs have made of casual words, and may be right elsewhere: see training/offers.py.
OFFERS = Path(__file__).parent / "weights" / "offers.tsv"
# No phrase of the offers has more words.
_MOST_WORDS = 4
_PAUSES = frozenset(",:;—–")
_ENDS = frozenset(".!?…")


def listed_rewordings(text: str) -> list[Rewording]:
    """Find what the phrase book has for a text; of several wordings for a phrase each is one.

    Its phrases have one sense in news.

    >>> [rewording.pieces for rewording in listed_rewordings("A brouhaha began")]
    [('An', ' uproar')]
    """
    return _of_book(text, "phrases.tsv")


def offered_rewordings(text: str) -> list[Rewording]:
    """Find what may be said for phrases of several senses, and what pairs have made of the same words elsewhere.

    Most of it is wrong in most contexts: it is for a judge of contexts to take or to leave.
    """
    return [*_of_book(text, "ambiguous_phrases.tsv"), *_of_pairs(text)]


def _of_book(text: str, file: str) -> list[Rewording]:
    pieces = split_pieces(text)
    ends = list(accumulate(map(len, pieces)))
    first_at = {end - len(piece.lstrip()): number for number, (piece, end) in enumerate(zip(pieces, ends, strict=True))}
    last_at = {end: number + 1 for number, end in enumerate(ends)}
    found: list[Rewording] = []
    for span, plain in find_casual(text, file):
        if span.start not in first_at or span.end not in last_at:
            continue
        first, last = first_at[span.start], last_at[span.end]
        found += [fit_words(pieces, first, last, words) for words in plain]
    return found


def _cut(pieces: Sequence[str], first: int, last: int) -> Rewording:
    """Take out pieces, and with them the marks that set them off."""
    marks = [piece.strip() for piece in pieces]
    opens = first == 0 or marks[first - 1] in _ENDS
    follows = marks[last] if last < len(pieces) else ""
    if opens:
        return Rewording(first, last + (follows in _PAUSES or follows in _ENDS), ())
    if marks[first - 1] in _PAUSES and (not follows or follows in _PAUSES or follows in _ENDS):
        return Rewording(first - 1, last + (follows in _PAUSES), ())
    return _after_article(pieces, first, last, [])


def _of_pairs(text: str) -> Iterator[Rewording]:
    pieces = split_pieces(text)
    words = [piece.strip().lower() for piece in pieces]
    offers = read_offers()
    for first in range(len(words)):
        for last in range(first + 1, min(first + _MOST_WORDS, len(words)) + 1):
            for plain in offers.get(" ".join(words[first:last]), ()):
                yield fit_words(pieces, first, last, plain)


@cache
def read_offers() -> dict[str, tuple[str, ...]]:
    """Give the casual words of the offers, in lower case, with what may be said for them."""
    rows = (line.split("\t") for line in OFFERS.read_text(encoding="utf-8").splitlines() if line[:1] != "#")
    return {phrase: tuple(plain.split("|")) for phrase, plain in rows}


def fit_words(pieces: Sequence[str], first: int, last: int, words: str) -> Rewording:
    """Put words in the place of pieces, written as what goes is written, with the right article before them."""
    if not words:
        return _cut(pieces, first, last)
    bare = pieces[first].lstrip()
    if bare[:1].isupper():
        words = words[0].upper() + words[1:]
    # After a bracket or a dash there is no space.
    return _after_article(pieces, first, last, split_pieces(pieces[first][: -len(bare)] + words))


def _after_article(pieces: Sequence[str], first: int, last: int, new: list[str]) -> Rewording:
    """Give the article before new words, or before what follows where none are, its right form."""
    article = pieces[first - 1] if first else ""
    bare = article.strip().lower()
    following = (new[0] if new else pieces[last] if last < len(pieces) else "").strip()
    right = "an" if following[:1].lower() in tuple("aeiou") else "a"
    if bare not in ("a", "an") or bare == right:
        return Rewording(first, last, tuple(new))
    start = len(article) - len(bare)
    fitting = right.capitalize() if article[start].isupper() else right
    return Rewording(first - 1, last, (article[:start] + fitting, *new))
