"""Overlap with the reference, by sacrebleu."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sacrebleu.metrics.bleu import BLEU
from sacrebleu.metrics.chrf import CHRF

from evaluation.quality.measure import Item, Measure, Score


def measures() -> tuple[Measure, ...]:
    """Give chrF and BLEU, each the mean of the items and not the corpus score."""
    # Without the effective order a short item without a common run of four words would score 0.
    chrf, bleu = CHRF(), BLEU(effective_order=True)
    blind = (
        "It knows one right answer: what says the same in other words scores low, and a wrong figure among right words "
        "costs next to nothing, so it is no measure of facts. The source copied scores high where little had to change."
    )
    return (
        Measure(
            name="chrf",
            says="Character n-grams that copy and reference have in common, 0 to 100, the mean of the items.",
            blind=blind,
            source=f"chrF (Popović 2015, W15-3049), sacrebleu {_signature(chrf)}",
            better="higher",
            score=_scored_by(chrf),
        ),
        Measure(
            name="bleu",
            says="Runs of up to four words that copy and reference have in common, 0 to 100, the mean of the items.",
            blind=blind,
            source=f"BLEU (Papineni et al. 2002, P02-1040), sacrebleu {_signature(bleu)}",
            better="higher",
            score=_scored_by(bleu),
        ),
    )


def _signature(metric: Any) -> str:
    metric.sentence_score("a", ["a"])  # It counts the references that it has seen.
    return str(metric.get_signature())


def _scored_by(metric: Any) -> Callable[[Item], Score | None]:
    def score(item: Item) -> Score | None:
        if not item.reference:
            return None
        return Score(float(metric.sentence_score(item.copy, [item.reference]).score))

    return score
