"""What speaks for and against a copy, in figures: from the findings of the rules and the reading of the verifier."""

from __future__ import annotations

import math
import re
from bisect import bisect_left
from collections.abc import Sequence
from functools import cached_property

from service.explanations import SWAPPED, doubted
from service.facts import Fact, FactKind, Verdict
from service.spans import Span
from service.verifier import ERRORS, MOST_PIECES, Reading

_DIGIT = re.compile(r"\d")
_WORD = re.compile(r"\w+")
_REACH = 40
# What a reading tells of words that are not there, and the most that one can tell.
_NOTHING = -8.0
_MOST = 8.0
# Words beside the worst one that look nearly as bad belong to the same error.
_NEAR = 2.0
# So many of the worst words are taken together.
_FEW = 3

# What each type of error is about, and what became of the fact.
_KINDS: dict[str, tuple[FactKind, Verdict]] = {
    "entity_changed": (FactKind.NAME, Verdict.ALTERED),
    "entity_swap": (FactKind.ROLE, Verdict.ALTERED),
    "figure_changed": (FactKind.FIGURE, Verdict.ALTERED),
    "figure_swapped": (FactKind.FIGURE, Verdict.ALTERED),
    "unit_or_magnitude": (FactKind.FIGURE, Verdict.ALTERED),
    "date_time_changed": (FactKind.DATE, Verdict.ALTERED),
    "location_changed": (FactKind.PLACE, Verdict.ALTERED),
    "quotation_altered": (FactKind.QUOTATION, Verdict.ALTERED),
    "quotation_invented": (FactKind.QUOTATION, Verdict.UNSUPPORTED),
    "list_item_dropped": (FactKind.LIST, Verdict.OMITTED),
    "fact_omitted": (FactKind.STATEMENT, Verdict.OMITTED),
    "detail_added": (FactKind.STATEMENT, Verdict.UNSUPPORTED),
    "attribution_dropped": (FactKind.ATTRIBUTION, Verdict.OMITTED),
    "attribution_swapped": (FactKind.ATTRIBUTION, Verdict.ALTERED),
    "hedge_dropped": (FactKind.CERTAINTY, Verdict.ALTERED),
    "hedge_added": (FactKind.CERTAINTY, Verdict.ALTERED),
    "negation_flipped": (FactKind.POLARITY, Verdict.ALTERED),
    "direction_flipped": (FactKind.COMPARISON, Verdict.ALTERED),
    "comparison_changed": (FactKind.COMPARISON, Verdict.ALTERED),
    "relation_changed": (FactKind.RELATION, Verdict.ALTERED),
    "role_swapped": (FactKind.ROLE, Verdict.ALTERED),
    "cause_invented": (FactKind.CAUSE, Verdict.UNSUPPORTED),
    "time_order_changed": (FactKind.ORDER, Verdict.ALTERED),
    "coreference_wrong": (FactKind.ROLE, Verdict.ALTERED),
    "predicate_changed": (FactKind.STATEMENT, Verdict.ALTERED),
}


