"""The seam between the desk and a model: masked source passages in, n-best targets out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Candidate:
    """One target a model proposes.

    Attributes:
        text: The target, without special tokens.
        score: Mean log-probability of its tokens; higher is better.
        complete: False where the model ran into its length limit before it ended the text.
    """

    text: str
    score: float
    complete: bool = True


@dataclass(frozen=True, eq=False)
class Following:
    """How a model follows a target that it is given, token by token, the end included.

    Attributes:
        ids: The tokens.
        likely: Log-probability of each, in nats.
        best: Log-probability of the token that the model thinks likeliest at the same place, in nats.
        states: What an inner layer of the model holds at each token, a row of real numbers; None where it cannot be
            asked.
    """

    ids: tuple[int, ...]
    likely: NDArray[np.float32]
    best: NDArray[np.float32]
    states: NDArray[np.float32] | None = None


def inner_layer(layers: int) -> int:
    """Give the layer, of so many, of which the states of a ``Following`` are: two thirds of the way."""
    return layers * 2 // 3


class Generator(Protocol):
    """A sequence-to-sequence model, however it is made.

    Attributes:
        name: What provenance calls it.
        max_source_tokens: Longest source passage it takes, in its own tokens.
        least_score: Targets that score below this are doubtful, whatever they say; minus infinity where nobody has
            measured.
    """

    name: str
    max_source_tokens: int
    least_score: float

    def count_tokens(self, text: str) -> int:
        """Count the tokens of a source passage."""
        ...

    def generate(self, sources: Sequence[str], *, count: int, seed: int) -> list[tuple[Candidate, ...]]:
        """Propose up to ``count`` different targets for each source, best first.

        With ``count=1`` the target is the greedy one. The result depends on ``sources``, ``count`` and ``seed``
        alone: not on which sources share a batch.
        """
        ...

    def follow(self, source: str, targets: Sequence[str]) -> list[Following]:
        """Follow each target as a copy of the source; none of them need be one it would propose."""
        ...
