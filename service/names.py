"""Names of people, organisations and places, and when two written forms are the same name."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from service.addressees import find_addressees
from service.annotation import Annotated
from service.facts import FactKind
from service.regions import Region
from service.spans import Span
from service.vocabulary import POSSESSIVE, is_ordinary, key_of, no_names, ordinary_words, standard_forms

_TOKEN = re.compile(r"(?:[^\W\d_]\.){2,}|\b(?:St|Mt|Ft|Dr|Jr|Sr)\.|[^\W\d_]+(?:['’&-][^\W\d_]+)*(?:\d+)?|&")
_LINKS = frozenset({"of", "the", "and", "de", "la", "van", "von", "bin", "al", "for", "du", "da", "del", "&"})
_KINDS = {
    "PERSON": FactKind.PERSON,
    "ORG": FactKind.ORGANISATION,
    "GPE": FactKind.PLACE,
    "LOC": FactKind.PLACE,
    "FAC": FactKind.PLACE,
    "NORP": FactKind.PLACE,
}
_CONTRACTION = re.compile(r"(?:n't|'ve|'re|'ll|'d|'em)$")
_LONGEST_ACRONYM = 3
_DRAWN_OUT = re.compile(r"(\w)\1\1")
_TOKENS_BEFORE = re.compile(r"([^\W\d_]+)\W{1,3}$")
_TOKEN_AFTER = re.compile(r"\W{1,3}([^\W\d_]+)")
_LOUD_ENDING = re.compile(r"(?:LY|ED|ING|NESS|MENT)$")
# Rand: "R340".
_AMOUNT = re.compile(r"R\d{2,}")

# "Danone-ish", "Reddit-for-lawyers": what something is like, not what it is called.
_LIKENESS = re.compile(r"[-–](?:ish|y|like|esque|style|type|adjacent|era|flavou?red|for-\w+)$", re.IGNORECASE)


@dataclass(frozen=True)
class Name:
    """A run of name words.

    Attributes:
        span: Where it stands, a possessive ending left out.
        kind: Person, organisation, place, or ``name`` where it is open.
        keys: Its words in comparable form, links left out.
    """

    span: Span
    kind: FactKind
    keys: tuple[str, ...]

    @property
    def initials(self) -> str:
        """What an acronym of it would be; empty for a single word."""
        return "".join(key[0] for key in self.keys) if len(self.keys) > 1 else ""


def find_names(annotated: Annotated) -> tuple[Name, ...]:
    """Find the names of a text, in order."""
    text = annotated.text
    entities = {
        position: word.entity
        for word in annotated.words
        if word.entity in _KINDS or word.entity in {"PRODUCT", "WORK_OF_ART", "EVENT", "LAW"}
        for position in range(word.span.start, word.span.end)
    }
    tagged = {word.span.start for word in annotated.words if word.pos == "PROPN"}
    starts = _sentence_starts(annotated)
    shouted = Region(sentence for sentence in annotated.sentences if _shouted(sentence.of(text)))
    addressed = find_addressees(text)
    runs: list[list[re.Match[str]]] = []
    last_end = -9
    for match in _TOKEN.finditer(text):
        links = text[last_end : match.start()] if runs and last_end > 0 else ""
        if not _is_name_word(match, text, starts, entities, tagged, shouted.holds(match.start())):
            continue
        if addressed.holds(match.start()) and key_of(match[0]) not in standard_forms():
            continue
        joined = bool(runs) and last_end > 0 and _joins(links)
        if joined:
            runs[-1].append(match)
        else:
            runs.append([match])
        last_end = match.end()
        if POSSESSIVE.search(match[0]) or match[0].endswith("'s"):
            last_end = -9
    return tuple(name for run in runs if (name := _name(run, entities)).keys)


def _joins(between: str) -> bool:
    return between == " " or (between.startswith(" ") and between.strip() in _LINKS)


def _sentence_starts(annotated: Annotated) -> set[int]:
    starts: set[int] = set()
    for sentence in annotated.sentences:
        first = _TOKEN.search(annotated.text, sentence.start, sentence.end)
        if first:
            starts.add(first.start())
    # Words after a colon, an opening mark or a dash are capitalised as at the start of a sentence.
    starts.update(m.end() for m in re.finditer(r"(?:[:;—–]\s+|[\"“(\[*]|[.!?…]\s+)(?=\w)", annotated.text))
    return starts


def _shouted(text: str) -> bool:
    words = [match[0] for match in _TOKEN.finditer(text) if len(match[0]) > 3]
    return bool(words) and sum(word[0].isupper() for word in words) > 0.6 * len(words)


def _is_name_word(
    match: re.Match[str],
    text: str,
    starts: set[int],
    entities: dict[int, str],
    tagged: set[int],
    titled: bool,
) -> bool:
    word = POSSESSIVE.sub("", match[0]).rstrip(".")
    lower = word.casefold().replace("’", "'")
    if (
        not any(character.isupper() for character in word)
        or lower in no_names()
        or len(lower) < 2
        or _CONTRACTION.search(lower)
        or _DRAWN_OUT.search(lower)
        or _LIKENESS.search(lower)
        or _AMOUNT.fullmatch(word)
    ):
        return False
    if key_of(word) in standard_forms() and key_of(word) not in ordinary_words() and not word.islower():
        return True
    if not is_ordinary(word):
        if re.fullmatch(r"[.!?]*", text[match.end() : match.end() + 1]) and match.start() in starts:
            return False  # An exclamation: "Brutal."
        if titled or (word.isupper() and len(word) > _LONGEST_ACRONYM):
            return match.start() in entities and not _is_loud(match, text)
        # An unknown word at the start of a sentence is a name if the pipeline thinks so too.
        return match.start() not in starts or match.start() in tagged or match.start() in entities
    if match.start() in starts or titled or word.isupper():
        return False
    return match.start() in entities


def _is_loud(match: re.Match[str], text: str) -> bool:
    """Tell whether a word in capitals is only shouted, with the word beside it: "CABINET OF HORRORS! On Friday"."""
    if not match[0].isupper() or text.isupper():
        return False
    before, after = (
        _TOKENS_BEFORE.search(text[max(0, match.start() - 24) : match.start()]),
        _TOKEN_AFTER.match(text, match.end()),
    )
    beside = [one[1] for one in (before, after) if one]
    return bool(_LOUD_ENDING.search(match[0])) or any(
        word.isupper() and len(word) > 1 and word.casefold() in ordinary_words() for word in beside
    )


def _keys(run: list[re.Match[str]]) -> tuple[str, ...]:
    """Give the comparable forms of a run; of a compound only the parts that are names count ("ex-Goldman")."""
    keys: list[str] = []
    matches = list(run)
    while matches:
        match = matches.pop(0)
        word = POSSESSIVE.sub("", match[0])
        if matches and (both := key_of(f"{word} {matches[0][0]}")) in standard_forms():
            keys.append(both)  # "United States" is listed as one name.
            matches.pop(0)
            continue
        whole = key_of(word)
        parts = word.split("-")
        if len(parts) > 1 and whole not in standard_forms():
            named = [
                part
                for part in parts
                if part[:1].isupper() and part.casefold() not in ordinary_words() and part.casefold() not in no_names()
            ]
            keys.extend(key_of(part) for part in named or parts[:0])
        elif word.casefold() not in _LINKS:
            keys.append(whole)
    return tuple(keys)


def _name(run: list[re.Match[str]], entities: dict[int, str]) -> Name:
    last = POSSESSIVE.sub("", run[-1][0])
    span = Span(run[0].start(), run[-1].start() + len(last))
    labels = [entities.get(match.start(), "") for match in run]
    kind = next((_KINDS[label] for label in labels if label in _KINDS), FactKind.NAME)
    return Name(span=span, kind=kind, keys=_keys(run))


def acronyms(text: str) -> frozenset[str]:
    """Give the initials of every run of two to five words of ``text``, which an acronym may stand for."""
    letters = [match[0][0].casefold() for match in _TOKEN.finditer(text)]
    return frozenset(
        "".join(letters[start : start + size]) for size in range(2, 6) for start in range(len(letters) - size + 1)
    )


def all_keys(text: str, *, capitalised: bool = False) -> dict[str, Span]:
    """Map the comparable form of every word of ``text`` to where it first stands.

    Args:
        text: The text.
        capitalised: Whether to leave out the words without a capital, as wire copy writes no name.
    """
    keys: dict[str, Span] = {}
    words = [match for match in _TOKEN.finditer(text) if not (capitalised and match[0].islower())]
    for match in words:
        span = Span(match.start(), match.start() + len(POSSESSIVE.sub("", match[0])))
        for form in {match[0], *match[0].split("-")}:
            keys.setdefault(key_of(form), span)
    for first, second in pairwise(words):
        keys.setdefault(key_of(f"{first[0]} {second[0]}"), Span(first.start(), second.end()))
    for initials, span in _initials(words):
        keys.setdefault(initials, span)
    return keys


def _initials(words: Iterable[re.Match[str]]) -> Iterable[tuple[str, Span]]:
    capitalised: list[re.Match[str]] = []
    for match in words:
        if match[0][0].isupper():
            capitalised.append(match)
        elif match[0] not in _LINKS:
            capitalised = []
        for length in range(2, min(6, len(capitalised)) + 1):
            run = capitalised[-length:]
            yield "".join(word[0][0] for word in run).casefold(), Span(run[0].start(), run[-1].end())
