"""Measures of a rewrite that share no code with the rules of the fact gate.

``MEASURES`` has all of them; they are loaded when it is first asked for. There is no measure of meaning by embeddings
among them: the one encoder that ships is part of the verifier and trained for that, and cosines of the encoder it was
made from rank "passed" for "rejected" above a faithful edit (0.81 against 0.69), which is worse than no figure.
"""

from __future__ import annotations

from functools import cache

from evaluation.errors import MissingExtraError
from evaluation.quality.measure import Item, Measure, Score

__all__ = ["MEASURES", "Item", "Measure", "Score"]

MEASURES: tuple[Measure, ...]


def __getattr__(name: str) -> tuple[Measure, ...]:
    """Load the measures.

    Raises:
        MissingExtraError: A package that one of them needs is not installed.
    """
    if name == "MEASURES":
        return _load()
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


@cache
def _load() -> tuple[Measure, ...]:
    try:
        from evaluation.quality import entailment, fluency, joint, overlap, plain, readability, style
    except ImportError as error:
        raise MissingExtraError("of measures", error) from error
    families = (entailment, plain, style, fluency, overlap, readability, joint)
    return tuple(measure for family in families for measure in family.measures())
