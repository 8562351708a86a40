"""Who said it: does the copy put words into the mouth of another who speaks in the source?"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from service.explanations import shown
from service.facts import Fact, FactKind, Verdict
from service.lexicon import read_rows
from service.participants import FIGURE, NAME, VERBS, Participants
from service.quotations import Quotation, real_quotations
from service.regions import nearest
from service.spans import Span

_WORD = re.compile(r"\w+")
_CUES = frozenset(
    """
    say tell insist claim add argue report announce warn deny write explain note state assert allege maintain think
    believe reckon admit hint joke confirm testify estimate reveal disclose blame call describe comment tweet post
    suggest predict expect contend concede quip counter reply label dub brand dismiss figure swear
    """.split()  # noqa: SIM905
)
_CONTENT = frozenset({"ccomp", "dobj", "oprd", "xcomp", "parataxis", "prep", "attr", "acomp", "dep", "intj"})
_VIEWS = frozenset({"word", "view", "opinion", "account", "version", "estimate", "reckoning", "telling", "phrase"})
_WITHIN = frozenset({"compound", "appos", "nmod", "flat", "amod"})
_PRONOUNS = frozenset({"PRON", "DET"})
# How much of the shorter statement the two must share, and how many topics unless it is quoted.
_SHARED = 0.5
_LEAST = 2
# Where the speaker of the copy says something like it in the source as well, nobody can tell the statements apart.
_RIVAL = 0.34
# Of more statements than this, those about as far into the text are looked at.
_MOST = 100
_DEEP = 3


@dataclass(frozen=True)
class Statement:
    """Something that somebody says.

    Attributes:
        speaker: The number of the speaker's word.
        names: The topics of the speaker with titles, appositions and the like.
        topics: What the statement speaks of.
        quoted: The words it quotes.
    """

    speaker: int
    names: frozenset[str]
    topics: frozenset[str]
    quoted: frozenset[str]


def match_speakers(source: Participants, copy: Participants) -> list[Fact]:
    """List the statements that the copy attributes to another speaker than the source does."""
    if source.annotated.text == copy.annotated.text:
        return []
    rewritten = find_statements(copy)
    stated = find_statements(source) if rewritten else []
    if not stated:
        return []
    bonds = _bonds(source, _bonds(copy, {}))
    facts: list[Fact] = []
    for number, one in enumerate(rewritten):
        if not one.names:
            continue
        near = nearest(range(len(stated)), number / len(rewritten) * len(stated), most=_MOST)
        other = _counterpart(one, [stated[place] for place in near], bonds)
        if other is None or not _told_apart(one, other, source, copy):
            continue
        if any(not (said.topics or said.quoted) for said in stated if said.names and _same(one, said, bonds)):
            continue  # What the speaker of the copy says in the source could not be read.
        here, there = source.whole(other.speaker), copy.whole(one.speaker)
        what = "these words" if one.quoted & other.quoted else "this"
        told, retold = shown(source.annotated.text, here), shown(copy.annotated.text, there)
        reason = f"The source attributes {what} to {told}, the copy to {retold}."
        facts.append(Fact(FactKind.ATTRIBUTION, Verdict.ALTERED, here, there, reason))
    return facts


def _counterpart(one: Statement, stated: Sequence[Statement], bonds: dict[str, set[str]]) -> Statement | None:
    """Find the same statement by another speaker, if none is by the same."""
    likely = [(_likeness(one, other), number) for number, other in enumerate(stated)]
    most, best = max(likely)
    other = stated[best]
    if not most[0] and (most[1] < _LEAST * _SHARED or len(one.topics & other.topics) < _LEAST):
        return None
    for likeness, number in likely:
        if likeness >= (most[0], _RIVAL * most[1]) and _same(one, stated[number], bonds):
            return None
    return other


def _likeness(one: Statement, other: Statement) -> tuple[bool, float]:
    shared = len(one.topics & other.topics)
    shorter = min(len(one.topics), len(other.topics))
    quoted = any(first in second or second in first for first in one.quoted for second in other.quoted)
    ratio = shared / shorter if shorter else 0.0
    return quoted, shared * ratio if ratio >= _SHARED or quoted else 0.0


def _same(one: Statement, other: Statement, bonds: dict[str, set[str]]) -> bool:
    if not other.names:
        return True  # A pronoun may stand for anybody.
    nothing: set[str] = set()
    return (
        bool(one.names & other.names)
        or any(bonds.get(name, nothing) & other.names for name in one.names)
        or any(bonds.get(name, nothing) & one.names for name in other.names)
    )


def _told_apart(one: Statement, other: Statement, source: Participants, copy: Participants) -> bool:
    """Tell whether two speakers are surely not the same, and whether the source knows that of the copy."""
    mine, theirs = copy.topics[one.speaker], source.topics[other.speaker]
    # "Officials are examining a claim by two nurses that ...": both speak.
    if not mine & source.kinds.keys() or theirs & one.topics or mine & other.topics:
        return False
    first, second = (
        copy.whole(one.speaker).of(copy.annotated.text),
        source.whole(other.speaker).of(source.annotated.text),
    )
    if _initials(first) == second.casefold() or _initials(second) == first.casefold():
        return False
    unnamed = [
        not any(NAME in known.kinds.get(name, ()) for known in (source, copy) for name in said.names)
        for said in (one, other)
    ]
    if not unnamed[0] and unnamed[1]:
        return False  # The copy may give the name of whom the source does not name.
    families = [
        _families().get(text.words[said.speaker].lemma)
        for text, said, without in ((copy, one, unnamed[0]), (source, other, unnamed[1]))
        if without
    ]
    return None not in families and len(set(families)) == len(families)


@cache
def _families() -> dict[str, int]:
    rows = enumerate(read_rows("speakers.txt"))
    return {word: number for number, row in rows for column in row for word in column.split()}


def _initials(name: str) -> str:
    return "".join(word[0] for word in _WORD.findall(name)).casefold()


def find_statements(text: Participants) -> list[Statement]:
    """Find what a text says that somebody said."""
    quotations = real_quotations(text.annotated.text)
    within = [_quotation_at(word.span, quotations) for word in text.words]
    found = [(speaker, set(content) - set(text.tree(speaker))) for speaker, content in _spoken(text, within)]
    # A word belongs to the innermost statement: what X says that Y said is Y's.
    owners: dict[int, int] = {}
    for number in sorted(range(len(found)), key=lambda number: len(found[number][1]), reverse=True):
        owners.update(dict.fromkeys(found[number][1], number))
    statements = []
    for number, (speaker, content) in enumerate(found):
        names = frozenset[str]() if text.words[speaker].pos in _PRONOUNS else _names(text, speaker)
        own = [word for word in content if owners[word] == number]
        quotes = {within[word] for word in own} - {None}
        statements.append(
            Statement(
                speaker=speaker,
                names=names,
                topics=frozenset[str]().union(*(text.topics[word] for word in own)) - names,
                quoted=frozenset(
                    " ".join(_WORD.findall(quotations[quote].inner.of(text.annotated.text).casefold()))
                    for quote in quotes
                    if quote is not None
                ),
            )
        )
    return statements


def _quotation_at(span: Span, quotations: Sequence[Quotation]) -> int | None:
    return next((number for number, one in enumerate(quotations) if one.outer.overlaps(span)), None)


def _spoken(text: Participants, within: Sequence[int | None]) -> Iterator[tuple[int, list[int]]]:
    """Give each speaker with the words of what is said."""
    for number, word in enumerate(text.words):
        if within[number] is not None:
            continue
        if word.pos in VERBS and word.lemma in _CUES:
            yield from _said(text, number, within)
        elif word.lemma == "per" or (word.lemma == "to" and number and text.words[number - 1].lemma == "accord"):
            opening = number if word.lemma == "per" else number - 1
            head = text.heads[opening] if text.heads[number] == opening or opening == number else text.heads[number]
            own = {*text.tree(number), opening}
            for speaker in text.below(number, "pobj")[:1]:
                yield speaker, [one for one in text.tree(head) if one not in own]
        elif word.lemma in _VIEWS and word.relation == "pobj" and text.words[text.heads[number]].lemma in {"in", "by"}:
            owners = [end for of in text.below(number, "prep") for end in text.below(of, "pobj")]
            own = {*text.tree(number), text.heads[number]}
            for speaker in (text.below(number, "poss") or owners)[:1]:
                yield speaker, [one for one in text.tree(text.heads[text.heads[number]]) if one not in own]


def _said(text: Participants, verb: int, within: Sequence[int | None]) -> Iterator[tuple[int, list[int]]]:
    speaker, passive = text.subject(verb)
    if passive:
        agents = [end for by in text.below(verb, "agent") for end in text.below(by, "pobj")]
        if agents:
            yield agents[0], [one for one in text.tree(verb) if one != verb]
    elif speaker is not None and within[speaker] is None:
        complements = text.below(verb, *_CONTENT)
        own = text.tree(verb)
        if text.words[verb].relation in {"parataxis", "ccomp"} and not text.below(verb, "ccomp"):
            yield speaker, [one for one in text.tree(text.heads[verb]) if one not in own]
        else:
            yield speaker, [one for complement in complements for one in text.tree(complement)]


def _names(text: Participants, number: int, depth: int = 0) -> frozenset[str]:
    """Give all that a speaker is called, what belongs to it and what it belongs to included."""
    found = set(text.topics[number])
    for child in text.children[number]:
        relation = text.words[child].relation
        if (relation in _WITHIN and depth < _DEEP) or (relation in {"poss", "conj"} and depth < 2):
            found |= _names(text, child, depth + 1)
        elif relation == "prep" and not depth:
            for end in text.below(child, "pobj"):
                found |= _names(text, end, depth + 1)
    if not depth and text.words[number].relation in {"appos", "conj"}:
        found |= _names(text, text.heads[number], 1)
    return frozenset(name for name in found if FIGURE not in text.kinds.get(name, ()))


def _bonds(text: Participants, bonds: dict[str, set[str]]) -> dict[str, set[str]]:
    """Add which topics a text ties into one, as the parts of a name, a title and its holder, "X is Y", "Y of X"."""
    for number, word in enumerate(text.words):
        head = text.heads[number]
        if word.relation == "attr":
            tied = text.below(head, "nsubj")
        elif word.relation in _WITHIN or word.relation == "poss":
            tied = [head]
        elif word.relation == "pobj" and text.words[text.heads[head]].pos in {"NOUN", "PROPN"}:
            tied = [text.heads[head]]
        else:
            tied = []
        for other in tied:
            for one, another in ((number, other), (other, number)):
                for topic in text.topics[one]:
                    bonds.setdefault(topic, set()).update(text.topics[another])
    return bonds
