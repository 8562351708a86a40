"""Who is "she"? A pronoun that the source leaves open must not become someone in the copy."""

from __future__ import annotations

from service.explanations import shown
from service.facts import Fact, FactKind, Verdict
from service.participants import Participants

_PRONOUNS = frozenset({"he", "she", "it", "they", "we"})
_NOUNS = frozenset({"NOUN", "PROPN"})
_SUBJECTS = frozenset({"nsubj", "nsubjpass"})
_DEFINITE = frozenset({"the", "this", "that", "these", "those"})
# What "it" does that is nobody: "it snowed", "it was the kids who found it".
_IMPERSONAL = frozenset({"be", "turn", "look", "seem", "appear", "sound", "snow", "rain", "take"})
# Who reads "they" as "the officials" or "the group" has learned no more of them.
_OPEN = frozenset({"person", "people", "individual", "group", "speaker", "move", "situation"})


def match_references(source: Participants, copy: Participants) -> list[Fact]:
    """Find the first subject of the copy that stands for a pronoun of which the source does not say whom it means.

    Args:
        source: Who and what the source speaks of.
        copy: Who and what the copy speaks of.
    """
    # A longer source may say later whom it means.
    if len(source.annotated.sentences) > 1:
        return []
    unknown = _unresolved(source)
    kept = sum(word.lemma in _PRONOUNS for word in copy.words)
    if not unknown or kept >= sum(word.lemma in _PRONOUNS for word in source.words):
        return []
    stated = frozenset[str]().union(*source.topics)
    named = next((number for number in range(len(copy.words)) if _is_named(copy, number, stated)), None)
    if named is None:
        return []
    stood, stands = source.words[unknown[0]].span, copy.whole(named)
    told, retold = shown(source.annotated.text, stood), shown(copy.annotated.text, stands)
    reason = f'The source does not say who or what "{told}" is, the copy says "{retold}".'
    return [Fact(FactKind.ROLE, Verdict.ALTERED, stood, stands, reason)]


def _unresolved(text: Participants) -> list[int]:
    """Give the pronouns before which nothing stands that they could mean."""
    found: list[int] = []
    for number, word in enumerate(text.words):
        if word.pos in _NOUNS:
            break
        empty = word.lemma == "it" and text.words[text.heads[number]].lemma in _IMPERSONAL
        if word.lemma in _PRONOUNS and word.relation in _SUBJECTS and not empty:
            found.append(number)
    return found


def _is_named(text: Participants, number: int, stated: frozenset[str]) -> bool:
    """Tell whether a word is a definite subject that is not among what was stated."""
    word = text.words[number]
    if word.pos not in _NOUNS or word.relation not in _SUBJECTS or word.lemma in _OPEN:
        return False
    definite = any(text.words[child].lemma in _DEFINITE for child in text.below(number, "det"))
    return definite and not text.topics[number] & stated
