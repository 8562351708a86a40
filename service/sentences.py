"""Split text into sentences and into passages that fit a model, losing nothing."""

from __future__ import annotations

import re
from collections.abc import Callable

import sentencex

from service.quotations import find_quotations
from service.spans import Span

# Pieces that end in one of these go on in the next piece.
_ABBREVIATIONS = frozenset(
    """
    no nos gov sen rep gen lt col maj capt sgt cpl pvt adm cmdr dr mr mrs ms st mt ft sr jr hon rev pres prof supt det
    insp amb atty dist jan feb mar apr jun jul aug sep sept oct nov dec ave blvd rd hwy rte vs v approx est dept univ
    """.split()
)
_TITLE_BEFORE_NAME = re.compile(r"\b([A-Za-z]+)\.\s*$")
_CLOCK = re.compile(r"\b[ap]\.\s?m\.\s*$", re.IGNORECASE)
_ZONE = re.compile(r"(?:[A-Z]{2,4}\b|\(|[a-z])")
_ENDS_SENTENCE = re.compile(r"[.!?…][\"'”’)\]]*\s*$")


def split_sentences(text: str) -> tuple[Span, ...]:
    """Split ``text`` into sentences; the spans leave out the white space between them.

    A stop inside a quotation ends no sentence unless the quotation ends there too.

    >>> t = "Gov. Lee left at 4 p.m. EST. He is fine."
    >>> [s.of(t) for s in split_sentences(t)]
    ['Gov. Lee left at 4 p.m. EST.', 'He is fine.']
    """
    quotations = [quotation.outer for quotation in find_quotations(text)]
    bounds: list[int] = []
    position = 0
    for piece in sentencex.segment("en", text):
        position += len(piece)
        inside = any(quotation.start < position < quotation.end for quotation in quotations)
        if not inside and not _goes_on(text[:position], text[position:]):
            bounds.append(position)
    if not bounds or bounds[-1] != len(text):
        bounds.append(len(text))
    return tuple(
        span for start, end in zip([0, *bounds], bounds, strict=False) if (span := _trim(text, start, end)) is not None
    )


def _goes_on(before: str, after: str) -> bool:
    if not after.strip():
        return False
    tail = before[-40:]
    if _CLOCK.search(tail):
        return bool(_ZONE.match(after))
    abbreviation = _TITLE_BEFORE_NAME.search(tail)
    if abbreviation and abbreviation[1].casefold() in _ABBREVIATIONS:
        return not (abbreviation[1].casefold() == "no" and after[:1].isupper())
    return not _ENDS_SENTENCE.search(tail) and after[:1].islower()


def _trim(text: str, start: int, end: int) -> Span | None:
    piece = text[start:end]
    if not piece.strip():
        return None
    lead = len(piece) - len(piece.lstrip())
    return Span(start + lead, start + len(piece.rstrip()))


def split_passages(text: str, *, limit: int, measure: Callable[[str], int]) -> tuple[Span, ...]:
    """Group whole sentences into passages of at most ``limit`` by ``measure``, of about equal length.

    A single sentence over the limit stays a passage of its own: cutting it would cut a fact.
    """
    whole = _trim(text, 0, len(text))
    if whole is None:
        return ()
    total = measure(whole.of(text))
    if total <= limit:
        return (whole,)
    target = total / -(-total // limit)
    passages: list[Span] = []
    start: int | None = None
    previous: Span | None = None
    length = 0.0
    for sentence in split_sentences(text):
        size = measure(sentence.of(text))
        if start is not None and previous is not None and (length >= target or length + size > limit):
            passages.append(Span(start, previous.end))
            start, length = None, 0.0
        start = sentence.start if start is None else start
        previous = sentence
        length += size
    if start is not None and previous is not None:
        passages.append(Span(start, previous.end))
    return tuple(passages)
