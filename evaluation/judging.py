"""Let the checker, and the floor beside it, judge labelled cases."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evaluation import floor
from evaluation.cases import Case, Direction
from evaluation.discrimination import Flags, Numbers
from evaluation.error_kinds import is_right
from evaluation.intervals import Indices
from service.checking import Checker
from service.facts import Fact, FactReport, Verdict

_HALF = 0.5


@dataclass(frozen=True)
class Judgement:
    """What the checker made of a case.

    Attributes:
        case: The case.
        accepted: The product's own decision; in the direction ``support`` it accepts from one half on.
        score: How faithful, or how well supported, the hypothesis is, 0 to 1.
        graded: Whether the score is a probability; until the checker gives one, it is 1 where no fact speaks against
            the hypothesis and 0 elsewhere.
        kinds: The kinds of the facts that were not kept.
        placed: Whether one of them stands where the error is.
        floor: What the floor decides.
    """

    case: Case
    accepted: bool
    score: float
    graded: bool
    kinds: frozenset[str]
    placed: bool
    floor: bool


@dataclass(frozen=True)
class Rows:
    """Judgements in columns.

    Attributes:
        faithful: The labels.
        accepted: The decisions.
        score: The scores.
        rival: The score of the faithful case of the same pair; not a number where there is none.
        named: Whether a kind was flagged that is right for the error.
        placed: Whether something was flagged where the error is.
        kind: Types of the errors, and of the faithful cases.
        part: Parts of the data set.
        cluster: What is drawn together in a resample.
    """

    faithful: Flags
    accepted: Flags
    score: Numbers
    rival: Numbers
    named: Flags
    placed: Flags
    kind: NDArray[np.str_]
    part: NDArray[np.str_]
    cluster: NDArray[np.str_]

    def take(self, rows: Indices | Flags) -> Rows:
        """Give some of the rows, by number or by flag."""
        return Rows(**{field.name: getattr(self, field.name)[rows] for field in fields(self)})


def judge(cases: Sequence[Case], checker: Checker) -> list[Judgement]:
    """Judge cases, all at once."""
    reports = checker.check_all([(case.source, case.hypothesis) for case in cases])
    return [_judgement(case, report) for case, report in zip(cases, reports, strict=True)]


def _judgement(case: Case, report: FactReport) -> Judgement:
    flagged = [fact for fact in report.facts if fact.verdict is not Verdict.KEPT]
    score, graded = score_of(report, case.direction)
    return Judgement(
        case=case,
        accepted=report.faithful if case.direction == "both" else score >= _HALF,
        score=score,
        graded=graded,
        kinds=frozenset(fact.kind.value for fact in flagged),
        placed=any(_meets(fact, case) for fact in flagged),
        floor=floor.passes(case.source, case.hypothesis),
    )


def score_of(report: FactReport, direction: Direction) -> tuple[float, bool]:
    """Give the score in this direction, and whether it is a probability."""
    given = report.probability if direction == "both" else report.support
    if given is not None:
        return given, True
    if direction == "both":
        return float(report.faithful), False
    return float(not report.count(Verdict.ALTERED) and not report.count(Verdict.UNSUPPORTED)), False


def _meets(fact: Fact, case: Case) -> bool:
    sides = ((fact.source, case.source_span), (fact.copy, case.hyp_span))
    return any(flagged is not None and known is not None and flagged.overlaps(known) for flagged, known in sides)


def _is_named(judgement: Judgement) -> bool:
    return is_right(judgement.case.kind, judgement.kinds, placed=judgement.placed)


def as_rows(judgements: Sequence[Judgement]) -> Rows:
    """Put judgements in columns."""
    return _columns(judgements)


def floor_rows(judgements: Sequence[Judgement]) -> Rows:
    """Put into columns what the floor decides; it knows no more than yes and no, and names nothing."""
    return _columns(
        [
            replace(judgement, accepted=judgement.floor, score=float(judgement.floor), kinds=frozenset(), placed=False)
            for judgement in judgements
        ]
    )


def _columns(judgements: Sequence[Judgement]) -> Rows:
    cases = [judgement.case for judgement in judgements]
    rivals = {one.case.pair: one.score for one in judgements if one.case.pair is not None and one.case.faithful}

    def column(values: Sequence[Any], kind: type) -> Any:
        return np.asarray(values, dtype=kind)

    return Rows(
        faithful=column([case.faithful for case in cases], bool),
        accepted=column([judgement.accepted for judgement in judgements], bool),
        score=column([judgement.score for judgement in judgements], float),
        rival=column([np.nan if case.faithful else rivals.get(case.pair or "", np.nan) for case in cases], float),
        named=column([_is_named(judgement) for judgement in judgements], bool),
        placed=column([judgement.placed for judgement in judgements], bool),
        kind=column([case.kind or "" for case in cases], str),
        part=column([case.part for case in cases], str),
        cluster=column([case.cluster for case in cases], str),
    )
