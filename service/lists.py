"""Lists: is an item of one missing?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from service.alignment import STEM, Sentence, stem_of
from service.annotation import Word
from service.explanations import item_dropped
from service.facts import Fact, FactKind, Verdict
from service.regions import Region
from service.spans import Span

_ITEMS = frozenset({"NOUN", "PROPN"})
_OWN = frozenset({"compound", "amod", "nummod", "nmod", "poss"})
# What an item may be made of, where the list is read off its commas.
_PARTS = _ITEMS | {"DET", "ADJ", "NUM", "PRON"}
_GOVERNS = frozenset({"VERB", "AUX", "ADP", "PART"})
_LONGEST_ITEM = 5
_JOINTS = frozenset({"and", "or", "&", "plus", "n", "nor"})
# Chat between commas, which the parser takes for one more item.
_NO_ITEMS = frozenset(
    {"mind", "tho", "though", "lol", "approx", "szn", "us", "one", "day", "news", "repeat", "mums", "blimey"}
)


@dataclass(frozen=True)
class _Item:
    """One thing in a list: where it stands and the beginnings of its words, that of its main word first.

    One that may be no thing ("quiet") makes a list longer but is not missed.
    """

    span: Span
    stems: tuple[str, ...]
    sure: bool = True


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
    listing = [lists for sentence in ours if (lists := list(_lists(sentence)))]
    if not listing:
        return
    told = frozenset(form for sentence in theirs for word in sentence.words for form in _forms(word))
    longest: dict[str, int] = {}
    for items in (items for sentence in theirs for items in _lists(sentence)):
        for item in items:
            longest[item.stems[0]] = max(longest.get(item.stems[0], 1), len(items))
    for lists in listing:
        found: list[Span] = []
        for items in lists:
            named = [item.stems[0] for item in items if item.stems[0] in told]
            # A list as long as this one has the item in other words.
            if named and max(longest.get(stem, 1) for stem in named) < len(items):
                lost = [
                    item
                    for item in items
                    if item.sure and told.isdisjoint(item.stems) and not _told_before(item.span, found)
                ]
                found += [item.span for item in lost]
                yield from lost


def _told_before(span: Span, found: Iterable[Span]) -> bool:
    return any(span.overlaps(other) for other in found)


def _forms(word: Word) -> tuple[str, ...]:
    """Give what a word of the copy may be found by, whatever part of speech the tagger took it for."""
    text = word.text.casefold()
    return (stem_of(word), word.lemma[:STEM], text[:STEM], text.removesuffix("s")[:STEM])


def _lists(sentence: Sentence) -> Iterator[list[_Item]]:
    yield from _parsed(sentence)
    yield from _written(sentence)


def _parsed(sentence: Sentence) -> Iterator[list[_Item]]:
    """Give the lists of two and more that the parser found."""
    at = {word.span: number for number, word in enumerate(sentence.words)}
    joints = {at.get(word.head_span) for word in sentence.words if word.relation == "cc"}
    first: dict[int, int] = {}
    chains: dict[int, list[int]] = {}
    for number, word in enumerate(sentence.words):
        head = at.get(word.head_span)
        if word.relation == "conj" and head is not None and word.pos in _ITEMS and sentence.words[head].pos in _ITEMS:
            first[number] = first.get(head, head)
            chains.setdefault(first[number], [first[number]]).append(number)
    for chain in chains.values():
        items = [item for number in chain if (item := _item(sentence, number, at))]
        if len(items) > 2 or (len(items) == 2 and joints.intersection(chain)):
            yield items


def _written(sentence: Sentence) -> Iterator[list[_Item]]:
    """Give the lists of three and more that stand between commas and "and", whatever the parser made of them."""
    words = sentence.words
    start = 0
    while start < len(words):
        items, position, closed = list[_Item](), start, False
        while not closed and (end := _end(words, position, _PARTS)) > position:
            items += _phrase(words[position:end])
            comma = end < len(words) and words[end].text == ","
            joint = end + comma
            if joint < len(words) and words[joint].text.casefold() in _JOINTS:
                last = _end(words, joint + 1, _PARTS)
                items += _phrase(words[joint + 1 : last])
                position, closed = last, True
                if (
                    start
                    and words[start - 1].pos in _GOVERNS
                    and words[last:]
                    and words[last].pos in _GOVERNS - {"ADP"}
                ):
                    items = []  # "They took a radio, a laptop, and the police came."
            elif comma:
                position = end + 1
            else:
                position = end
                break
        if closed and len(items) > 2:
            yield items
        start = max(position, start + 1)


def _end(words: Sequence[Word], start: int, parts: frozenset[str]) -> int:
    end = start
    while end < len(words) and end - start < _LONGEST_ITEM and words[end].pos in parts:
        end += 1
    return end


def _phrase(words: Sequence[Word]) -> list[_Item]:
    stems = [stem for word in reversed(words) if (stem := stem_of(word))]
    if not stems or not stem_of(words[-1]) or words[-1].text.casefold() in _NO_ITEMS:
        return []
    return [_Item(Span(words[0].span.start, words[-1].span.end), tuple(stems), words[-1].pos in _ITEMS)]


def _item(sentence: Sentence, number: int, at: dict[Span, int]) -> _Item | None:
    main = sentence.words[number]
    own = [
        word
        for word in sentence.words[max(0, number - 4) : number]
        if word.relation in _OWN and at.get(word.head_span) == number
    ]
    stems = [stem for word in (main, *own) if (stem := stem_of(word))]
    if not stem_of(main) or main.text.casefold() in _NO_ITEMS:
        return None
    return _Item(Span(min(word.span.start for word in (main, *own)), main.span.end), tuple(stems))
