"""Better a text phrase by phrase: with the rewordings of refused targets and of the phrase book that can be trusted.

A small model that bends one fact in a sentence often words the rest of it well. Each rewording is tried alone against
the source, the trusted ones are put in together, and what comes of it passes the gate as a whole or is given up.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from service.checking import Checker
from service.facts import FactReport
from service.judging import STRICT
from service.phrasebook import listed_rewordings
from service.regions import Region
from service.rewordings import Rewording, find_rewordings, reword, split_pieces
from service.spans import Span
from service.speech import quoted_spans
from service.trust import Trust

# Each rewording costs a look at the whole text: of more, those that the most targets have are tried, and a longer text
# is left as it is.
_MOST_TRIED = 40
_LONGEST = 1_000


@dataclass(frozen=True)
class Wording:
    """A text that is to be bettered.

    Attributes:
        source: The passage as filed.
        text: What is reworded: the passage, or a faithful edit of it.
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
    """

    def __init__(self, checker: Checker, trust: Trust) -> None:
        self._checker = checker
        self._trust = trust

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
        listed = [frozenset(listed_rewordings(wording.text)) for wording in wordings]
        counts = [_rewordings(wording) for wording in wordings]
        single = [(number, rewording) for number, found in enumerate(counts) for rewording in sorted(found)]
        pairs = [(wordings[n].source, reword(wordings[n].text, [rewording])) for n, rewording in single]
        trusted: list[list[tuple[float, Rewording]]] = [[] for _ in wordings]
        for (number, rewording), report in zip(single, self._checker.check_all(pairs, point=STRICT), strict=True):
            if not report.faithful or report.probability is None:
                continue
            text, targets = wordings[number].text, wordings[number].targets
            probability = self._trust.probability(
                text,
                rewording,
                faithful=report.probability,
                share=counts[number][rewording] / len(targets) if targets else 0.0,
                listed=rewording in listed[number],
            )
            if probability >= self._trust.threshold:
                trusted[number].append((probability, rewording))
        return [_apart(found) for found in trusted]


def _rewordings(wording: Wording) -> Counter[Rewording]:
    """Find the rewordings that change words and touch no quotation, and how many targets have each."""
    if len(wording.text) > _LONGEST:
        return Counter()
    found = Counter(dict.fromkeys(listed_rewordings(wording.text), 0))
    found.update(find_rewordings(wording.text, wording.targets))
    quoted = Region(quoted_spans(wording.text))
    pieces = split_pieces(wording.text)
    places = [0, *accumulate(map(len, pieces))]
    trying = Counter(
        {
            rewording: count
            for rewording, count in sorted(found.items())
            if _has_words([*pieces[rewording.start : rewording.end], *rewording.pieces])
            and not quoted.touches(Span(places[rewording.start], places[rewording.end]))
            and reword(wording.text, [rewording]) not in ("", wording.text)
        }
    )
    return Counter(dict(trying.most_common(_MOST_TRIED)))


def _has_words(pieces: Sequence[str]) -> bool:
    return any(piece.strip()[:1].isalnum() for piece in pieces)


def _apart(found: list[tuple[float, Rewording]]) -> tuple[Rewording, ...]:
    chosen: list[Rewording] = []
    for _, rewording in sorted(found, key=lambda item: (-item[0], item[1])):
        if not any(rewording.overlaps(other) for other in chosen):
            chosen.append(rewording)
    return tuple(chosen)
