"""How hard is it to read? The school grade of the Automated Readability Index, by textstat.

Of textstat's indices those that count syllables fetch a dictionary from the network; this one counts letters.
"""

from __future__ import annotations

import re
from importlib.metadata import version

import textstat

from evaluation.quality.measure import Item, Measure, Score
from service.sentences import split_sentences

_STOP = re.compile(r"[.!?]+")


def grade(item: Item) -> Score | None:
    """Grade the copy; None where it has no words."""
    if not any(mark.isalpha() for mark in item.copy):
        return None
    return Score(float(textstat.automated_readability_index(_with_one_stop_a_sentence(item.copy))))


def _with_one_stop_a_sentence(text: str) -> str:
    """Take away the stops that end no sentence: textstat ends one at each, and wire copy abbreviates (``4 p.m.``)."""
    return " ".join(f"{_STOP.sub('', span.of(text))}." for span in split_sentences(text))


def measures() -> tuple[Measure, ...]:
    """Give the grade."""
    return (
        Measure(
            name="grade",
            says="The school grade (of the United States) that reading the copy takes, by letters a word and words a "
            "sentence; the mean of the items.",
            blind="Whether it is clear or even English: shuffled words have the same grade, and a name is a long word.",
            source=f"Automated Readability Index (Senter and Smith 1967), textstat {version('textstat')}",
            better="lower",
            score=grade,
        ),
    )
