"""What is known of a change of words from elsewhere: how often editors made it, and what readers said of it."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from service.rewordings import Rewording

PRECEDENTS = Path(__file__).parent / "weights" / "precedents.tsv"
HEAD = "# words that go\twords that come\tin how many hand-written pairs\tof its uses judged right\tjudged in all\n"
# More often than this a change is simply well known.
_OFTEN = 5
# Share of right ones among all that were judged, and how many judged uses weigh as much as knowing only this share: of
# the same change, and of any change of the same words.
_USUAL = 0.44
_DOUBT, _DOUBT_OF_WORDS = 2, 4

# Words that go and words that come, in lower case.
Change = tuple[str, str]
# How many uses were judged right, and how many in all.
Verdicts = tuple[int, int]
_NONE: Verdicts = (0, 0)


def change_of(pieces: Sequence[str], rewording: Rewording) -> Change:
    """Give what a rewording of a text in pieces takes away and what it brings."""
    old, new = "".join(pieces[rewording.start : rewording.end]), "".join(rewording.pieces)
    # A title and its author may stand on lines of their own.
    return " ".join(old.lower().split()), " ".join(new.lower().split())


def count_verdicts(judged: Iterable[tuple[Change, bool]]) -> dict[Change, Verdicts]:
    """Count for each change how many of its uses were judged right, and how many were judged."""
    counted: Counter[Change] = Counter()
    right: Counter[Change] = Counter()
    for change, is_right in judged:
        counted[change] += 1
        right[change] += is_right
    return {change: (right[change], count) for change, count in counted.items()}


@dataclass(frozen=True)
class Precedents:
    """What is known of changes.

    Attributes:
        pairs: In how many hand-written pairs a change is found.
        judged: What readers said of its uses.
    """

    pairs: Mapping[Change, int]
    judged: Mapping[Change, Verdicts]

    @cached_property
    def _words(self) -> dict[str, Verdicts]:
        """What readers said of any change of the same words."""
        found: dict[str, Verdicts] = {}
        for (old, _), (right, judged) in self.judged.items():
            before = found.get(old, _NONE)
            found[old] = (before[0] + right, before[1] + judged)
        return found

    def describe(self, change: Change) -> dict[str, float]:
        """Describe in figures what is known of a change."""
        verdicts = self.judged.get(change, _NONE)
        return {
            "known": float(min(self.pairs.get(change, 0), _OFTEN)),
            "judged": float(min(verdicts[1], _OFTEN)),
            "judged_right": _odds(verdicts, _DOUBT),
            "words_right": _odds(self._words.get(change[0], _NONE), _DOUBT_OF_WORDS),
        }


def _odds(verdicts: Verdicts, doubt: float) -> float:
    """Give the log odds of being right; without verdicts those of any change."""
    right, judged = verdicts
    return math.log((right + doubt * _USUAL) / (judged - right + doubt * (1 - _USUAL)))


def read_precedents(path: Path = PRECEDENTS) -> Precedents:
    """Read what ships."""
    pairs: dict[Change, int] = {}
    judged: dict[Change, Verdicts] = {}
    # A change may begin with a hash; the first line alone says what is in the columns.
    for line in path.read_text(encoding="utf-8").splitlines()[1:]:
        old, new, count, right, uses = line.split("\t")
        if int(count):
            pairs[old, new] = int(count)
        if int(uses):
            judged[old, new] = (int(right), int(uses))
    return Precedents(pairs, judged)


def write_precedents(precedents: Precedents, path: Path = PRECEDENTS) -> None:
    """Write what ``read_precedents`` reads, in the order of the words."""
    changes = sorted(precedents.pairs.keys() | precedents.judged.keys())
    rows = [
        "\t".join([*change, *map(str, (precedents.pairs.get(change, 0), *precedents.judged.get(change, _NONE)))])
        for change in changes
    ]
    path.write_text(HEAD + "".join(f"{row}\n" for row in rows), encoding="utf-8")
