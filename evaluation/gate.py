"""The suite ``gate``: how well the fact gate tells faithful rewrites from others, beside a floor."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TextIO

from rich.console import Console
from rich.progress import track

from evaluation import wirefacts
from evaluation.cases import Case
from evaluation.corpus import DATA
from evaluation.errors import UnknownTestError
from evaluation.gate_report import as_figures, as_markdown, as_row, make_table, notes, plot_reliability
from evaluation.gate_tests import GateTest, gate_tests
from evaluation.labelled import read_references
from evaluation.options import Options
from evaluation.outcomes import Outcome, run_test
from evaluation.speed import Speed, measure_speed
from service.annotation import Annotator
from service.checking import Checker
from service.desk import open_desk
from service.settings import load_settings

# Calibration is shown where sources and rewrites are of the kind that the gate is for.
# Cases of each test in a short run.
SHORT = 300
_CALIBRATED = ("gate_dev", "perturbations")


def run(options: Options) -> bool:
    """Run the tests, write what comes of it, print a table; tell whether every file that is there could be read.

    Raises:
        UnknownTestError: A test that is asked for does not exist.
    """
    if options.benchmark is not None:
        return wirefacts.run(options, _show)
    annotator = Annotator()
    limit = options.limit or (SHORT if options.short else None)
    tests = _choose(gate_tests(annotator), options.tests)
    path = options.file("gate.json")
    checker = open_desk(load_settings(engine="rules")).checker
    outcomes: list[Outcome] = []
    speeds: list[Speed] = []
    with path.with_suffix(".cases.jsonl").open("w", encoding="utf-8") as rows:
        for test in tests:
            outcomes.append(run_test(test, checker, options.data, limit=limit, show=_show))
            _append(rows, outcomes[-1])
            # Written after each test, so that one that breaks the run off takes none of the others with it.
            _write(path, outcomes, speeds, limit)
    pairs = [(case.source, case.hypothesis) for case in read_references([DATA / "pairs.jsonl"])[:limit]]
    speeds += [measure_speed("rules only", Checker(annotator), pairs), measure_speed("full", checker, pairs)]
    _write(path, outcomes, speeds, limit)
    plot_reliability([one for one in outcomes if one.test.name in _CALIBRATED], path.with_suffix(".reliability.png"))
    path.with_suffix(".md").write_text(as_markdown(outcomes, speeds, limit=limit), encoding="utf-8")
    console = Console(highlight=False)
    console.print(make_table(outcomes, speeds))
    console.print("\n".join([*notes(outcomes, limit=limit), f"All figures: {path}"]), markup=False, soft_wrap=True)
    return not any(outcome.broken for outcome in outcomes)


def _choose(tests: Sequence[GateTest], names: Sequence[str]) -> list[GateTest]:
    unknown = set(names) - {test.name for test in tests}
    if unknown:
        raise UnknownTestError(sorted(unknown), [test.name for test in tests])
    return [test for test in tests if not names or test.name in names]


def _show(batches: Sequence[list[Case]], title: str) -> Iterable[list[Case]]:
    return track(batches, description=title, console=Console(stderr=True), transient=True)


def _append(rows: TextIO, outcome: Outcome) -> None:
    for judgement in outcome.judgements:
        rows.write(json.dumps(as_row(outcome.test.name, judgement), ensure_ascii=False) + "\n")
    rows.flush()


def _write(path: Path, outcomes: Sequence[Outcome], speeds: Sequence[Speed], limit: int | None) -> None:
    report = as_figures(outcomes, speeds, limit=limit)
    path.write_text(json.dumps(report, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
