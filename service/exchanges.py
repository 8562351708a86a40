"""Have two of a kind changed places, each standing with what belongs to the other?"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from service.explanations import SWAPPED, around
from service.facts import Fact, FactKind, Verdict
from service.participants import ADJECTIVE, FIGURE, NAME, NOUN, VERBS, Participants

Matrix = npt.NDArray[np.float32]

# Farther apart than this in the grammar of a sentence, or in two sentences, nothing ties two words.
_REACH = 5.0
# Of more topics than this that two texts share, the first are looked at; the work grows with the third power.
_MOST = 150
# As many numbers are compared at once.
_CELLS = 1_000_000
_CLAUSES = frozenset({"ccomp", "advcl", "relcl", "parataxis"})
_LOOSE = frozenset({"punct", "cc", "det"})
_OWN = frozenset({"prep", "nummod", "relcl", "appos", "acl", "poss"})
_NAMING = frozenset({"appos", "compound", "nmod", "flat"})
_PREPOSITIONS = frozenset({"ADP", "SCONJ", "VERB"})
# What stands in one of these stands in much the same place.
_PLACES = {"nsubjpass": "object", "dobj": "object", "dative": "object", "attr": "nsubj"} | dict.fromkeys(
    ("amod", "poss", "nmod", "nummod", "compound"), "modifier"
)
_NO_PLACES = frozenset({"ROOT", "conj", "cc", "npadvmod", "ccomp", "advcl", "relcl", "xcomp", "acl", "punct", "dep"})
# For each kind that can be told apart by its surroundings: how much must speak for an exchange on either side, and how
# many times more on the whole than against it.
_LEAST = {FIGURE: (0.12, 4.0), NAME: (0.2, 5.0), NOUN: (0.2, 5.0), ADJECTIVE: (0.1, 3.0)}
_NAMED = frozenset({FactKind.PERSON, FactKind.ORGANISATION, FactKind.PLACE})


def find_exchanges(source: Participants, copy: Participants) -> list[Fact]:
    """List two of a kind that stand in the copy with what belongs to the other: names, figures, things, qualities.

    Args:
        source: Who and what the source speaks of.
        copy: Who and what the copy speaks of.

    Returns:
        Two facts for each exchange, one for each of its places.
    """
    topics = _shared(source, copy)
    if len(topics) < 3:
        return []
    kinds = [source.kinds[topic] | copy.kinds[topic] for topic in topics]
    mates = [source.mates.get(topic, frozenset()) | copy.mates.get(topic, frozenset()) for topic in topics]
    stated, rewritten = _ties(source, topics), _ties(copy, topics)
    mated = np.zeros(stated.shape, dtype=bool)
    number_of = {topic: number for number, topic in enumerate(topics)}
    share = np.ones(len(topics), dtype=np.float32)
    for number, named in enumerate(mates):
        if parts := [number_of[mate] for mate in named if mate in number_of]:
            mated[number, parts] = True
            share[number] /= len(parts)
    found: list[tuple[float, int, int, int, int]] = []
    for kind, (least, times) in _LEAST.items():
        units = np.array([number for number, own in enumerate(kinds) if _main(own) == kind])
        if len(units) < 2:
            continue
        chunk = max(1, _CELLS // (len(units) * len(stated)))
        for start in range(0, len(units), chunk):
            ones = units[start : start + chunk]
            # Positive where a word of the source is closer to the one, negative where it is closer to the other.
            here = stated[ones, None] - stated[units]
            weight = here * (rewritten[ones, None] - rewritten[units]) * share
            weight[mated[ones, None] | mated[units]] = 0
            weight[np.arange(len(ones)), :, ones] = 0
            weight[:, np.arange(len(units)), units] = 0
            against = -np.minimum(weight, 0)
            first = (against * (here > 0)).sum(2)
            whole = against.sum(2)
            kept = weight.sum(2) + whole
            likely = (np.minimum(first, whole - first) >= least) & (whole >= times * kept)
            likely &= ~mated[ones][:, units]
            for row, column in zip(*np.nonzero(likely), strict=True):
                one, other = int(ones[row]), int(units[column])
                if one < other and _alike(source, copy, topics, kinds, one, other, kind):
                    nearer = here[row, column] > 0
                    word = int((against[row, column] * nearer).argmax())
                    next_word = int((against[row, column] * ~nearer).argmax())
                    found.append((float(whole[row, column]), one, other, word, next_word))
    facts: list[Fact] = []
    told: set[str] = set()
    for _, one, other, word, next_word in sorted(found, reverse=True):
        pair = {topics[one], topics[other]} | mates[one] | mates[other]
        if not pair & told:
            told |= pair
            facts += _facts(source, copy, *(topics[number] for number in (one, other, word, next_word)))
    return facts


def _main(kinds: frozenset[str]) -> str:
    return next((kind for kind in _LEAST if kind in kinds), "")


def _shared(source: Participants, copy: Participants) -> list[str]:
    """Give the topics of both texts in the order of the source."""
    topics = [topic for topic in source.kinds if topic in copy.kinds]
    if len(topics) <= _MOST:
        return topics
    firsts: dict[str, int] = {}
    for number, own in enumerate(source.topics):
        for topic in own:
            firsts.setdefault(topic, number)
    return sorted(topics, key=lambda topic: firsts.get(topic, len(firsts)))[:_MOST]


def _alike(
    source: Participants,
    copy: Participants,
    topics: Sequence[str],
    kinds: Sequence[frozenset[str]],
    one: int,
    other: int,
    kind: str,
) -> bool:
    """Tell whether two can be taken for each other: names of a kind, or words that took each other's place."""
    if kind == FIGURE:
        return True
    if kind == NAME:
        return bool(kinds[one] & kinds[other] & _NAMED)
    first, second = _stands(source, topics[one]), _stands(source, topics[other])
    third, fourth = _stands(copy, topics[one]), _stands(copy, topics[other])
    return bool(first & fourth and second & third)


