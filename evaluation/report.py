"""Put what was measured into rows of JSON and into a table to read."""

from __future__ import annotations

from collections.abc import Mapping

from rich import box
from rich.table import Table

from evaluation.intervals import Interval
from evaluation.rewriting import Failure, Output, Summary
from service.facts import Verdict
from service.passages import Status
from service.spans import Span

_NOTHING = "–"


def as_row(result: Output | Failure) -> dict[str, object]:
    """Describe what a system made of one article, or why it made nothing."""
    if isinstance(result, Failure):
        return {"id": result.sample.identity, "error": result.error}
    return {
        "id": result.sample.identity,
        "copy": result.copy,
        "seconds": round(result.seconds, 3),
        "findings": result.findings,
        "facts": {"kept": result.kept.total(), "of": result.stated.total()},
        "flagged": [
            {
                "kind": fact.kind.value,
                "verdict": fact.verdict.value,
                "source": _words(fact.source, result.sample.source),
                "copy": _words(fact.copy, result.copy),
            }
            for fact in result.report.facts
            if fact.verdict is not Verdict.KEPT
        ],
        "passages": [
            {"status": passage.status.value, "source": passage.source, "copy": passage.copy}
            for passage in result.passages
        ],
    }


def _words(span: Span | None, text: str) -> str | None:
    return span.of(text) if span else None


def make_table(summaries: Mapping[str, Summary]) -> Table:
    """Set the systems side by side, a measure a row."""
    columns = list(summaries.values())
    kinds = sorted({kind for column in columns for kind in column.fact_recall_by_kind})
    rows = [
        ("articles", [str(column.articles) for column in columns]),
        ("articles it failed on", [str(column.errors) for column in columns]),
        ("passages", [str(column.passages or _NOTHING) for column in columns]),
        *((f"  {status.value}, %", [_share(column.statuses, status) for column in columns]) for status in Status),
        ("facts kept, %", [_value(column.fact_recall, scale=100) for column in columns]),
        ("  95% interval", [_bounds(column.fact_recall, scale=100) for column in columns]),
        *((f"  {kind}", [_ratio(column.fact_recall_by_kind.get(kind)) for column in columns]) for kind in kinds),
        ("unsupported facts", [str(column.unsupported) for column in columns]),
        ("style findings / 100 words", [_number(column.findings_per_100_words, digits=2) for column in columns]),
        ("chrF", [_value(column.chrf) for column in columns]),
        ("  95% interval", [_bounds(column.chrf) for column in columns]),
        ("source words / second", [_number(column.source_words_per_second, digits=1) for column in columns]),
    ]
    table = Table("measure", box=box.SIMPLE_HEAD, pad_edge=False)
    for name in summaries:
        table.add_column(name, justify="right", no_wrap=True)
    for label, cells in rows:
        table.add_row(label, *cells)
    return table


def _share(shares: Mapping[str, float] | None, status: Status) -> str:
    return f"{100 * shares[status.value]:.1f}" if shares else _NOTHING


def _ratio(counts: tuple[int, int] | None) -> str:
    return f"{counts[0]}/{counts[1]}" if counts else _NOTHING


def _number(value: float | None, *, digits: int) -> str:
    return _NOTHING if value is None else f"{value:.{digits}f}"


def _value(interval: Interval | None, *, scale: float = 1) -> str:
    return f"{scale * interval.value:.1f}" if interval else _NOTHING


def _bounds(interval: Interval | None, *, scale: float = 1) -> str:
    return f"{scale * interval.low:.1f}–{scale * interval.high:.1f}" if interval else _NOTHING
