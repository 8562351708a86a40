"""What other runs have written down: the figures of the gate, and what planted errors do to the measures."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evaluation.errors import BrokenDataError, MissingDataError
from evaluation.page.plots import Curve
from evaluation.page.tables import NOTHING, HeatMap, Shade, depth, measure_title

Stored = Mapping[str, Any]

_OF_A_TYPE = re.compile(r"^(?P<measure>.*): (?P<kind>[a-z]+(?:_[a-z]+)+)$")
_CAUGHT = "errors caught"
_NO_SHARE = ("Brier", "expected", "Spearman")


def read_stored(path: Path, field: str) -> Stored:
    """Read an object of JSON that has a field.

    Raises:
        MissingDataError: There is no such file.
        BrokenDataError: It holds something else.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise MissingDataError(path) from error
    except ValueError as error:
        raise BrokenDataError(path, 1, f"is not valid JSON in UTF-8 ({error})") from error
    if not isinstance(content, dict) or field not in content:
        raise BrokenDataError(path, 1, f"is no object of JSON with a field {field!r}")
    return content


@dataclass(frozen=True)
class GateLine:
    """A figure of the gate.

    Attributes:
        test: Title of the test.
        measure: The measure.
        n: Rows it counts.
        value: The value.
        bounds: Its interval.
        target: What it must reach.
        floor: The same of the floor.
        met: ``yes``, ``no`` or nothing.
    """

    test: str
    measure: str
    n: str
    value: str
    bounds: str
    target: str
    floor: str
    met: str

    @property
    def has_target(self) -> bool:
        """Whether there is something to reach."""
        return self.target != NOTHING


def gate_lines(gate: Stored) -> Iterator[GateLine]:
    """Give the figures of all tests but those of single types of error."""
    for test in gate["tests"].values():
        title = test["title"] + (f", first {test['limit']}" if test.get("limit") else "")
        if "not_run" in test:
            yield GateLine(title, f"not run: {test['not_run']}", *[NOTHING] * 6)
        for figure in test.get("figures", ()):
            if _OF_A_TYPE.match(figure["measure"]) is None:
                yield _gate_line(title, figure)


def _gate_line(title: str, figure: Stored) -> GateLine:
    percent = not figure["measure"].startswith(_NO_SHARE)

    def shown(value: float | None) -> str:
        return NOTHING if value is None else f"{100 * value:.1f}" if percent else f"{value:.3f}"

    target = shown(figure["target"])
    return GateLine(
        test=title,
        measure=figure["measure"] + (", %" if percent else ""),
        n=f"{figure['n']:,}",
        value=shown(figure["value"]),
        bounds=f"{shown(figure['low'])} to {shown(figure['high'])}" if figure["value"] is not None else "",
        target=target if target == NOTHING else f"{'≤' if figure['at_most'] else '≥'} {target}",
        floor=shown(figure["floor"]),
        met={True: "yes", False: "no", None: NOTHING}[figure["met"]],
    )


def caught_by_type(gate: Stored) -> HeatMap | None:
    """Show which types of error the gate catches, test by test; None where no test has types."""
    found: dict[str, dict[str, Shade]] = {}
    for test in gate["tests"].values():
        for figure in test.get("figures", ()):
            match = _OF_A_TYPE.match(figure["measure"])
            if match and match["measure"] == _CAUGHT and figure["value"] is not None:
                shade = Shade(f"{100 * figure['value']:.0f}", f"{figure['n']:,}", depth(1 - figure["value"]))
                found.setdefault(test["title"], {})[match["kind"]] = shade
    kinds = sorted({kind for column in found.values() for kind in column})
    rows = tuple(
        (_as_words(kind), tuple(column.get(kind, Shade(NOTHING)) for column in found.values())) for kind in kinds
    )
    if not rows:
        return None
    return HeatMap("Errors that the gate catches, %, by type of error", "type of error", tuple(found), rows)


def reliability_curves(gate: Stored) -> list[Curve]:
    """Give the curves of the tests whose calibration was stored."""
    return [
        Curve(
            f"{test['title']} (n = {sum(bin['count'] for bin in test['reliability']):,})",
            tuple((bin["probability"], bin["observed"]) for bin in test["reliability"]),
        )
        for test in gate["tests"].values()
        if test.get("reliability")
    ]


def seen_by_measure(sensitivity: Stored, measures: Sequence[str]) -> HeatMap:
    """Show how often each measure finds a reference worse with a planted error than without.

    Args:
        sensitivity: What ``evaluation.quality.sensitivity`` wrote.
        measures: Their order.
    """
    found = {(row["kind"], row["measure"]): row for row in sensitivity["rows"]}
    columns = [name for name in measures if any(name == measure for _, measure in found)]
    kinds = sorted({kind for kind, _ in found})

    def shade(kind: str, measure: str) -> Shade:
        row = found.get((kind, measure))
        return Shade(f"{100 * row['worse']:.0f}", depth=depth(row["worse"])) if row else Shade(NOTHING)

    rows = tuple((_as_words(kind), tuple(shade(kind, name) for name in columns)) for kind in kinds)
    return HeatMap(
        caption="References that a measure finds worse with an error of this type in them than without, %",
        corner="planted error",
        columns=tuple(map(measure_title, columns)),
        rows=rows,
        hue="hit",
    )


def _as_words(name: str) -> str:
    return name.replace("_", " ")
