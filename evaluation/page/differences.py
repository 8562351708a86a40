"""Source and copy side by side: which words differ, and which of them state a fact that was not kept."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import groupby

from evaluation.results import Flag

_WORD = re.compile(r"\w+(?:[.,'’-]\w+)*|[^\w\s]")


@dataclass(frozen=True)
class Piece:
    """A run of a text.

    Attributes:
        text: Its characters.
        differs: The other text has not these words at this place.
        verdict: What became of the fact that it states, where it was not kept; else empty.
        kind: What that fact is about.
    """

    text: str
    differs: bool = False
    verdict: str = ""
    kind: str = ""


def side_by_side(source: str, copy: str, flags: Sequence[Flag] = ()) -> tuple[list[Piece], list[Piece]]:
    """Cut both texts into pieces; put together again they are the texts.

    >>> [piece.text for piece in side_by_side("It rained.", "It snowed.")[1] if piece.differs]
    ['snowed']
    """
    ours, theirs = list(_WORD.finditer(source)), list(_WORD.finditer(copy))
    matcher = SequenceMatcher(None, [word[0] for word in ours], [word[0] for word in theirs], autojunk=False)
    gone, new = bytearray(len(source)), bytearray(len(copy))
    for change, first, last, start, end in matcher.get_opcodes():
        if change != "equal":
            _mark(gone, ours[first:last])
            _mark(new, theirs[start:end])
    return (
        _cut(source, gone, [(flag.source, flag) for flag in flags if flag.source]),
        _cut(copy, new, [(flag.copy, flag) for flag in flags if flag.copy]),
    )


def _mark(marks: bytearray, words: Sequence[re.Match[str]]) -> None:
    if words:
        marks[words[0].start() : words[-1].end()] = b"\x01" * (words[-1].end() - words[0].start())


def _cut(text: str, differs: bytearray, flagged: Iterable[tuple[str, Flag]]) -> list[Piece]:
    flags: list[Flag | None] = [None] * len(text)
    for words, flag in flagged:
        # A row has the words of a fact and not their place: where they stand twice, the second flag is at the second.
        start = text.find(words)
        while start >= 0 and any(flags[start : start + len(words)]):
            start = text.find(words, start + 1)
        if start >= 0:
            flags[start : start + len(words)] = [flag] * len(words)
    pieces = []
    for (is_different, flag), places in groupby(
        range(len(text)), key=lambda place: (bool(differs[place]), flags[place])
    ):
        run = list(places)
        words = text[run[0] : run[-1] + 1]
        pieces.append(Piece(words, is_different, flag.verdict if flag else "", flag.kind if flag else ""))
    return pieces
