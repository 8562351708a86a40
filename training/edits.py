"""Casual sentences that editors turned into wire copy, edit by edit (``training/data/edits.jsonl``)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, groupby, pairwise
from pathlib import Path
from typing import Any

from service.rewordings import Rewording, reword, split_pieces
from training.splits import bucket, for_judge

EDITS = Path("training/data/edits.jsonl")
# What the passages begin with that were written to be edited; of all others the regressions have their own sentences.
_WRITTEN = "n-"
# Of the passages with several edited sentences so many in a hundred are shown whole, the others sentence by sentence.
_WHOLE = 45
_MOST_JOINED = 4
_ODD = re.compile(r"\s+(?=[,.](?!\w))|(?<=\s)\s+")


@dataclass(frozen=True)
class Edited:
    """A sentence and what an editor changed in it.

    Attributes:
        passage: What it is a sentence of; its neighbours of the same passage stand next to it.
        source: The sentence as filed.
        text: What was edited: the same, edited by rule.
        edits: Words of ``text``, each found there once, and the words that stand there instead; none overlap, and each
            is right without the others.
    """

    passage: str
    source: str
    text: str
    edits: tuple[tuple[str, str], ...]

    @property
    def is_kept(self) -> bool:
        """Whether no model may learn from it, so that ``training.trust`` can fit on what is judged of it."""
        return self.passage.startswith(_WRITTEN) and for_judge(self.text)

    @property
    def copy(self) -> str:
        """The sentence with all edits made."""
        copy = self.text
        for old, new in sorted(self.edits, key=lambda edit: -self.text.index(edit[0])):
            place = self.text.index(old)
            copy = copy[:place] + new + copy[place + len(old) :]
        return _ODD.sub("", copy).strip()

    @property
    def rewordings(self) -> tuple[Rewording, ...]:
        """The edits that keep to the borders of words, as rewordings of ``text``."""
        found = ((_rewording(self.text, old, new), self.text.replace(old, new)) for old, new in self.edits)
        return tuple(
            one
            for one, edited in found
            if one
            and reword(self.text, [one]) not in ("", self.text)
            and _letters(reword(self.text, [one])) == _letters(edited)
        )


def _letters(text: str) -> str:
    """Give a text without the differences that putting an edit in makes: white space, and a capital."""
    return " ".join(_ODD.sub("", text).split()).casefold()


def _rewording(text: str, old: str, new: str) -> Rewording | None:
    """Turn an edit into a rewording; None where it begins or ends within a word."""
    pieces = split_pieces(text)
    ends = list(accumulate(map(len, pieces)))
    start = text.index(old)
    end = start + len(old.rstrip())
    first = next(number for number, place in enumerate(ends) if place > start)
    last = next(number for number, place in enumerate(ends) if place >= end)
    lead, tail = text[ends[first] - len(pieces[first]) : start], text[end : ends[last]]
    if lead.strip() or tail.strip():
        return None
    words = new.strip()
    gap = " " if not lead and start and new[:1].isspace() else lead
    return Rewording(first, last + 1, tuple(split_pieces(gap + words)) if words else ())


def read_edited(path: Path = EDITS) -> list[Edited]:
    """Read the sentences.

    Raises:
        ValueError: A line lacks a field, or an edit does not fit its text; the message names the line.
    """
    edited: list[Edited] = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        try:
            edited.append(_edited(json.loads(line)))
        except (KeyError, ValueError) as error:
            raise ValueError(f"{path}, line {number}: {error}") from error
    return edited


def _edited(row: dict[str, Any]) -> Edited:
    text = row["text"]
    edits = tuple((str(old), str(new)) for old, new in row["edits"])
    for old, _ in edits:
        if not old or text.count(old) != 1:
            raise ValueError(f"{old!r} must stand in the text exactly once to be edited, not {text.count(old)} times")
    places = sorted((text.index(old), text.index(old) + len(old)) for old, _ in edits)
    if any(end > start for (_, end), (start, _) in pairwise(places)):
        raise ValueError("two edits overlap")
    return Edited(row["passage"], row["source"], text, edits)


def passages(edited: Sequence[Edited]) -> Iterator[tuple[str, str]]:
    """Give sources and copies to learn from: of some passages several sentences together, else one at a time."""
    learned = [one for one in edited if not one.is_kept]
    for passage, group in groupby(learned, key=lambda one: one.passage):
        sentences = list(group)
        whole = bucket(passage) < _WHOLE
        for start in range(0, len(sentences), _MOST_JOINED if whole else 1):
            part = sentences[start : start + (_MOST_JOINED if whole else 1)]
            yield " ".join(one.source for one in part), " ".join(copy for one in part if (copy := one.copy))
