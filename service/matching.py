"""Pair the facts of a source with those of a rewrite, in both directions."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from rapidfuzz import fuzz

from service.facts import Fact, FactKind, Verdict
from service.names import Name, acronyms, all_keys, capitals
from service.quotations import Quotation, find_quotations, is_constructed
from service.spans import Span

_WORD = re.compile(r"\w+(?:['’]\w+)*")
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
        if partner is None:
            gone.append(mention)
        else:
            pairs.append((mention, partner))
    new = [mention for mention in free if not any(same(other, mention) for other in stated)]
    facts = [Fact(kind=a.kind, verdict=Verdict.KEPT, source=a.span, copy=b.span) for a, b in pairs]
    facts = _flag_swaps(source, copy, facts)
    for mention in gone:
        partner = next((other for other in new if akin(mention, other)), None)
        if partner is None:
            facts.append(_omitted(source, mention.kind, mention.span))
        else:
            new.remove(partner)
            facts.append(_altered(source, copy, mention.kind, mention.span, partner.span))
    return facts + [_unsupported(copy, mention.kind, mention.span) for mention in new]


def _flag_swaps(source: str, copy: str, facts: list[Fact]) -> list[Fact]:
    """Mark two kept facts as altered where each stands in the surroundings of the other."""
    spots = [(_around(source, fact.source), _around(copy, fact.copy)) for fact in facts]
    flagged = list(facts)
    for i, first in enumerate(facts):
        for j in range(i + 1, len(facts)):
            second = facts[j]
            if first.kind is not second.kind or first.copy == second.copy or first.source is None or first.copy is None:
                continue
            straight = len(spots[i][0] & spots[i][1]) + len(spots[j][0] & spots[j][1])
            crossed = len(spots[i][0] & spots[j][1]) + len(spots[j][0] & spots[i][1])
            texts = source[first.source.start : first.source.end], (second.source.of(source) if second.source else "")
            if crossed >= straight + _SWAP_MARGIN and texts[0] != texts[1]:
                reason = f"{texts[0]} and {texts[1]} have changed places."
                flagged[i] = _with(flagged[i], reason)
                flagged[j] = _with(flagged[j], reason)
    return flagged


def _with(fact: Fact, reason: str) -> Fact:
    return Fact(kind=fact.kind, verdict=Verdict.ALTERED, source=fact.source, copy=fact.copy, reason=reason)


def _around(text: str, span: Span | None) -> frozenset[str]:
    if span is None:
        return frozenset()
    before = _WORD.findall(text[max(0, span.start - _WINDOW) : span.start])[-4:]
    after = _WORD.findall(text[span.end : span.end + _WINDOW])[:4]
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
        spelled_out = name.span.of(source).isupper() and name.keys[0] in expansions
        if spelled_out or all(_stands(key, copy_keys) for key in name.keys):
            found = [span for key in name.keys if (span := _stands(key, copy_keys))]
            facts.append(Fact(name.kind, Verdict.KEPT, name.span, _run(copy, found) if found else None))
        else:
            gone.append(name)
    new = [name for name in rewritten if not all(_stands(key, source_keys) or _meant(key, source_keys) for key in name.keys)]
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
    end = max((span.end for span in spans if first.start <= span.start and span.end - first.start < 80), default=first.end)
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
            other
            for other in rewritten
            if (said := _plain(other.inner.of(copy))) and (said in words or words in said)
        ]
        covered = sum(len(_plain(other.inner.of(copy)).split()) for other in partners)
        if is_constructed(source, quotation):
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
    return facts + [
        _unsupported(copy, FactKind.QUOTATION, other.outer) for other in rewritten if other not in used
    ]


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