def _stands(text: Participants, topic: str) -> frozenset[str]:
    relations = {text.words[number].relation for number, own in enumerate(text.topics) if topic in own}
    return frozenset(_PLACES.get(relation, relation) for relation in relations - _NO_PLACES)


def _ties(text: Participants, topics: Sequence[str]) -> Matrix:
    """Measure how closely the grammar ties each topic to each other, from 0 to 1."""
    numbers = {topic: number for number, topic in enumerate(topics)}
    ties = np.zeros((len(topics), len(topics)), dtype=np.float32)
    for root in (number for number, head in enumerate(text.heads) if number == head):
        order = text.tree(root)
        places = [
            (position, numbers[topic])
            for position, number in enumerate(order)
            for topic in text.topics[number]
            if topic in numbers
        ]
        if not places:
            continue
        at, of = (np.array(column) for column in zip(*places, strict=True))
        closeness = np.clip(1 - _distances(text, order) / _REACH, 0, 1)[np.ix_(at, at)]
        np.maximum.at(ties, np.ix_(of, of), closeness)
    return ties


def _distances(text: Participants, order: Sequence[int]) -> Matrix:
    """Measure the ways between the words of one sentence along its grammar."""
    positions = {number: position for position, number in enumerate(order)}
    steps = np.zeros((len(order), len(order)), dtype=np.float32)
    for position, number in enumerate(order[1:], start=1):
        way = steps[positions[text.heads[number]], :position] + _step(text, number)
        steps[position, :position] = steps[:position, position] = way
    for position, number in enumerate(order):
        word = text.words[number]
        if word.relation == "conj" and word.pos in VERBS and not text.below(number, "nsubj", "nsubjpass", "csubj"):
            subject, _ = text.subject(number)
            if subject is not None and subject in positions:
                end = positions[subject]
                through = np.minimum(
                    steps[:, [position]] + 1 + steps[[end], :], steps[:, [end]] + 1 + steps[[position], :]
                )
                steps = np.minimum(steps, through)
    return steps


def _step(text: Participants, number: int) -> float:
    """Measure how far a word is from the word it depends on."""
    word, head = text.words[number], text.words[text.heads[number]]
    match word.relation:
        case "pobj" | "pcomp":
            return 0.25 if head.pos in _PREPOSITIONS else 1.0
        case "conj" if head.pos in VERBS:
            return 3.0
        case "conj":
            # "8% in China and 3% in America": each with its own; but "Ana and Bo" are in one place.
            return 2.5 if text.below(number, *_OWN) else 0.25
        case relation if relation in _CLAUSES:
            return 2.0
        case relation if relation in _NAMING:
            return 0.5
        case relation if relation in _LOOSE:
            return 4.0
        case _:
            return 1.0


def _facts(source: Participants, copy: Participants, one: str, other: str, word: str, next_word: str) -> list[Fact]:
    """Tell of an exchange: the one stood by a word and the other by the next, and now it is the other way round."""
    places = [
        (_beside(source, one, word), _beside(copy, other, word)),
        (_beside(source, other, next_word), _beside(copy, one, next_word)),
    ]
    told, retold = ([text.whole(pair[side]) for pair in places] for side, text in ((0, source), (1, copy)))
    first, second = (around(source.annotated.text, span) for span in told)
    third, fourth = (around(copy.annotated.text, span) for span in retold)
    reason = f'The source says "{first}" and "{second}", the copy says "{third}" and "{fourth}": {SWAPPED}'
    return [Fact(FactKind.ROLE, Verdict.ALTERED, here, there, reason) for here, there in zip(told, retold, strict=True)]


def _beside(text: Participants, topic: str, word: str) -> int:
    """Give the mention of a topic that stands nearest to a word."""
    words = [number for number, own in enumerate(text.topics) if word in own]
    mentions = [number for number, own in enumerate(text.topics) if topic in own]
    return min(mentions, key=lambda number: min(abs(number - one) for one in words))
