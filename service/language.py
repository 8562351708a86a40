"""Is this English?"""

from __future__ import annotations

import re

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
# Words that no other language below writes alike ...
_OWN = """
    the and that with his her she they their them from this these those but by been were would could should which who
    what when where why how there than then into about after before under because have has having does did not it its
    you your our my any each more most some such only very just get got says said say told can may might must off down
    back new first last people year years day week says ppl bc ur cuz tho thru gonna it's that's there's he's she's
    they're don't didn't isn't wasn't won't can't i'm we're you're dont didnt isnt thats im theyre
    """
# ... and words that some do.
_SHARED = """
    a an i in on at as is are of to or so no do he we me us be was will for had if up out over all one two u n r w
    """
# Common words of other languages, but for those that English, chat or names know as well ("de", "la", "van", "im").
_FOREIGN = """
    les est une dans que qui pour pas avec cette sont ne aux du et il elle ont été mais nous vous ou où ses ces leur
    der das und ist nicht ein eine einen mit von dem sich auf für zu auch wie bei nach aus wird sind werden oder sie ich
    dass bis über durch wurde wurden diese dieser noch nur mehr gegen kein keine vom zum zur beim soll muss wir ihr
    en una por para su es del lo como más pero sus fue sin sobre este entre muy qué está ser
    os um uma não em com mais na ao foi seu sua ele são pelo pela
    gli che di è non della sono nel alla dei anche più delle dal
    het een dat niet zijn voor met aan ook maar hij uit naar wordt door nog om te tot deze
    och att det som av för på inte är till har ett var jag og ikke af til med kan vi ja ei että oli
    nie się że jest jak ale po tak od za przez był czy je není jsou az hogy és nem egy
    ve bir bu için ile olarak olduğu daha çok gibi kadar bunu
    yang dan ini itu dengan untuk pada tidak dari akan ang ng sa mga ay
    și că nu cu din pe care sunt pentru va nie và là của không một được trong người cho này
    """
_OWN_WORDS = frozenset(_OWN.split())
_SHARED_WORDS = frozenset(_SHARED.split())
_FOREIGN_WORDS = frozenset(_FOREIGN.split())
_JUDGEABLE_WORDS = 20
_LEAST_SHARE = 0.08
_LEAST_LATIN = 0.5
_SHORT_AND_FOREIGN = 0.25


def reads_as_english(text: str) -> bool:
    """Tell whether a text is English, by its script and its most common words.

    A text under 20 words, which may be a headline, has few common words: it passes unless it is in another script or
    has only common words of other languages.

    >>> reads_as_english("Le président de la République a annoncé mardi soir une réforme du code du travail, que les "
    ...     "syndicats jugent inacceptable et dangereuse.")
    False
    """
    letters = sum(map(str.isalpha, text))
    latin = sum(character < "ɐ" or "Ḁ" <= character <= "ỿ" for character in text if character.isalpha())
    if latin < _LEAST_LATIN * letters:
        return False
    words = [match[0].casefold().replace("’", "'") for match in _WORD.finditer(text)]
    own = sum(word in _OWN_WORDS for word in words)
    shared = sum(word in _SHARED_WORDS for word in words)
    foreign = sum(word in _FOREIGN_WORDS for word in words)
    if len(words) < _JUDGEABLE_WORDS:
        return own > 0 or foreign < max(2, _SHORT_AND_FOREIGN * len(words))
    return own + shared >= _LEAST_SHARE * len(words) and 2 * own + shared > 2 * foreign
