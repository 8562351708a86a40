"""Cues of negation, hearsay, possibility and legal status: how sure a text is, and of what."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from service.lexicon import read_rows
from service.regions import Region
from service.spans import Span

CLASSES = (
    "negation",
    "weak_negation",
    "hearsay_strong",
    "hearsay",
    "modal",
    "possibility",
    "plan",
    "future",
    "attribution",
    "accused",
    "charged",
    "convicted",
    "acquitted",
    "arrested",
)


_QUESTION = re.compile(r"(?<![^.!?\n])[^.!?\n]*\?")


@dataclass(frozen=True)
class Cue:
    """A word or phrase that moves certainty or polarity.

    Attributes:
        cue_class: One of ``CLASSES``.
        span: Where it stands.
    """

    cue_class: str
    span: Span


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    phrases: dict[str, list[str]] = {}
    for name, phrase in read_rows("certainty.tsv"):
        phrases.setdefault(name, []).append(phrase.replace(" ", r"\s+").replace("'", "['’]"))
    return {
        name: re.compile(rf"(?<![\w'’-])(?:{'|'.join(sorted(group, key=len, reverse=True))})(?![\w-])", re.IGNORECASE)
        for name, group in phrases.items()
    }


def find_cues(text: str) -> tuple[Cue, ...]:
    """Find the cues of a text, in order; a cue can be of two classes.

    A negation inside an idiom ("no kidding") or in a question, which chat is full of, counts as weak.
    """
    idle = Region(
        Span(*match.span()) for pattern in (_patterns()["idiom"], _QUESTION) for match in pattern.finditer(text)
    )
    cues: list[Cue] = []
    for name, pattern in _patterns().items():
        if name == "idiom":
            continue
        for match in pattern.finditer(text):
            # An idle negation asks for no answer, but it may be one.
            weak = name == "negation" and idle.holds(match.start())
            cues.append(Cue(cue_class="weak_negation" if weak else name, span=Span(*match.span())))
    return tuple(sorted(cues, key=lambda cue: (cue.span, cue.cue_class)))
