"""A hypothesis with its words, its dependency tree and its quotations at hand."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from evaluation.perturbations.inventory import read_class
from service.annotation import Annotated, Word
from service.spans import Span

_QUOTED = re.compile(r"\"[^\"\n]*\"|“[^”\n]*”")
_NOMINAL = frozenset({"NOUN", "PROPN", "PRON", "NUM", "SYM"})


@dataclass(frozen=True)
class Entity:
    """A name with its kind.

    Attributes:
        span: Where it stands, without a possessive ending.
        label: ``PERSON``, ``ORG``, ``GPE`` and so on.
        first: Number of its first word.
        last: Number of its last word.
    """

    span: Span
    label: str
    first: int
    last: int


class Passage:
    """A view of an annotated text by numbers of words."""

    def __init__(self, annotated: Annotated) -> None:
        self.text = annotated.text
        self.words: tuple[Word, ...] = annotated.words
        self.sentences = annotated.sentences
        starts = {word.span.start: number for number, word in enumerate(self.words)}
        self.heads = tuple(starts.get(word.head_span.start, number) for number, word in enumerate(self.words))
        self.quoted = tuple(Span(*match.span()) for match in _QUOTED.finditer(self.text))
        self.children: tuple[list[int], ...] = tuple([] for _ in self.words)
        for number, head in enumerate(self.heads):
            if head != number:
                self.children[head].append(number)

    @cached_property
    def edges(self) -> tuple[tuple[int, int], ...]:
        """The first and the last word below each word, itself included."""
        low, high = list(range(len(self.words))), list(range(len(self.words)))
        for number in range(len(self.words)):
            seen = {number}
            at = self.heads[number]
            while at not in seen:
                low[at], high[at] = min(low[at], number), max(high[at], number)
                seen.add(at)
                at = self.heads[at]
        return tuple(zip(low, high, strict=True))

    def span(self, first: int, last: int) -> Span:
        """Give the span from one word to another, both included."""
        return Span(self.words[first].span.start, self.words[last].span.end)

    def phrase(self, number: int) -> Span:
        """Give the span of all that hangs on a word."""
        return self.span(*self.edges[number])

    def lower(self, number: int) -> str:
        """Give a word in lower case; empty outside the text."""
        return self.words[number].text.lower() if 0 <= number < len(self.words) else ""

    def pos(self, number: int) -> str:
        """Give the part of speech of a word; empty outside the text."""
        return self.words[number].pos if 0 <= number < len(self.words) else ""

    def quotes(self, position: int) -> bool:
        """Tell whether a place is within a quotation."""
        return any(span.start < position < span.end for span in self.quoted)

    def touches_quotation(self, span: Span) -> bool:
        """Tell whether a stretch holds a mark of quotation or lies within one."""
        return any(span.overlaps(quotation) for quotation in self.quoted)

    def sentence(self, position: int) -> Span:
        """Give the sentence that holds a place."""
        return next((s for s in self.sentences if s.start <= position < s.end), Span(0, len(self.text)))

    def starts_sentence(self, number: int) -> bool:
        """Tell whether a word is the first of its sentence."""
        start = self.words[number].span.start
        return any(self.text[s.start : start].strip('"“ -') == "" for s in self.sentences if s.start <= start < s.end)

    def inner(self, first: int, last: int) -> str:
        """Give words as they read within a sentence: a capital that only marks its start is taken away."""
        text = self.span(first, last).of(self.text)
        word = self.words[first]
        plain = word.pos != "PROPN" and not word.entity and word.text[1:].islower()
        if word.text.lower() in {"the", "a", "an", "his", "her", "its", "their", "some", "two", "both"}:
            plain = True
        return text[:1].lower() + text[1:] if plain and self.starts_sentence(first) else text

    def subject(self, verb: int) -> int | None:
        """Give the head of a verb's subject, where it is a noun, a name or a pronoun to its left."""
        left = [n for n in self.children[verb] if n < verb and self.pos(n) in _NOMINAL]
        left = [
            n for n in left if self.lower(n) not in read_class("time") and self.words[n].entity not in {"DATE", "TIME"}
        ]
        return left[-1] if left else None

    def object(self, verb: int) -> int | None:
        """Give the head of a verb's object, where it is to its right."""
        right = [n for n in self.children[verb] if n > verb and self.pos(n) in _NOMINAL]
        right = [
            n
            for n in right
            if self.words[n].lemma not in read_class("time") and self.words[n].entity not in {"DATE", "TIME"}
        ]
        return right[0] if right else None

    def auxiliaries(self, verb: int) -> tuple[int, ...]:
        """Give the auxiliaries of a verb."""
        return tuple(n for n in self.children[verb] if n < verb and self.pos(n) == "AUX")

    def passive(self, verb: int) -> bool:
        """Tell whether a verb has a form of "be" before it."""
        return any(self.words[n].lemma == "be" for n in self.auxiliaries(verb))

    def numbers(self, span: Span) -> Iterator[int]:
        """Give the numbers of the words within a stretch."""
        return (n for n, word in enumerate(self.words) if span.start <= word.span.start < span.end)

    @cached_property
    def entities(self) -> tuple[Entity, ...]:
        """The names of the text: runs of words with one label."""
        found: list[Entity] = []
        number = 0
        while number < len(self.words):
            label = self.words[number].entity
            first = number
            while number < len(self.words) and self.words[number].entity == label:
                number += 1
            last = number - 1
            if not label:
                continue
            while last > first and self.lower(last) in {"'s", "’s", "'", "’", ",", ".", "and"}:
                last -= 1
            while first < last and self.lower(first) in {"the", "a", "an"}:
                first += 1
            found.append(Entity(self.span(first, last), label, first, last))
        return tuple(found)
