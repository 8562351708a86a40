"""Does the copy say the opposite of what the source says of the same thing?"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from service.alignment import CONTENT, LIGHT, STEM, Sentence
from service.annotation import Word
from service.explanations import contradicted
from service.facts import Fact, FactKind, Verdict
from service.opposites import Term, find_terms, groups
from service.quotations import real_quotations
from service.regions import Region
from service.spans import Span

# How many words on either side tell what a word is said of, and how many of them stand right beside it.
_REACH, _BESIDE, _RIGHT_BESIDE = 8, 3, 2
# How much two words must share with each other's surroundings to be said of the same thing. What people do is told in
# verbs of many uses, so it takes more there.
_LEAST = 3
_LEAST_STATEMENT = 5
_DIGIT = re.compile(r"\d")
_NO_FIGURE = "$£€%"
_NEGATED = 5
_NEGATIONS = frozenset(
    """
    not n't no never none nobody nothing neither nor cannot nope ain't aint dont doesnt didnt wont isnt wasnt without
    hardly barely scarcely fail failed fails failing refuse refused refuses refusing deny denied denies decline declined
    yet unless stop stopped except unlikely unable despite instead rather
    """.split()  # noqa: SIM905
)
_NEGATED_AFTER = frozenset({"not", "n't", "no", "nobody", "none", "nothing"})
_NO_CONTRADICTION = frozenset("cu")
_CLAUSE_ENDS = frozenset({",", ";", ":", ".", "!", "?", "(", ")", "—", "–", "but"})
# Of more words of one group than this in one text, the first are looked at, which bounds the time it takes.
_MOST = 40


@dataclass(frozen=True)
class _Mention:
    """A listed word where a text says it.

    Attributes:
        term: Which.
        words: The words of its sentence.
    """

    term: Term
    words: tuple[Word, ...]

    @property
    def span(self) -> Span:
        return Span(self.words[self.term.first].span.start, self.words[self.term.last].span.end)

    def sides(self, group: int) -> frozenset[int]:
        return frozenset(sense.side for sense in self.term.senses if sense.group == group)

    @cached_property
    def before(self) -> frozenset[str]:
        return self._stems(self.term.first - _REACH, self.term.first)

    @cached_property
    def after(self) -> frozenset[str]:
        return self._stems(self.term.last + 1, self.term.last + 1 + _REACH)

    @cached_property
    def just_before(self) -> frozenset[str]:
        return self._stems(self.term.first - _BESIDE, self.term.first)

    @cached_property
    def just_after(self) -> frozenset[str]:
        return self._stems(self.term.last + 1, self.term.last + 1 + _BESIDE)

    @cached_property
    def right_after(self) -> frozenset[str]:
        return self._stems(self.term.last + 1, self.term.last + 1 + _RIGHT_BESIDE)

    @cached_property
    def negated(self) -> bool:
        for word in reversed(self.words[max(0, self.term.first - _NEGATED) : self.term.first]):
            plain = word.text.replace("’", "'").casefold()
            if plain in _CLAUSE_ENDS:
                break
            if plain in _NEGATIONS:
                return True
        return any(word.text.casefold() in _NEGATED_AFTER for word in self.words[self.term.last + 1 :][:1])

    def _stems(self, first: int, end: int) -> frozenset[str]:
        return frozenset(
            word.text.strip(_NO_FIGURE) if _DIGIT.search(word.text) else word.lemma[:STEM]
            for word in self.words[max(0, first) : end]
            if _DIGIT.search(word.text) or (word.pos in CONTENT and len(word.lemma) > 2 and word.lemma not in LIGHT)
        )


def match_contradictions(
    stated: Sequence[Sentence],
    rewritten: Sequence[Sentence],
    source: str,
    copy: str,
    *,
    known: Iterable[Fact] = (),
) -> list[Fact]:
    """List the words of the copy that contradict what the source says of the same thing.

    Two words are taken to be said of the same thing where their surroundings share enough. They do not contradict
    each other where one of the two is negated ("did not rise", "fell"), where the source says the same word elsewhere
    of that thing, or the copy also says the other.

    Args:
        stated: Sentences of the source.
        rewritten: Sentences of the copy.
        source: The source text.
        copy: The rewrite; its real quotations are compared elsewhere.
        known: What other rules found; what they found altered is not told again.
    """
    ours, theirs = _by_group(stated), _by_group(rewritten)
    told = [fact.copy for fact in known if fact.verdict is Verdict.ALTERED and fact.copy]
    closed = Region([*told, *(quotation.outer for quotation in real_quotations(copy))])
    found: dict[Span, tuple[int, int, _Mention, _Mention]] = {}
    for number in ours.keys() & theirs.keys():
        for mention in theirs[number][:_MOST]:
            if closed.touches(mention.span):
                continue
            for other in _contradicted(number, mention, ours[number][:_MOST], theirs[number][:_MOST]):
                candidate = (_shared(groups()[number].flags, other, mention), -number, other, mention)
                if mention.span not in found or candidate[:2] > found[mention.span][:2]:
                    found[mention.span] = candidate
    facts: dict[Span, tuple[int, Fact]] = {}
    for shared, number, other, mention in found.values():
        kind = groups()[-number].kind
        reason = contradicted(source, other.span, copy, mention.span)
        if other.span not in facts or shared > facts[other.span][0]:
            facts[other.span] = (shared, Fact(kind, Verdict.ALTERED, other.span, mention.span, reason))
    return [fact for _, fact in facts.values()]


def _by_group(sentences: Iterable[Sentence]) -> dict[int, list[_Mention]]:
    mentions: dict[int, list[_Mention]] = {}
    for sentence in sentences:
        for term in find_terms(sentence.words):
            mention = _Mention(term, sentence.words)
            for number in {sense.group for sense in term.senses}:
                mentions.setdefault(number, []).append(mention)
    return mentions


def _contradicted(
    number: int, mention: _Mention, ours: Sequence[_Mention], theirs: Sequence[_Mention]
) -> list[_Mention]:
    """Give the words of the source that a word of the copy contradicts."""
    group = groups()[number]
    if not _NO_CONTRADICTION.isdisjoint(group.flags):
        return []
    sides = mention.sides(number)
    if any(other.sides(number) & sides and _near(other, mention) for other in ours):
        return []
    least = _LEAST_STATEMENT if group.kind is FactKind.STATEMENT else _LEAST
    return [
        other
        for other in ours
        if not other.sides(number) & sides
        and other.negated == mention.negated
        and _shared(group.flags, other, mention) >= least
        and not any(again.sides(number) & other.sides(number) and _near(again, other) for again in theirs)
    ]


def _near(one: _Mention, other: _Mention) -> bool:
    return not (one.before | one.after).isdisjoint(other.before | other.after)


def _shared(flags: str, one: _Mention, other: _Mention) -> int:
    """Count what the surroundings of two words share; 0 where they are not said of the same thing."""
    straight = len(one.before & other.before) + len(one.after & other.after)
    crossed = len(one.before & other.after) + len(one.after & other.before)
    turned = bool(one.just_before & other.just_after or one.just_after & other.just_before)
    # What each party is to the other turns round with the order of the two: "A beat B", "B lost to A".
    if "x" in flags and turned:
        return 0
    if "x" in flags:
        return straight if straight > crossed and one.after & other.after and one.before & other.before else 0
    if "#" in flags:
        return _LEAST if one.right_after & other.right_after else 0
    beside = len((one.just_before | one.just_after) & (other.just_before | other.just_after))
    if _mutual(one, other) and (turned or not one.just_after & other.just_after):
        return 0
    if "n" in flags:
        return straight + crossed if one.just_after & other.just_after or one.just_before & other.just_before else 0
    return len((one.before | one.after) & (other.before | other.after)) + beside


def _mutual(one: _Mention, other: _Mention) -> bool:
    """Tell whether each word is what somebody is to whom the other is said of, as landlord and tenant are."""
    return any(
        "c" in groups()[sense.group].flags and other.sides(sense.group) - one.sides(sense.group)
        for sense in one.term.senses
    )
