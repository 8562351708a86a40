"""Plots as SVG to be put into the page: no colour of their own, no font of their own, the same bytes each time."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

import matplotlib as mpl
from markupsafe import Markup
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.ticker import LogLocator, NullFormatter

# Colours that stand for those of the page, which has others by day than by night.
_TEXT, _QUIET, _LINE, _ACCENT = "#010101", "#020202", "#030303", "#040404"
_VARIABLES = {_TEXT: "var(--text)", _QUIET: "var(--quiet)", _LINE: "var(--line)", _ACCENT: "var(--accent)"}
_SERIES = ("#050505", "#060606", "#070707", "#080808")
_MARKERS = "os^D"
_VARIABLES |= {colour: f"var(--series-{number})" for number, colour in enumerate(_SERIES, start=1)}
_POINTS_AN_INCH = 72
_STYLE: dict[Any, Any] = {
    "svg.fonttype": "none",
    "text.color": _TEXT,
    "axes.edgecolor": _LINE,
    "axes.labelcolor": _QUIET,
    "xtick.color": _LINE,
    "ytick.color": _LINE,
    "xtick.labelcolor": _QUIET,
    "ytick.labelcolor": _TEXT,
    "grid.color": _LINE,
    "font.size": 11,
}


@dataclass(frozen=True)
class Estimate:
    """A line of a forest plot.

    Attributes:
        label: Whose it is.
        value: The estimate.
        low: Where its interval begins.
        high: Where it ends.
        stressed: It is the one that the page is about.
    """

    label: str
    value: float
    low: float
    high: float
    stressed: bool = False


@dataclass(frozen=True)
class Plot:
    """A picture with what is said about it."""

    title: str
    caption: str
    svg: Markup


@dataclass(frozen=True)
class Curve:
    """A line of a plot.

    Attributes:
        label: Its name.
        points: What it goes through.
    """

    label: str
    points: tuple[tuple[float, float], ...]


def forest(name: str, estimates: Sequence[Estimate], *, alt: str) -> str:
    """Draw estimates with their intervals one below the other.

    Args:
        name: Another for each plot of a page.
        estimates: From top to bottom.
        alt: The plot in words.
    """
    with mpl.rc_context({**_STYLE, "svg.hashsalt": name}):
        figure, axes = _axes(height=0.55 + 0.27 * len(estimates))
        for place, one in enumerate(estimates):
            colour = _ACCENT if one.stressed else _TEXT
            axes.plot([one.low, one.high], [place, place], color=colour, linewidth=2.5 if one.stressed else 1.5)
            axes.plot([one.value], [place], color=colour, marker="D" if one.stressed else "o", markersize=6)
        axes.set_yticks(range(len(estimates)), [one.label for one in estimates])
        axes.set_ylim(len(estimates) - 0.5, -0.5)
        axes.margins(x=0.06)
        axes.locator_params(axis="x", nbins=5)
        axes.grid(axis="x", linewidth=0.6)
        return _svg(figure, name, alt)


def reliability(name: str, curves: Sequence[Curve], *, alt: str) -> str:
    """Draw how often rewrites of a given probability are faithful; on the diagonal it says what it means.

    Args:
        name: Another for each plot of a page.
        curves: Points of mean probability and observed share; at most two.
        alt: The plot in words.
    """
    with mpl.rc_context({**_STYLE, "svg.hashsalt": name}):
        figure, axes = _axes(height=4.7)
        axes.plot([0, 1], [0, 1], color=_QUIET, linewidth=1, linestyle="--", label="as it should be")
        for curve, colour, marker in zip(curves, _SERIES, _MARKERS, strict=False):
            across, up = zip(*curve.points, strict=True)
            axes.plot(across, up, color=colour, marker=marker, label=curve.label, clip_on=False)
        axes.set(xlabel="probability that the rewrite is faithful", ylabel="share that is", xlim=(0, 1), ylim=(0, 1))
        axes.grid(linewidth=0.6)
        figure.legend(loc="outside upper left", fontsize=10, frameon=False)
        return _svg(figure, name, alt)


def lines(name: str, curves: Sequence[Curve], *, across: str, up: str, alt: str) -> str:
    """Draw curves on logarithmic axes, where a power is a straight line and the steeper the higher.

    Args:
        name: Another for each plot of a page.
        curves: At most four, of figures above 0.
        across: What the horizontal axis is.
        up: What the vertical axis is.
        alt: The plot in words.
    """
    with mpl.rc_context({**_STYLE, "svg.hashsalt": name}):
        figure, axes = _axes(height=4.2)
        for curve, colour, marker in zip(curves, _SERIES, _MARKERS, strict=False):
            axes.plot(*zip(*curve.points, strict=True), color=colour, marker=marker, label=curve.label, clip_on=False)
        axes.set(xlabel=across, ylabel=up, xscale="log", yscale="log")
        for axis in (axes.xaxis, axes.yaxis):
            axis.set_major_locator(LogLocator(subs=(1, 2, 5)))
            axis.set_major_formatter("{x:,g}")
            axis.set_minor_formatter(NullFormatter())
        axes.grid(linewidth=0.6)
        figure.legend(loc="outside upper left", fontsize=10, frameon=False)
        return _svg(figure, name, alt)


def _axes(*, height: float) -> tuple[Figure, Any]:
    # As wide as a telephone, so that letters are no smaller than those around them.
    figure = Figure(figsize=(4.6, height), layout="constrained")
    FigureCanvasSVG(figure)
    axes = figure.add_subplot()
    axes.set_facecolor("none")
    axes.spines[["top", "right", "left"]].set_visible(False)
    axes.tick_params(axis="y", length=0)
    return figure, axes


def _svg(figure: Figure, name: str, alt: str) -> str:
    page = io.StringIO()
    figure.savefig(page, format="svg", transparent=True, metadata=dict.fromkeys(("Creator", "Date", "Format", "Type")))
    whole = page.getvalue()
    svg = re.sub(r"<metadata>.*?</metadata>\s*", "", whole[whole.index("<svg") :], flags=re.DOTALL)
    svg = re.sub(r"<svg [^>]*?viewBox=\"([^\"]*)\"[^>]*>", lambda found: _opening(alt, found[1]), svg, count=1)
    svg = svg.replace("xlink:href", "href")
    svg = re.sub(r"font: (?:[^;\"]*? )?([\d.]+px) [^;\"]*", r"font-size: \1", svg)
    svg = re.sub(r"font-family: [^;\"]*;? ?", "", svg)
    return _recoloured(_with_own_ids(svg, name)).strip()


def _opening(alt: str, view: str) -> str:
    return f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="{escape(alt)}" viewBox="{view}">'


def _with_own_ids(svg: str, name: str) -> str:
    """Take away the ids that nothing refers to; the others get the name of the plot, for a page has several."""
    used = set(re.findall(r"(?:url\(#|href=\"#)([\w-]+)", svg))
    svg = re.sub(r' id="([\w.-]+)"', lambda found: f' id="{name}-{found[1]}"' if found[1] in used else "", svg)
    return re.sub(r"(url\(#|href=\"#)", rf"\g<1>{name}-", svg)


def _recoloured(svg: str) -> str:
    for colour, variable in _VARIABLES.items():
        svg = svg.replace(colour, variable)
    return svg
