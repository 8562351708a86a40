"""Better a text phrase by phrase: with those rewordings of refused targets and of the phrase books that can be trusted.

A small model that bends one fact in a sentence often words the rest of it well. Each rewording is tried alone against
the source, the trusted ones are put in together, and what comes of it passes the gate as a whole or is given up.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from service.checking import Checker
from service.facts import FactReport
from service.generation import Generator
from service.hearing import hear
from service.inflection import participles
from service.judging import STRICT
from service.phrasebook import listed_rewordings, offered_rewordings
from service.regions import Region
from service.rewordings import Rewording, find_rewordings, reword, split_pieces
from service.spans import Span
from service.speech import quoted_spans
from service.trust import Proposal, Trust

# Each rewording costs a look: of more, those that the most targets have are tried, and a longer text is left as it is.
_MOST_TRIED = 120
_LONGEST = 1_000
# "Why didn't he pay?" has no long form with its words in this order.
_INVERTED = re.compile(
    r"\b(?:(?:do|does|did|will|can|could|should|would) not (?:the|this|that|it|an?)"
    r"|(?:do|does|did|will|can|could|should|would|is|are|was|were|has|have|had) not (?:I|you|he|she|we|they))\b",
    re.IGNORECASE,
)
# "The bill's blown out" is no bill that is blown out, and "Nenagh's gone" not "Nenagh's has gone".
_OPENED = re.compile(r"\w['’]s (?:has|is|was|had)\b")
_LEFT_OPEN = re.compile(r"(\w+)['’]s (\w+)\b")
# The rewriter is the dearest to ask: about what is less likely right without its opinion it is not asked. When it
# was set, this left out one of 459 judged rewordings that the opinion would have helped to trust, and spared more than
# half of all questions.
_HOPEFUL = 0.5


@dataclass(frozen=True)
class Wording:
    """A text that is to be bettered.

    Attributes:
        source: The passage as filed.
        text: What is reworded: the passage, a faithful edit of it, or a faithful target.
        targets: What a model made of the passage, faithful or not.
    """

    source: str
    text: str
    targets: tuple[str, ...]


@dataclass(frozen=True)
class Phrased:
    """A text with rewordings put in.

    Attributes:
        text: The text.
        report: Its facts beside the source; it is faithful.
    """

    text: str
    report: FactReport


class Phraser:
    """Rewords texts.

    Args:
        checker: The fact gate.
        trust: Says which rewordings can be trusted.
        generator: The rewriter, which is asked too; None where there is none.
    """

    def __init__(self, checker: Checker, trust: Trust, generator: Generator | None) -> None:
        self._checker = checker
        self._trust = trust
        self._generator = generator

    def phrase(self, wordings: Sequence[Wording]) -> list[Phrased | None]:
        """Reword each text as far as can be trusted; None where nothing can."""
        chosen = self._choose(wordings)
        results: list[Phrased | None] = [None] * len(wordings)
        while any(chosen):
            tried = [number for number, rewordings in enumerate(chosen) if rewordings]
            texts = [reword(wordings[number].text, chosen[number]) for number in tried]
            pairs = [(wordings[number].source, text) for number, text in zip(tried, texts, strict=True)]
            reports = self._checker.check_all(pairs, point=STRICT)
            for number, text, report in zip(tried, texts, reports, strict=True):
                if report.faithful:
                    results[number] = Phrased(text, report)
                # Together they went too far: the less trusted half is given up.
                chosen[number] = () if report.faithful else chosen[number][: len(chosen[number]) // 2]
        return results

    def _choose(self, wordings: Sequence[Wording]) -> list[tuple[Rewording, ...]]:
        """Choose for each text the rewordings to put in, none of which overlaps another, the most trusted first."""
        offering = self._generator is not None
        proposed = [
            (number, one) for number, wording in enumerate(wordings) for one in _proposals(wording, offering=offering)
        ]
        flaws = self._trust.reader.read([(one.text, one.rewording) for _, one in proposed])
        hopeful = [
            (number, one, read)
            for (number, one), read in zip(proposed, flaws, strict=True)
            if self._trust.hope(one, read) >= _HOPEFUL
        ]
        told = [(wordings[number].source, one.text, reword(one.text, [one.rewording])) for number, one, _ in hopeful]
        heard = hear(self._generator, told)
        likely = [
            (surplus, number, one.rewording)
            for (number, one, read), opinion in zip(hopeful, heard, strict=True)
            if (surplus := self._trust.surplus(one, read, opinion)) >= 0
        ]
        pairs = [(wordings[number].source, reword(wordings[number].text, [one])) for _, number, one in likely]
        trusted: list[list[tuple[float, Rewording]]] = [[] for _ in wordings]
        for (surplus, number, one), report in zip(likely, self._checker.check_all(pairs, point=STRICT), strict=True):
            if report.faithful:
                trusted[number].append((surplus, one))
        return [_apart(found) for found in trusted]


def _proposals(wording: Wording, *, offering: bool) -> list[Proposal]:
    """Propose rewordings that change words, touch no quotation and leave a question one.

    What is wrong in most contexts is offered only where the rewriter can be asked: its reader alone sees too little.
    """
    text = wording.text
    if len(text) > _LONGEST:
        return []
    listed = frozenset(listed_rewordings(text))
    found = Counter(dict.fromkeys([*listed, *(offered_rewordings(text) if offering else ())], 0))
    found.update(find_rewordings(text, wording.targets))
    quoted = Region(quoted_spans(text))
    pieces = split_pieces(text)
    places = [0, *accumulate(map(len, pieces))]
    trying = Counter(
        {
            rewording: count
            for rewording, count in sorted(found.items())
            if _has_words([*pieces[rewording.start : rewording.end], *rewording.pieces])
            and ("?" in rewording.pieces or "?" not in pieces[rewording.start : rewording.end])
            and not quoted.touches(Span(places[rewording.start], places[rewording.end]))
            and (reworded := reword(text, [rewording])) not in ("", text)
            and (_INVERTED.search(text) or not _INVERTED.search(reworded))
            and not _opens_wrongly(text, reworded)
        }
    )
    asked = max(1, len(wording.targets))
    return [
        Proposal(text, rewording, count / asked, rewording in listed)
        for rewording, count in trying.most_common(_MOST_TRIED)
    ]


def _opens_wrongly(text: str, reworded: str) -> bool:
    """Tell whether a rewording writes out a contraction twice, or as "is" where only "has" may be meant."""
    if len(_OPENED.findall(reworded)) > len(_OPENED.findall(text)):
        return True
    return any(
        match[2].lower() in participles() and f"{match[1]} is {match[2]}" in reworded
        for match in _LEFT_OPEN.finditer(text)
    )


def _has_words(pieces: Sequence[str]) -> bool:
    return any(piece.strip()[:1].isalnum() for piece in pieces)


def _apart(found: list[tuple[float, Rewording]]) -> tuple[Rewording, ...]:
    chosen: list[Rewording] = []
    for _, rewording in sorted(found, key=lambda item: (-item[0], item[1])):
        if not any(rewording.overlaps(other) for other in chosen):
            chosen.append(rewording)
    return tuple(chosen)
