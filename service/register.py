"""Does a text read like wire copy, whatever rules it keeps?

The lint knows the faults that are listed; this knows the sound. The classifier is fitted on the sentences of both sides
of our own hand-written pairs, real quotations masked, because a quotation keeps its slang (W7).
"""

from __future__ import annotations

from service.classifier import probability
from service.quotations import mask_quotations, real_quotations
from service.sentences import split_sentences


def wire_probability(text: str) -> float:
    """Estimate how likely it is that every sentence of a text was written by a wire editor, 0 to 1; 1 if it has none.

    >>> wire_probability("The board sold it, police said Friday.") > 0.5 > wire_probability("So yeah, sold it lol")
    True
    """
    return min((probability("register", sentence) for sentence in narration(text)), default=1.0)


def narration(text: str) -> tuple[str, ...]:
    """Give the sentences of a text with the words of its real quotations masked."""
    masked = mask_quotations(text, real_quotations(text)).text
    return tuple(span.of(masked) for span in split_sentences(masked))
