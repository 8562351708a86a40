"""The verifier: does a copy say what its source says? MiniLM reads the two side by side, as a cross-encoder.

All of MiniLM (Wang et al. 2020, arXiv:2002.10957) is fine-tuned. Beside the word pieces it is told how each is written
and whether the other text has it too; above it stand heads for the pair, for the type of its error, and for every word.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from transformers import BertModel

from service.pieces import SHAPES
from service.verifier import ERRORS

_NONE = -1e4


@dataclass(frozen=True)
class Batch:
    """Pairs as ``[CLS] source [SEP] copy [SEP]``, padded on the right; all of shape (rows, tokens).

    Attributes:
        ids: Token ids.
        mask: 1 where there is a token.
        sides: 0 in the source and the marks around it, 1 in the copy and the mark after it.
        shapes: See ``Pieces``; of a mark 0.
        alone: 1 where the other text has not the same piece.
    """

    ids: Tensor
    mask: Tensor
    sides: Tensor
    shapes: Tensor
    alone: Tensor

    def to(self, device: torch.device) -> Batch:
        """Move it to a device."""
        return Batch(*(tensor.to(device, non_blocking=True) for tensor in self.tensors))

    @property
    def tensors(self) -> tuple[Tensor, ...]:
        """What the model takes, in order."""
        return self.ids, self.mask, self.sides, self.shapes, self.alone


class CrossEncoder(nn.Module):
    """From ids to logits.

    Args:
        encoder: MiniLM.
        dropout: In the heads.
    """

    def __init__(self, encoder: BertModel, *, dropout: float) -> None:
        super().__init__()
        width = encoder.config.hidden_size
        self.encoder = encoder
        self.shape, self.alone = nn.Embedding(len(SHAPES), width), nn.Embedding(2, width)
        # At first it reads what MiniLM has learned to read.
        nn.init.zeros_(self.shape.weight)
        nn.init.zeros_(self.alone.weight)
        self.pooled = nn.Sequential(nn.Dropout(dropout), nn.Linear(5 * width, width), nn.GELU(), nn.Dropout(dropout))
        self.pair, self.error = nn.Linear(width, 2), nn.Linear(width, len(ERRORS))
        self.word = nn.Linear(width, 1)

    def forward(
        self, ids: Tensor, mask: Tensor, sides: Tensor, shapes: Tensor, alone: Tensor
    ) -> tuple[Tensor, Tensor, Tensor]:
        """Give logits: (rows, 2) unsupported and lost, (rows, errors), and (rows, tokens) for the words."""
        embedded = self.encoder.embeddings.word_embeddings(ids) + self.shape(shapes) + self.alone(alone)
        read = self.encoder(inputs_embeds=embedded, attention_mask=mask, token_type_ids=sides).last_hidden_state
        in_source, in_copy = mask * (1 - sides), mask * sides
        pooled = self.pooled(torch.cat([read[:, 0], *_pool(read, in_source), *_pool(read, in_copy)], dim=-1))
        return self.pair(pooled), self.error(pooled), self.word(read).squeeze(-1)


def _pool(read: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
    """Give the mean and the strongest signal: one wrong word makes a pair wrong."""
    known = mask[..., None].to(read.dtype)
    return (read * known).sum(1) / known.sum(1).clamp(min=1), (read + (1 - known) * _NONE).amax(1)


def load_encoder(folder: Path) -> BertModel:
    """Read a MiniLM checkpoint."""
    encoder: BertModel = BertModel.from_pretrained(
        folder, add_pooling_layer=False, dtype=torch.float32, attn_implementation="sdpa"
    )
    return encoder


def pad(rows: Sequence[NDArray[np.generic]], filling: float = 0) -> Tensor:
    """Stack arrays of several lengths, filled up on the right."""
    stacked = np.full((len(rows), max(map(len, rows))), filling, dtype=rows[0].dtype)
    for number, row in enumerate(rows):
        stacked[number, : len(row)] = row
    return torch.from_numpy(stacked)
