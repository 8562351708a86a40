"""Take the figures of the slice, and hold them against those on record."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from rich import box
from rich.console import Console
from rich.progress import track
from rich.table import Table

from evaluation.cases import Case
from evaluation.figures import summarise
from evaluation.gate_tests import gate_tests
from evaluation.options import Options
from evaluation.outcomes import run_test
from evaluation.regression.holding import HOLDS, Finding, Held, compare_held, held_of_gate, held_of_rewrites
from evaluation.regression.record import read_record, write_record
from evaluation.running import run_systems
from evaluation.suite import Suite, read_suite
from service.annotation import Annotator
from service.checking import Checker

SUITE = Path(__file__).parent / "suite.toml"
# Cases of each test of the gate: few enough for a minute on one core.
CASES = {"gate_dev": 140, "references": 60}


def check(options: Options, record: Path, *, renew: bool) -> bool:
    """Hold every figure of the slice against that on record, and print them.

    Args:
        options: Where rows go, and how long a system may take.
        record: The file with the figures on record.
        renew: Put the figures of today on record, whatever they are.

    Returns:
        Whether all figures hold.

    Raises:
        DataError: There are no figures on record, or they cannot be read.
        CopydeskError: A system cannot be opened.
    """
    before = [] if renew else read_record(record)
    held, fingerprints = measure(read_suite(str(SUITE)), options, CASES)
    if renew:
        write_record(record, held, fingerprints)
    findings = list(compare_held(held, before))
    console = Console(highlight=False)
    console.print(_table(findings))
    wrong = [finding for finding in findings if finding.wrong]
    console.print(_verdict(findings, wrong, record, renew=renew), markup=False, soft_wrap=True)
    return not wrong


def measure(suite: Suite, options: Options, cases: Mapping[str, int]) -> tuple[list[Held], dict[str, str]]:
    """Take the figures of a slice: what systems make of it, and the gate on labelled cases.

    Args:
        suite: The slice.
        options: Where rows go, and how long a system may take.
        cases: Tests of the gate, and how many cases of each.

    Returns:
        The figures, and for each system its fingerprint.

    Raises:
        CopydeskError: A set cannot be read, or a system cannot be opened.
    """
    made = run_systems(suite, options)
    made.require_whole()
    summaries = {name: summarise(rows) for name, rows in made.rows.items()}
    held = held_of_rewrites(summaries, made.scorer.measures)
    gate = Checker.load()
    for test in gate_tests(Annotator()):
        if test.name in cases:
            held += held_of_gate(run_test(test, gate, options.data, limit=cases[test.name], show=_show))
    return held, {name: summary.fingerprint for name, summary in summaries.items()}


def _show(batches: Sequence[list[Case]], title: str) -> Iterable[list[Case]]:
    return track(batches, description=title, console=Console(stderr=True), transient=True)


def _table(findings: Iterable[Finding]) -> Table:
    table = Table("figure", "n", "value", "", box=box.SIMPLE_HEAD, pad_edge=False)
    for finding in findings:
        held = finding.held
        table.add_row(held.name, str(held.n), f"{held.interval.value:.4f}", finding.says)
    return table


def _verdict(findings: Sequence[Finding], wrong: Sequence[Finding], record: Path, *, renew: bool) -> str:
    if renew:
        return f"{len(findings)} figures are on record in {record}; say in the commit why they changed."
    if wrong:
        return (
            f"{len(wrong)} of {len(findings)} figures do not hold. If that is meant, put those of today on record: "
            "copydesk evaluate regression --renew"
        )
    return f"All {sum(finding.says == HOLDS for finding in findings)} figures on record hold."
