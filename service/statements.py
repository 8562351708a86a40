"""Did a whole statement get lost or come in? And which omissions are only chat that was dropped (W3)?"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence

from service import explanations
from service.alignment import Sentence
from service.chat import chat_probability
from service.facts import Fact, FactKind, Verdict
from service.spans import Span

# A sentence that is less likely chat than this tells news; wire copy keeps nothing of 1 in 16 of such sentences.
_NEWS = 0.2
# A sentence that is more likely chat than this may go, with the names and figures in it. On held-out pairs 3 in 1,000
# sentences of news are above it.
_CHAT = 0.7
# What is denied or doubted weighs more than a name dropped in passing.
_SURELY_CHAT = 0.8
# Too short to tell: "Putin's out."
_LEAST_CHAT_WORDS = 4
_COVER = 0.2
# Plain words replace slang, so a sentence of a faithful copy shares a third of its content words and more with the
# source; 1.5 in 100 share less.
_SUPPORT = 0.34
_SURE_NEW_WORDS = 4
_LEAST_WORDS = 2
_LEAST_NEW_WORDS = 3
_NEVER_CHAT = frozenset({FactKind.QUOTATION, FactKind.RELATION})
_ANCHORS = frozenset({FactKind.FIGURE, FactKind.MONEY, FactKind.PERCENT, FactKind.QUOTATION})
# Where a sentence is gone its date may tell where it went; one that is new may borrow the date of another.
_TIMES = frozenset({FactKind.DATE, FactKind.TIME})
_SMALL = frozenset({"one", "1", "two", "2", "three", "3", "first", "second", "third", "both"})
_MEANING = frozenset({FactKind.POLARITY, FactKind.CERTAINTY})


def match_statements(
    stated: Sequence[Sentence], rewritten: Sequence[Sentence], source: str, copy: str, *, known: Sequence[Fact] = ()
) -> list[Fact]:
    """List the sentences of news that left no trace in the copy, and those of the copy that come from nowhere.

    Plain words replace slang, so a short sentence may share no word with what it tells; where a figure or a quotation
    of it stands on the other side, it comes from there. A date tells so much of a lost sentence only.

    Args:
        stated: Sentences of the source.
        rewritten: Sentences of the copy.
        source: The source text.
        copy: The rewrite.
        known: What was found so far.
    """
    kept = [fact for fact in known if fact.verdict is Verdict.KEPT]
    told_there = _anchors((fact.source for fact in kept if fact.kind in _ANCHORS | _TIMES), source)
    known_there = _anchors((fact.copy for fact in kept if fact.kind in _ANCHORS), copy)
    told = frozenset[str]().union(*(sentence.stems for sentence in rewritten))
    shared = frozenset[str]().union(*(sentence.stems for sentence in stated))
    facts = [
        Fact(
            FactKind.RELATION,
            Verdict.OMITTED,
            sentence.span,
            None,
            explanations.omitted(FactKind.RELATION, source, sentence.span),
        )
        for sentence in stated
        if len(sentence.stems) >= _LEAST_WORDS
        and _cover(sentence, told) < _COVER
        and not _is_anchored(sentence.span, told_there)
        and chat_probability(sentence.span.of(source)) < _NEWS
    ]
    facts += [
        Fact(
            FactKind.RELATION,
            Verdict.UNSUPPORTED,
            None,
            sentence.span,
            explanations.added(FactKind.RELATION, copy, sentence.span),
        )
        for sentence in rewritten
        if len(sentence.stems) >= _LEAST_NEW_WORDS
        and _cover(sentence, shared) < (_SUPPORT if len(sentence.stems) >= _SURE_NEW_WORDS else _COVER)
        and not _is_anchored(sentence.span, known_there)
    ]
    return facts


def _anchors(spans: Iterable[Span | None], text: str) -> list[int]:
    """Give where the facts begin that are kept and tell enough: a small number may be another of its value."""
    return sorted(span.start for span in spans if span and span.of(text).casefold() not in _SMALL)


def _is_anchored(sentence: Span, anchors: Sequence[int]) -> bool:
    first = bisect_left(anchors, sentence.start)
    return first < len(anchors) and anchors[first] < sentence.end


def excuse_chat(facts: Sequence[Fact], stated: Sequence[Sentence], source: str) -> list[Fact]:
    """Leave out the omissions that stand in a sentence of chat ("Who measures a river in a flood, Ricky?!")."""
    chances: dict[Span, float] = {}
    return [fact for fact in facts if not _is_chat(fact, stated, source, chances)]


def _is_chat(fact: Fact, stated: Sequence[Sentence], source: str, chances: dict[Span, float]) -> bool:
    if fact.verdict is not Verdict.OMITTED or fact.kind in _NEVER_CHAT or fact.source is None:
        return False
    number = bisect_right(stated, fact.source.start, key=lambda sentence: sentence.span.start) - 1
    if number < 0 or stated[number].span.end <= fact.source.start:
        return False
    span = stated[number].span
    if span not in chances:
        words = span.of(source)
        chances[span] = chat_probability(words) if len(words.split()) >= _LEAST_CHAT_WORDS else 0.0
    return chances[span] > (_SURELY_CHAT if fact.kind in _MEANING else _CHAT)


def _cover(sentence: Sentence, others: frozenset[str]) -> float:
    return len(sentence.stems & others) / len(sentence.stems)
