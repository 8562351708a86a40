"""What is set off from what: "silk, not jersey" must become neither "jersey, not silk" nor "silk and jersey"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from service.alignment import Sentence, stem_of
from service.annotation import Word
from service.explanations import contradicted
from service.facts import Fact, FactKind, Verdict
from service.spans import Span

_REACH = 6
# What stands before "not" where it sets a word off instead of denying what a sentence says.
_BEFORE = frozenset({",", "and", "but", ";", ":", "—", "–", "-", "("})
_ENDS = frozenset({",", ".", ";", ":", "!", "?", ")", "—", "–", "but", "because"})
_OPENINGS = {"not": 1, "never": 1, "rather": 2, "instead": 2}
_SECOND = {"rather": "than", "instead": "of"}
_DENIALS = ("negation", "weak_negation")
_JOINING = frozenset({"and", "or", "also", "both", "too", "plus"})
_APART = frozenset(
    """
    but except unlike only alone whereas while although though instead rather than without against from contrast other
    """.split()  # noqa: SIM905
)
_MOST = 40
_PREFIXED = re.compile(r"(?:un|non-?)([^\W\d_]{4,})$", re.IGNORECASE)
# "Like" has other uses, and "due" and "fair" say more than their opposites deny; the others have no opposite in "un":
# "unrest", "unearthed", "unionized", "unwound". Stems as short as those of "until", "union" and "unit" do not match.
_NO_STEMS = frozenset(
    """
    assuming canny cover covering covers dergo derway earth earthed earthing earths failing fold folded folding folds
    form hand hinge hinged iform ionise ionised ionize ionized iversity leash leashed leashes leashing less like nerve
    nerved nerves nerving plus ravel raveled ravelled rest rests stop sung thaw thawed told toward veil veiled veiling
    veils wind winding winds wound
    """.split()  # noqa: SIM905
)


@dataclass(frozen=True)
class _Contrast:
    """Words that are said, and words that are denied, of the same thing.

    Attributes:
        said: Beginnings of the former.
        denied: Beginnings of the latter.
        span: Where the latter stand.
    """

    said: frozenset[str]
    denied: frozenset[str]
    span: Span


def match_contrasts(stated: Sequence[Sentence], rewritten: Sequence[Sentence], source: str, copy: str) -> list[Fact]:
    """List what the copy says of one thing where the source denies it and says it of another.

    Args:
        stated: Sentences of the source.
        rewritten: Sentences of the copy.
        source: The source text.
        copy: The rewrite.
    """
    facts: list[Fact] = []
    theirs = [one for sentence in rewritten for one in _contrasts(sentence)][:_MOST]
    for one in [one for sentence in stated for one in _contrasts(sentence)][:_MOST]:
        place = next((other.span for other in theirs if _turned(one, other)), None)
        if place is None and not any(one.denied & other.denied for other in theirs):
            place = next((span for sentence in rewritten if (span := _joined(one, sentence))), None)
        if place is not None:
            reason = contradicted(source, one.span, copy, place)
            facts.append(Fact(FactKind.POLARITY, Verdict.ALTERED, one.span, place, reason))
    return facts + _prefixes(stated, rewritten, source, copy)


def _turned(one: _Contrast, other: _Contrast) -> bool:
    said, denied = one.said - one.denied, one.denied - one.said
    told, refused = other.said - other.denied, other.denied - other.said
    return bool(said & refused and denied & told) and not denied & refused


def _contrasts(sentence: Sentence) -> Iterator[_Contrast]:
    words = sentence.words
    plain = [word.text.casefold() for word in words]
    for number, token in enumerate(plain):
        size = _OPENINGS.get(token)
        if size is None or (size == 2 and plain[number + 1 : number + 2] != [_SECOND[token]]):
            continue
        if size == 1 and number and plain[number - 1] not in _BEFORE:
            continue
        first = number + size
        end = _clause_end(plain, first)
        before = words[_clause_start(plain, number) : number]
        if plain[end : end + 1] == ["but"]:
            before = words[end + 1 : _clause_end(plain, end + 1)]
        denied, said = _stems(words[first:end]), _stems(before)
        if denied and said:
            yield _Contrast(said, denied, Span(words[number].span.start, words[max(number, end - 1)].span.end))


def _clause_end(plain: Sequence[str], start: int) -> int:
    end = start
    while end < len(plain) and end - start < _REACH and plain[end] not in _ENDS:
        end += 1
    return end


def _clause_start(plain: Sequence[str], number: int) -> int:
    start = number
    while start and plain[start - 1] in _BEFORE:
        start -= 1
    while start and number - start < _REACH + 2 and plain[start - 1] not in _ENDS:
        start -= 1
    return start


def _stems(words: Sequence[Word]) -> frozenset[str]:
    return frozenset(stem for word in words if (stem := stem_of(word)))


def _joined(one: _Contrast, sentence: Sentence) -> Span | None:
    """Find where a sentence that denies nothing joins to what was said what was denied: "silk and jersey"."""
    said, denied = one.said - one.denied, one.denied - one.said
    if not (said & sentence.stems and denied & sentence.stems) or sentence.cues_of(*_DENIALS):
        return None
    plain = [word.text.casefold() for word in sentence.words]
    if not _APART.isdisjoint(plain):
        return None
    stems = [stem_of(word) for word in sentence.words]
    for number, token in enumerate(plain):
        if token not in _JOINING:
            continue
        before, after = frozenset(stems[max(0, number - 4) : number]), frozenset(stems[number + 1 : number + 5])
        if (before & said and after & denied) or (before & denied and after & said):
            return Span(sentence.words[number].span.start, sentence.words[number].span.end)
    return None


def _prefixes(stated: Sequence[Sentence], rewritten: Sequence[Sentence], source: str, copy: str) -> list[Fact]:
    """List the words that lost or took on the "un" that denies them: "undisclosed", "disclosed"."""
    ours, theirs = _by_text(stated), _by_text(rewritten)
    facts: list[Fact] = []
    for these, those in ((ours, theirs), (theirs, ours)):
        for text, (word, _) in these.items():
            match = _PREFIXED.match(text)
            if match is None or match[1] in _NO_STEMS or text in those or match[1] not in those or match[1] in these:
                continue
            other, sentence = those[match[1]]
            if sentence.cues_of(*_DENIALS):
                continue
            here, there = (word.span, other.span) if these is ours else (other.span, word.span)
            facts.append(Fact(FactKind.POLARITY, Verdict.ALTERED, here, there, contradicted(source, here, copy, there)))
    return facts


def _by_text(sentences: Sequence[Sentence]) -> dict[str, tuple[Word, Sentence]]:
    return {word.text.casefold(): (word, sentence) for sentence in sentences for word in sentence.words}
