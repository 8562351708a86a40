"""Did a whole statement get lost or come in? And which omissions are only chat that was dropped (W3)?"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

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
_MEANING = frozenset({FactKind.POLARITY, FactKind.CERTAINTY})


def match_statements(stated: Sequence[Sentence], rewritten: Sequence[Sentence], source: str, copy: str) -> list[Fact]:
    """List the sentences of news that left no trace in the copy, and those of the copy that come from nowhere.

    Args:
        stated: Sentences of the source.
        rewritten: Sentences of the copy.
        source: The source text.
        copy: The rewrite.
    """
    told = frozenset[str]().union(*(sentence.stems for sentence in rewritten))
    known = frozenset[str]().union(*(sentence.stems for sentence in stated))
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
        and _cover(sentence, known) < (_SUPPORT if len(sentence.stems) >= _SURE_NEW_WORDS else _COVER)
    ]
    return facts


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
