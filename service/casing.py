"""The capitals of headlines: copy has them in sentence case (W15)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from service.lexicon import read_words
from service.quotations import real_quotations
from service.regions import Region
from service.spans import Span
from service.speech import STARTS, word_class
from service.vocabulary import is_ordinary

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_NEGATED = re.compile(r"n['’]t\Z")
_ENDING = re.compile(r"['’][^\W\d_]+\Z")
# Small words that have a capital where they are names, or a part of them ("The Hague", "World War I", "May").
_OF_NAMES = frozenset({"the", "a", "an", "i", "of", "may", "will", "us"})
# Two ordinary words with capitals may be a name ("Supreme Court", "Work and Pensions"), more of them that of an office.
_LEAST = 3
_OFFICE = re.compile(
    r"\W*(?:[\w.]+\s+){0,3}(?:Department|Ministry|Office|Bureau|Agency|Council|Commission|Committee|Institute|Cent(?:re|er)"
    r"|Association|Federation|Society|Fund|Bank|University|College|Academy)\s+(?:of|for|on)\b"
)


def find_capitals(headline: str) -> list[Span]:
    """Find the ordinary words that have a capital because the whole headline is in title case.

    Returns:
        Where they stand; empty where the headline is in sentence case, or may be nothing but a name.

    >>> [span.of("Mayor Quits Over Goose Statue") for span in find_capitals("Mayor Quits Over Goose Statue")]
    ['Quits', 'Over', 'Goose', 'Statue']
    >>> find_capitals("Mayor quits over Goose statue")
    []
    """
    if _has_small_news(headline):
        return []
    small = word_class("function")
    found = [match for match in _inner_words(headline) if _has_capital(match[0]) and _is_no_name(match[0])]
    sure = any(match[0].lower() in small - _OF_NAMES for match in found)
    if not sure and (len(found) < _LEAST or _OFFICE.match(headline)):
        return []
    return [Span(*match.span()) for match in found]


def recase(headline: str, like: str) -> str | None:
    """Write a headline in title case in the sentence case of another.

    Args:
        headline: What is in title case.
        like: A headline in sentence case: its words have the letters they shall have.

    Returns:
        The headline; None where it is not in title case, or has a word with a capital of which ``like`` does not tell
        whether that is a name.

    >>> recase("Mark Green Quits Over Goose", "Over goose, Mark Green quits")
    'Mark Green quits over goose'
    """
    if _has_small_news(headline):
        return None
    small = word_class("function") - _OF_NAMES
    told = {match[0].casefold(): match[0] for match in _inner_words(like)}
    changes: list[tuple[Span, str]] = []
    for match in _inner_words(headline):
        span, lower = Span(*match.span()), match[0].casefold()
        if _has_capital(match[0]):
            word = match[0].lower() if lower in small else told.get(lower)
            if word is None:
                return None
            changes.append((span, word))
    copy = headline
    for span, word in reversed(changes):
        copy = copy[: span.start] + word + copy[span.end :]
    return copy


def _has_small_news(headline: str) -> bool:
    """Tell whether a headline has any word in small letters that may not be small in title case."""
    small = word_class("function")
    return any(match[0].islower() and match[0] not in small for match in _inner_words(headline))


def _has_capital(word: str) -> bool:
    return word[0].isupper() and (word[1:].islower() or not word[1:])


def _is_no_name(word: str) -> bool:
    bare = _ENDING.sub("", word)
    small = word.lower() in word_class("function") or bool(_NEGATED.search(word))
    return small or is_ordinary(bare) or bare.lower() in read_words("headline_words.txt")


def _inner_words(headline: str) -> Iterator[re.Match[str]]:
    """Give the words that sentence case may write small: none that something begins with, and none of a quotation."""
    quoted = Region(quotation.outer for quotation in real_quotations(headline))
    for match in _WORD.finditer(headline):
        if not quoted.holds(match.start()) and not STARTS.search(headline[: match.start()]):
            yield match
