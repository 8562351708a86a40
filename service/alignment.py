"""Which sentences of the other text speak of the same thing?"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from service.annotation import Annotated, Word
from service.certainty import Cue, find_cues
from service.quotations import real_quotations
from service.spans import Span

_CONTENT = frozenset({"NOUN", "PROPN", "VERB", "ADJ", "NUM"})
# Words that say little about what a sentence speaks of.
_LIGHT = frozenset(
    """
    be have do get go make take can will may say tell one people guy thing lot bit time way folk like just so then
    """.split()  # noqa: SIM905
)
_STEM = 5
_DIGIT = re.compile(r"\d")


@dataclass(frozen=True)
class Sentence:
    """A sentence with what the gate asks about it.

    Attributes:
        span: Where it stands.
        words: Its words.
        cues: Its cues of certainty and polarity outside real quotations.
    """

    span: Span
    words: tuple[Word, ...]
    cues: tuple[Cue, ...]

    @cached_property
    def stems(self) -> frozenset[str]:
        """What it speaks of: the beginnings of its content words, figures whole."""
        return frozenset(
            word.lemma if _DIGIT.search(word.text) else word.lemma[:_STEM]
            for word in self.words
            if word.pos in _CONTENT and word.lemma not in _LIGHT and len(word.lemma) > 1
        )

    def cues_of(self, *classes: str) -> tuple[Cue, ...]:
        """Give its cues of these classes."""
        return tuple(cue for cue in self.cues if cue.cue_class in classes)


def sentences_of(annotated: Annotated) -> tuple[Sentence, ...]:
    """Split an annotated text."""
    quoted = [quotation.outer for quotation in real_quotations(annotated.text)]
    cues = [cue for cue in find_cues(annotated.text) if not any(cue.span.overlaps(quote) for quote in quoted)]
    return tuple(
        Sentence(
            span=span,
            words=annotated.words_in(span),
            cues=tuple(cue for cue in cues if span.start <= cue.span.start < span.end),
        )
        for span in annotated.sentences
    )


@dataclass(frozen=True)
class Counterpart:
    """The sentences of the other text that speak of what one sentence speaks of.

    Attributes:
        sentences: They, best first; empty where nothing fits.
        cover: Share of what the sentence speaks of that they speak of, 0 to 1.
    """

    sentences: tuple[Sentence, ...]
    cover: float

    def cues_of(self, *classes: str) -> tuple[Cue, ...]:
        """Give the cues of these classes in all of them."""
        return tuple(cue for sentence in self.sentences for cue in sentence.cues_of(*classes))


def counterpart(sentence: Sentence, others: tuple[Sentence, ...]) -> Counterpart:
    """Find the sentences of ``others`` that share the most with ``sentence``.

    A rewrite splits and joins sentences, so every sentence counts that shares at least two content words, or half
    of its own.
    """
    shared = [(len(sentence.stems & other.stems), number) for number, other in enumerate(others)]
    fitting = [
        (count, number)
        for count, number in shared
        if count >= 2 or (count and count >= 0.5 * min(len(sentence.stems), len(others[number].stems)))
    ]
    chosen = tuple(others[number] for count, number in sorted(fitting, key=lambda item: (-item[0], item[1])))
    found = frozenset[str]().union(*(other.stems for other in chosen))
    cover = len(sentence.stems & found) / len(sentence.stems) if sentence.stems else 0.0
    return Counterpart(sentences=chosen, cover=cover)
