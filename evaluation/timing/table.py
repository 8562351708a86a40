"""Times as tables to read."""

from __future__ import annotations

from collections.abc import Sequence

from rich import box
from rich.table import Table

from evaluation.timing.growth import EngineCosts, Exponent

_NOTHING = "–"
# From here on nobody asks for a decimal.
_WHOLE = 20


def make_tables(costs: Sequence[EngineCosts]) -> list[Table]:
    """Set out what articles cost, how that grows, and what batches save; no table where there is nothing to say."""
    tables = []
    if any(one.articles for one in costs):
        tables += [_articles(costs), _growth(costs)]
    if any(one.batches for one in costs):
        tables.append(_batches(costs))
    return tables


def _table(*columns: str) -> Table:
    table = Table("engine", box=box.SIMPLE_HEAD, pad_edge=False)
    for column in columns:
        table.add_column(column, justify="right")
    return table


def _articles(costs: Sequence[EngineCosts]) -> Table:
    table = _table("words", "seconds", "CPU seconds", "words / second", "× parse")
    for one in costs:
        for cost in one.articles:
            cells = (f"{cost.words:,.0f}", f"{cost.seconds:.2f}", f"{cost.cpu_seconds:.2f}")
            table.add_row(one.engine, *cells, as_rate(cost.words_per_second), f"{cost.times_plain:.1f}")
    return table


def _growth(costs: Sequence[EngineCosts]) -> Table:
    table = _table("cost grows as words to the power of")
    for one in costs:
        table.add_row(one.engine, as_power(one.growth))
    return table


def as_rate(rate: float) -> str:
    """Write how many there are a second.

    >>> as_rate(1234.5), as_rate(0.404)
    ('1,234', '0.4')
    """
    return f"{rate:,.0f}" if rate >= _WHOLE else f"{rate:.1f}"


def as_power(growth: Exponent | None) -> str:
    """Write an exponent with its interval."""
    return _NOTHING if growth is None else f"{growth.value:.2f} [{growth.low:.2f}, {growth.high:.2f}]"


def _batches(costs: Sequence[EngineCosts]) -> Table:
    table = _table("passages at once", "seconds", "CPU seconds", "passages / CPU second", "× the smallest")
    for one in costs:
        for batch in one.batches:
            saved = one.saved_by(batch)
            cells = (f"{batch.size}", f"{batch.seconds:.2f}", f"{batch.cpu_seconds:.2f}")
            table.add_row(
                one.engine,
                *cells,
                f"{batch.passages_per_cpu_second:.2f}",
                _NOTHING if saved is None else f"{saved:.2f}",
            )
    return table
