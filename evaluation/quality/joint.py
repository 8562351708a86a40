"""One figure for an item: style times faithfulness times fluency, as in Krishna, Wieting and Iyyer 2020.

Their J (arXiv:2010.05700, section 4) multiplies, for each sentence, whether a classifier finds the style, how alike
source and rewrite are, and whether another classifier finds it fluent, and takes the mean of the products: a rewrite
must be all three at once, which means of each alone do not tell. Ours is graded in all three, of items and not of
sentences, faithfulness stands for similarity, and fluency is that of the copy beside its reference.
"""

from __future__ import annotations

from evaluation.quality.entailment import entailment
from evaluation.quality.fluency import fluency
from evaluation.quality.measure import Item, Measure, Score
from evaluation.quality.style import wire


def joint(item: Item) -> Score | None:
    """Multiply the three; None where one of them has nothing to measure."""
    return multiply(
        style=wire(item),
        supported=entailment().supported(item.source, item.copy),
        covered=entailment().covered(item.source, item.copy),
        copy=fluency().score(item.copy),
        reference=fluency().score(item.reference),
    )


def multiply(
    *,
    style: Score | None,
    supported: Score | None,
    covered: Score | None,
    copy: Score | None,
    reference: Score | None,
) -> Score | None:
    """Multiply style, the lesser of both directions of faithfulness, and fluency.

    Args:
        style: Sentences that read like wire copy.
        supported: Passages of the copy that are supported.
        covered: Passages of the source that are covered.
        copy: Bits a word of the copy.
        reference: Bits a word of the reference.
    """
    if style is None or supported is None or covered is None or copy is None or reference is None:
        return None
    # Two to the power of the bits is the perplexity.
    fluent = min(1.0, 2 ** (reference.value - copy.value))
    return Score(style.value * min(supported.value, covered.value) * fluent)


def measures() -> tuple[Measure, ...]:
    """Give the product."""
    return (
        Measure(
            name="joint",
            says="Style times faithfulness times fluency, each from 0 to 1, the mean of the items: `wire`, times the "
            "lesser of `supported` and `covered`, times the perplexity of the reference over that of the copy, at "
            "most 1.",
            blind="All that its three parts cannot see, and which of them failed.",
            source="J of Krishna, Wieting and Iyyer 2020, arXiv:2010.05700, graded; version 1",
            better="higher",
            score=joint,
            percent=True,
        ),
    )
