"""Pair the facts of a source with those of a rewrite, in both directions."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import deque
from collections.abc import Callable, Sequence
from itertools import islice

from rapidfuzz import fuzz

from service import explanations
from service.facts import Fact, FactKind, Verdict
from service.mentions import M, Mentions
from service.quotations import find_quotations, is_constructed
from service.regions import nearest
from service.spans import Span
from service.swaps import flag_swaps

_WORD = re.compile(r"\w+(?:['’]\w+)*")
# Of more quotations than this, those about as far into the text are looked at.
_MOST = 100
# A figure is told by another only where the two stand together.
_BESIDE = 120
_FEW = frozenset({"two", "2", "three", "3"})
_DEFINITE = re.compile(r"\b(?:the|these|those|his|her|their|its|our|my|your|other|all|you|us|of)\s+$", re.IGNORECASE)


def match_mentions(
    source: str,
    copy: str,
    stated: Sequence[M],
    rewritten: Sequence[M],
    *,
    same: Callable[[M, M], bool],
    is_told_by: Callable[[M, M, Sequence[M]], bool] = lambda gone, new, beside: False,
) -> list[Fact]:
    """Match figures with figures or dates with dates.

    A fact told twice on one side and once on the other is kept. A stated fact that is gone and a new one of its kind
    are one altered fact.

    Args:
        source: The source text.
        copy: The rewrite.
        stated: What the source states.
        rewritten: What the copy states.
        same: Whether two mentions say the same.
        is_told_by: Whether a mention that is gone is told by a new one, given the kept ones beside it.
    """
    pairs: list[tuple[M, M]] = []
    free, told, filed = Mentions(rewritten), Mentions(rewritten), Mentions(stated)
    gone: list[M] = []
    lost: list[M] = []
    doubtful: list[M] = []
    for index, mention in enumerate(stated):
        place = index / len(stated)
        found = free.find(mention, place, same)
        if found is not None:
            free.discard(found)
        else:
            found = told.find(mention, place, same)
        partner = None if found is None else rewritten[found]
        if partner is not None and (mention.certain or partner.certain):
            pairs.append((mention, partner))
        elif partner is None:
            (gone if mention.certain else doubtful).append(mention)
    new: dict[FactKind, deque[M]] = {}
    twins: dict[str, deque[M]] = {}
    for index in free.rest():
        mention = rewritten[index]
        if not (mention.certain or mention.twin) or _is_told_by_naming(copy, mention.span):
            continue
        if filed.find(mention, index / len(rewritten), lambda a, b: same(b, a)) is None:
            if mention.certain:
                new.setdefault(mention.kind, deque()).append(mention)
            else:
                twins.setdefault(mention.twin, deque()).append(mention)
    facts = flag_swaps(source, copy, pairs, same)
    for mention in doubtful:
        if twin := twins.get(mention.twin):
            facts.append(_altered(source, copy, mention.kind, mention.span, twin.popleft().span))
    kept = [first for first, _ in pairs]
    starts = [mention.span.start for mention in kept]
    for mention in gone:
        others = new.get(mention.kind, deque())
        beside = kept[
            bisect_left(starts, mention.span.start - _BESIDE) : bisect_left(starts, mention.span.end + _BESIDE)
        ]
        teller = next((other for other in islice(others, _MOST) if is_told_by(mention, other, beside)), None)
        if teller is not None:
            others.remove(teller)
            facts.append(Fact(kind=mention.kind, verdict=Verdict.KEPT, source=mention.span, copy=teller.span))
        else:
            lost.append(mention)
    for mention in lost:
        if akin := new.get(mention.kind):
            facts.append(_altered(source, copy, mention.kind, mention.span, akin.popleft().span))
        elif not _is_told_by_naming(source, mention.span):
            facts.append(_omitted(source, mention.kind, mention.span))
    return facts + [_unsupported(copy, mention.kind, mention.span) for akin in new.values() for mention in akin]


def _is_told_by_naming(source: str, span: Span) -> bool:
    """Tell whether a figure is so small that naming what it counts tells it too: "the two sides"."""
    return span.of(source).casefold() in _FEW and bool(_DEFINITE.search(source[max(0, span.start - 12) : span.start]))


def _place(span: Span, source: str, copy: str) -> float:
    """Tell where in the copy something would stand that stands at ``span`` in the source."""
    return span.start / max(1, len(source)) * len(copy)


def match_quotations(source: str, copy: str) -> list[Fact]:
    """Match quotations word for word; marks may be straight or typographic."""
    stated, rewritten = find_quotations(source), find_quotations(copy)
    copied = f" {_plain(copy)} "
    said = [_plain(other.inner.of(copy)) for other in rewritten]
    constructed = [is_constructed(copy, other) for other in rewritten]
    exact: dict[str, list[int]] = {}
    for other, others_words in enumerate(said):
        exact.setdefault(others_words, []).append(other)
    facts: list[Fact] = []
    used: set[int] = set()
    for quotation in stated:
        words = _plain(quotation.inner.of(source))
        place = _place(quotation.outer, source, copy)
        beside = bisect_left(rewritten, place, key=lambda other: other.outer.start)
        # The very words count wherever they stand.
        near = sorted({*nearest(range(len(rewritten)), beside, most=_MOST), *exact.get(words, ())[:_MOST]})
        partners = [other for other in near if said[other] and (said[other] in words or words in said[other])]
        covered = sum(len(said[other].split()) for other in partners)
        if is_constructed(source, quotation):
            as_filed = {other for other in partners if constructed[other]}
            used.update(as_filed)
            partners = [other for other in partners if other not in as_filed]
            if partners and covered > 0.5 * len(words.split()):
                used.update(partners)
                facts.append(
                    Fact(
                        FactKind.QUOTATION,
                        Verdict.ALTERED,
                        quotation.outer,
                        rewritten[partners[0]].outer,
                        "The source only puts these words in a speaker's mouth, the copy quotes them as said: "
                        + explanations.shown(copy, rewritten[partners[0]].outer),
                    )
                )
            continue
        if partners and covered >= len(words.split()):
            used.update(partners)
            facts.append(Fact(FactKind.QUOTATION, Verdict.KEPT, quotation.outer, rewritten[partners[0]].outer))
            continue
        close = max(
            (other for other in near if other not in used),
            key=lambda other: fuzz.ratio(words, said[other]),
            default=None,
        )
        if close is not None and fuzz.ratio(words, said[close]) > 50:
            used.add(close)
            facts.append(_altered(source, copy, FactKind.QUOTATION, quotation.outer, rewritten[close].outer))
        elif len(words.split()) <= _SCARE_WORDS and _is_explained(source, quotation.outer):
            continue
        elif len(words.split()) <= _MARKED_WORDS and f" {words} " in copied:
            continue  # A few words may lose their marks; whether they stand there is what matters.
        else:
            facts.append(_omitted(source, FactKind.QUOTATION, quotation.outer))
    told = f" {_plain(source)} "
    new = [
        other.outer
        for number, other in enumerate(rewritten)
        if number not in used and not (_is_title(other.inner.of(copy)) and f" {said[number]} " in told)
    ]
    return facts + [_unsupported(copy, FactKind.QUOTATION, outer) for outer in new]


_SCARE_WORDS = 3
_MARKED_WORDS = 5
_EXPLAINED_BEFORE = re.compile(
    r"(?:\bwhat(?:['’]s|\s+is)|\bdefin\w+|\bthe\s+word|\bthe\s+term)\s+(?:an?\s+|the\s+)?$", re.I
)
_EXPLAINED_AFTER = re.compile(r"\s+(?:(?:is|are)(?:n['’]t|\s+(?:not|just|like|when|what|a\s+fancy))\b|means?\b)", re.I)
_TITLE_LINKS = frozenset(
    ["a", "an", "and", "as", "at", "but", "by", "for", "from", "in", "of", "on", "or", "the", "to", "vs", "with"]
)


def _is_explained(source: str, span: Span) -> bool:
    """Tell whether a word stands in marks because it is explained: "suing" is when grown-ups argue."""
    return bool(_EXPLAINED_BEFORE.search(source[max(0, span.start - 24) : span.start])) or bool(
        _EXPLAINED_AFTER.match(source, span.end)
    )


def _is_title(words: str) -> bool:
    """Tell whether words in marks are the title of a work, which wire copy quotes and talk does not."""
    return all(word[:1].isupper() or word[:1].isdigit() or word in _TITLE_LINKS for word in words.split())


def _plain(words: str) -> str:
    return " ".join(_WORD.findall(words.replace("’", "'").casefold()))


def _omitted(source: str, kind: FactKind, span: Span) -> Fact:
    return Fact(kind, Verdict.OMITTED, span, None, explanations.omitted(kind, source, span))


def _unsupported(copy: str, kind: FactKind, span: Span) -> Fact:
    return Fact(kind, Verdict.UNSUPPORTED, None, span, explanations.added(kind, copy, span))


def _altered(source: str, copy: str, kind: FactKind, stated: Span, rewritten: Span) -> Fact:
    reason = explanations.altered(kind, source, stated, copy, rewritten)
    return Fact(kind, Verdict.ALTERED, stated, rewritten, reason)
