"""Rows of results for tests."""

from __future__ import annotations

from collections.abc import Mapping

from evaluation.quality.measure import Score
from evaluation.results import Row


def row_of(
    sample: str,
    *,
    system: str = "rules",
    part: str = "pairs",
    origin: str = "",
    copy: str | None = "It rained.",
    error: str | None = None,
    seconds: float = 0.5,
    measures: Mapping[str, Score] | None = None,
) -> Row:
    """Make a row of which a test says what matters to it."""
    return Row(
        suite="rewrite",
        system=system,
        fingerprint=f"{system}@1",
        sample=sample,
        part=part,
        voice="",
        origin=origin,
        key=f"{system} {part} {sample}",
        source="lol it rained",
        reference="It rained.",
        copy=copy,
        parts=(),
        seconds=seconds,
        error=error,
        measures=measures or {},
    )
