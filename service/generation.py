"""The seam between the desk and a model: masked source passages in, n-best targets out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


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

    def likelihoods(self, source: str, targets: Sequence[str]) -> list[float]:
        """Give the log-probability of each target and its end, in nats; none of them need be one it would propose."""
        ...
