"""Pair the names of a source with those of a rewrite, in both directions."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from functools import cache

from rapidfuzz import fuzz

from service import explanations
from service.facts import Fact, FactKind, Verdict
from service.lexicon import read_rows
from service.names import Name, acronyms, all_keys
from service.regions import nearest
from service.spans import Span
from service.vocabulary import no_names

_WORD = re.compile(r"\w+(?:['’]\w+)*")
# Of more names than this, those about as far into the text are looked at.
_MOST = 100
# Shorter initials may be any small word.
_SURE_ACRONYM = 3
# A capital after one of these is the place, not its government.
_WHERE = re.compile(
    r"\b(?:in|at|to|from|near|of|on|around|outside|into|via|through|across|leaving|left|visit\w*)\s+(?:\w+\s+)?$", re.I
)
# "Canadian dollars": what a bare amount means at the place of which the source tells.
_CURRENCY = re.compile(
    r"\s+(?:dollars?|cents?|pounds?|kron\w+|crowns?|francs?|pesos?|rupees?|rand|yen|won|dinars?|dirhams?|riyals?|shillings?"
    r"|lira|real|reais)\b"
)


def match_names(source: str, copy: str, stated: Sequence[Name], rewritten: Sequence[Name]) -> list[Fact]:
    """Match names word by word: each name word of either side must stand in the other, in any listed form.

    A title that follows its name may lose its capital, a government may be told by its country instead of its capital.

    Args:
        source: The source text.
        copy: The rewrite.
        stated: The names of the source.
        rewritten: The names of the copy.
    """
    source_keys, copy_keys = all_keys(source), all_keys(copy, capitalised=True)
    small_keys: dict[str, Span] = {}
    expansions = acronyms(copy)
    written_short = _acronyms_in(source) - _acronyms_in(copy)
    facts: list[Fact] = []
    gone: list[Name] = []
    seen: set[tuple[str, ...]] = set()
    for name in stated:
        if name.keys in seen:
            continue
        seen.add(name.keys)
        capitals_only = {
            word.removesuffix("s").casefold()
            for word in _WORD.findall(name.span.of(source))
            if word.removesuffix("s").isupper()
        }
        spelled_out = capitals_only & expansions
        missing = [
            key
            for key in name.keys
            if not (key in spelled_out or key.removesuffix("s") in spelled_out or _stands(key, copy_keys))
        ]
        if missing and _may_be_small(name, missing, source):
            small_keys = small_keys or all_keys(copy)
            missing = [key for key in missing if not _stands(key, small_keys)]
        if missing and not _WHERE.search(source[max(0, name.span.start - 24) : name.span.start]):
            missing = [key for key in missing if not any(other in copy_keys for other in _implied().get(key, ()))]
        if not missing:
            found = [span for key in name.keys if (span := _stands(key, copy_keys))]
            facts.append(Fact(name.kind, Verdict.KEPT, name.span, _run(copy, found) if found else None))
        else:
            gone.append(name)
    new = [
        name
        for name in rewritten
        if not (name.kind is not FactKind.PERSON and name.initials in written_short)
        # Chat writes "imf".
        and not (len(name.initials) >= _SURE_ACRONYM and name.initials in source_keys)
        and not all(_stands(key, source_keys) for key in name.keys)
        and not _CURRENCY.match(copy, name.span.end)
    ]
    if new:
        told = all_keys(source, capitalised=True)
        implied = frozenset(other for key in told for other in _implied().get(key, ()))
        new = [name for name in new if not all(_stands(key, source_keys) or key in implied for key in name.keys)]
    for name in gone:
        place = _place(name.span, source, copy)
        near = nearest(range(len(new)), bisect_left(new, place, key=lambda other: other.span.start), most=_MOST)
        best = max(near, key=lambda number: fuzz.ratio(name.keys, new[number].keys), default=None)
        if best is not None and (new[best].kind == name.kind or fuzz.ratio(name.keys, new[best].keys) > 40):
            other = new.pop(best)
            reason = explanations.altered(name.kind, source, name.span, copy, other.span)
            facts.append(Fact(name.kind, Verdict.ALTERED, name.span, other.span, reason))
        else:
            reason = explanations.omitted(name.kind, source, name.span)
            facts.append(Fact(name.kind, Verdict.OMITTED, name.span, None, reason))
    return facts + [
        Fact(name.kind, Verdict.UNSUPPORTED, None, name.span, explanations.added(name.kind, copy, name.span))
        for name in new
    ]


@cache
def _implied() -> Mapping[str, tuple[str, ...]]:
    return {word: tuple(others.split("|")) for word, others in read_rows("implied.tsv")}


def _may_be_small(name: Name, missing: Sequence[str], source: str) -> bool:
    """Tell whether the copy may write the missing words of a name without capitals: "Selectman Cobb", "the Navy"."""
    if len(missing) < len(name.keys) or name.kind is not FactKind.PERSON:
        return True
    # "Raffle's at noon": the pipeline takes it for a person because it opens the sentence.
    return len(name.keys) == 1 and (name.span.of(source).isupper() or _opens_sentence(source, name.span.start))


def _opens_sentence(text: str, position: int) -> bool:
    before = text[:position].rstrip(" \"'“‘(*#")
    return not before or before[-1] in ".!?…:;\n—–"


def _acronyms_in(text: str) -> frozenset[str]:
    """Give the words in capitals, in lower case; of a text that shouts, none."""
    words = [word for word in _WORD.findall(text) if len(word) > 1]
    shouted = [word.casefold() for word in words if word.isupper()]
    return frozenset(shouted) - no_names() if 2 * len(shouted) < len(words) else frozenset()


def _place(span: Span, source: str, copy: str) -> float:
    """Tell where in the copy something would stand that stands at ``span`` in the source."""
    return span.start / max(1, len(source)) * len(copy)


def _stands(key: str, keys: Mapping[str, Span]) -> Span | None:
    if key in keys:
        return keys[key]
    # A plural, or the adjective of a listed acronym.
    return keys.get(key.removesuffix("s")) or keys.get(key + "s")


def _run(copy: str, spans: Iterable[Span]) -> Span:
    first, *others = spans
    end = max(
        (span.end for span in others if first.start <= span.start and span.end - first.start < 80), default=first.end
    )
    return Span(first.start, max(first.end, end))
