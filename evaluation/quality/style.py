"""Does it sound like a wire? By the lint, which knows what is listed, and by a classifier, which knows the sound."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from importlib.metadata import version

from evaluation.corpus import Sample
from evaluation.quality.measure import Item, Measure, Score, share
from service.classifier import probability, weights_sha256
from service.linting import lint
from service.register import narration

_CLASSIFIER = "register"
_HALF = 0.5
_WORDS = 100


@dataclass(frozen=True)
class Accuracy:
    """How often the classifier is right on sentences that it has not learned from.

    Attributes:
        wire: Share of the sentences of references that it takes for wire copy.
        casual: Share of the sentences of sources, not in their references, that it does not.
        sentences: How many there are of both.
    """

    wire: float
    casual: float
    sentences: int

    @property
    def balanced(self) -> float:
        """Mean of the two."""
        return (self.wire + self.casual) / 2


def findings(item: Item) -> Score | None:
    """Count what the lint finds in 100 words of the copy."""
    return share(_WORDS * len(lint(item.copy)), len(item.copy.split()))


def wire(item: Item) -> Score | None:
    """Count the sentences of the copy that read like wire copy."""
    sentences = narration(item.copy)
    return share(sum(map(_is_wire, sentences)), len(sentences))


def _is_wire(sentence: str) -> bool:
    return probability(_CLASSIFIER, sentence) > _HALF


def accuracy(samples: Iterable[Sample]) -> Accuracy:
    """Try the classifier on held-out samples, each sentence of a sample once."""
    right: dict[bool, list[bool]] = {True: [], False: []}
    for sample in samples:
        references, sources = set(narration(sample.reference)), set(narration(sample.source))
        right[True] += map(_is_wire, references)
        right[False] += (not _is_wire(sentence) for sentence in sources - references)
    return Accuracy(
        wire=sum(right[True]) / len(right[True]),
        casual=sum(right[False]) / len(right[False]),
        sentences=len(right[True]) + len(right[False]),
    )


def measures() -> tuple[Measure, ...]:
    """Give the lint and the classifier."""
    return (
        Measure(
            name="findings",
            says="Breaches of wire style that `copydesk lint` finds in 100 words of the copy.",
            blind="Slang, opinion and asides that no list has; a text with a finding that is none, as in a name.",
            source=f"copydesk lint, version {version('copydesk')}",
            better="lower",
            score=findings,
        ),
        Measure(
            name="wire",
            says="The share of the sentences of the copy that a classifier, trained to tell wire copy from casual "
            "text, takes for wire copy.",
            blind="It was trained on our own pairs and is right in 88.5% of 1,573 held-out sentences of ours (89.2% of "
            "the wire copy, 87.8% of the casual text); it has no notion of other newsrooms, of quotations, which are "
            "masked, or of what a sentence says.",
            source=f"service/weights/register.npz, SHA-256 {weights_sha256(_CLASSIFIER)[:12]}",
            better="higher",
            score=wire,
            percent=True,
        ),
    )
