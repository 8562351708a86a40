"""The capitals of headlines: copy has them in sentence case (W15)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import SequenceMatcher

from service.lexicon import read_words
from service.quotations import real_quotations
from service.regions import Region
from service.spans import Span
from service.speech import STARTS, word_class
from service.vocabulary import is_ordinary

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_POSSESSIVE = re.compile(r"(?:'s|s'|’s|s’)\s+\Z")
# Small words that have a capital as a part of names ("The Hague", "World War I").
_OF_NAMES = frozenset({"the", "a", "an", "i", "el", "la", "de", "of"})
# One ordinary word with a capital may be part of a name ("Supreme Court").
_LEAST = 2


def find_capitals(headline: str) -> list[Span]:
    """Find the ordinary words that have a capital because the whole headline is in title case.

    Returns:
        Where they stand; empty where the headline is in sentence case, or nothing but a name.

    >>> [span.of("Mayor Quits Over Goose Statue") for span in find_capitals("Mayor Quits Over Goose Statue")]
    ['Quits', 'Over', 'Goose', 'Statue']
    >>> find_capitals("Mayor quits over Goose statue")
    []
    """
    words = list(_inner_words(headline))
    small = word_class("function")
    if any(match[0].islower() and match[0] not in small for match in words):
        return []
    found = [match for match in words if match[0].istitle() and (match[0].lower() in small or _is_no_name(match[0]))]
    owned = any(_POSSESSIVE.search(headline, max(0, match.start() - 3), match.start()) for match in found)
    sure = any(match[0].lower() in small - _OF_NAMES for match in found)
    return [Span(*match.span()) for match in found] if sure or owned or len(found) >= _LEAST else []


def recase(headline: str, like: str) -> str | None:
    """Write a headline in title case in the sentence case of another.

    Args:
        headline: What is in title case.
        like: A headline of the same, in sentence case: where both have a word, its capital decides.

    Returns:
        The headline, a word that ``like`` does not have in small letters where it is known as no name; None where it
        is not in title case.

    >>> recase("Mark Green Quits Over Goose Statue", "Mark Green quits over statue")
    'Mark Green quits over goose statue'
    """
    capitals = {span.start for span in find_capitals(headline)}
    if not capitals:
        return None
    own, others = _words(headline), _words(like)
    matcher = SequenceMatcher(
        None, [match[0].casefold() for match in own], [match[0].casefold() for match in others], autojunk=False
    )
    models = {
        own[block.a + step].start(): others[block.b + step][0]
        for block in matcher.get_matching_blocks()
        for step in range(block.size)
    }
    copy = headline
    for match in _inner_words(headline):
        if match[0].istitle() and (match.start() in models or match.start() in capitals):
            word = models.get(match.start(), match[0].lower())
            copy = copy[: match.start()] + word + copy[match.end() :]
    return copy


def _is_no_name(word: str) -> bool:
    return is_ordinary(word) or word.lower() in read_words("headline_words.txt")


def _words(text: str) -> list[re.Match[str]]:
    return list(_WORD.finditer(text))


def _inner_words(headline: str) -> Iterator[re.Match[str]]:
    """Give the words that sentence case may write small: none that something begins with, and none of a quotation."""
    quoted = Region(quotation.outer for quotation in real_quotations(headline))
    for match in _words(headline):
        if not quoted.holds(match.start()) and not STARTS.search(headline[: match.start()]):
            yield match
