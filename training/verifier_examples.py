"""What the verifier is shown: judged pairs in word pieces, varied, and put into batches."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
from numpy.typing import NDArray

from service.pieces import Pieces, Splitter
from service.spans import Span
from service.verifier import ERRORS, MOST_PIECES, layout
from training.judged import Judged
from training.verifier_model import Batch, pad

# Targets that count nothing: what is not known of a pair or a word, and a pair without an error of a known type.
NOT_KNOWN = -1.0
NO_ERROR = -100
# How often a faithful copy stands in for the source, and how often the two are then exchanged.
_OTHER_SOURCE, _EXCHANGED = 0.35, 0.4
_ONE_WAY = {"fact_omitted": "detail_added", "detail_added": "fact_omitted", "hedge_dropped": "hedge_added"}
_ONE_WAY |= {"hedge_added": "hedge_dropped", "list_item_dropped": "", "attribution_dropped": ""}
_ONE_WAY |= {"cause_invented": "", "quotation_invented": ""}


@dataclass(frozen=True)
class Example:
    """A pair with targets: 1, 0, or -1 where not known; ``words`` has one for every token, marks not known.

    ``row`` is the pair as the model reads it; the first token of the copy stands at ``border``.
    """

    row: tuple[NDArray[np.int32], ...]
    border: int
    pair: tuple[float, float]
    error: int
    words: NDArray[np.float32]
    weight: float

    def __len__(self) -> int:
        return len(self.words)

    @property
    def wrong(self) -> bool:
        """Whether anything is wrong."""
        return max(self.pair) > 0


Group = list[Example]


def vary(group: Sequence[Judged], rng: random.Random, most: int) -> list[Judged]:
    """Draw what is shown of a source: all its faithful copies and up to ``most`` others.

    Some of the time a faithful copy takes the place of the source: what is right or wrong beside one is so beside the
    other. Then the two may be exchanged too; what the one lacks the other adds.
    """
    right = [one for one in group if one.unsupported is False and one.lost is False]
    others = [one for one in group if one not in right]
    drawn = [*right, *rng.sample(others, min(most, len(others)))]
    if not right or not others or rng.random() > _OTHER_SOURCE:
        return drawn
    source = rng.choice(right).copy
    # The chat of the source is not in the copy, and a word may be wrong only beside the source.
    drawn = [replace(one, source=source, source_spans=() if one in right else None) for one in drawn]
    return [_exchanged(one) for one in drawn] if rng.random() < _EXCHANGED else drawn


def _exchanged(judged: Judged) -> Judged:
    return replace(
        judged,
        source=judged.copy,
        copy=judged.source,
        unsupported=judged.lost,
        lost=judged.unsupported,
        source_spans=judged.copy_spans,
        copy_spans=judged.source_spans,
        error=_ONE_WAY.get(judged.error, judged.error),
    )


def split_all(judged: Iterable[Judged], splitter: Splitter) -> dict[str, Pieces]:
    """Split every text of the pairs once."""
    texts = list({text: None for one in judged for text in (one.source, one.copy)})
    return dict(zip(texts, splitter.split(texts), strict=True))


def make_groups(
    judged: Sequence[Sequence[Judged]], pieces: dict[str, Pieces], known: dict[Judged, Example], splitter: Splitter
) -> list[Group]:
    """Turn judged pairs into examples; pairs with a text that is empty or too long are left out.

    Args:
        judged: The pairs, those of one source together.
        pieces: Every text of them, split.
        known: Examples made before; those made now are added.
        splitter: What split them.
    """
    groups: list[Group] = []
    for group in judged:
        fitting = [
            one
            for one in group
            if 0 < len(pieces[one.source]) <= MOST_PIECES and 0 < len(pieces[one.copy]) <= MOST_PIECES
        ]
        for one in fitting:
            if one not in known:
                known[one] = _example(one, pieces[one.source], pieces[one.copy], splitter)
        groups.append([known[one] for one in fitting])
    return [group for group in groups if group]


def _example(judged: Judged, source: Pieces, copy: Pieces, splitter: Splitter) -> Example:
    mark = np.full(1, NOT_KNOWN, dtype=np.float32)
    return Example(
        row=tuple(part.astype(np.int32) for part in layout(source, copy, splitter)),
        border=len(source) + 2,
        pair=(_target(judged.unsupported), _target(judged.lost)),
        error=ERRORS.index(judged.error) if judged.error in ERRORS else NO_ERROR,
        words=np.concatenate(
            [
                mark,
                _word_targets(source, judged.source_spans),
                mark,
                _word_targets(copy, judged.copy_spans),
                mark,
            ]
        ),
        weight=judged.weight,
    )


def _target(known: bool | None) -> float:
    return NOT_KNOWN if known is None else float(known)


def _word_targets(pieces: Pieces, wrong: Sequence[Span] | None) -> NDArray[np.float32]:
    if wrong is None:
        return np.full(len(pieces), NOT_KNOWN, dtype=np.float32)
    return np.array([any(span.overlaps(place) for place in wrong) for span in pieces.spans], dtype=np.float32)


@dataclass(frozen=True)
class Step:
    """What one optimiser step sees: pairs with their targets, padded.

    Attributes:
        batch: The pairs.
        pair: Targets of unsupported and lost, (rows, 2).
        words: Targets of the words, (rows, tokens).
        errors: Types of error, (rows,).
        weight: How much each pair counts, (rows, 1).
        compared: How much it counts that the first of two copies looks worse than the second, (rows, rows): all pairs
            of a wrong and a right copy of one source share a weight of 1.
    """

    batch: Batch
    pair: torch.Tensor
    words: torch.Tensor
    errors: torch.Tensor
    weight: torch.Tensor
    compared: torch.Tensor

    def __len__(self) -> int:
        return len(self.pair)

    def to(self, device: torch.device) -> Step:
        """Move it to a device."""
        return Step(
            self.batch.to(device),
            *(tensor.to(device) for tensor in (self.pair, self.words, self.errors, self.weight, self.compared)),
        )


def make_step(groups: Sequence[Group]) -> Step:
    """Put groups into one step."""
    examples = [one for group in groups for one in group]
    number = torch.tensor([number for number, group in enumerate(groups) for _ in group])
    wrong = torch.tensor([one.wrong for one in examples])
    together = number[:, None] == number[None]
    compared = (together & wrong[:, None] & ~wrong[None]).float()
    of_source = (together.float() @ compared.sum(1, keepdim=True)).clamp(min=1)
    return Step(
        batch=make_batch(examples),
        pair=torch.tensor([one.pair for one in examples]),
        words=pad([one.words for one in examples], NOT_KNOWN),
        errors=torch.tensor([one.error for one in examples]),
        weight=torch.tensor([[one.weight] for one in examples]),
        compared=compared / of_source,
    )


def make_batch(examples: Sequence[Example]) -> Batch:
    """Put examples into a batch."""
    ids, sides, shapes, lone = (pad(rows).long() for rows in zip(*(one.row for one in examples), strict=True))
    lengths = torch.tensor([len(one) for one in examples])
    mask = (torch.arange(ids.shape[1])[None] < lengths[:, None]).long()
    return Batch(ids, mask, sides, shapes, lone)


def batches(groups: Sequence[Group], step_tokens: int, rng: random.Random) -> list[list[Group]]:
    """Put groups of similar length into batches of about ``step_tokens``, in random order.

    What has the same source stays together: the loss compares it.
    """
    found: list[list[Group]] = [[]]
    for group in sorted(groups, key=lambda group: max(map(len, group)) + rng.uniform(0, 20)):
        rows = sum(map(len, found[-1])) + len(group)
        if found[-1] and rows * max(map(len, group)) > step_tokens:
            found.append([])
        found[-1].append(group)
    rng.shuffle(found)
    return found
