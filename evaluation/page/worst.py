"""The texts that a system did worst on: what an editor should look at first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import mean

from evaluation.page.differences import Piece, side_by_side
from evaluation.page.tables import PRODUCT, measure_title, show
from evaluation.results import Row
from evaluation.scoring import Described

# Shares of facts, whoever counts them: the lower their mean, the worse the case.
FAITHFUL = (
    *("fact_recall", "fact_precision", "supported", "covered", "figures_recall", "figures_precision"),
    *("names_recall", "names_precision", "quoted_recall", "quoted_precision"),
)
_STYLE = ("wire", "findings")
_STANDARDS = ("source", "reference", "other")


@dataclass(frozen=True)
class Case:
    """A text with what was made of it.

    Attributes:
        row: The row.
        source: The source in pieces.
        copy: The copy in pieces.
        figures: The measures of facts that found something wrong, and the style: name and value to read.
    """

    row: Row
    source: tuple[Piece, ...]
    copy: tuple[Piece, ...]
    figures: tuple[tuple[str, str], ...]


def worst_cases(rows: Sequence[Row], measures: Mapping[str, Described], *, count: int) -> dict[str, list[Case]]:
    """Choose the worst cases of the product, or where it was not measured, of every system that rewrites.

    Only texts that were measured, with something wrong in them; the worst first.
    """
    systems = list(dict.fromkeys(row.system for row in rows if row.system not in _STANDARDS))
    chosen = [PRODUCT] if PRODUCT in systems else systems
    found = {}
    for system in chosen:
        ranked = [(value, row) for row in rows if row.system == system and (value := _faithfulness(row)) is not None]
        ranked.sort(key=lambda pair: (pair[0], pair[1].part, pair[1].sample))
        found[system] = [_case(row, measures) for value, row in ranked[:count] if value < 1]
    return {system: cases for system, cases in found.items() if cases}


def _faithfulness(row: Row) -> float | None:
    values = [row.measures[name].value for name in FAITHFUL if name in row.measures]
    return mean(values) if values and row.copy is not None else None


def _case(row: Row, measures: Mapping[str, Described]) -> Case:
    source, copy = side_by_side(row.source, row.copy or "", row.flags)
    return Case(
        row=row,
        source=tuple(source),
        copy=tuple(copy),
        figures=tuple(
            (measure_title(name), show(score.value, percent=measure.percent) + ("%" if measure.percent else ""))
            for name, measure in measures.items()
            if (score := row.measures.get(name)) is not None
            and ((name in FAITHFUL and score.value < 1) or name in _STYLE)
        ),
    )
