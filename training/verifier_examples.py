"""What the verifier is shown: texts that went through annotation and MiniLM once, paired and with targets."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from transformers import BertModel

from service.annotation import Annotator
from service.pieces import Pieces, Splitter, alone
from service.spans import Span
from service.verifier import ERRORS, MOST_PIECES
from training.judged import Judged
from training.verifier_model import pad, states

# Targets that count nothing: what is not known of a pair or a word, and a pair without an error of a known type.
NOT_KNOWN = -1.0
NO_ERROR = -100
_ENCODED_TOKENS = 4000


@dataclass(frozen=True)
class Encoded:
    """A text with its hidden states in half precision."""

    pieces: Pieces
    states: NDArray[np.float16]


@dataclass(frozen=True)
class Example:
    """A pair with targets: 1, 0, or -1 where not known."""

    source: Encoded
    copy: Encoded
    source_alone: NDArray[np.bool_]
    copy_alone: NDArray[np.bool_]
    pair: tuple[float, float]
    error: int
    source_words: NDArray[np.float32]
    copy_words: NDArray[np.float32]
    weight: float

    def __len__(self) -> int:
        return len(self.source.pieces) + len(self.copy.pieces)

    @property
    def wrong(self) -> bool:
        """Whether anything is wrong."""
        return max(self.pair) > 0


Group = list[Example]


class Encoder:
    """Runs texts through annotation and MiniLM, each once."""

    def __init__(self, encoder: BertModel) -> None:
        self._annotator, self._splitter, self._encoder = Annotator(), Splitter(), encoder

    @torch.inference_mode()
    def encode(self, texts: Sequence[str]) -> dict[str, Encoded]:
        """Encode texts; those that are empty or too long are left out."""
        pieces = dict(zip(texts, self._splitter.split(self._annotator.annotate(texts)), strict=True))
        order = sorted((text for text in texts if 0 < len(pieces[text]) <= MOST_PIECES), key=lambda t: len(pieces[t]))
        encoded: dict[str, Encoded] = {}
        start = 0
        while start < len(order):
            rows = max(1, _ENCODED_TOKENS // (len(pieces[order[min(start + 63, len(order) - 1)]]) + 2))
            batch = order[start : start + min(64, rows)]
            start += len(batch)
            ids = pad([np.array([self._splitter.start, *pieces[text].ids, self._splitter.end]) for text in batch])
            mask = pad([np.ones(len(pieces[text]) + 2, dtype=np.int64) for text in batch])
            hidden = states(self._encoder, ids, mask).half().numpy()
            for row, text in enumerate(batch):
                encoded[text] = Encoded(pieces[text], hidden[row, : len(pieces[text])].copy())
        return encoded


def make_groups(judged: Sequence[Sequence[Judged]], encoded: dict[str, Encoded]) -> list[Group]:
    """Turn judged pairs into examples; pairs with a text that was left out are left out."""
    groups = [
        [_example(one, encoded) for one in group if one.source in encoded and one.copy in encoded] for group in judged
    ]
    return [group for group in groups if group]


def _example(judged: Judged, encoded: dict[str, Encoded]) -> Example:
    source, copy = encoded[judged.source], encoded[judged.copy]
    return Example(
        source=source,
        copy=copy,
        source_alone=alone(source.pieces, copy.pieces),
        copy_alone=alone(copy.pieces, source.pieces),
        pair=(_target(judged.unsupported), _target(judged.lost)),
        error=ERRORS.index(judged.error) if judged.error in ERRORS else NO_ERROR,
        source_words=_word_targets(source.pieces, judged.source_spans),
        copy_words=_word_targets(copy.pieces, judged.copy_spans),
        weight=judged.weight,
    )


def _target(known: bool | None) -> float:
    return NOT_KNOWN if known is None else float(known)


def _word_targets(pieces: Pieces, wrong: Sequence[Span] | None) -> NDArray[np.float32]:
    if wrong is None:
        return np.full(len(pieces), NOT_KNOWN, dtype=np.float32)
    return np.array([any(span.overlaps(place) for place in wrong) for span in pieces.spans], dtype=np.float32)


def batches(groups: Sequence[Group], step_pieces: int, rng: random.Random) -> list[list[Group]]:
    """Put groups of similar length into batches of about ``step_pieces``, in random order.

    What has the same source stays together: the loss compares it.
    """
    found: list[list[Group]] = [[]]
    for group in sorted(groups, key=lambda group: max(map(len, group)) + rng.uniform(0, 20)):
        rows = sum(map(len, found[-1])) + len(group)
        if found[-1] and rows * max(map(len, group)) > step_pieces:
            found.append([])
        found[-1].append(group)
    rng.shuffle(found)
    return found
