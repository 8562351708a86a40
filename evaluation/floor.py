"""The floor: a check that anyone would write in ten lines. What does not beat it is not worth its weight."""

from __future__ import annotations

import re

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_FIGURE = re.compile(r"\d[\d,.]*\d|\d")
_NEGATION = re.compile(r"\b(?:not|no|never|none|nobody|nothing|neither|nor|without|cannot)\b|n['’]t\b", re.IGNORECASE)
_BEGINNING = re.compile(r"(?:^|[.!?:][\"”’]?\s+|\n)[\"“‘]?$")


def passes(source: str, hypothesis: str) -> bool:
    """Tell whether the figures and capitalised words of the hypothesis occur in the source, with no new negation.

    A word that begins a sentence has its capital from there and is not asked for.

    >>> passes("Cops nabbed 12 in Leeds", "Police in Leeds arrested 12."), passes("12 in Leeds", "It was 13 in Leeds.")
    (True, False)
    """
    words = {match.group().casefold() for match in _WORD.finditer(source)}
    capitalised = {
        match.group().casefold()
        for match in _WORD.finditer(hypothesis)
        if match.group()[0].isupper() and not _BEGINNING.search(hypothesis[: match.start()])
    }
    figures = set(_FIGURE.findall(hypothesis)) <= set(_FIGURE.findall(source))
    return figures and capitalised <= words and len(_NEGATION.findall(hypothesis)) <= len(_NEGATION.findall(source))
