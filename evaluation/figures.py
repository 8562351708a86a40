"""Add up the rows of a system: figures with intervals, as JSON and as a table to read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

from rich import box
from rich.table import Table

from evaluation.intervals import Interval, bootstrap_ratio
from evaluation.results import Row
from evaluation.scoring import Described

ALL = "all"
_NOTHING = "–"


@dataclass(frozen=True)
class Figure:
    """A measure over the texts of a set.

    Attributes:
        n: Texts of which it says something.
        hits: Sum of its hits.
        of: Sum of what they are out of.
        interval: Hits out of that, with its 95% interval over texts.
    """

    n: int
    hits: float
    of: float
    interval: Interval


@dataclass(frozen=True)
class Summary:
    """The rows of one system, added up.

    Attributes:
        fingerprint: What identifies its version.
        texts: Texts that were given to it.
        errors: Texts it made nothing of, or that could not be measured whole; one that it refused rightly is none.
        words_per_second: Words of the sources a second; None where no text was rewritten.
        sets: For each set, and for all together, the figures by name.
    """

    fingerprint: str
    texts: int
    errors: int
    words_per_second: float | None
    sets: Mapping[str, Mapping[str, Figure]]


def failed(row: Row) -> bool:
    """Tell whether a row should be made again: it has an error, and that is not what was asked for."""
    refused = row.measures.get("refused")
    return row.error is not None and not (refused and refused.hits)


def summarise(rows: Sequence[Row]) -> Summary:
    """Add up the rows of one system, at least one."""
    made = [row for row in rows if row.copy is not None]
    seconds = sum(row.seconds for row in made)
    parts = list(dict.fromkeys(row.part for row in rows))
    # One set is all there is: it need not be told twice.
    groups = {ALL: rows, **({part: [row for row in rows if row.part == part] for part in parts} if parts[1:] else {})}
    return Summary(
        fingerprint=rows[-1].fingerprint,
        texts=len(rows),
        errors=sum(map(failed, rows)),
        words_per_second=sum(len(row.source.split()) for row in made) / seconds if seconds else None,
        sets={name: _figures(group) for name, group in groups.items()},
    )


def _figures(rows: Sequence[Row]) -> dict[str, Figure]:
    figures = {}
    for name in sorted({name for row in rows for name in row.measures}):
        measured = [row for row in rows if name in row.measures]
        scores = [row.measures[name] for row in measured]
        hits, of = [score.hits for score in scores], [score.of for score in scores]
        interval = bootstrap_ratio([row.cluster for row in measured], hits, of)
        if interval is not None:
            figures[name] = Figure(len(measured), sum(hits), sum(of), interval)
    return figures


def as_json(summary: Summary) -> dict[str, object]:
    """Describe a summary."""
    sets = {
        part: {
            name: {"n": one.n, "hits": one.hits, "of": one.of, **asdict(one.interval)} for name, one in figures.items()
        }
        for part, figures in summary.sets.items()
    }
    return {**{name: value for name, value in vars(summary).items() if name != "sets"}, "sets": sets}


def make_table(summaries: Mapping[str, Summary], measures: Sequence[Described], part: str = ALL) -> Table:
    """Set systems side by side, a measure a row; what is counted by kind of fact is in the JSON alone."""
    columns = [summary.sets.get(part, {}) for summary in summaries.values()]
    table = Table("measure", box=box.SIMPLE_HEAD, pad_edge=False)
    for name in summaries:
        table.add_column(name, justify="right")
    if part == ALL:
        table.add_row("texts", *(str(summary.texts) for summary in summaries.values()))
        table.add_row("  failed on", *(str(summary.errors) for summary in summaries.values()))
    for measure in measures:
        figures = [column.get(measure.name) for column in columns]
        if any(figures):
            scale = 100 if measure.percent else 1
            table.add_row(f"{measure.name}{', %' if measure.percent else ''}", *(_value(one, scale) for one in figures))
            table.add_row("", *(_bounds(one, scale) for one in figures))
    if part == ALL:
        speeds = [summary.words_per_second for summary in summaries.values()]
        table.add_row("words / second", *(f"{speed:,.0f}" if speed else _NOTHING for speed in speeds))
    return table


def _value(figure: Figure | None, scale: float) -> str:
    return f"{scale * figure.interval.value:.1f}" if figure else _NOTHING


def _bounds(figure: Figure | None, scale: float) -> str:
    return f"{scale * figure.interval.low:.1f}–{scale * figure.interval.high:.1f}" if figure else ""
