"""Entailment both ways, by the learned verifier alone: no rule of the gate has a say.

The verifier is a cross-encoder that was trained to tell whether a copy says what its source does not, and whether it
lacks news of the source. A text too long for it is read in chunks of a few sentences, each beside the sentences of the
other text that are most like one of its own, as in the windows that it has learned from.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Never

from evaluation.quality.measure import Item, Measure, Score, share
from service.pieces import Splitter
from service.sentences import split_sentences
from service.verifier import MOST_PIECES, Reading, Text, Verifier

# About 450 characters, the chunks that the verifier has learned from.
_CHUNK_PIECES = 110
_REMEMBERED = 4096
# It has learned from cases of which 29% are faithful (5,781 of the 19,873 in `training/data/gate_*.jsonl`), so that its
# logits are shifted by ln(14,092 / 5,781) from those at even odds, which are taken here.
_EVEN_ODDS = 0.89
_WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class _Sentence:
    """A sentence, or a part of one that is too long for the verifier."""

    text: str
    pieces: int
    words: frozenset[str]

    def likeness(self, other: _Sentence) -> float:
        """Say what share of the words of both is common to them (Jaccard)."""
        return len(self.words & other.words) / (len(self.words | other.words) or 1)


class Entailment:
    """Reads rewrites of any length.

    Attributes:
        sha256: Hash of the weights of the verifier.
    """

    def __init__(self) -> None:
        self._splitter = Splitter()
        # One thread: no figure may depend on the machine.
        self._verifier = Verifier(splitter=self._splitter, threads=1)
        self.sha256 = self._verifier.sha256
        self._remembered = lru_cache(_REMEMBERED)(self._read)

    def supported(self, source: str, copy: str) -> Score | None:
        """Count the chunks of the copy that say nothing the source does not; None where the copy has no words."""
        readings = [self._remembered(beside, chunk) for chunk, beside in self._windows(copy, source)]
        return _count(reading.unsupported if reading else None for reading in readings)

    def covered(self, source: str, copy: str) -> Score | None:
        """Count the chunks of the source whose news the copy has; None where the source has no words."""
        readings = [self._remembered(chunk, beside) for chunk, beside in self._windows(source, copy)]
        return _count(reading.lost if reading else None for reading in readings)

    def _read(self, source: str, copy: str) -> Reading | None:
        [reading] = self._verifier.read([(Text(source, _no_sentences), Text(copy, _no_sentences))])
        return reading

    def _windows(self, judged: str, other: str) -> Iterator[tuple[str, str]]:
        """Give each chunk of the text that is judged with what of the other is read beside it."""
        lengths = [len(pieces) for pieces in self._splitter.split([judged, other])]
        if not lengths[0]:
            return
        if max(lengths) <= MOST_PIECES:
            yield judged, other
            return
        partners = self._sentences(other)
        for chunk in _chunks(self._sentences(judged)):
            yield " ".join(sentence.text for sentence in chunk), _beside(chunk, partners)

    def _sentences(self, text: str) -> list[_Sentence]:
        whole = [span.of(text) for span in split_sentences(text)]
        return [
            _Sentence(part, min(len(pieces) - start, MOST_PIECES), frozenset(_WORD.findall(part.casefold())))
            for sentence, pieces in zip(whole, self._splitter.split(whole), strict=True)
            for start in range(0, len(pieces), MOST_PIECES)
            for part in [sentence[pieces.spans[start].start : pieces.spans[start : start + MOST_PIECES][-1].end]]
        ]


def _no_sentences() -> Sequence[Never]:
    raise AssertionError("a text that fits the verifier is not split")


def _chunks(sentences: Iterable[_Sentence]) -> Iterator[list[_Sentence]]:
    chunk: list[_Sentence] = []
    for sentence in sentences:
        if chunk and sum(member.pieces for member in chunk) + sentence.pieces > _CHUNK_PIECES:
            yield chunk
            chunk = []
        chunk.append(sentence)
    if chunk:
        yield chunk


def _beside(chunk: Sequence[_Sentence], partners: Sequence[_Sentence]) -> str:
    """Take the partners that are most like a sentence of the chunk, as many as fit, in their order."""
    likeness = [max(sentence.likeness(partner) for sentence in chunk) for partner in partners]
    chosen: list[int] = []
    room = MOST_PIECES
    for number in sorted(range(len(partners)), key=lambda number: -likeness[number]):
        if partners[number].pieces <= room:
            chosen.append(number)
            room -= partners[number].pieces
    return " ".join(partners[number].text for number in sorted(chosen))


def _count(logits: Iterable[float | None]) -> Score | None:
    """Count the chunks that are likelier right than wrong; what is read beside nothing is wrong."""
    known = list(logits)
    return share(sum(logit is not None and logit < _EVEN_ODDS for logit in known), len(known))


@cache
def entailment() -> Entailment:
    """Load the verifier once."""
    return Entailment()


def measures() -> tuple[Measure, ...]:
    """Give both directions."""
    source = f"service/weights/verifier.onnx, SHA-256 {entailment().sha256[:12]}, in chunks, version 1"

    def of(read: Callable[[str, str], Score | None]) -> Callable[[Item], Score | None]:
        return lambda item: read(item.source, item.copy)

    return (
        Measure(
            name="supported",
            says="The share of the passages of the copy of which the learned verifier, without the rules of the gate, "
            "holds it likelier than not that they say nothing the source does not.",
            blind="It is wrong often: it refuses a fifth of our references, and it hardly sees that two names, two "
            "figures or two roles changed places. The gate weighs the same verifier, so the two are wrong together "
            "more often than by chance.",
            source=source,
            better="higher",
            score=of(entailment().supported),
            percent=True,
        ),
        Measure(
            name="covered",
            says="The share of the passages of the source of which the learned verifier, without the rules of the "
            "gate, holds it likelier than not that the copy has all their news.",
            blind="Chat that was rightly left out can look like lost news: it refuses a fifth of our references. "
            "What the copy adds is no concern of it.",
            source=source,
            better="higher",
            score=of(entailment().covered),
            percent=True,
        ),
    )
