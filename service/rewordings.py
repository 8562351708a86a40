"""Where a target words things otherwise than a text does, place by place.

A target may be wrong in one place and right in another; its rewordings can be taken one by one.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import Levenshtein

_PIECE = re.compile(r"\s*(?:\w+(?:['’.,-]\w+)*|[^\w\s])")
# More words than this are no wording but a sentence.
_MOST = 12
# Two places with so few pieces between them may also be one: "got his start" and "began".
_GAPS = (0, 1, 3)
# What two rewordings side by side can leave behind.
_ODD = re.compile(r"\s+(?=[,.;:!?])|[,;:](?=\s*[,.;:])|(?<=\s)\s+")


@dataclass(frozen=True, order=True)
class Rewording:
    """Other words for one place of a text.

    Attributes:
        start: Number of the first piece that goes.
        end: Number of the piece after the last one that goes; ``start`` where nothing does.
        pieces: What comes in, each piece with the white space before it; empty where nothing does.
    """

    start: int
    end: int
    pieces: tuple[str, ...]

    def overlaps(self, other: Rewording) -> bool:
        """Tell whether the two change the same place."""
        if self.start == other.start:
            return True
        return self.start < other.end and other.start < self.end


def split_pieces(text: str) -> list[str]:
    """Split a text into words and marks, each with the white space before it.

    >>> split_pieces("He quit, OK?")
    ['He', ' quit', ',', ' OK', '?']
    """
    return _PIECE.findall(text)


def find_rewordings(text: str, copies: Iterable[str]) -> Counter[Rewording]:
    """Find the places at which copies of a text differ from it, and count in how many copies each is found.

    >>> [(r.start, r.end, r.pieces) for r in find_rewordings("He quit today", ["He resigned today"])]
    [(1, 2, (' resigned',))]
    """
    found: Counter[Rewording] = Counter()
    pieces = split_pieces(text)
    for copy in copies:
        others = split_pieces(copy)
        every = set[Rewording]().union(*(_differences(pieces, others, gap) for gap in _GAPS))
        found.update(one for one in every if one.end - one.start <= _MOST and len(one.pieces) <= _MOST)
    return found


def find_differences(text: str, copy: str) -> list[Rewording]:
    """Find the least rewordings that make a copy of a text, however long each is."""
    return _differences(split_pieces(text), split_pieces(copy), _GAPS[0])


def _differences(pieces: Sequence[str], others: Sequence[str], gap: int) -> list[Rewording]:
    """List where two texts differ; places with no more pieces than ``gap`` between them are one."""
    joined: list[tuple[int, int, int, int]] = []
    for block in Levenshtein.opcodes(pieces, others):
        if block.tag == "equal":
            continue
        if joined and block.src_start - joined[-1][1] <= gap:
            joined[-1] = (joined[-1][0], block.src_end, joined[-1][2], block.dest_end)
        else:
            joined.append((block.src_start, block.src_end, block.dest_start, block.dest_end))
    return [Rewording(start, end, tuple(others[first:last])) for start, end, first, last in joined]


def reword(text: str, rewordings: Iterable[Rewording]) -> str:
    """Put rewordings in, none of which overlaps another.

    >>> reword("Well he quit", [Rewording(0, 1, ()), Rewording(2, 3, (" resigned",))])
    'He resigned'
    """
    pieces = split_pieces(text)
    parts: list[str] = []
    place = 0
    ordered = sorted(rewordings)
    for rewording in ordered:
        parts += [*pieces[place : rewording.start], *rewording.pieces]
        place = rewording.end
    reworded = "".join([*parts, *pieces[place:]]).strip()
    if not _ODD.search(text):
        reworded = _ODD.sub("", reworded)
    begins = bool(ordered) and ordered[0].start == 0 and text.lstrip()[:1].isupper()
    return reworded[:1].upper() + reworded[1:] if begins else reworded
