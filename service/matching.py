"""Pair the facts of a source with those of a rewrite, in both directions."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, Protocol, TypeVar

from rapidfuzz import fuzz

from service.facts import Fact, FactKind, Verdict
from service.names import Name, acronyms, all_keys, capitals
from service.quotations import Quotation, find_quotations, is_constructed
from service.spans import Span

_WORD = re.compile(r"\w+(?:['’]\w+)*")
_CLAUSE_END = re.compile(r"[.!?;:]\s")
_FROM_TO = re.compile(r"\b(from|to)\s+$", re.IGNORECASE)
_WINDOW = 45
_SWAP_MARGIN = 2


class Mention(Protocol):
    """A figure, a date or a time that stands somewhere."""

    @property
    def span(self) -> Span:
        """Where it stands."""

    @property
    def kind(self) -> FactKind:
        """What it is about."""

    @property
    def certain(self) -> bool:
        """False where the words may state nothing, so that nobody misses them."""

    def may_swap_with(self, other: Any) -> bool:
        """Tell whether one could stand where the other stands without a change of unit."""


M = TypeVar("M", bound=Mention)


def match_mentions(
    source: str,
    copy: str,
    stated: Sequence[M],
    rewritten: Sequence[M],
    *,
    same: Callable[[M, M], bool],
    akin: Callable[[M, M], bool],
) -> list[Fact]:
    """Match figures with figures or dates with dates.

    A fact told twice on one side and once on the other is kept. A stated fact that is gone and a new one that is akin
    to it are one altered fact.

    Args:
        source: The source text.
        copy: The rewrite.
        stated: What the source states.
        rewritten: What the copy states.
        same: Whether two mentions say the same.
        akin: Whether one may stand where the other stood.
    """
    pairs: list[tuple[M, M]] = []
    free = list(rewritten)
    gone: list[M] = []
    for mention in stated:
        partner = next((other for other in free if same(mention, other)), None)
        if partner is not None:
            free.remove(partner)
        else:
            partner = next((other for other in rewritten if same(mention, other)), None)
        if partner is not None and (mention.certain or partner.certain):
            pairs.append((mention, partner))
        elif partner is None and mention.certain:
            gone.append(mention)
    new = [mention for mention in free if mention.certain and not any(same(other, mention) for other in stated)]
    facts = _flag_swaps(source, copy, pairs, same)
    for mention in gone:
        partner = next((other for other in new if akin(mention, other)), None)
        if partner is None:
            facts.append(_omitted(source, mention.kind, mention.span))
        else:
            new.remove(partner)
            facts.append(_altered(source, copy, mention.kind, mention.span, partner.span))
    return facts + [_unsupported(copy, mention.kind, mention.span) for mention in new]


def _flag_swaps(source: str, copy: str, pairs: Sequence[tuple[M, M]], same: Callable[[M, M], bool]) -> list[Fact]:
    """List the kept facts; two of them are altered where each stands in the surroundings of the other."""
    stated, rewritten = [first.span for first, _ in pairs], [second.span for _, second in pairs]
    spots = [(_around(source, a.span, stated), _around(copy, b.span, rewritten)) for a, b in pairs]
    facts = [Fact(kind=a.kind, verdict=Verdict.KEPT, source=a.span, copy=b.span) for a, b in pairs]
    for i, (first, first_copy) in enumerate(pairs):
        for j, (second, second_copy) in enumerate(pairs[i + 1 :], start=i + 1):
            if not first.may_swap_with(second) or same(first, second) or first_copy.span == second_copy.span:
                continue
            straight = len(spots[i][0] & spots[i][1]) + len(spots[j][0] & spots[j][1])
            crossed = len(spots[i][0] & spots[j][1]) + len(spots[j][0] & spots[i][1])
            course = _course(source, first.span), _course(copy, first_copy.span)
            if "" not in course:
                straight, crossed = (9, 0) if course[0] == course[1] else (0, 9)
            turned = (first.span < second.span) != (first_copy.span < second_copy.span)
            if crossed >= straight + _SWAP_MARGIN or (turned and crossed >= straight):
                reason = f"{first.span.of(source)} and {second.span.of(source)} have changed places."
                facts[i] = replace(facts[i], verdict=Verdict.ALTERED, reason=reason)
                facts[j] = replace(facts[j], verdict=Verdict.ALTERED, reason=reason)
    return facts


def _course(text: str, span: Span) -> str:
    """Tell whether a figure is where a change came from or where it led to."""
    match = _FROM_TO.search(text[max(0, span.start - 8) : span.start])
    return match[1].casefold() if match else ""


def _around(text: str, span: Span | None, others: Sequence[Span]) -> frozenset[str]:
    """Give the words near a mention, up to the next mention or the end of the sentence."""
    if span is None:
        return frozenset()
    begin = max([span.start - _WINDOW, 0, *(other.end for other in others if other.end <= span.start)])
    end = min([span.end + _WINDOW, *(other.start for other in others if other.start >= span.end)])
    before = _WORD.findall(_CLAUSE_END.split(text[begin : span.start])[-1])[-4:]
    after = _WORD.findall(_CLAUSE_END.split(text[span.end : end])[0])[:4]
    return frozenset(word.casefold()[:5] for word in before + after if len(word) > 2)


def match_names(source: str, copy: str, stated: Sequence[Name], rewritten: Sequence[Name]) -> list[Fact]:
    """Match names word by word: each name word of either side must stand in the other, in any listed form."""
    source_keys, copy_keys = all_keys(source), all_keys(copy)
    expansions = acronyms(copy)
    facts: list[Fact] = []
    gone: list[Name] = []
    seen: set[tuple[str, ...]] = set()
    for name in stated:
        if name.keys in seen:
            continue
        seen.add(name.keys)
        capitals_only = {word.casefold() for word in _WORD.findall(name.span.of(source)) if word.isupper()}
        spelled_out = capitals_only & expansions
        if all(key in spelled_out or _stands(key, copy_keys) for key in name.keys):
            found = [span for key in name.keys if (span := _stands(key, copy_keys))]
            facts.append(Fact(name.kind, Verdict.KEPT, name.span, _run(copy, found) if found else None))
        else:
            gone.append(name)
    new = [
        name
        for name in rewritten
        if not all(_stands(key, source_keys) or _meant(key, source_keys) for key in name.keys)
    ]
    for name in gone:
        partner = max(new, key=lambda other: fuzz.ratio(name.keys, other.keys), default=None)
        if partner is not None and (partner.kind == name.kind or fuzz.ratio(name.keys, partner.keys) > 40):
            new.remove(partner)
            facts.append(_altered(source, copy, name.kind, name.span, partner.span))
        else:
            facts.append(_omitted(source, name.kind, name.span))
    return facts + [_unsupported(copy, name.kind, name.span) for name in new]


def _stands(key: str, keys: dict[str, Span]) -> Span | None:
    if key in keys:
        return keys[key]
    country = capitals().get(key)
    if country in keys:
        return keys[country]
    # A plural, or the adjective of a listed acronym.
    return keys.get(key.removesuffix("s")) or keys.get(key + "s")


def _meant(key: str, source_keys: dict[str, Span]) -> bool:
    """Tell whether the source names the seat of government of this country, or part of a longer listed name."""
    return any(country == key and seat in source_keys for seat, country in capitals().items())


def _run(copy: str, spans: list[Span]) -> Span:
    first = spans[0]
    end = max(
        (span.end for span in spans if first.start <= span.start and span.end - first.start < 80), default=first.end
    )
    return Span(first.start, end)


def match_quotations(source: str, copy: str) -> list[Fact]:
    """Match quotations word for word; marks may be straight or typographic."""
    stated = find_quotations(source)
    rewritten = list(find_quotations(copy))
    copied = _plain(copy)
    facts: list[Fact] = []
    used: set[Quotation] = set()
    for quotation in stated:
        words = _plain(quotation.inner.of(source))
        partners = [
            other for other in rewritten if (said := _plain(other.inner.of(copy))) and (said in words or words in said)
        ]
        covered = sum(len(_plain(other.inner.of(copy)).split()) for other in partners)
        if is_constructed(source, quotation):
            as_filed = {other for other in partners if is_constructed(copy, other)}
            used.update(as_filed)
            partners = [other for other in partners if other not in as_filed]
            if partners and covered > 0.5 * len(words.split()):
                used.update(partners)
                facts.append(
                    Fact(
                        FactKind.QUOTATION,
                        Verdict.ALTERED,
                        quotation.outer,
                        partners[0].outer,
                        "The source only puts these words in a speaker's mouth; the copy quotes them as said.",
                    )
                )
            continue
        if partners and covered >= len(words.split()):
            used.update(partners)
            facts.append(Fact(FactKind.QUOTATION, Verdict.KEPT, quotation.outer, partners[0].outer))
            continue
        close = max(
            (other for other in rewritten if other not in used),
            key=lambda other: fuzz.ratio(words, _plain(other.inner.of(copy))),
            default=None,
        )
        if close is not None and fuzz.ratio(words, _plain(close.inner.of(copy))) > 50:
            used.add(close)
            facts.append(_altered(source, copy, FactKind.QUOTATION, quotation.outer, close.outer))
        elif words in copied and len(words.split()) <= _SCARE_WORDS:
            continue  # Single words may lose their marks; whether they stand there is what matters.
        else:
            facts.append(_omitted(source, FactKind.QUOTATION, quotation.outer))
    return facts + [_unsupported(copy, FactKind.QUOTATION, other.outer) for other in rewritten if other not in used]


_SCARE_WORDS = 3


def _plain(words: str) -> str:
    return " ".join(_WORD.findall(words.replace("’", "'").casefold()))


def _omitted(source: str, kind: FactKind, span: Span) -> Fact:
    return Fact(kind, Verdict.OMITTED, span, None, f"The source says {_shown(source, span)}, the copy does not.")


def _unsupported(copy: str, kind: FactKind, span: Span) -> Fact:
    return Fact(kind, Verdict.UNSUPPORTED, None, span, f"The copy says {_shown(copy, span)}, the source does not.")


def _altered(source: str, copy: str, kind: FactKind, stated: Span, rewritten: Span) -> Fact:
    reason = f"The source says {_shown(source, stated)}, the copy says {_shown(copy, rewritten)}."
    return Fact(kind, Verdict.ALTERED, stated, rewritten, reason)


def _shown(text: str, span: Span) -> str:
    words = " ".join(span.of(text).split())
    return words if len(words) <= 80 else words[:77] + "..."
