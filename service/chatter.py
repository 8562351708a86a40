"""The marks of chat: its phrases, emoji and shouts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from service.lexicon import read_rows
from service.spans import Span
from service.speech import word_class
from service.vocabulary import ordinary_words

SENTENCE_START = r"(?:(?<=\A)|(?<=[.!?]\s)(?<!\.\.\.\s)|(?<=[.!?][”\"’)]\s)|(?<=\n))"
EMOJI = re.compile(
    "(?:[\U0001f000-\U0001faff\u2600-\u2604\u260e-\u263f\u2648-\u27bf\u2b50\u2b55\u231a\u231b\u23e9-\u23fa]|[0-9#*]\ufe0f?\u20e3)[\ufe0f\u200d\U0001f000-\U0001faff\u2640\u2642]*"
)
# Names that end in an exclamation mark.
LOUD_NAMES = re.compile(r"\b(?:Yahoo|Jeopardy|Yum|Oklahoma|Joomla|Airplane|Mamma\s+Mia|Chips\s+Ahoy|Panic|Oliver|E)$")
_BARE_SO = re.compile(
    rf"{SENTENCE_START}(?:And\s+|But\s+|Okay\s+|Ok\s+|Oh\s+)?So(?=\s+(?:the|an?|this|that|these|those|he|she|it|they|my|our|your|what|why|how|who|when|where|is|are|was|were|did|does|do|can|will|there|now|yeah|apparently)\b)",
    re.IGNORECASE,
)
_LOUD = re.compile(r"(?<![\w.&'’-])[A-Z]{3,}(?![\w.&'’-])")
_VERB_ENDING = re.compile(r"[A-Z]{3,}(?:ED|ING|LY)$")


@cache
def compile_chat(name: str, before: str, after: str) -> re.Pattern[str]:
    """Compile the chat phrases of one class between two patterns."""
    phrases = [
        phrase.replace(" ", r"\s+").replace(r"\s+?", r"\s?")
        for row_class, phrase in read_rows("chat.tsv")
        if row_class == name
    ]
    return re.compile(f"{before}(?P<chat>{'|'.join(phrases)}){after}", re.IGNORECASE)


def find_bare_so(text: str) -> Iterator[Span]:
    """Find the "so" that opens a sentence without a comma and leads on to a subject or a question."""
    for match in _BARE_SO.finditer(text):
        yield Span(*match.span())


def loud_words(text: str) -> Iterator[tuple[Span, bool]]:
    """Find the ordinary words that are shouted in capitals, and tell for each whether it can be no name or acronym."""
    ordinary = ordinary_words()
    for match in _LOUD.finditer(text):
        word = match[0]
        small = word.lower() in word_class("small")
        if small or (len(word) > 3 and word.lower() in ordinary and word not in word_class("acronym")):
            yield Span(*match.span()), small or _VERB_ENDING.match(word) is not None
