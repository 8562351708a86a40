"""A text in word pieces, as the verifier reads it."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from service.spans import Span

TOKENIZER = Path(__file__).parent / "weights" / "verifier_tokenizer.json"
# The order is that of the trained embeddings.
SHAPES = ("lower", "capital", "capitals", "digit", "mark")


@dataclass(frozen=True)
class Pieces:
    """A text in word pieces; all arrays have one entry for each.

    Attributes:
        ids: Token ids, without marks at either end.
        spans: Where each stands in the text.
        shapes: How it is written, which the lower-case ids do not tell.
    """

    ids: NDArray[np.int64]
    spans: tuple[Span, ...]
    shapes: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.ids)

    def within(self, places: Sequence[Span]) -> Pieces:
        """Take the pieces that start within ``places``."""
        starts = [span.start for span in self.spans]
        return self.take(
            [
                number
                for place in places
                for number in range(bisect_left(starts, place.start), bisect_left(starts, place.end))
            ]
        )

    def take(self, numbers: Sequence[int]) -> Pieces:
        """Take some pieces."""
        chosen = np.array(numbers, dtype=np.int64)
        return Pieces(self.ids[chosen], tuple(self.spans[number] for number in numbers), self.shapes[chosen])


def alone(pieces: Pieces, others: Pieces) -> NDArray[np.bool_]:
    """Tell for each piece whether the other text has not the same."""
    return ~np.isin(pieces.ids, others.ids)


class Splitter:
    """Turns texts into word pieces.

    Args:
        tokenizer: A file in the format of the ``tokenizers`` library.

    Raises:
        ValueError: The tokenizer lacks the marks that begin and end a text.
    """

    def __init__(self, tokenizer: Path = TOKENIZER) -> None:
        self._tokenizer = Tokenizer.from_file(str(tokenizer))
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()
        start, end = self._tokenizer.token_to_id("[CLS]"), self._tokenizer.token_to_id("[SEP]")
        if start is None or end is None:
            raise ValueError(f"{tokenizer} has no [CLS] and [SEP]: it is no tokenizer of the verifier")
        self.start, self.end = start, end

    def split(self, texts: Sequence[str]) -> list[Pieces]:
        """Split texts of any length; nothing is cut."""
        encoded = self._tokenizer.encode_batch(list(texts), add_special_tokens=False)
        return [
            Pieces(
                ids=np.array(one.ids, dtype=np.int64),
                spans=tuple(Span(*place) for place in one.offsets),
                shapes=np.array([_shape(text[start:end]) for start, end in one.offsets], dtype=np.int64),
            )
            for text, one in zip(texts, encoded, strict=True)
        ]


def _shape(piece: str) -> int:
    if any(mark.isdigit() for mark in piece):
        return SHAPES.index("digit")
    if not any(mark.isalpha() for mark in piece):
        return SHAPES.index("mark")
    if len(piece) > 1 and piece.isupper():
        return SHAPES.index("capitals")
    return SHAPES.index("capital" if piece[0].isupper() else "lower")
