"""What readers said of changes and of targets, and which of it nobody may learn from."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from service.editing import edit, straighten
from service.rewordings import Rewording
from training.edits import EDITS, read_edited
from training.splits import for_judge

DATA = Path("training/data/judged/rewordings.jsonl")
TARGETS = Path("training/data/judged/targets.jsonl")
# Who proposed a rewording that was made by hand for the very text: it is right, so it says nothing of proposals.
EDITOR = "editor"


@dataclass(frozen=True)
class Labelled:
    """A rewording that was judged by hand.

    Attributes:
        source: The sentence as filed.
        text: What is reworded: the sentence, edited by rule.
        rewording: The change.
        share: Share of the targets that had it.
        by: Who proposed it: the ``model``, the phrase ``book``, what hand-written ``pairs`` made of the same words, or
            an ``editor`` for this very text (``training/data/edits.jsonl``).
        label: ``ok``, ``fact`` where it changes one, or ``broken`` where it spoils the English.
        kept: Of an editor's: whether no model learns from the sentence.
    """

    source: str
    text: str
    rewording: Rewording
    share: float
    by: str
    label: str
    kept: bool = False


def read_labelled(path: Path = DATA, edits: Path = EDITS) -> list[Labelled]:
    """Read the rewordings that were judged by hand, and those that editors made."""
    rows = map(json.loads, path.read_text(encoding="utf-8").splitlines())
    judged = [
        Labelled(
            source=row["source"],
            text=row["text"],
            rewording=Rewording(row["start"], row["end"], tuple(row["pieces"])),
            share=row["share"],
            by=row["by"],
            label=row["label"],
        )
        for row in rows
    ]
    made = [
        Labelled(one.source, one.text, rewording, share=0, by=EDITOR, label="ok", kept=one.is_kept)
        for one in read_edited(edits)
        for rewording in one.rewordings
    ]
    return judged + made


def learned_sources(labelled: Iterable[Labelled]) -> frozenset[str]:
    """Give the sources of which the reader may learn from some text, or which the rewriter may learn to edit."""
    return frozenset(one.source for one in labelled if not (one.kept if one.by == EDITOR else for_judge(one.text)))


@dataclass(frozen=True)
class JudgedTarget:
    """A target of a single sentence that was judged by hand; ``label`` as of a rewording."""

    source: str
    target: str
    label: str


def read_judged_targets(path: Path = TARGETS) -> list[JudgedTarget]:
    """Read the targets that were judged by hand."""
    return [JudgedTarget(**row) for row in map(json.loads, path.read_text(encoding="utf-8").splitlines())]


def read_targets(path: Path = TARGETS) -> list[JudgedTarget]:
    """Read those of them that the reader has not learned from."""
    return [one for one in read_judged_targets(path) if for_judge(faithful_edit(one.source))]


def fitted_on(labelled: Sequence[Labelled]) -> tuple[list[Labelled], list[JudgedTarget]]:
    """Give the rewordings and the targets that the regressions are fitted on, and no model learns from."""
    learned = learned_sources(labelled)
    return (
        [one for one in labelled if one.source not in learned and one.by != EDITOR],
        [one for one in read_targets() if one.source not in learned],
    )


@cache
def fitted_sources() -> frozenset[str]:
    """Give the sources of all that the regressions are fitted on."""
    rewordings, targets = fitted_on(read_labelled())
    return frozenset(one.source for one in rewordings) | {one.source for one in targets}


def faithful_edit(source: str) -> str:
    """Edit a sentence by rule; where nothing would be left it stays."""
    return edit(source) or straighten(source)
