"""How far may a rewording, or a whole target, be trusted, beyond what the fact gate says of it?

The gate reads whole passages and may overlook a small change. A second model of the verifier's make was trained on
changes that were judged by hand (``training/rewordings.toml``) and says of each how likely it alters a fact or spoils
the English; the rewriter says how much likelier a copy of the source the text becomes. A regression
(``training/trust.py``) weighs this with how many targets agree, what is known of the change from elsewhere
(``service/precedents.py``), and how much news goes or comes with it; what the gate says of so small a change tells no
more beside these. A target is as good as its rewordings: another regression weighs these, and what the gate says.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

from rapidfuzz import fuzz

from service.alignment import Sentence, sentences_of
from service.annotation import Annotator
from service.evidence import sigmoid
from service.hearing import Heard
from service.judging import Regression
from service.phrasebook import listed_rewordings
from service.precedents import Precedents, change_of, read_precedents
from service.rewordings import Rewording, find_differences, reword, split_pieces
from service.speech import word_class
from service.verifier import Text, Verifier

WEIGHTS = Path(__file__).parent / "weights" / "trust.json"
READER = Path(__file__).parent / "weights" / "rewordings.onnx"
_STEM = 4
_HALF = 0.5
# So many pieces before and behind a rewording are read with it.
_AROUND = 45


@dataclass(frozen=True)
class Flaws:
    """What the reader makes of a change, in logits: above 0 more likely than not.

    Attributes:
        fact: That it loses, adds or alters a fact.
        english: That it spoils the English.
    """

    fact: float
    english: float

    @property
    def none(self) -> float:
        """How likely there is no flaw."""
        return (1 - sigmoid(self.fact)) * (1 - sigmoid(self.english))


# Where there is nothing left to read.
_WORST = Flaws(8.0, 8.0)


class Reader:
    """Reads changes.

    Args:
        weights: The ONNX file.
    """

    def __init__(self, weights: Path = READER) -> None:
        # A change is short: a second thread costs more than it brings.
        self._model = Verifier(weights, threads=1)

    def read(self, changes: Sequence[tuple[str, Rewording]]) -> list[Flaws]:
        """Read rewordings, each within what stands around it."""
        return self.read_targets([_around(text, rewording) for text, rewording in changes])

    def read_targets(self, pairs: Sequence[tuple[str, str]]) -> list[Flaws]:
        """Read whole texts beside what they were before."""
        texts = {text: Text(text, cache(partial(_sentences, text))) for pair in pairs for text in pair}
        readings = self._model.read([(texts[text], texts[target]) for text, target in pairs])
        return [
            Flaws(reading.unsupported, reading.lost) if reading and any(map(str.isalnum, target)) else _WORST
            for (_, target), reading in zip(pairs, readings, strict=True)
        ]


@cache
def _annotator() -> Annotator:
    return Annotator()


def _sentences(text: str) -> Sequence[Sentence]:
    return sentences_of(_annotator().annotate([text])[0])


def _around(text: str, rewording: Rewording) -> tuple[str, str]:
    """Give what stands around a rewording, before and after it."""
    pieces = split_pieces(text)
    first = max(0, rewording.start - _AROUND)
    near = "".join(pieces[first : rewording.end + _AROUND])
    return near.strip(), reword(near, [Rewording(rewording.start - first, rewording.end - first, rewording.pieces)])


@dataclass(frozen=True)
class Proposal:
    """A rewording that may be put in.

    Attributes:
        text: What is reworded.
        rewording: One place of it.
        share: Share of the targets that have the rewording, a fraction of 1.
        listed: Whether the phrase book has it.
    """

    text: str
    rewording: Rewording
    share: float
    listed: bool


@dataclass(frozen=True)
class Weighing:
    """How rewordings, or whole targets, are weighed.

    Attributes:
        regression: Over what one is like.
        threshold: Least probability of being right at which one is taken.
    """

    regression: Regression
    threshold: float


@dataclass(frozen=True)
class Trust:
    """Says how likely a rewording is right.

    Attributes:
        reader: Reads changes.
        heard: How rewordings are weighed where the rewriter has been asked.
        unheard: How they are weighed without.
        targets: How whole targets are weighed; the rewriter has been asked.
        precedents: What is known of changes from elsewhere.
    """

    reader: Reader
    heard: Weighing
    unheard: Weighing
    targets: Weighing
    precedents: Precedents

    @classmethod
    @cache
    def load(cls) -> Trust:
        """Read the weights that ship."""
        stored = json.loads(WEIGHTS.read_text(encoding="utf-8"))
        return cls(
            reader=Reader(),
            **{
                name: Weighing(Regression(**weighing["regression"]), weighing["threshold"])
                for name, weighing in stored.items()
            },
            precedents=read_precedents(),
        )

    def hope(self, proposal: Proposal, flaws: Flaws) -> float:
        """Say how likely right a rewording is by all that is known without the rewriter's opinion."""
        return sigmoid(self.unheard.regression.logit(describe(proposal, flaws, None, self.precedents)))

    def surplus(self, proposal: Proposal, flaws: Flaws, heard: Heard | None) -> float:
        """Say how much likelier right a rewording is than it must be to be put in; below 0 it is not trusted.

        Args:
            proposal: The rewording.
            flaws: What the reader makes of it.
            heard: What the rewriter makes of it.
        """
        weighing = self.heard if heard else self.unheard
        described = describe(proposal, flaws, heard, self.precedents)
        return sigmoid(weighing.regression.logit(described)) - weighing.threshold

    def trusts(self, text: str, target: str, heard: Heard, *, faithful: float) -> bool:
        """Tell whether a target can be taken as it is.

        Args:
            text: What was to be rewritten, or a faithful edit of it.
            target: What a model made of it.
            heard: What the model makes of the two.
            faithful: How likely the gate thinks the target faithful.
        """
        described = self.describe_target(text, target, heard, faithful=faithful)
        return sigmoid(self.targets.regression.logit(described)) >= self.targets.threshold

    def describe_target(self, text: str, target: str, heard: Heard, *, faithful: float) -> dict[str, float]:
        """Describe a target and its rewordings in figures; the arguments are those of ``trusts``."""
        listed = frozenset(listed_rewordings(text))
        # How many other targets agree is not known where there is one.
        found = [Proposal(text, one, _HALF, one in listed) for one in sorted(find_differences(text, target))]
        flaws = self.reader.read([(text, one.rewording) for one in found])
        described = [describe(one, read, None, self.precedents) for one, read in zip(found, flaws, strict=True)]
        chances = [sigmoid(self.unheard.regression.logit(features)) for features in described] or [1.0]
        (whole,) = self.reader.read_targets([(text, target)])
        return {
            "gate": faithful,
            "fact": whole.fact,
            "english": whole.english,
            "lowest": min(chances),
            "mean": sum(chances) / len(chances),
            "rewordings": float(len(found)),
            "unknown": float(sum(not (features["known"] or features["listed"]) for features in described)),
            "news_gone": sum(features["news_gone"] for features in described),
            "likeness": fuzz.ratio(text, target) / 100,
            **heard.features,
        }


def describe(proposal: Proposal, flaws: Flaws, heard: Heard | None, precedents: Precedents) -> dict[str, float]:
    """Describe a rewording in figures; the arguments are those of ``Trust.surplus``."""
    rewording = proposal.rewording
    pieces = split_pieces(proposal.text)
    around = {piece.strip().lower() for piece in pieces}
    old = [piece.strip() for piece in pieces[rewording.start : rewording.end]]
    new = [piece.strip() for piece in rewording.pieces]
    gone = [word.lower() for word in old if word.lower() not in {other.lower() for other in new}]
    come = [word.lower() for word in new if word.lower() not in {other.lower() for other in old}]
    small = word_class("function")
    news_gone = [word for word in gone if _is_word(word) and word not in small]
    news_come = [word for word in come if _is_word(word) and word not in small]
    return {
        "fact": flaws.fact,
        "english": flaws.english,
        "share": proposal.share,
        "listed": float(proposal.listed),
        **precedents.describe(change_of(pieces, rewording)),
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
        **(heard.features if heard else {}),
    }


def _is_word(piece: str) -> bool:
    return piece[:1].isalnum()
