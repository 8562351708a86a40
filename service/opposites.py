"""Words that contradict each other: rose and fell, approved and rejected, a brother and a cousin."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from service.annotation import Word
from service.facts import FactKind
from service.inflection import inflect, plural
from service.lexicon import read_rows

_FILE = "opposites.tsv"
_BLANK = re.compile(r"[\s-]+")
_CLITIC = re.compile(r"(n't|'s|'re|'ll)(?!\w)")
_CLASSES = re.compile(r"/([vnaw]+)$")
_DIGIT = re.compile(r"\d")
_CURRENCY = frozenset("$£€¥₹")
_FIGURE = "#"
# A participle passes for an adjective, and in headlines and chat a noun in capitals for a name.
_POS = {
    "v": frozenset({"VERB", "ADJ"}),
    "n": frozenset({"NOUN", "PROPN"}),
    "a": frozenset({"ADJ", "VERB", "ADV"}),
    "w": frozenset({"ADV", "ADP", "PART", "ADJ"}),
}
_ANY: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Group:
    """A line of the lexicon: words that cannot all be true of one thing.

    Attributes:
        kind: What they are about.
        flags: Letters that say when they count, explained in ``lexicons/opposites.tsv``.
    """

    kind: FactKind
    flags: str


class Sense(NamedTuple):
    """What a word can mean.

    Attributes:
        group: Number of a group.
        side: Number of a side of the group; each side contradicts the others.
    """

    group: int
    side: int


@dataclass(frozen=True)
class Term:
    """A listed word or phrase where it stands.

    Attributes:
        senses: What it can mean.
        first: Number of its first word.
        last: Number of its last word.
    """

    senses: frozenset[Sense]
    first: int
    last: int


@dataclass(frozen=True)
class _Entry:
    """A form of a listed term: the words after its first, and the parts of speech that its first may have."""

    rest: tuple[str, ...]
    pos: frozenset[str]
    sense: Sense


@cache
def groups() -> tuple[Group, ...]:
    """Give the groups of the lexicon, in order."""
    return tuple(Group(FactKind(kind), flags) for kind, flags, *_ in read_rows(_FILE))


def find_terms(words: Sequence[Word]) -> list[Term]:
    """Find the listed words of a sentence; of phrases that begin with the same word the longest counts."""
    plain = [word.text.replace("’", "'").casefold() for word in words]
    found: list[Term] = []
    # Up to where the last phrase reaches: "more" says nothing of its own in "no more than".
    covered = 0
    for first, token in enumerate(plain):
        longest, senses = first - 1, set[Sense]()
        for entry in _entries().get(token, ()):
            if entry.pos and words[first].pos not in entry.pos:
                continue
            last = _end(plain, first, entry.rest)
            if last is None or last < longest:
                continue
            if last > longest:
                longest, senses = last, set()
            senses.add(entry.sense)
        if senses and longest >= covered:
            found.append(Term(frozenset(senses), first, longest))
            covered = longest + 1 if longest > first else longest
    return found


@cache
def _entries() -> dict[str, tuple[_Entry, ...]]:
    """Give the forms of all terms by their first word."""
    entries: dict[str, dict[_Entry, None]] = {}
    for group, (_, _, *sides) in enumerate(read_rows(_FILE)):
        for side, terms in enumerate(sides):
            for form, pos in (form for term in terms.split("|") for form in _forms(term)):
                first, *rest = _tokens(form)
                entries.setdefault(first, {})[_Entry(tuple(rest), pos, Sense(group, side))] = None
    return {first: tuple(found) for first, found in entries.items()}


def _tokens(phrase: str) -> list[str]:
    """Split a phrase as the annotation splits a text, but for marks that join words."""
    return [token for token in _BLANK.split(_CLITIC.sub(r" \1", phrase).casefold()) if token]


def _forms(term: str) -> Iterable[tuple[str, frozenset[str]]]:
    match = _CLASSES.search(term)
    if match is None:
        return {(term, _ANY)}
    phrase, classes = term[: match.start()], match[1]
    forms: set[tuple[str, frozenset[str]]] = {(phrase, _POS[name]) for name in classes if name in "aw"}
    if "v" in classes:
        verb = inflect(phrase)
        # A phrase is rarely anything else, and the tagger often errs on the first word of one.
        pos = _ANY if " " in phrase else _POS["v"]
        forms |= {(form, pos) for form in (verb.base, verb.third, verb.past, verb.participle, verb.gerund)}
    if "n" in classes:
        forms |= {(phrase, _POS["n"]), (plural(phrase), _POS["n"])}
    return sorted(forms, key=lambda form: form[0])


def _end(plain: Sequence[str], first: int, rest: Sequence[str]) -> int | None:
    """Give the number of the last word of a phrase that begins at ``first``; None where the others do not follow."""
    position = first
    for token in rest:
        position += 1
        if position < len(plain) and plain[position] == "-":
            position += 1
        if position >= len(plain):
            return None
        word = plain[position]
        if word != token and not (token == _FIGURE and (_DIGIT.search(word) or word[0] in _CURRENCY)):
            return None
    return position
