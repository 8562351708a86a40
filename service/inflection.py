"""The forms of English verbs and nouns."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from service.lexicon import read_rows


@dataclass(frozen=True)
class VerbForms:
    """The forms of a verb, each with the words that follow it in a phrase.

    Attributes:
        base: As in ``to slam``.
        third: As in ``she slams``.
        past: As in ``she slammed``.
        participle: As in ``she has slammed``.
        gerund: As in ``slamming``.
    """

    base: str
    third: str
    past: str
    participle: str
    gerund: str


@cache
def _irregular() -> dict[str, tuple[str, str]]:
    return {base: (past, participle) for base, past, participle in read_rows("verb_forms.tsv")}


_DOUBLING = re.compile(r"(?:^|-)(?:qu|[^aeiou])*[aeiouy][bdgklmnprtz]$")
# Stressed on their last syllable.
_DOUBLES_ANYWAY = frozenset(
    """
    skyrocket admit commit permit submit omit expel compel propel refer defer prefer occur incur regret control patrol
    rebel transfer acquit
    """.split()  # noqa: SIM905
)


def inflect(phrase: str) -> VerbForms:
    """Give the forms of a verb or of a phrase that begins with one.

    >>> inflect("cut back").gerund, inflect("slam").past, inflect("rise sharply").participle
    ('cutting back', 'slammed', 'risen sharply')
    """
    verb, blank, rest = phrase.partition(" ")
    rest = blank + rest
    doubled = verb + verb[-1] if _DOUBLING.search(verb) else verb
    sibilant = re.search(r"(?:s|x|z|ch|sh|[^aeiou]o)$", verb)
    yod = re.search(r"[^aeiou]y$", verb)
    third = verb[:-1] + "ies" if yod else verb + "es" if sibilant else verb + "s"
    regular = verb[:-1] + "ied" if yod else verb + "d" if verb.endswith("e") else doubled + "ed"
    past, participle = _irregular().get(verb, (regular, regular))
    if verb.endswith("ie"):
        gerund = verb[:-2] + "ying"
    elif re.search(r"[^eoy]e$", verb) and verb != "be":
        gerund = verb[:-1] + "ing"
    else:
        gerund = doubled + "ing"
    return VerbForms(*(form + rest for form in (verb, third, past, participle, gerund)))


def plural(noun: str) -> str:
    """Give the plural of a noun or of a phrase that ends in one.

    >>> plural("police officer"), plural("child"), plural("buddy")
    ('police officers', 'children', 'buddies')
    """
    for singular, irregular in (
        ("child", "children"),
        ("woman", "women"),
        ("man", "men"),
        ("person", "people"),
        ("wife", "wives"),
    ):
        if noun.endswith(singular):
            return noun[: -len(singular)] + irregular
    if re.search(r"[^aeiou]y$", noun):
        return noun[:-1] + "ies"
    return noun + ("es" if re.search(r"(?:s|x|z|ch|sh)$", noun) else "s")


@cache
def participles() -> frozenset[str]:
    """Give the irregular participles."""
    return frozenset(participle for _, participle in _irregular().values()) | {"gotten", "got", "had"}
