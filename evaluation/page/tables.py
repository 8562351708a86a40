"""Figures in tables: systems side by side, and heat maps of what is measured in parts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from evaluation.figures import Figure
from evaluation.results import Row
from evaluation.scoring import Described, is_of_a_kind

NOTHING = "–"
# The system that the page is about.
PRODUCT = "model"
_TITLES = {
    "source": "source copied",
    "other": "another text",
    "base": "untuned base",
    "rules": "rules alone",
    PRODUCT: "copydesk",
    "reference": "reference by hand",
}
# It gives the floor of every measure and has no place in a map of where systems differ.
_FLOOR = "other"
_MEASURES = {
    "joint": "joint score",
    "fact_recall": "facts kept",
    "fact_precision": "facts from the source",
    "fact_f1": "both (F1)",
    "faithful": "texts that pass whole",
    "supported": "passages supported",
    "covered": "source passages covered",
    "figures_recall": "figures kept",
    "figures_precision": "figures from the source",
    "names_recall": "names kept",
    "names_precision": "names from the source",
    "quoted_recall": "quoted words kept",
    "quoted_precision": "quoted words from the source",
    "wire": "sentences like wire copy",
    "findings": "style findings in 100 words",
    "bits_per_word": "bits a word",
    "grade": "school grade",
    "chrf": "chrF",
    "bleu": "BLEU",
    "status.unchanged": "unchanged",
    "status.rewritten": "rewritten",
    "status.repaired": "repaired",
    "status.kept": "kept for an editor",
}
# What a reader wants first, if it was measured.
GLANCE = ("joint", "fact_recall", "supported", "wire", "findings", "bits_per_word", "chrf")
_FAMILIES: Mapping[str, tuple[str, ...]] = {
    "All at once": ("joint",),
    "Facts, by the gate": ("fact_recall", "fact_precision", "fact_f1", "faithful"),
    "Facts, by measures that share nothing with its rules": (
        *("supported", "covered", "figures_recall", "figures_precision"),
        *("names_recall", "names_precision", "quoted_recall", "quoted_precision"),
    ),
    "Style": ("wire", "findings"),
    "English": ("bits_per_word", "grade"),
    "Overlap with the reference": ("chrf", "bleu"),
    "The product's own account of its passages": (
        *("status.unchanged", "status.rewritten", "status.repaired", "status.kept"),
    ),
}
_OTHER = "Other"
_STEP = 5


@dataclass(frozen=True)
class Cell:
    """A figure in a table.

    Attributes:
        text: The value.
        bounds: Its interval; empty where there is none.
        stressed: It belongs to the product.
    """

    text: str
    bounds: str = ""
    stressed: bool = False


@dataclass(frozen=True)
class Line:
    """A measure in a table.

    Attributes:
        name: Its name.
        title: Its name to read.
        unit: ``%`` or nothing.
        better: Which way is better; empty where that is not known.
        cells: A figure for each system.
    """

    name: str
    title: str
    unit: str
    better: Literal["higher", "lower", ""]
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Group:
    """Measures of one family."""

    title: str
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Shade:
    """A cell of a heat map.

    Attributes:
        text: The value.
        n: What it is a share of; empty where that is told elsewhere.
        depth: How deep its colour is, 0 to 100.
    """

    text: str
    n: str = ""
    depth: int = 0


@dataclass(frozen=True)
class HeatMap:
    """A table whose cells are coloured by their values.

    Attributes:
        caption: What it shows.
        corner: What the rows are.
        columns: Titles of the columns.
        rows: Titles of the rows with their cells.
        hue: ``lack`` where the deepest colour is at 0, ``hit`` where it is at 1.
    """

    caption: str
    corner: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[Shade, ...]], ...]
    hue: Literal["lack", "hit"] = "lack"


@dataclass(frozen=True)
class Grid:
    """A plain table.

    Attributes:
        caption: What it shows.
        columns: Titles of the columns.
        rows: The cells, line by line; the first of a line is its title.
    """

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def title_of(system: str) -> str:
    """Say what a system is called on the page."""
    return _TITLES.get(system, system)


def measure_title(name: str) -> str:
    """Say what a measure is called on the page."""
    return _MEASURES.get(name, name.replace("_", " "))


def in_order(systems: Sequence[str]) -> list[str]:
    """Put the systems that are known in a fixed order, the product next to the reference, and others before it."""
    known = list(_TITLES)
    others = known.index(PRODUCT) - 0.5
    return sorted(dict.fromkeys(systems), key=lambda name: known.index(name) if name in known else others)


def systems_side_by_side(
    figures: Mapping[str, Mapping[str, Figure]], measures: Mapping[str, Described]
) -> tuple[Group, ...]:
    """Set out all that was measured of whole texts, family by family.

    Args:
        figures: For each system its figures by name.
        measures: What is known of the measures.
    """
    present = dict.fromkeys(name for column in figures.values() for name in column)
    placed = {name for names in _FAMILIES.values() for name in names}
    # What is counted by kind of fact has a table of its own.
    rest = tuple(name for name in present if name not in placed and not is_of_a_kind(name))
    groups = {**_FAMILIES, _OTHER: rest}
    lines = {
        title: tuple(_line(name, figures, measures.get(name)) for name in names if name in present)
        for title, names in groups.items()
    }
    return tuple(Group(title, found) for title, found in lines.items() if found)


def _line(name: str, figures: Mapping[str, Mapping[str, Figure]], measure: Described | None) -> Line:
    percent = measure is not None and measure.percent
    return Line(
        name=name,
        title=measure_title(name),
        unit="%" if percent else "",
        better=measure.better if measure else "",
        cells=tuple(
            _cell(column.get(name), percent=percent, stressed=system == PRODUCT) for system, column in figures.items()
        ),
    )


def _cell(figure: Figure | None, *, percent: bool, stressed: bool) -> Cell:
    if figure is None:
        return Cell(NOTHING, stressed=stressed)
    value, low, high = (
        show(number, percent=percent) for number in (figure.interval.value, figure.interval.low, figure.interval.high)
    )
    return Cell(value, f"{low} to {high}", stressed)


def show(number: float, *, percent: bool) -> str:
    """Write a figure.

    >>> show(0.1234, percent=True), show(0.1234, percent=False)
    ('12.3', '0.12')
    """
    return f"{100 * number:.1f}" if percent else f"{number:.2f}"


def by_kind(figures: Mapping[str, Mapping[str, Figure]], measure: str, caption: str) -> HeatMap | None:
    """Show a share kind by kind of fact; None where nothing was counted by kind."""
    figures = {system: column for system, column in figures.items() if system != _FLOOR}
    prefix = f"{measure}."
    kinds = sorted(
        {name.removeprefix(prefix) for column in figures.values() for name in column if name.startswith(prefix)}
    )

    def shade(figure: Figure | None) -> Shade:
        return _shade(figure.interval.value, figure.of) if figure else Shade(NOTHING)

    rows = tuple((kind, tuple(shade(column.get(prefix + kind)) for column in figures.values())) for kind in kinds)
    return HeatMap(caption, "kind of fact", tuple(map(title_of, figures)), rows) if rows else None


def by_voice(rows: Sequence[Row], systems: Sequence[str], measure: str, caption: str) -> HeatMap | None:
    """Show a share voice by voice; None where it was not measured or no voice is known."""
    measured = [row for row in rows if row.voice and measure in row.measures]
    voices = sorted({row.voice for row in measured}, key=str.casefold)
    groups = {voice: [row for row in measured if row.voice == voice] for voice in voices}
    return _by_group(groups, systems, measure, HeatMap(caption, "voice", (), ()))


def by_variant(rows: Sequence[Row], systems: Sequence[str], measure: str, caption: str) -> HeatMap | None:
    """Show a share by what happened to the text; None where it was not measured, or nothing happened to any."""
    measured = [row for row in rows if row.origin and measure in row.measures]
    groups = {
        part: [row for row in measured if row.part == part] for part in dict.fromkeys(row.part for row in measured)
    }
    return _by_group(groups, systems, measure, HeatMap(caption, "variant", (), ()))


def _by_group(
    groups: Mapping[str, Sequence[Row]], systems: Sequence[str], measure: str, empty: HeatMap
) -> HeatMap | None:
    shown = [system for system in systems if system != _FLOOR]

    def shade(rows: Sequence[Row], system: str) -> Shade:
        scores = [row.measures[measure] for row in rows if row.system == system]
        if not scores:
            return Shade(NOTHING)
        return _shade(sum(score.hits for score in scores) / sum(score.of for score in scores), len(scores))

    lines = tuple((title, tuple(shade(rows, system) for system in shown)) for title, rows in groups.items())
    return replace(empty, columns=tuple(map(title_of, shown)), rows=lines) if lines else None


def _shade(share: float, of: float) -> Shade:
    return Shade(f"{100 * share:.0f}", f"{of:,.0f}", depth(1 - share))


def depth(share: float) -> int:
    """Say how deep a colour is, in steps.

    >>> depth(0.333), depth(-1), depth(2)
    (35, 0, 100)
    """
    return _STEP * round(100 / _STEP * min(1.0, max(0.0, share)))
