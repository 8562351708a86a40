"""Did what somebody says become what is so? A statement that the copy tells on its own authority."""

from __future__ import annotations

from collections.abc import Sequence

from service.alignment import Sentence
from service.annotation import Word
from service.explanations import shown
from service.facts import Fact, FactKind, Verdict
from service.participants import Participants
from service.regions import nearest
from service.spans import Span
from service.speakers import Statement, find_statements

# Fewer topics may stand together anywhere.
_LEAST = 3
# How much of a statement a sentence must tell to be the same, and how much one that is attributed.
_SAME = 0.6
_ATTRIBUTED = 0.34
_ATTRIBUTION = ("attribution", "hearsay", "hearsay_strong", "accused", "charged")
_UNSURE = (*_ATTRIBUTION, "modal", "possibility", "plan")
_MOST = 100
# What they say is nobody's word, or the narrator's.
_NOBODY = frozenset(
    {"i", "we", "you", "it", "nobody", "none", "one", "who", "which", "that", "this", "people", "everyone", "everybody"}
)


def match_attributions(source: Participants, copy: Participants, rewritten: Sequence[Sentence]) -> list[Fact]:
    """List the speakers of the source whose statement stands in the copy as a fact.

    Args:
        source: Who and what the source speaks of.
        copy: Who and what the copy speaks of.
        rewritten: Sentences of the copy.
    """
    if source.annotated.text == copy.annotated.text:
        return []
    stated = [
        one
        for one in find_statements(source)
        if len(one.topics) >= _LEAST and not one.quoted and _is_somebody(source.words[one.speaker])
    ]
    if not stated:
        return []
    attributed = find_statements(copy)
    topics = [_topics(copy, sentence.span) for sentence in rewritten]
    facts: list[Fact] = []
    for one in stated:
        if any(_share(one, other.topics) >= _ATTRIBUTED or other.quoted for other in attributed):
            continue
        near = nearest(
            range(len(rewritten)),
            source.words[one.speaker].span.start / len(source.annotated.text) * len(rewritten),
            most=_MOST,
        )
        bare = next((n for n in near if _share(one, topics[n]) >= _SAME and _is_bare(rewritten, n)), None)
        if bare is not None and not one.names & topics[bare]:
            here = source.whole(one.speaker)
            speaker, told = shown(source.annotated.text, here), shown(copy.annotated.text, rewritten[bare].span)
            reason = f'The source gives this as the word of "{speaker}", the copy as a fact: "{told}"'
            facts.append(Fact(FactKind.ATTRIBUTION, Verdict.OMITTED, here, rewritten[bare].span, reason))
    return facts


def _is_somebody(speaker: Word) -> bool:
    return speaker.lemma not in _NOBODY and speaker.pos != "NUM"


def _share(one: Statement, topics: frozenset[str]) -> float:
    return len(one.topics & topics) / len(one.topics)


def _topics(text: Participants, span: Span) -> frozenset[str]:
    return frozenset[str]().union(
        *(own for word, own in zip(text.words, text.topics, strict=True) if span.start <= word.span.start < span.end)
    )


def _is_bare(sentences: Sequence[Sentence], number: int) -> bool:
    """Tell whether neither a sentence nor those beside it say that somebody says so."""
    beside = sentences[max(0, number - 1) : number + 2]
    return not sentences[number].cues_of(*_UNSURE) and not any(one.cues_of(*_ATTRIBUTION) for one in beside)