class Evidence:
    """Features of findings and of a passage, from the texts and the reading.

    Args:
        reading: What the verifier read.
        source: The source.
        copy: The copy.
    """

    def __init__(self, reading: Reading, source: str, copy: str) -> None:
        self._reading = reading
        self._source, self._copy = source, copy

    def of(self, fact: Fact) -> dict[str, float]:
        """Describe a finding."""
        name = f"{fact.kind.value}.{fact.verdict.value}"
        digits = bool(
            (fact.source and _DIGIT.search(fact.source.of(self._source)))
            or (fact.copy and _DIGIT.search(fact.copy.of(self._copy)))
        )
        swapped = fact.reason.endswith(SWAPPED)
        context = self._context(fact)
        return {
            name: 1.0,
            f"{name}.close": self._closeness,
            f"{fact.verdict.value}.context": context,
            f"{fact.verdict.value}.digits": float(digits),
            f"{fact.kind.value}.swapped": float(swapped),
            f"{fact.verdict.value}.source_words": _highest(self._reading.source_words, fact.source),
            f"{fact.verdict.value}.copy_words": _highest(self._reading.copy_words, fact.copy),
            f"{fact.verdict.value}.unsupported": _clipped(self._reading.unsupported),
            f"{fact.verdict.value}.lost": _clipped(self._reading.lost),
        }

    def passage(self, chances: dict[Fact, float]) -> dict[str, float]:
        """Describe a passage; ``chances`` are the logits of its findings."""
        ranked = sorted(chances.values(), reverse=True)
        return {
            **self.copy(chances),
            **_by_kind(chances),
            **{f"type.{name}": share for name, share in zip(ERRORS, _shares(self._reading.errors), strict=True)},
            "lost": _clipped(self._reading.lost),
            "source_words": self._source_doubt,
            "source_worst": _worst_mean(self._reading.source_words),
            "source_wrong": _wrong_share(self._reading.source_words),
            "finding": _clipped(ranked[0]) if ranked else _NOTHING,
            "second": _clipped(ranked[1]) if len(ranked) > 1 else _NOTHING,
            "length": math.log(1 + len(self._source)),
        }

    def copy(self, chances: dict[Fact, float]) -> dict[str, float]:
        """Describe what a copy says, not what it leaves out, so that a summary of a long text can be judged too."""
        adding = {fact: chance for fact, chance in chances.items() if fact.verdict is not Verdict.OMITTED}
        return {
            **_by_kind(adding),
            "unsupported": _clipped(self._reading.unsupported),
            "copy_words": self._copy_doubt,
            "copy_worst": _worst_mean(self._reading.copy_words),
            "copy_wrong": _wrong_share(self._reading.copy_words),
            "adding": max(map(_clipped, adding.values()), default=_NOTHING),
            "closeness": self._closeness,
        }

    @cached_property
    def _closeness(self) -> float:
        """Share of the words of the copy that the source has too: where little is reworded, a difference tells."""
        stated, rewritten = set(_words(self._source)), set(_words(self._copy))
        return len(stated & rewritten) / len(rewritten) if rewritten else 0.0

    def _context(self, fact: Fact) -> float:
        """Share of the words around a fact in the copy that stand around it in the source too."""
        if fact.source is None or fact.copy is None:
            return 0.0
        stated, rewritten = set(_around(self._source, fact.source)), set(_around(self._copy, fact.copy))
        return len(stated & rewritten) / len(rewritten) if rewritten else 0.0

    @cached_property
    def _source_doubt(self) -> float:
        return max((_clipped(logit) for _, logit in self._reading.source_words), default=_NOTHING)

    @cached_property
    def _copy_doubt(self) -> float:
        return max((_clipped(logit) for _, logit in self._reading.copy_words), default=_NOTHING)

    def doubt(self) -> Fact:
        """Put into words what the verifier doubts most, on the side or sides where it sees it."""
        reading = self._reading
        error = ERRORS[max(range(len(ERRORS)), key=lambda number: reading.errors[number])]
        kind, verdict = _KINDS[error]
        if verdict is Verdict.ALTERED:
            # The worst words of a long text may stand anywhere, so those of its two sides need not belong together.
            is_long = max(len(reading.source_words), len(reading.copy_words)) > MOST_PIECES
            ahead = self._copy_doubt - self._source_doubt
            if is_long or abs(ahead) > _NEAR:
                verdict = Verdict.UNSUPPORTED if ahead > 0 else Verdict.OMITTED
        source = _worst(reading.source_words) if verdict is not Verdict.UNSUPPORTED else None
        copy = _worst(reading.copy_words) if verdict is not Verdict.OMITTED else None
        return Fact(kind, verdict, source, copy, doubted(error, self._source, source, self._copy, copy))


def _shares(logits: Sequence[float]) -> list[float]:
    """Turn logits of classes into probabilities."""
    powers = [math.exp(logit - max(logits)) for logit in logits]
    return [power / sum(powers) for power in powers]


def _worst_mean(words: Sequence[tuple[Span, float]]) -> float:
    """Give the mean of the worst words: one may be bad by chance, a few are not."""
    worst = sorted((_clipped(logit) for _, logit in words), reverse=True)[:_FEW]
    return sum(worst) / len(worst) if worst else _NOTHING


def _wrong_share(words: Sequence[tuple[Span, float]]) -> float:
    """Say what share of the words is expected to be wrong."""
    return sum(sigmoid(logit) for _, logit in words) / len(words) if words else 0.0


def _by_kind(chances: dict[Fact, float]) -> dict[str, float]:
    """Give for each kind of finding how likely its likeliest one is, 0 where there is none."""
    kinds: dict[str, float] = {}
    for fact, chance in chances.items():
        name = f"{fact.kind.value}.{fact.verdict.value}"
        kinds[name] = max(kinds.get(name, 0.0), _clipped(chance) - _NOTHING)
    return kinds


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())


def _around(text: str, span: Span) -> list[str]:
    return _words(text[max(0, span.start - _REACH) : span.start]) + _words(text[span.end : span.end + _REACH])


def _highest(words: Sequence[tuple[Span, float]], span: Span | None) -> float:
    if span is None:
        return 0.0
    first = bisect_left(words, span.start + 1, key=lambda word: word[0].end)
    last = bisect_left(words, span.end, lo=first, key=lambda word: word[0].start)
    near = [logit for _, logit in words[first:last]]
    return _clipped(max(near)) if near else 0.0


def _worst(words: Sequence[tuple[Span, float]]) -> Span:
    worst = max(range(len(words)), key=lambda number: words[number][1])
    least = words[worst][1] - _NEAR
    start = end = worst
    while start > 0 and words[start - 1][1] >= least:
        start -= 1
    while end + 1 < len(words) and words[end + 1][1] >= least:
        end += 1
    return Span(words[start][0].start, words[end][0].end)


def _clipped(logit: float) -> float:
    return max(_NOTHING, min(_MOST, logit))


def sigmoid(logit: float) -> float:
    """Turn a logit into a probability."""
    return 1 / (1 + math.exp(-max(-50.0, min(50.0, logit))))
