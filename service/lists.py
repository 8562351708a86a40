"""Lists: is an item of one missing?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from service.alignment import Sentence, stem_of
from service.explanations import item_dropped
from service.facts import Fact, FactKind, Verdict
from service.regions import Region
from service.spans import Span

_ITEMS = frozenset({"NOUN", "PROPN"})
_OWN = frozenset({"compound", "amod", "nummod", "nmod", "poss"})


@dataclass(frozen=True)
class _Item:
    """One thing in a list: where it stands and the beginnings of its words, that of its main word first."""

    span: Span
    stems: tuple[str, ...]


def match_lists(
    stated: Sequence[Sentence], rewritten: Sequence[Sentence], source: str, *, known: Iterable[Fact] = ()
) -> list[Fact]:
    """List the items of lists of the source that the copy never names, though it names the rest of the list.

    The other way round it says little: what the copy lists, the source may tell in sentences.

    Args:
        stated: Sentences of the source.
        rewritten: Sentences of the copy.
        source: The source text.
        known: What other rules found; what they found kept or lost is not told again.
    """
    told = Region([fact.source for fact in known if fact.source])
    return [
        Fact(FactKind.LIST, Verdict.OMITTED, item.span, None, item_dropped(source, item.span))
        for item in _missing(stated, rewritten)
        if not told.touches(item.span)
    ]


def _missing(ours: Sequence[Sentence], theirs: Sequence[Sentence]) -> Iterator[_Item]:
    told = frozenset(stem for sentence in theirs for word in sentence.words if (stem := stem_of(word)))
    longest: dict[str, int] = {}
    for items in (items for sentence in theirs for items in _lists(sentence)):
        for item in items:
            longest[item.stems[0]] = max(longest.get(item.stems[0], 1), len(items))
    for sentence in ours:
        for items in _lists(sentence):
            named = [item.stems[0] for item in items if item.stems[0] in told]
            # A list as long as this one has the item in other words.
            if named and max(longest.get(stem, 1) for stem in named) < len(items):
                yield from (item for item in items if told.isdisjoint(item.stems))


def _lists(sentence: Sentence) -> Iterator[list[_Item]]:
    at = {word.span: number for number, word in enumerate(sentence.words)}
    first: dict[int, int] = {}
    chains: dict[int, list[int]] = {}
    for number, word in enumerate(sentence.words):
        head = at.get(word.head_span)
        if word.relation == "conj" and head is not None and word.pos in _ITEMS and sentence.words[head].pos in _ITEMS:
            first[number] = first.get(head, head)
            chains.setdefault(first[number], [first[number]]).append(number)
    for chain in chains.values():
        items = [item for number in chain if (item := _item(sentence, number, at))]
        if len(items) > 1:
            yield items


def _item(sentence: Sentence, number: int, at: dict[Span, int]) -> _Item | None:
    main = sentence.words[number]
    own = [
        word
        for word in sentence.words[max(0, number - 4) : number]
        if word.relation in _OWN and at.get(word.head_span) == number
    ]
    stems = [stem for word in (main, *own) if (stem := stem_of(word))]
    if not stem_of(main):
        return None
    return _Item(Span(min(word.span.start for word in (main, *own)), main.span.end), tuple(stems))
