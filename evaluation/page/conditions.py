"""What is shown beside the figures of texts: how fast, how steady, and what readers preferred."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from evaluation.duty.rows import WHEN, Stint
from evaluation.page.plots import Curve, Estimate, Plot, forest, lines
from evaluation.page.stored import Stored
from evaluation.page.tables import NOTHING, Grid, title_of
from evaluation.reading import QUESTIONS
from evaluation.timing.growth import EngineCosts, add_up
from evaluation.timing.rows import Timing
from evaluation.timing.table import as_power, as_rate

_ENGINES = {
    "echo": "all but the model",
    "rules": "rules alone",
    "onnx": "copydesk, 8 bits (ONNX)",
    "transformers": "copydesk, float32 (transformers)",
}
_ALL = "all"


@dataclass(frozen=True)
class View:
    """A section of the page.

    Attributes:
        grids: Its tables.
        plots: Its plots.
        told: What was measured, and on what.
    """

    grids: tuple[Grid, ...]
    plots: tuple[Plot, ...]
    told: str


def speed_view(timings: Sequence[Timing]) -> View | None:
    """Show what articles cost and what batches save; None where nothing was timed."""
    costs = [one for one in add_up(timings) if one.articles or one.batches]
    if not costs:
        return None
    grids = [_articles(costs)] if any(one.articles for one in costs) else []
    grids += [_batches(costs)] if any(one.batches for one in costs) else []
    busiest = max(one.busy for one in timings)
    return View(
        grids=tuple(grids),
        plots=tuple(_speed_plots(costs)),
        told=f"Taken on {timings[-1].machine}; when a time was taken, up to {busiest:.1f} processes wanted a core. CPU "
        "seconds are those of all cores together: they tell what an article costs on a busy machine too.",
    )


def _articles(costs: Sequence[EngineCosts]) -> Grid:
    rows = [
        (
            _engine(one.engine),
            f"{cost.words:,.0f}",
            f"{cost.seconds:,.2f}",
            f"{cost.cpu_seconds:,.2f}",
            as_rate(cost.words_per_second),
            f"{cost.times_plain:,.1f}",
            as_power(one.growth),
        )
        for one in costs
        for cost in one.articles
    ]
    columns = ("engine", "words", "seconds", "CPU seconds", "words a second", "times one parse", "growth")
    return Grid(
        "What articles cost, the median of the times of each length. Times one parse: CPU seconds as a multiple of "
        "those of one parse by spaCy of the same text, taken just before. Growth: CPU seconds grow as words to this "
        "power, with its 95% interval",
        columns,
        tuple(rows),
    )


def _batches(costs: Sequence[EngineCosts]) -> Grid:
    rows = [
        (
            _engine(one.engine),
            f"{batch.size}",
            f"{batch.seconds:,.2f}",
            f"{batch.cpu_seconds:,.2f}",
            f"{batch.passages_per_cpu_second:.2f}",
            NOTHING if (saved := one.saved_by(batch)) is None else f"{saved:.2f}",
        )
        for one in costs
        for batch in one.batches
    ]
    columns = ("engine", "passages at once", "seconds", "CPU seconds", "passages a CPU second", "times the smallest")
    return Grid(
        "What batches save: the model alone, one target for each passage, the same passages", columns, tuple(rows)
    )


def _speed_plots(costs: Sequence[EngineCosts]) -> list[Plot]:
    articles = [
        Curve(_engine(one.engine), tuple((cost.words, cost.cpu_seconds) for cost in one.articles))
        for one in costs
        if one.articles
    ]
    batches = [
        Curve(_engine(one.engine), tuple((batch.size, batch.passages_per_cpu_second) for batch in one.batches))
        for one in costs
        if one.batches
    ]
    plots = []
    if articles:
        says = "A straight line is a power of the length; one that keeps its distance to the others grows like them."
        plots.append(_plot("What an article costs", says, articles, "words of the article", "CPU seconds"))
    if batches:
        says = "The model alone, one target for each passage."
        plots.append(_plot("What batches save", says, batches, "passages at once", "passages a CPU second"))
    return plots


def _plot(title: str, says: str, curves: Sequence[Curve], across: str, up: str) -> Plot:
    told = "; ".join(
        f"{curve.label}: {', '.join(f'{x:,g} {across}, {y:,.3g} {up}' for x, y in curve.points)}" for curve in curves
    )
    name = title.lower().replace(" ", "-")
    return Plot(title, says, Markup(lines(name, curves, across=across, up=up, alt=f"{title}. {told}.")))


def _engine(name: str) -> str:
    return _ENGINES.get(name, name)


def service_view(stints: Sequence[Stint]) -> View | None:
    """Show what a service answered; None where none was measured."""
    if not stints:
        return None
    rows = []
    for what in dict.fromkeys(one.what for one in stints):
        own = [one for one in stints if one.what == what]
        right = {one.when: f"{one.right} of {one.sent}" for one in own}
        sums = (sum(one.turned_away for one in own), sum(one.wrong for one in own))
        rows.append((what, *(right.get(when, NOTHING) for when in WHEN), *map(str, sums)))
    grid = Grid(
        "What was sent, and how often the answer was right", ("sent", *WHEN, "turned away", "wrong"), tuple(rows)
    )
    load = next((_load(one) for one in stints if one.figures), None)
    last = stints[-1]
    wrong, sent = sum(one.wrong for one in stints), sum(one.sent for one in stints)
    return View(
        grids=(*([load] if load else []), grid),
        plots=(),
        told=f"{last.fingerprint} on {last.machine}; {wrong} of {sent:,} answers were wrong.",
    )


def _load(stint: Stint) -> Grid:
    figures = stint.figures

    def pair(name: str) -> str:
        found = figures.get(name)
        return NOTHING if not found else ", ".join(f"{seconds:.2f}" for seconds in found)

    rows = (
        ("clients", str(figures.get("clients", NOTHING))),
        ("seconds", f"{figures.get('seconds', NOTHING)}"),
        ("passages a second", f"{figures['passages_per_second']:.1f}"),
        ("seconds to the first passage: median, 95th percentile", pair("first_passage")),
        ("seconds to the whole answer: median, 95th percentile", pair("whole")),
        (
            "memory in MiB: before, warm, at the end",
            ", ".join(f"{figures[name]:.0f}" for name in ("memory_before", "memory_warm", "memory_end")),
        ),
    )
    return Grid("The service under load, while one more client sends what it should not", ("figure", "value"), rows)


def preference_view(scored: Stored) -> View:
    """Show which of two systems readers preferred, and how far they agree."""
    first, second = map(title_of, scored["systems"])
    chosen = scored["preferences"]
    rows = [
        (
            QUESTIONS[one["question"]],
            one["reader"],
            *(f"{one[name]:,}" for name in ("answered", "first", "second", "same")),
            _share(one["share"]),
        )
        for one in chosen
    ]
    grids = [
        Grid(
            f"What readers preferred, blind. Preferred: share of the answers for {first}, those for neither counted as "
            "half, with its 95% interval over texts",
            ("question", "reader", "answers", first, second, "neither", f"preferred: {first}, %"),
            tuple(rows),
        )
    ]
    if scored["agreements"]:
        grids.append(_agreement(scored["agreements"]))
    # All readers together, or the only one.
    shown = [one for one in chosen if one["reader"] == _ALL] or chosen
    estimates = [
        Estimate(one["question"], *(100 * one["share"][end] for end in ("value", "low", "high")))
        for one in shown
        if one["share"]
    ]
    told = "; ".join(f"{one.label} {one.value:.1f} ({one.low:.1f} to {one.high:.1f})" for one in estimates)
    title = f"Readers who prefer {first} to {second}, %"
    plots = [
        Plot(title, "At 50 nobody is preferred.", Markup(forest("preference", estimates, alt=f"{title}: {told}.")))
    ]
    return View(tuple(grids), tuple(plots if estimates else ()), f"{scored['items']:,} texts were on the sheet.")


def _share(share: Stored | None) -> str:
    if share is None:
        return NOTHING
    value, low, high = (f"{100 * share[end]:.1f}" for end in ("value", "low", "high"))
    return f"{value} [{low}, {high}]"


def _agreement(agreements: Sequence[Stored]) -> Grid:
    rows = [
        (
            QUESTIONS[one["question"]],
            " and ".join(one["readers"]),
            f"{one['items']:,}",
            f"{one['alike']:,}",
            NOTHING if one["kappa"] is None else f"{one['kappa']:.2f}",
        )
        for one in agreements
    ]
    return Grid(
        "How far readers agree. Cohen's kappa: 1 is whole agreement, 0 that of chance",
        ("question", "readers", "texts", "alike", "kappa"),
        tuple(rows),
    )
