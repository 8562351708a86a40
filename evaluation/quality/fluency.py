"""How likely is the copy as English? In bits a word, under the untuned base of the embedded model."""

from __future__ import annotations

import math
from functools import cache, lru_cache
from pathlib import Path

from jinja2 import Template
from tokenizers import Tokenizer

from evaluation.quality.measure import Measure, Score, share
from service.model import BASE_NAME
from service.prompts import Prompt
from service.settings import load_settings

# What stands between two documents in the texts that the base has learned from.
_BEGINNING = "<|endoftext|>"
_MOST_WORDS = 300
_REMEMBERED = 8192


class Fluency:
    """Reads texts with a causal checkpoint, paragraph by paragraph, each as the beginning of a document.

    Args:
        folder: The checkpoint.
    """

    def __init__(self, folder: Path) -> None:
        from service.seq2seq import TransformersGenerator  # Loads torch, which the other measures have no need of.

        self._model = TransformersGenerator.load(str(folder), prompt=Prompt("nothing", Template(_BEGINNING)))
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._remembered = lru_cache(_REMEMBERED)(self._bits)

    def score(self, text: str) -> Score | None:
        """Give bits out of words; None where the text has no words."""
        paragraphs = [paragraph.split() for paragraph in text.split("\n\n")]
        parts = [
            " ".join(words[start : start + _MOST_WORDS])
            for words in paragraphs
            for start in range(0, len(words), _MOST_WORDS)
        ]
        return share(sum(map(self._remembered, parts)), sum(map(len, paragraphs)))

    def _bits(self, text: str) -> float:
        ids = self._tokenizer.encode(text, add_special_tokens=False).ids
        # The last row is that of the end, which a paragraph need not have reached.
        rows = self._model.log_probabilities("", text)[:-1]
        return -sum(float(row[token]) for row, token in zip(rows, ids, strict=True)) / math.log(2)


@cache
def fluency() -> Fluency:
    """Load the base once.

    Raises:
        ModelError: Its weights are not to be had.
    """
    from evaluation.systems.checkpoints import base_folder  # Loads torch too.

    return Fluency(base_folder(load_settings().cache))


def measures() -> tuple[Measure, ...]:
    """Give the bits a word; the base is loaded when the first item is measured."""
    return (
        Measure(
            name="bits_per_word",
            says="Bits that a small language model, the untuned base of ours, needs for a word of the copy: the "
            "logarithm to base 2 of its perplexity per word.",
            blind="Whether a word of it is true: common words are likely, rare names are not, and what repeats itself "
            "is likelier still. Each paragraph is read by itself, so that it does not see how they hang together.",
            source=f"{BASE_NAME}, 4 bits read as float32, version 1",
            better="lower",
            score=lambda item: fluency().score(item.copy),
        ),
    )
