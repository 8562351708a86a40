"""A text in word pieces with its grammar, as the verifier reads it."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from service.annotation import Annotated
from service.spans import Span

TOKENIZER = Path(__file__).parent / "weights" / "verifier_tokenizer.json"
# spaCy's labels of dependency and universal parts of speech; the order is that of the trained embeddings.
RELATIONS = (
    *("ROOT", "acl", "acomp", "advcl", "advmod", "agent", "amod", "appos", "attr", "aux", "auxpass", "case", "cc"),
    *("ccomp", "compound", "conj", "csubj", "csubjpass", "dative", "dep", "det", "dobj", "expl", "intj", "mark"),
    *("meta", "neg", "nmod", "npadvmod", "nsubj", "nsubjpass", "nummod", "oprd", "parataxis", "pcomp", "pobj"),
    *("poss", "preconj", "predet", "prep", "prt", "punct", "quantmod", "relcl", "xcomp"),
)
PARTS = (
    *("ADJ", "ADP", "ADV", "AUX", "CCONJ", "DET", "INTJ", "NOUN", "NUM", "PART", "PRON", "PROPN", "PUNCT", "SCONJ"),
    *("SYM", "VERB", "X"),
)
SHAPES = ("lower", "capital", "capitals", "digit", "mark")
_RELATION = {label: number for number, label in enumerate(RELATIONS)}
_PART = {label: number for number, label in enumerate(PARTS)}


@dataclass(frozen=True)
class Pieces:
    """A text in word pieces; all arrays have one entry for each.

    Attributes:
        ids: Token ids, without marks at either end.
        spans: Where each stands in the text.
        relations: How its word depends on its head; ``len(RELATIONS)`` where the label is not known.
        parts: Part of speech of its word; ``len(PARTS)`` where it is not known.
        heads: Number of the first piece of the word that its word depends on.
        shapes: How it is written, which the lower-case ids do not tell.
    """

    ids: NDArray[np.int64]
    spans: tuple[Span, ...]
    relations: NDArray[np.int64]
    parts: NDArray[np.int64]
    heads: NDArray[np.int64]
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
        """Take some pieces; a head that is not among them gives way to the piece itself."""
        moved = {number: position for position, number in enumerate(numbers)}
        chosen = np.array(numbers, dtype=np.int64)
        heads = [moved.get(int(self.heads[number]), position) for position, number in enumerate(numbers)]
        return Pieces(
            ids=self.ids[chosen],
            spans=tuple(self.spans[number] for number in numbers),
            relations=self.relations[chosen],
            parts=self.parts[chosen],
            heads=np.array(heads, dtype=np.int64),
            shapes=self.shapes[chosen],
        )


def alone(pieces: Pieces, others: Pieces) -> NDArray[np.bool_]:
    """Tell for each piece whether the other text has not the same."""
    return ~np.isin(pieces.ids, others.ids)


class Splitter:
    """Turns annotated texts into word pieces."""

    def __init__(self, tokenizer: Path = TOKENIZER) -> None:
        self._tokenizer = Tokenizer.from_file(str(tokenizer))
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()
        start, end = self._tokenizer.token_to_id("[CLS]"), self._tokenizer.token_to_id("[SEP]")
        if start is None or end is None:
            raise ValueError(f"{tokenizer} has no [CLS] and [SEP]: it is no tokenizer of the verifier")
        self.start, self.end = start, end

    def split(self, texts: Sequence[Annotated]) -> list[Pieces]:
        """Split texts of any length; nothing is cut."""
        encoded = self._tokenizer.encode_batch([text.text for text in texts], add_special_tokens=False)
        return [_pieces(text, one.ids, one.offsets) for text, one in zip(texts, encoded, strict=True)]


def _pieces(annotated: Annotated, ids: Sequence[int], offsets: Sequence[tuple[int, int]]) -> Pieces:
    words, text = annotated.words, annotated.text
    number_at = {word.span: number for number, word in enumerate(words)}
    ends = [word.span.end for word in words]
    # The word a piece belongs to; of a mark that is no word, the next one.
    owners = [min(bisect_left(ends, start + 1), len(words) - 1) for start, _ in offsets]
    first: dict[int, int] = {}
    for piece, owner in enumerate(owners):
        first.setdefault(owner, piece)
    known = [words[owner] if words else None for owner in owners]
    heads = [first.get(number_at.get(word.head_span, -1), piece) if word else piece for piece, word in enumerate(known)]
    return Pieces(
        ids=np.array(ids, dtype=np.int64),
        spans=tuple(Span(*place) for place in offsets),
        relations=_numbers(_RELATION.get(word.relation if word else "", len(RELATIONS)) for word in known),
        parts=_numbers(_PART.get(word.pos if word else "", len(PARTS)) for word in known),
        heads=np.array(heads, dtype=np.int64),
        shapes=np.array([_shape(text[start:end]) for start, end in offsets], dtype=np.int64),
    )


def _numbers(values: object) -> NDArray[np.int64]:
    return np.array(list(values), dtype=np.int64)  # type: ignore[call-overload]


def _shape(piece: str) -> int:
    if any(mark.isdigit() for mark in piece):
        return SHAPES.index("digit")
    if not any(mark.isalpha() for mark in piece):
        return SHAPES.index("mark")
    if len(piece) > 1 and piece.isupper():
        return SHAPES.index("capitals")
    return SHAPES.index("capital" if piece[0].isupper() else "lower")
