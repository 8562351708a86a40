"""Run one test of the gate: read it, judge it, measure it."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from evaluation.cases import Case
from evaluation.errors import DataError, MissingDataError
from evaluation.gate_tests import GateTest
from evaluation.judging import Judgement, as_rows, floor_rows, judge
from evaluation.measures import Figure, by_kind, measure_rows
from service.checking import Checker

Show = Callable[[Sequence[list[Case]], str], Iterable[list[Case]]]

_AT_ONCE = 128


@dataclass(frozen=True)
class Outcome:
    """A test that was run, or why it was not.

    Attributes:
        test: The test.
        judgements: A judgement of each case, in order.
        hashes: SHA-256 of each file that was read.
        figures: What was measured.
        missing: Which file is not there.
        broken: What is wrong with a file.
    """

    test: GateTest
    judgements: tuple[Judgement, ...] = ()
    hashes: tuple[tuple[str, str], ...] = ()
    figures: tuple[Figure, ...] = ()
    missing: str = ""
    broken: str = ""

    @property
    def not_run(self) -> str:
        """Why it was not run, or nothing."""
        return self.missing or self.broken

    @property
    def graded(self) -> bool:
        """Whether the scores are probabilities, and not only yes and no."""
        return bool(self.judgements) and all(judgement.graded for judgement in self.judgements)


def run_test(test: GateTest, checker: Checker, data: Path, *, limit: int | None, show: Show) -> Outcome:
    """Run a test, or say why it cannot be run.

    Args:
        test: The test.
        checker: What is tested.
        data: Folder with the external data.
        limit: Take only the first cases.
        show: Hands on batches and shows how far it is, under a title.
    """
    paths = test.paths(data)
    try:
        cases = first_cases(test.read(paths), limit)
    except MissingDataError as error:
        return Outcome(test, missing=str(error))
    except DataError as error:
        return Outcome(test, broken=str(error))
    return measure_all(test, judge_all(test, cases, checker, show=show), paths)


def judge_all(test: GateTest, cases: Sequence[Case], checker: Checker, *, show: Show) -> tuple[Judgement, ...]:
    """Judge the cases of a test; gives the judgements in their order."""
    # Cases of one source side by side: the checker reads a text once in a batch, and some sources are long.
    order = sorted(range(len(cases)), key=lambda number: cases[number].source)
    ordered = [cases[number] for number in order]
    batches = [ordered[start : start + _AT_ONCE] for start in range(0, len(ordered), _AT_ONCE)]
    judged = [judgement for batch in show(batches, test.title) for judgement in judge(batch, checker)]
    return tuple(judgement for _, judgement in sorted(zip(order, judged, strict=True), key=lambda pair: pair[0]))


def measure_all(test: GateTest, judgements: tuple[Judgement, ...], paths: Sequence[Path]) -> Outcome:
    """Measure the judgements of a test whose cases came from these files."""
    product, floor = as_rows(judgements), floor_rows(judgements)
    measures = (*test.measures, *(repeated for measure in test.by_kind for repeated in by_kind(measure, product)))
    return Outcome(
        test,
        judgements=judgements,
        hashes=tuple((path.name, hashlib.sha256(path.read_bytes()).hexdigest()) for path in paths),
        figures=tuple(measure_rows(test.name, measure, product, floor) for measure in measures),
    )


def first_cases(cases: list[Case], limit: int | None) -> list[Case]:
    """Take the first cases, as many of each part of the data set."""
    if limit is None:
        return cases
    each = -(-limit // len({case.part for case in cases}))
    taken: Counter[str] = Counter()
    chosen = []
    for case in cases:
        taken[case.part] += 1
        if taken[case.part] <= each:
            chosen.append(case)
    return chosen[:limit]
