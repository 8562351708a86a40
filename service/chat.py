"""Is a sentence chat, which a rewrite drops (W3), or does it tell news, which a rewrite must keep?

The classifier is fitted on the sentences of our own hand-written pairs: those of which the wire copy keeps nothing, and
those of which it keeps most.
"""

from __future__ import annotations

from service.classifier import probability


def chat_probability(sentence: str) -> float:
    """Estimate how likely it is that wire copy keeps nothing of a sentence, 0 to 1.

    >>> chat_probability("Buckle up, folks!") > 0.5 > chat_probability("Police arrested 12 people in Leeds on Friday.")
    True
    """
    return probability("chat", sentence)
