"""Who did what to whom: have two participants changed places?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import combinations

from service.exchanges import find_exchanges
from service.explanations import SWAPPED, shown
from service.facts import Fact, FactKind, Verdict
from service.lexicon import read_rows
from service.participants import VERBS, Participants
from service.regions import Region, nearest
from service.spans import Span

# Of more deeds than this, those about as far into the text are looked at.
_MOST = 150
_BEFORE = ("det", "poss", "compound", "amod")
# Who did something with whom may as well be told the other way round.
_NO_ROLES = frozenset({"with", "of"})
# What two do with each other, whichever is named first.
_MUTUAL = frozenset(
    """
    meet marry join face play fight divorce date hug kiss swap equal match resemble share border accompany collide
    mean include involve cost weigh last contain become remain
    """.split()  # noqa: SIM905
)


def match_roles(source: Participants, copy: Participants, *, known: Iterable[Fact] = ()) -> list[Fact]:
    """List what changed places: two who did something to each other, or two of a kind with all that belongs to them.

    Args:
        source: Who and what the source speaks of.
        copy: Who and what the copy speaks of.
        known: What was found altered before; nothing is told twice.
    """
    if source.annotated.text == copy.annotated.text:
        return []
    facts = _turned(source, copy) or find_exchanges(source, copy)
    if not facts:
        return []
    altered = [fact for fact in known if fact.verdict is Verdict.ALTERED and fact.source and fact.copy]
    here, there = (Region(span for span in spans if span) for spans in _sides(altered))
    return [fact for fact in facts if not _touch(here, fact.source) or not _touch(there, fact.copy)]


def _sides(facts: Sequence[Fact]) -> tuple[list[Span | None], list[Span | None]]:
    return [fact.source for fact in facts], [fact.copy for fact in facts]


def _touch(region: Region, span: Span | None) -> bool:
    return span is not None and region.touches(span)


@dataclass(frozen=True)
class _Deed:
    """What one does to another.

    Attributes:
        relation: What it is; "lost to" and "beat" are the same relation.
        first: Who does it: topics.
        second: To whom: topics.
        span: Where it stands.
    """

    relation: str
    first: frozenset[str]
    second: frozenset[str]
    span: Span


def _turned(source: Participants, copy: Participants) -> list[Fact]:
    stated: dict[str, list[_Deed]] = {}
    for deed in _deeds(source):
        stated.setdefault(deed.relation, []).append(deed)
    facts: list[Fact] = []
    for deed in _deeds(copy) if stated else ():
        place = deed.span.start / len(copy.annotated.text)
        same = stated.get(deed.relation, [])
        near = [same[number] for number in nearest(range(len(same)), place * len(same), most=_MOST)]
        if any(deed.first & other.first or deed.second & other.second for other in near):
            continue
        other = next((one for one in near if deed.first & one.second and deed.second & one.first), None)
        if other is not None:
            told, retold = shown(source.annotated.text, other.span), shown(copy.annotated.text, deed.span)
            reason = f'The source says "{told}", the copy says "{retold}": {SWAPPED}'
            facts.append(Fact(FactKind.ROLE, Verdict.ALTERED, other.span, deed.span, reason))
    return facts


@cache
def _frames() -> dict[str, tuple[tuple[str, str, str], ...]]:
    """Map a verb to the relations it tells, and who is the first and who the second in each."""
    frames: dict[str, tuple[tuple[str, str, str], ...]] = {}
    for relation, first, second, verbs in read_rows("relations.tsv"):
        for verb in verbs.split():
            frames[verb] = (*frames.get(verb, ()), (relation, first, second))
    return frames


def _deeds(text: Participants) -> Iterator[_Deed]:
    for number, word in enumerate(text.words):
        if word.pos not in VERBS or word.relation in {"aux", "auxpass"} or word.lemma in _MUTUAL:
            continue
        frames = _frames().get(word.lemma, ())
        if not frames and not text.topics[number]:
            continue
        places = _places(text, number)
        told = {frozenset(pair) for _, *pair in frames}
        pairs = (pair for pair in combinations(sorted(places.keys() - _NO_ROLES), 2) if frozenset(pair) not in told)
        for relation, first, second in (*frames, *((" ".join((word.lemma, *pair)), *pair) for pair in pairs)):
            if first in places and second in places:
                one, other = places[first], places[second]
                ends = [
                    text.words[end].span for place in (*one, *other) for end in (place, *text.below(place, *_BEFORE))
                ]
                ends.append(word.span)
                span = Span(min(end.start for end in ends), max(end.end for end in ends))
                ones, others = (frozenset[str]().union(*map(text.phrase, them)) for them in (one, other))
                if ones and others and not ones & others:
                    yield _Deed(relation, ones, others, span)


def _places(text: Participants, verb: int) -> dict[str, list[int]]:
    subject, passive = text.subject(verb)
    objects = [*text.below(verb, "dobj"), *text.below(verb, "dative")]
    places: dict[str, list[int]] = {}
    if subject is not None:
        places["object" if passive else "subject"] = text.joined(subject)
    for preposition in text.below(verb, "prep", "agent", "dative"):
        for named in text.below(preposition, "pobj"):
            lemma = text.words[preposition].lemma
            place = "subject" if lemma == "by" and passive else lemma
            places.setdefault(place, text.joined(named))
    if objects and "object" not in places:
        places["object"] = text.joined(objects[0])
    return places
