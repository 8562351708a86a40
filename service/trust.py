"""How far may a rewording, or a whole target, be trusted, beyond what the fact gate says of it?

The gate reads whole passages and may overlook a small change. A regression, fitted on rewordings that were judged by
hand (``training/trust.py``), asks besides how many targets agree, whether hand-written pairs or the phrase book know
the change, and how much news goes or comes with it. A target is as good as its rewordings: a second regression weighs
these.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from rapidfuzz import fuzz

from service.evidence import sigmoid
from service.judging import Regression
from service.phrasebook import listed_rewordings
from service.rewordings import Rewording, find_differences, split_pieces
from service.speech import word_class

WEIGHTS = Path(__file__).parent / "weights" / "trust.json"
KNOWN = Path(__file__).parent / "weights" / "rewordings.tsv"
# More often than this a change is simply well known.
_OFTEN = 5
_STEM = 4
_HALF = 0.5


@dataclass(frozen=True)
class Trust:
    """Says how likely a rewording is right.

    Attributes:
        rewordings: Regression over what a rewording is like.
        threshold: Least probability of being right at which a rewording is put in.
        targets: Regression over what the rewordings of a target are like.
        target_threshold: Least probability of changing no fact at which a target is taken.
        known: How often hand-written pairs have a change, by words that go and words that come, in lower case.
    """

    rewordings: Regression
    threshold: float
    targets: Regression
    target_threshold: float
    known: Mapping[tuple[str, str], int]

    @classmethod
    @cache
    def load(cls) -> Trust:
        """Read the weights that ship."""
        stored = json.loads(WEIGHTS.read_text(encoding="utf-8"))
        rows = (line.split("\t") for line in KNOWN.read_text(encoding="utf-8").splitlines() if line[:1] != "#")
        return cls(
            rewordings=Regression(**stored["rewordings"]),
            threshold=stored["threshold"],
            targets=Regression(**stored["targets"]),
            target_threshold=stored["target_threshold"],
            known={(old, new): int(count) for old, new, count in rows},
        )

    def probability(self, text: str, rewording: Rewording, *, faithful: float, share: float, listed: bool) -> float:
        """Say how likely a rewording is right.

        Args:
            text: What is reworded.
            rewording: One place of it.
            faithful: How likely the gate thinks the text faithful with this rewording alone.
            share: Share of the targets that have the rewording, a fraction of 1.
            listed: Whether the phrase book has it.
        """
        described = describe(text, rewording, self.known, faithful=faithful, share=share, listed=listed)
        return sigmoid(self.rewordings.logit(described))

    def trusts(self, text: str, target: str, *, faithful: float) -> bool:
        """Tell whether a target can be taken as it is.

        Args:
            text: What was to be rewritten, or a faithful edit of it.
            target: What a model made of it.
            faithful: How likely the gate thinks the target faithful.
        """
        return sigmoid(self.targets.logit(self.describe_target(text, target, faithful=faithful))) >= (
            self.target_threshold
        )

    def describe_target(self, text: str, target: str, *, faithful: float) -> dict[str, float]:
        """Describe the rewordings of a target in figures; the arguments are those of ``trusts``."""
        listed = frozenset(listed_rewordings(text))
        found = sorted(find_differences(text, target))
        # How many other targets agree is not known where there is one.
        described = [
            describe(text, one, self.known, faithful=faithful, share=_HALF, listed=one in listed) for one in found
        ]
        chances = [sigmoid(self.rewordings.logit(features)) for features in described] or [1.0]
        return {
            "gate": faithful,
            "lowest": min(chances),
            "mean": sum(chances) / len(chances),
            "rewordings": float(len(found)),
            "unknown": float(sum(not (features["known"] or features["listed"]) for features in described)),
            "news_gone": sum(features["news_gone"] for features in described),
            "likeness": fuzz.ratio(text, target) / 100,
        }


def change_of(pieces: Sequence[str], rewording: Rewording) -> tuple[str, str]:
    """Give the words that go and the words that come, in lower case."""
    old, new = "".join(pieces[rewording.start : rewording.end]), "".join(rewording.pieces)
    return old.strip().lower(), new.strip().lower()


def describe(
    text: str,
    rewording: Rewording,
    known: Mapping[tuple[str, str], int],
    *,
    faithful: float,
    share: float,
    listed: bool,
) -> dict[str, float]:
    """Describe a rewording in figures; the arguments are those of ``Trust.probability``."""
    pieces = split_pieces(text)
    around = {piece.strip().lower() for piece in pieces}
    old = [piece.strip() for piece in pieces[rewording.start : rewording.end]]
    new = [piece.strip() for piece in rewording.pieces]
    gone = [word.lower() for word in old if word.lower() not in {other.lower() for other in new}]
    come = [word.lower() for word in new if word.lower() not in {other.lower() for other in old}]
    small = word_class("function")
    news_gone = [word for word in gone if _is_word(word) and word not in small]
    news_come = [word for word in come if _is_word(word) and word not in small]
    return {
        "gate": faithful,
        "share": share,
        "listed": float(listed),
        "known": float(min(known.get(change_of(pieces, rewording), 0), _OFTEN)),
        "old": float(len(old)),
        "new": float(len(new)),
        "news_gone": float(len(news_gone)),
        "news_come": float(sum(word not in around for word in news_come)),
        "news_repeated": float(sum(word in around for word in news_come)),
        "small_gone": float(sum(word in small for word in gone)),
        "small_come": float(sum(word in small for word in come)),
        "capital_gone": float(
            sum(word[:1].isupper() and word not in new for place, word in enumerate(old) if place + rewording.start)
        ),
        "marks_only": float(not any(map(_is_word, [*old, *new]))),
        "marks_gone": float(sum(not _is_word(word) for word in old)),
        "marks_come": float(sum(not _is_word(word) for word in new)),
        "added": float(not old),
        "cut": float(not new),
        "begins": float(rewording.start == 0),
        "news_cut": float(len(news_gone)) if not new else 0.0,
        "news_added": float(len(news_come)) if not old else 0.0,
        "same_stem": float(bool({word[:_STEM] for word in news_gone} & {word[:_STEM] for word in news_come})),
        "length": float(len(pieces)),
    }


def _is_word(piece: str) -> bool:
    return piece[:1].isalnum()
