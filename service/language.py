"""Is this English?"""

from __future__ import annotations

import re

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_FUNCTION_WORDS = frozenset(
    """
    the a an and or but of to in on at by for with from as is are was were be been has have had do does did not no it
    its this that these those he she they we you i his her their our your my who what when where which will would can
    could may about after before over under up down out into than more all just so if because u ur n bc w/ the's it's
    he's she's they're don't didn't isn't i'm that's there there's
    """.split()
)
_JUDGEABLE_WORDS = 20
_LEAST_SHARE = 0.12
_LEAST_LATIN = 0.5


def reads_as_english(text: str) -> bool:
    """Tell whether a text is English, by its script and its function words.

    Texts under 20 words are judged by their script alone: a headline has few function words.

    >>> reads_as_english("Le président de la République a annoncé mardi soir une réforme du code du travail, que les "
    ...     "syndicats jugent inacceptable et dangereuse.")
    False
    """
    letters = [character for character in text if character.isalpha()]
    if letters and sum(character < "ɐ" for character in letters) < _LEAST_LATIN * len(letters):
        return False
    words = [match[0].casefold().replace("’", "'") for match in _WORD.finditer(text)]
    if len(words) < _JUDGEABLE_WORDS:
        return True
    return sum(word in _FUNCTION_WORDS for word in words) >= _LEAST_SHARE * len(words)
