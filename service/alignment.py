"""Which sentences of the other text speak of the same thing?"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from service.annotation import Annotated, Word
from service.certainty import Cue, find_cues
from service.quotations import real_quotations
from service.regions import Region, nearest
from service.spans import Span

CONTENT = frozenset({"NOUN", "PROPN", "VERB", "ADJ", "NUM"})
# Words that say little about what a sentence speaks of.
LIGHT = frozenset(
    """
    be have do get go make take can will may say tell one people guy thing lot bit time way folk like just so then
    """.split()  # noqa: SIM905
)
STEM = 5
_DIGIT = re.compile(r"\d")
# A word that more sentences share tells little about which of them belong together.
_MOST_SHARING = 200


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
        return frozenset(stem for word in self.words if (stem := stem_of(word)))

    def words_at(self, span: Span) -> tuple[Word, ...]:
        """Give its words that share a character with ``span``."""
        first = bisect_left(self.words, span.start + 1, key=lambda word: word.span.end)
        return self.words[first : bisect_left(self.words, span.end, lo=first, key=lambda word: word.span.start)]

    def cues_of(self, *classes: str) -> tuple[Cue, ...]:
        """Give its cues of these classes."""
        return tuple(cue for cue in self.cues if cue.cue_class in classes)


def stem_of(word: Word) -> str:
    """Give the beginning of a content word, a figure whole; empty for a word that says little."""
    if word.pos not in CONTENT or word.lemma in LIGHT or len(word.lemma) < 2:
        return ""
    return word.lemma if _DIGIT.search(word.text) else word.lemma[:STEM]


def sentences_of(annotated: Annotated) -> tuple[Sentence, ...]:
    """Split an annotated text."""
    quoted = Region(quotation.outer for quotation in real_quotations(annotated.text))
    cues = tuple(cue for cue in find_cues(annotated.text) if not quoted.touches(cue.span))

    def first_from(position: int) -> int:
        return bisect_left(cues, position, key=lambda cue: cue.span.start)

    return tuple(
        Sentence(
            span=span,
            words=annotated.words_in(span),
            cues=cues[first_from(span.start) : first_from(span.end)],
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


class Counterparts:
    """Finds the sentences of one text that speak of what a sentence of the other speaks of.

    Args:
        others: The sentences to be found, in order.
    """

    def __init__(self, others: Iterable[Sentence]) -> None:
        self._others = tuple(others)
        self._numbers: dict[str, list[int]] = {}
        for number, other in enumerate(self._others):
            for stem in other.stems:
                self._numbers.setdefault(stem, []).append(number)

    def of(self, sentence: Sentence, *, place: float = 0.0) -> Counterpart:
        """Find the sentences that share the most with ``sentence``.

        A rewrite splits and joins sentences, so every sentence counts that shares at least two content words, or half
        of its own.

        Args:
            sentence: A sentence of the other text.
            place: How far into its text it stands, 0 to 1: of many that share a word, those about as far are looked at.
        """
        near = place * len(self._others)
        shared: Counter[int] = Counter()
        for stem in sentence.stems:
            shared.update(nearest(self._numbers.get(stem, ()), near, most=_MOST_SHARING))
        own = len(sentence.stems)
        fitting = [
            (count, number)
            for number, count in shared.items()
            if count >= 2 or count >= 0.5 * min(own, len(self._others[number].stems))
        ]
        chosen = tuple(self._others[number] for _, number in sorted(fitting, key=lambda item: (-item[0], item[1])))
        found = frozenset[str]().union(*(sentence.stems & other.stems for other in chosen))
        return Counterpart(sentences=chosen, cover=len(found) / own if own else 0.0)
