"""The verifier: a small model that reads source and copy together and sees what rules cannot.

It was trained (``training/verifier.py``) to say whether a copy states what its source does not, whether it lacks news
of the source, which type of error that is, and at which words. Long texts are read in windows.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from service.alignment import Counterparts, Sentence
from service.pieces import Pieces, Splitter, alone
from service.runtime import open_session
from service.spans import Span

WEIGHTS = Path(__file__).parent / "weights" / "verifier.onnx"
ERRORS = (
    "entity_changed",
    "entity_swap",
    "figure_changed",
    "figure_swapped",
    "unit_or_magnitude",
    "date_time_changed",
    "location_changed",
    "quotation_altered",
    "quotation_invented",
    "list_item_dropped",
    "fact_omitted",
    "detail_added",
    "attribution_dropped",
    "attribution_swapped",
    "hedge_dropped",
    "hedge_added",
    "negation_flipped",
    "direction_flipped",
    "comparison_changed",
    "relation_changed",
    "role_swapped",
    "cause_invented",
    "time_order_changed",
    "coreference_wrong",
    "predicate_changed",
)
# A text of more word pieces is read in windows: the model has learned from none that is longer.
MOST_PIECES = 220
# In a window, some sentences at a time, each with the sentences of the other text that share the most with it.
_CHUNK_CHARACTERS = 450
_MOST_PARTNERS = 6
_INPUTS = ("ids", "mask", "sides", "shapes", "alone")


@dataclass(frozen=True)
class Reading:
    """What the verifier made of a source and a copy; all figures are logits, above 0 more likely than not.

    Attributes:
        unsupported: That the copy says something the source does not.
        lost: That the copy lacks news of the source.
        errors: One for each of ``ERRORS``, from the window that looks the worst.
        source_words: Where word pieces of the source stand, and that they are lost or altered.
        copy_words: Where word pieces of the copy stand, and that they are not in the source.
    """

    unsupported: float
    lost: float
    errors: tuple[float, ...]
    source_words: tuple[tuple[Span, float], ...]
    copy_words: tuple[tuple[Span, float], ...]


@dataclass(frozen=True)
class Text:
    """A text, and how to find its sentences: only one too long for a window is split into them."""

    text: str
    sentences: Callable[[], Sequence[Sentence]]


@dataclass(frozen=True)
class _Window:
    """A part of a pair: what is judged of one side, and what of the other is read with it."""

    number: int
    source: Pieces
    copy: Pieces
    judges_source: bool
    judges_copy: bool


@dataclass(frozen=True)
class _Output:
    window: _Window
    pair: NDArray[np.float32]
    errors: NDArray[np.float32]
    source_words: NDArray[np.float32]
    copy_words: NDArray[np.float32]


class Verifier:
    """Reads pairs with the weights that ship.

    Args:
        weights: The ONNX file.
        splitter: Turns texts into word pieces.
        threads: CPU threads; 0 takes all cores.
    """

    def __init__(self, weights: Path = WEIGHTS, splitter: Splitter | None = None, *, threads: int = 0) -> None:
        content = weights.read_bytes()
        self.sha256 = hashlib.sha256(content).hexdigest()
        self._session = open_session(content, threads=threads)
        self._splitter = splitter or Splitter()

    def read(self, pairs: Sequence[tuple[Text, Text]]) -> list[Reading | None]:
        """Read pairs of source and copy, of any length; None where one of them has no words to read."""
        texts = {id(text): text for pair in pairs for text in pair}
        split = self._splitter.split([text.text for text in texts.values()])
        pieces = dict(zip(texts, split, strict=True))
        windows = [
            window
            for number, (source, copy) in enumerate(pairs)
            if len(pieces[id(source)]) and len(pieces[id(copy)])
            for window in _windows(number, source, copy, pieces[id(source)], pieces[id(copy)])
        ]
        found: list[list[_Output]] = [[] for _ in pairs]
        for window in windows:
            found[window.number].append(self._run(window))
        return [_gather(outputs) if outputs else None for outputs in found]

    def _run(self, window: _Window) -> _Output:
        # One at a time: 8-bit activations share a scale over a batch, and company must change no reading.
        ids, *others = layout(window.source, window.copy, self._splitter)
        rows = (row[None] for row in (ids, np.ones_like(ids), *others))
        pair, errors, words = (output[0] for output in self._session.run(None, dict(zip(_INPUTS, rows, strict=True))))
        border = 1 + len(window.source)
        return _Output(window, pair, errors, words[1:border], words[border + 1 : -1])


def layout(source: Pieces, copy: Pieces, splitter: Splitter) -> tuple[NDArray[np.int64], ...]:
    """Put a pair into one row, as the model reads it: ``[CLS] source [SEP] copy [SEP]``.

    Returns:
        Token ids; 0 for the source and 1 for the copy; how each piece is written; 1 where the other text has it not.
    """
    mark = np.zeros(1, dtype=np.int64)
    length = len(source) + 2
    start, end = np.array([splitter.start]), np.array([splitter.end])
    return (
        np.concatenate([start, source.ids, end, copy.ids, end]),
        (np.arange(length + len(copy) + 1) >= length).astype(np.int64),
        np.concatenate([mark, source.shapes, mark, copy.shapes, mark]),
        np.concatenate([mark, alone(source, copy), mark, alone(copy, source), mark]),
    )


def _windows(number: int, source: Text, copy: Text, stated: Pieces, rewritten: Pieces) -> Iterator[_Window]:
    if max(len(stated), len(rewritten)) <= MOST_PIECES:
        yield _Window(number, stated, rewritten, judges_source=True, judges_copy=True)
        return
    in_source, in_copy = Counterparts(source.sentences()), Counterparts(copy.sentences())
    for chunk, beside in _chunks(copy, rewritten, in_source):
        yield _Window(number, _beside(stated, beside), chunk, judges_source=False, judges_copy=True)
    for chunk, beside in _chunks(source, stated, in_copy):
        yield _Window(number, chunk, _beside(rewritten, beside), judges_source=True, judges_copy=False)


def _beside(pieces: Pieces, places: Sequence[Span]) -> Pieces:
    """Take what is read beside a chunk, the best first as far as there is room; without any, how the text begins."""
    chosen: list[Span] = []
    room = MOST_PIECES
    for place in places:
        length = len(pieces.within([place]))
        if length <= room:
            chosen.append(place)
            room -= length
    found = pieces.within(sorted(chosen) or places[:1]) if places else pieces
    return found.take(range(min(len(found), MOST_PIECES)))


def _chunks(text: Text, pieces: Pieces, others: Counterparts) -> Iterator[tuple[Pieces, tuple[Span, ...]]]:
    """Give sentences that stand together, with the places in the other text that speak of the same, best first."""
    chunk: list[Sentence] = []
    for sentence in (*text.sentences(), None):
        if chunk and (sentence is None or sentence.span.end - chunk[0].span.start > _CHUNK_CHARACTERS):
            beside = _partners(chunk, others, chunk[0].span.start / len(text.text))
            whole = pieces.within([Span(chunk[0].span.start, chunk[-1].span.end)])
            # A sentence may be longer than a window.
            for start in range(0, len(whole), MOST_PIECES):
                yield whole.take(range(start, min(len(whole), start + MOST_PIECES))), beside
            chunk = []
        if sentence is not None:
            chunk.append(sentence)


def _partners(chunk: Sequence[Sentence], others: Counterparts, place: float) -> tuple[Span, ...]:
    ranked: dict[Span, int] = {}
    for sentence in chunk:
        for rank, other in enumerate(others.of(sentence, place=place).sentences[:_MOST_PARTNERS]):
            ranked[other.span] = min(rank, ranked.get(other.span, rank))
    return tuple(sorted(ranked, key=lambda span: (ranked[span], span)))


def _gather(outputs: Sequence[_Output]) -> Reading:
    of_copy = [output for output in outputs if output.window.judges_copy]
    of_source = [output for output in outputs if output.window.judges_source]
    unsupported, lost = max(of_copy, key=_unsupported), max(of_source, key=_lost)
    worst = unsupported if _unsupported(unsupported) >= _lost(lost) else lost
    return Reading(
        unsupported=_unsupported(unsupported),
        lost=_lost(lost),
        errors=tuple(map(float, worst.errors)),
        source_words=tuple(
            sorted(
                (span, float(logit))
                for output in of_source
                for span, logit in zip(output.window.source.spans, output.source_words, strict=False)
            )
        ),
        copy_words=tuple(
            sorted(
                (span, float(logit))
                for output in of_copy
                for span, logit in zip(output.window.copy.spans, output.copy_words, strict=False)
            )
        ),
    )


def _unsupported(output: _Output) -> float:
    return float(output.pair[0])


def _lost(output: _Output) -> float:
    return float(output.pair[1])
