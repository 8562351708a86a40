"""What a variant of a text changes: every variant against the texts it was made from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rich import box
from rich.table import Table

from evaluation.comparing import Comparison, compare, describe
from evaluation.figures import Summary
from evaluation.results import Row
from evaluation.scoring import Described
from evaluation.variants import CLEAN

_NOTHING = "–"


def changes(rows: Sequence[Row]) -> dict[str, Comparison]:
    """Compare each variant of texts with the clean ones, the variant first, so that a fall is negative."""
    parts = list(dict.fromkeys(row.part for row in rows))
    clean = [row for row in rows if row.part == CLEAN]
    return {
        part: compare([row for row in rows if row.part == part], clean, across_sets=True)
        for part in parts
        if part != CLEAN
    }


def changes_as_json(found: Mapping[str, Comparison]) -> dict[str, object]:
    """Describe the changes of one system, a variant each; one whose texts were made from several is not among them."""
    return {part: describe(comparison) for part, comparison in found.items() if comparison.paired}


def changes_table(summary: Summary, found: Mapping[str, Comparison], measures: Sequence[Described]) -> Table:
    """Set the variants of one system below each other."""
    table = Table("variant", box=box.SIMPLE_HEAD, pad_edge=False)
    shown = [measure for measure in measures if any(measure.name in figures for figures in summary.sets.values())]
    for measure in shown:
        # In words, so that a narrow terminal breaks the head and not its letters.
        words = measure.name.removeprefix("status.").replace("_", " ")
        table.add_column(f"{words}{', %' if measure.percent else ''}", justify="right")
    for part in summary.sets:
        if part in (CLEAN, *found):
            table.add_row(part, *(_cell(summary, found.get(part), part, measure) for measure in shown))
    return table


def _cell(summary: Summary, comparison: Comparison | None, part: str, measure: Described) -> str:
    figure = summary.sets[part].get(measure.name)
    if figure is None:
        return _NOTHING
    scale = 100 if measure.percent else 1
    value = f"{scale * figure.interval.value:.1f}"
    differences = comparison.differences if comparison else ()
    change = next((one for one in differences if one.measure == measure.name), None)
    if change is None:
        return value
    sure = "*" if change.interval.low > 0 or change.interval.high < 0 else ""
    return f"{value} ({scale * change.interval.value:+.1f}{sure})"
