"""Put the page together."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from evaluation.duty.rows import Stint, latest_stints, read_stints
from evaluation.figures import ALL, Figure, Summary, summarise
from evaluation.intervals import RESAMPLES, SEED
from evaluation.page.conditions import preference_view, service_view, speed_view
from evaluation.page.plots import Estimate, Plot, forest, reliability
from evaluation.page.stored import (
    Stored,
    caught_by_type,
    gate_lines,
    read_stored,
    reliability_curves,
    seen_by_measure,
)
from evaluation.page.tables import (
    GLANCE,
    PRODUCT,
    Group,
    HeatMap,
    by_kind,
    by_variant,
    by_voice,
    in_order,
    measure_title,
    show,
    systems_side_by_side,
    title_of,
)
from evaluation.page.worst import Case, worst_cases
from evaluation.quality import MEASURES
from evaluation.results import Row, latest, read_results
from evaluation.scoring import GROUPS, Described
from evaluation.timing.rows import Timing, latest_timings, read_timings
from service.model import sha256_of

WORST = 4
_KINDS = {
    "fact_recall": "Facts of the source that the copy keeps, %, by kind",
    "fact_precision": "Facts of the copy that the source states, %, by kind",
}
_VOICES = {
    "wire": "Sentences that read like wire copy, %, by the voice of the source",
    "supported": "Passages that the learned verifier finds supported, %, by the voice of the source",
    "fact_recall": "Facts of the source that the copy keeps, %, by the voice of the source",
}
_VARIANTS = {
    "fact_recall": "Facts of the source that the copy keeps, %, by what happened to the text",
    "faithful": "Texts whose copy passes the gate, read whole, %, by what happened to the text",
    "wire": "Sentences that read like wire copy, %, by what happened to the text",
    "refused": "Texts in other languages that are refused with a clear sentence, %",
}


@dataclass(frozen=True)
class Material:
    """What the page is made of.

    Attributes:
        rows: Results, one row for each system and text.
        files: Name and SHA-256 of each file that was read.
        gate: What the suite ``gate`` wrote, if it is to be shown.
        sensitivity: What planted errors do to the measures, if it is to be shown.
        timings: What the suite ``speed`` wrote.
        stints: What the suite ``service`` wrote.
        preference: What ``sheet score`` wrote, if it is to be shown.
    """

    rows: tuple[Row, ...]
    files: tuple[tuple[str, str], ...]
    gate: Stored | None = None
    sensitivity: Stored | None = None
    timings: tuple[Timing, ...] = ()
    stints: tuple[Stint, ...] = ()
    preference: Stored | None = None


@dataclass(frozen=True)
class SuiteView:
    """A suite as it is shown.

    Attributes:
        name: Its name.
        anchor: Its name as it can be linked to.
        systems: Title and sums of each system.
        columns: Titles of the systems.
        glance: The measures that come first.
        plots: Forest plots of these.
        groups: All measures.
        sets: For each set all measures, where there are several.
        kinds: Heat maps by kind of fact.
        voices: Heat maps by voice.
        variants: Heat maps by what happened to the text.
        worst: The worst cases by system.
        errors: Rows that a system failed on.
    """

    name: str
    anchor: str
    systems: tuple[tuple[str, Summary], ...]
    columns: tuple[str, ...]
    glance: tuple[Group, ...]
    plots: tuple[Plot, ...]
    groups: tuple[Group, ...]
    sets: tuple[tuple[str, tuple[Group, ...]], ...]
    kinds: tuple[HeatMap, ...]
    voices: tuple[HeatMap, ...]
    variants: tuple[HeatMap, ...]
    worst: Mapping[str, Sequence[Case]]
    errors: tuple[Row, ...]


def read_material(
    results: Sequence[Path],
    *,
    gate: Path | None = None,
    sensitivity: Path | None = None,
    speed: Path | None = None,
    service: Path | None = None,
    preference: Path | None = None,
) -> Material:
    """Read what the page is made of.

    Args:
        results: Files of result rows.
        gate: The figures of the gate.
        sensitivity: What planted errors do to the measures.
        speed: Times.
        service: What the service did.
        preference: What readers preferred.

    Raises:
        MissingDataError: A file is not there.
        BrokenDataError: A file does not hold what it should.
    """
    fields = ((gate, "tests"), (sensitivity, "rows"), (preference, "preferences"))
    stored = {path: read_stored(path, field) for path, field in fields if path}
    files = [*results, *stored, *(path for path in (speed, service) if path)]
    return Material(
        rows=tuple(latest(row for path in results for row in read_results(path))),
        files=tuple((path.name, sha256_of(path)) for path in files),
        gate=stored[gate] if gate else None,
        sensitivity=stored[sensitivity] if sensitivity else None,
        timings=tuple(latest_timings(read_timings(speed))) if speed else (),
        stints=tuple(latest_stints(read_stints(service))) if service else (),
        preference=stored[preference] if preference else None,
    )


def as_html(material: Material) -> str:
    """Write the page: one file that loads nothing; the same material gives the same bytes."""
    measures = described()
    return _render(
        "report.html.jinja",
        material,
        suites=[_suite(name, rows, measures) for name, rows in _suites(material).items()],
        gate=_gate(material.gate) if material.gate else None,
        seen=seen_by_measure(material.sensitivity, list(measures)) if material.sensitivity else None,
        sensitivity=material.sensitivity,
        speed=speed_view(material.timings),
        service=service_view(material.stints),
        preference=preference_view(material.preference) if material.preference else None,
    )


def as_markdown(material: Material) -> str:
    """Write the summary in Markdown."""
    measures = described()
    tables = []
    for name, rows in _suites(material).items():
        figures = {system: summary.sets[ALL] for system, summary in _summaries(rows).items()}
        tables.append((name, list(map(title_of, figures)), systems_side_by_side(figures, measures)))
    grids = [
        *(view.grids if (view := speed_view(material.timings)) else ()),
        *(other.grids if (other := service_view(material.stints)) else ()),
        *(preference_view(material.preference).grids if material.preference else ()),
    ]
    return _render("summary.md.jinja", material, tables=tables, grids=grids)


def _render(template: str, material: Material, **shown: Any) -> str:
    named = [one for name, one in described().items() if any(name in row.measures for row in material.rows)]
    made = _environment().get_template(template)
    return made.render(measures=named, files=material.files, resamples=RESAMPLES, seed=SEED, **shown)


def _suites(material: Material) -> dict[str, list[Row]]:
    names = dict.fromkeys(row.suite for row in material.rows)
    return {name: [row for row in material.rows if row.suite == name] for name in names}


def _summaries(rows: Sequence[Row]) -> dict[str, Summary]:
    systems = in_order([row.system for row in rows])
    return {system: summarise([row for row in rows if row.system == system]) for system in systems}


@cache
def described() -> dict[str, Described]:
    """Give all measures that results may name, by name."""
    every: list[Described] = [*(one for group in GROUPS.values() for one in group), *MEASURES]
    return {one.name: one for one in every}


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent.parent / "templates"),
        autoescape=lambda name: bool(name and name.endswith(".html.jinja")),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {"code": _with_code, "measure": measure_title}
    return environment


def _with_code(text: str) -> Markup:
    """Set as code what stands between backticks."""
    return Markup(re.sub(r"`([^`]*)`", r"<code>\1</code>", str(escape(text))))


def _suite(name: str, rows: Sequence[Row], measures: Mapping[str, Described]) -> SuiteView:
    summaries = _summaries(rows)
    parts = dict.fromkeys(part for summary in summaries.values() for part in summary.sets)

    def figures(part: str) -> dict[str, Mapping[str, Figure]]:
        return {system: summary.sets.get(part, {}) for system, summary in summaries.items()}

    groups = systems_side_by_side(figures(ALL), measures)
    anchor = re.sub(r"\W+", "-", name)
    return SuiteView(
        name=name,
        anchor=anchor,
        systems=tuple((title_of(system), summary) for system, summary in summaries.items()),
        columns=tuple(map(title_of, summaries)),
        glance=_first(groups),
        plots=tuple(_forests(anchor, figures(ALL), measures)),
        groups=groups,
        sets=tuple((part, systems_side_by_side(figures(part), measures)) for part in parts if part != ALL),
        kinds=tuple(filter(None, (by_kind(figures(ALL), measure, caption) for measure, caption in _KINDS.items()))),
        voices=tuple(filter(None, (by_voice(rows, list(summaries), *one) for one in _VOICES.items()))),
        variants=tuple(filter(None, (by_variant(rows, list(summaries), *one) for one in _VARIANTS.items()))),
        worst={title_of(system): cases for system, cases in worst_cases(rows, measures, count=WORST).items()},
        errors=tuple(row for row in rows if row.error),
    )


def _first(groups: Sequence[Group]) -> tuple[Group, ...]:
    lines = {line.name: line for group in groups for line in group.lines}
    return (Group("", tuple(lines[name] for name in GLANCE if name in lines)),)


def _forests(suite: str, figures: Mapping[str, Mapping[str, Figure]], measures: Mapping[str, Described]) -> list[Plot]:
    plots = []
    for name in GLANCE:
        measure = measures[name]
        found = {system: column[name].interval for system, column in figures.items() if name in column}
        if not found:
            continue
        scale = 100 if measure.percent else 1
        estimates = [
            Estimate(title_of(system), scale * one.value, scale * one.low, scale * one.high, system == PRODUCT)
            for system, one in found.items()
        ]
        title = f"{measure_title(name)}{', %' if measure.percent else ''}"
        told = "; ".join(f"{one.label} {one.value:.1f} ({one.low:.1f} to {one.high:.1f})" for one in estimates)
        svg = forest(f"forest-{suite}-{name}", estimates, alt=f"{title}: {told}.")
        plots.append(Plot(title, f"{measure.says} {measure.better.capitalize()} is better.", Markup(svg)))
    return plots


def _gate(gate: Stored) -> dict[str, Any]:
    lines = list(gate_lines(gate))
    curves = reliability_curves(gate)
    told = " ".join(
        f"{curve.label}: "
        + ", ".join(f"{show(x, percent=True)}% said, {show(y, percent=True)}% are" for x, y in curve.points)
        + "."
        for curve in curves
    )
    return {
        "targets": [line for line in lines if line.has_target],
        "lines": lines,
        "caught": caught_by_type(gate),
        "reliability": Markup(reliability("reliability", curves, alt=f"Reliability curve. {told}")) if curves else None,
    }


def _point(point: tuple[float, float]) -> str:
    said, found = (show(share, percent=True) for share in point)
    return f"{said}% said, {found}% are"
