"""The verifier: does a copy say what its source says? A small model that aligns the two word by word.

Each text goes through MiniLM alone (Wang et al. 2020, arXiv:2002.10957). Every word piece is aligned softly with those
of the other text, as in ESIM (Chen et al. 2017, arXiv:1609.06038), compared with what it is aligned with, and the
comparisons are read by a small transformer. Grammar comes in as features: does the word depend on the same word there?
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional
from transformers import BertModel

from service.pieces import PARTS, RELATIONS, SHAPES, Pieces
from service.verifier import ERRORS

# A low layer, where words are words, and the last one, where they are words in context.
LAYERS = (2, 6)
WIDTH = 384
_PLACES = 256
_NONE = -1e4


@dataclass(frozen=True)
class Side:
    """A batch of texts, padded on the right.

    Attributes:
        states: Hidden states of the encoder, (rows, pieces, layers, width).
        mask: True where there is a piece, (rows, pieces).
        relations: See ``Pieces``; (rows, pieces), as all that follow.
        parts: See ``Pieces``.
        heads: See ``Pieces``.
        shapes: See ``Pieces``.
        alone: True where the other text has not the same piece.
    """

    states: Tensor
    mask: Tensor
    relations: Tensor
    parts: Tensor
    heads: Tensor
    shapes: Tensor
    alone: Tensor


class Comparer(nn.Module):
    """What is trained: everything above the encoder.

    Args:
        width: Of the transformer.
        layers: Of the transformer.
        dropout: Everywhere.
    """

    def __init__(self, *, width: int, layers: int, dropout: float) -> None:
        super().__init__()
        narrow = 96
        self.low, self.high = nn.Linear(WIDTH, narrow), nn.Linear(WIDTH, narrow)
        self.sharpness = nn.Parameter(torch.tensor([10.0, 10.0, 1.0, 1.0]))
        self.relation = nn.Embedding(len(RELATIONS) + 1, 16)
        self.part = nn.Embedding(len(PARTS) + 1, 8)
        self.shape = nn.Embedding(len(SHAPES), 8)
        self.side = nn.Embedding(2, width)
        self.place = nn.Embedding(_PLACES, width)
        nn.init.normal_(self.place.weight, std=0.02)
        self.compare = nn.Linear(7 * narrow + 16 + 8 + 8 + 9, width)
        self.norm = nn.LayerNorm(width)
        self.dropout = nn.Dropout(dropout)
        self.reader = Reader(width, layers, dropout)
        self.word = nn.Linear(width, 1)
        self.pooled = nn.Sequential(nn.Linear(4 * width, width), nn.GELU(), nn.Dropout(dropout))
        self.pair = nn.Linear(width, 2)
        self.error = nn.Linear(width, len(ERRORS))

    def forward(self, source: Side, copy: Side) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """Give logits: (rows, 2) unsupported and lost, (rows, errors), and one for each piece of source and copy."""
        likeness = torch.einsum(
            "bnld,bmld->blnm",
            functional.normalize(copy.states, dim=-1),
            functional.normalize(source.states, dim=-1),
        )
        alignment = self._align(likeness, copy, source)
        to_source = alignment.masked_fill(~source.mask[:, None, :], _NONE).softmax(-1)
        to_copy = alignment.transpose(1, 2).masked_fill(~copy.mask[:, None, :], _NONE).softmax(-1)
        compared = torch.cat(
            [
                self._compare(source, copy, to_copy, likeness.transpose(2, 3), side=0),
                self._compare(copy, source, to_source, likeness, side=1),
            ],
            dim=1,
        )
        read = self.reader(compared, torch.cat([source.mask, copy.mask], dim=1))
        border = source.mask.shape[1]
        stated, rewritten = read[:, :border], read[:, border:]
        pooled = self.pooled(torch.cat([_pool(stated, source.mask), _pool(rewritten, copy.mask)], dim=-1))
        words = self.word(read).squeeze(-1)
        return self.pair(pooled), self.error(pooled), words[:, :border], words[:, border:]

    def _align(self, likeness: Tensor, ours: Side, theirs: Side) -> Tensor:
        """Say how well each piece of ours goes with each of theirs."""
        here, there = _progress(ours.mask)[:, :, None], _progress(theirs.mask)[:, None, :]
        same_part = (ours.parts[:, :, None] == theirs.parts[:, None, :]).float()
        return (
            self.sharpness[0] * likeness[:, 0]
            + self.sharpness[1] * likeness[:, 1]
            - self.sharpness[2] * (here - there).abs()
            + self.sharpness[3] * same_part
        )

    def _compare(self, ours: Side, theirs: Side, aligned: Tensor, likeness: Tensor, *, side: int) -> Tensor:
        low, high = self.low(ours.states[:, :, 0]), self.high(ours.states[:, :, 1])
        their_low, their_high = aligned @ self.low(theirs.states[:, :, 0]), aligned @ self.high(theirs.states[:, :, 1])
        best = likeness.masked_fill(~theirs.mask[:, None, None, :], -1).amax(-1).transpose(1, 2)
        same_relation = (ours.relations[:, :, None] == theirs.relations[:, None, :]).float()
        same_part = (ours.parts[:, :, None] == theirs.parts[:, None, :]).float()
        # Is the word that ours depends on aligned with the word that theirs depends on?
        rows, columns = aligned.shape[1:]
        heads = aligned.gather(1, ours.heads[:, :, None].expand(-1, -1, columns))
        heads = heads.gather(2, theirs.heads[:, None, :].expand(-1, rows, -1))
        features = torch.cat(
            [
                high,
                their_high,
                high - their_high,
                high * their_high,
                low,
                low - their_low,
                low * their_low,
                self.relation(ours.relations),
                self.part(ours.parts),
                self.shape(ours.shapes),
                4 * best,
                (best[..., 0] - best[..., 1])[..., None],
                (aligned * same_relation).sum(-1, keepdim=True),
                (aligned * same_part).sum(-1, keepdim=True),
                3 * (aligned * heads).sum(-1, keepdim=True),
                -(aligned * (aligned + 1e-9).log()).sum(-1, keepdim=True),
                aligned.amax(-1, keepdim=True),
                ours.alone[..., None].float(),
            ],
            dim=-1,
        )
        places = torch.arange(rows, device=aligned.device)
        compared = self.norm(self.compare(self.dropout(features)))
        placed: Tensor = compared + self.side.weight[side] + self.place(places)[None]
        return placed


class Reader(nn.Module):
    """A transformer encoder with layer norms first, spelled out: that of torch is exported for one length only."""

    def __init__(self, width: int, layers: int, dropout: float) -> None:
        super().__init__()
        self.layers = nn.ModuleList(_Layer(width, dropout) for _ in range(layers))

    def forward(self, states: Tensor, mask: Tensor) -> Tensor:
        """Read states of shape (rows, pieces, width); ``mask`` is True where there is a piece."""
        for layer in self.layers:
            states = layer(states, mask)
        return states


class _Layer(nn.Module):
    def __init__(self, width: int, dropout: float) -> None:
        super().__init__()
        self.self_attn = _Attention(width, dropout)
        self.linear1, self.linear2 = nn.Linear(width, 4 * width), nn.Linear(4 * width, width)
        self.norm1, self.norm2 = nn.LayerNorm(width), nn.LayerNorm(width)
        self.dropout = nn.Dropout(dropout)

    def forward(self, states: Tensor, mask: Tensor) -> Tensor:
        states = states + self.dropout(self.self_attn(self.norm1(states), mask))
        widened = self.dropout(functional.gelu(self.linear1(self.norm2(states))))
        changed: Tensor = states + self.dropout(self.linear2(widened))
        return changed


class _Attention(nn.Module):
    heads = 4

    def __init__(self, width: int, dropout: float) -> None:
        super().__init__()
        self.in_proj_weight = nn.Parameter(torch.empty(3 * width, width))
        self.in_proj_bias = nn.Parameter(torch.zeros(3 * width))
        nn.init.xavier_uniform_(self.in_proj_weight)
        self.out_proj = nn.Linear(width, width)
        self.dropout = nn.Dropout(dropout)

    def forward(self, states: Tensor, mask: Tensor) -> Tensor:
        rows, _, width = states.shape
        projected = functional.linear(states, self.in_proj_weight, self.in_proj_bias)
        query, key, value = (
            part.reshape(rows, -1, self.heads, width // self.heads).transpose(1, 2)
            for part in projected.chunk(3, dim=-1)
        )
        scores = query @ key.transpose(2, 3) / (width // self.heads) ** 0.5
        weights = self.dropout(scores.masked_fill(~mask[:, None, None, :], _NONE).softmax(-1))
        attended: Tensor = self.out_proj((weights @ value).transpose(1, 2).reshape(rows, -1, width))
        return attended


def _progress(mask: Tensor) -> Tensor:
    """Say how far into its text each piece stands, 0 to 1."""
    return torch.arange(mask.shape[1], device=mask.device)[None] / mask.sum(1, keepdim=True)


def _pool(read: Tensor, mask: Tensor) -> Tensor:
    """Join the mean with the strongest signal: one wrong word makes a pair wrong."""
    known = mask[..., None]
    mean = (read * known).sum(1) / known.sum(1).clamp(min=1)
    return torch.cat([mean, read.masked_fill(~known, _NONE).amax(1)], dim=-1)


class VerifierModel(nn.Module):
    """The encoder and what stands above it, as it ships: from ids to logits.

    Args:
        encoder: MiniLM.
        comparer: What was trained.
    """

    def __init__(self, encoder: BertModel, comparer: Comparer) -> None:
        super().__init__()
        self.encoder, self.comparer = encoder, comparer

    def forward(self, *inputs: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """Take ids with marks, mask, relations, parts, heads, shapes and alone of the source, then of the copy.

        Both sides are padded to one length, so that the encoder, and its weights in the file, are there once.
        """
        source, copy = inputs[:7], inputs[7:]
        both = states(self.encoder, torch.cat([source[0], copy[0]]), torch.cat([source[1], copy[1]]))
        rows = source[0].shape[0]
        logits: tuple[Tensor, Tensor, Tensor, Tensor] = self.comparer(
            _side(both[:rows], *source[1:]), _side(both[rows:], *copy[1:])
        )
        return logits


def _side(
    hidden: Tensor, mask: Tensor, relations: Tensor, parts: Tensor, heads: Tensor, shapes: Tensor, alone: Tensor
) -> Side:
    return Side(hidden, mask[:, 2:] > 0, relations, parts, heads, shapes, alone > 0)


def states(encoder: BertModel, ids: Tensor, mask: Tensor) -> Tensor:
    """Run the encoder; the states of the marks at both ends are left out, (rows, pieces, layers, width).

    Args:
        encoder: MiniLM.
        ids: ``[CLS] pieces [SEP]``, padded on the right.
        mask: 1 where there is a token.
    """
    hidden = encoder(input_ids=ids, attention_mask=mask, output_hidden_states=True).hidden_states
    return torch.stack([hidden[layer][:, 1:-1] for layer in LAYERS], dim=2)


def load_encoder(folder: Path) -> BertModel:
    """Read a MiniLM checkpoint; it is not trained further."""
    encoder: BertModel = BertModel.from_pretrained(folder, add_pooling_layer=False, attn_implementation="eager")
    encoder.train(mode=False)
    encoder.requires_grad_(False)
    return encoder


def pad(rows: Sequence[NDArray[np.generic]]) -> Tensor:
    """Stack arrays of several lengths, with zeros on the right."""
    width = max(map(len, rows))
    stacked = np.zeros((len(rows), width, *rows[0].shape[1:]), dtype=rows[0].dtype)
    for number, row in enumerate(rows):
        stacked[number, : len(row)] = row
    return torch.from_numpy(stacked)


def make_side(
    pieces: Sequence[Pieces], encoded: Sequence[NDArray[np.float16]], alone: Sequence[NDArray[np.bool_]]
) -> Side:
    """Put texts into a batch.

    Args:
        pieces: The texts.
        encoded: Their hidden states.
        alone: For each piece whether the other text has not the same.
    """
    return Side(
        states=pad(encoded).float(),
        mask=pad([np.ones(len(one), dtype=np.bool_) for one in pieces]),
        relations=pad([one.relations for one in pieces]),
        parts=pad([one.parts for one in pieces]),
        heads=pad([one.heads for one in pieces]),
        shapes=pad([one.shapes for one in pieces]),
        alone=pad(alone),
    )
