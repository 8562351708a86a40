"""Which words are names, and which are ordinary ones whatever letter they begin with."""

from __future__ import annotations

import re
from functools import cache

from service.lexicon import read_forms, read_words

POSSESSIVE = re.compile(r"(?:['’]s?)$")


def no_names() -> frozenset[str]:
    """Give the words that are no names wherever they stand."""
    return read_words("no_names.txt")


@cache
def _forms() -> dict[str, str]:
    return read_forms("name_forms.tsv") | read_forms("places.tsv")


@cache
def standard_forms() -> frozenset[str]:
    """Give the names that the lists know, in comparable form."""
    return frozenset(_forms().values())


@cache
def ordinary_words() -> frozenset[str]:
    """Give the words that are no names although a headline or a shout may capitalise them."""
    return read_words("ordinary_words.txt")


def is_ordinary(word: str) -> bool:
    """Tell whether a word, or each part of a compound, is known as no name, whatever letter it begins with."""
    lower = word.casefold().replace("’", "'")
    if key_of(word) in standard_forms() and key_of(word) not in ordinary_words():
        return False
    parts = [part for part in re.split(r"[-.]", lower) if part and part not in no_names()] or [lower]
    return all(part in ordinary_words() or _inflected(part) for part in parts)


def key_of(word: str) -> str:
    """Give the comparable form of a name word: case, possessive, full stops and listed equivalents do not count.

    >>> key_of("Ukrainians’") == key_of("Ukraine")
    True
    """
    bare = POSSESSIVE.sub("", word.casefold().replace("’", "'"))
    forms = _forms()
    for form in (bare, bare.rstrip("."), bare.replace(".", "")):
        if form in forms:
            return forms[form]
    return bare.replace(".", "")


def _inflected(word: str) -> bool:
    known = ordinary_words()
    stems = [
        word.removesuffix(ending)
        for ending in ("s", "es", "d", "ed", "ing", "ly", "er", "in'")
        if word.endswith(ending)
    ]
    return any(
        stem in known or stem + "e" in known or (stem[:-1] in known and stem[-2:-1] == stem[-1:])
        for stem in stems
        if len(stem) > 2
    )
