"""The benchmark ``wirefacts``: our hand-labelled cases and planted errors, in a form that any checker can be run on.

A checker of other people's reads the cases and writes a line for each, ``{"id": ..., "faithful": true}`` or
``{"id": ..., "score": 0.7}``; these answers are measured as our own gate is.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import Any

from jinja2 import Environment, StrictUndefined
from rich.console import Console

from evaluation import floor
from evaluation.cases import Case, Row, read_rows
from evaluation.corpus import DATA
from evaluation.errors import BrokenDataError
from evaluation.gate_report import as_figures, make_table, notes
from evaluation.gate_tests import CAUGHT, OF_A_PART, GateTest, of_parts
from evaluation.judging import Judgement
from evaluation.labelled import read_gate
from evaluation.options import Options
from evaluation.outcomes import Outcome, Show, first_cases, judge_all, measure_all
from evaluation.planting import CASES_PER_KIND, SEEDS, read_planted
from evaluation.suite_files import WIREFACTS
from service.annotation import Annotator
from service.checking import Checker
from service.desk import open_desk
from service.model import sha256_of
from service.settings import load_settings

NAME = WIREFACTS
HAND, PLANTED = "hand", "planted"
_FILES = ("gate.jsonl", "pairs.jsonl", "articles.jsonl")
_HALF = 0.5


def read_cases(paths: Sequence[Path], *, annotator: Annotator) -> list[Case]:
    """Read the cases: those that were written by hand, then the references with what was planted into them."""
    by_hand = [_named(case, HAND) for case in read_gate(paths[:1])]
    return by_hand + [_named(case, PLANTED) for case in read_planted(paths[1:], annotator=annotator)]


def _named(case: Case, part: str) -> Case:
    return replace(case, id=f"{part}/{case.id}", cluster=f"{part}/{case.cluster}", part=part)


def as_test(annotator: Annotator) -> GateTest:
    """Give the benchmark as a test of the gate."""
    return GateTest(
        name=NAME,
        title=NAME,
        read=partial(read_cases, annotator=annotator),
        files=_FILES,
        external=False,
        measures=of_parts(OF_A_PART, (HAND, PLANTED)),
        by_kind=(CAUGHT,),
    )


def run(options: Options, show: Show) -> bool:
    """Write the cases and their card, let our gate or the answers of another checker be measured, print a table.

    Raises:
        DataError: The answers cannot be read, or are not those to the cases.
    """
    test = as_test(Annotator())
    paths = test.paths(options.data)
    cases = first_cases(test.read(paths), options.limit)
    path = options.file(f"{NAME}.json")
    write_cases(path.with_suffix(".jsonl"), cases)
    path.with_suffix(".md").write_text(make_card(cases, path.with_suffix(".jsonl")), encoding="utf-8")
    if options.answers is None:
        judgements = judge_all(test, cases, _gate(), show=show)
    else:
        path = path.with_name(f"{path.stem}.{options.answers.stem}.json")
        judgements = read_answers(options.answers, cases)
    outcome = measure_all(test, judgements, paths)
    report = as_figures([outcome], [], limit=options.limit)
    path.write_text(json.dumps(report, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    _print(outcome, options, path)
    return True


def _gate() -> Checker:
    return open_desk(load_settings(engine="rules")).checker


def _print(outcome: Outcome, options: Options, path: Path) -> None:
    console = Console(highlight=False)
    console.print(make_table([outcome], []))
    told = [*notes([outcome], limit=options.limit), f"All figures: {path}"]
    console.print("\n".join(told), markup=False, soft_wrap=True)


def write_cases(path: Path, cases: Iterable[Case]) -> None:
    """Write the cases as JSON Lines."""
    lines = [json.dumps(_as_row(case), ensure_ascii=False) + "\n" for case in cases]
    path.write_text("".join(lines), encoding="utf-8")


def _as_row(case: Case) -> dict[str, Any]:
    return {
        "id": case.id,
        "part": case.part,
        "cluster": case.cluster,
        "source": case.source,
        "hypothesis": case.hypothesis,
        "faithful": case.faithful,
        "kind": case.kind,
        "error_span": [case.hyp_span.start, case.hyp_span.end] if case.hyp_span and not case.faithful else None,
    }


def make_card(cases: Sequence[Case], path: Path) -> str:
    """Write the data card of the cases in a file."""
    kinds: Mapping[str, Counter[str]] = {part: Counter() for part in (HAND, PLANTED)}
    for case in cases:
        kinds[case.part][case.kind or ""] += 1
    text = files("evaluation").joinpath("templates/wirefacts.md.jinja").read_text(encoding="utf-8")
    environment = Environment(
        undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True
    )
    return environment.from_string(text).render(
        cases=len(cases),
        faithful=sum(case.faithful for case in cases),
        sources=len({case.cluster for case in cases}),
        kinds=sorted({kind for counts in kinds.values() for kind in counts}),
        counts=kinds,
        file=path.name,
        sha256=sha256_of(path),
        data=[(name, sha256_of(DATA / name)) for name in _FILES],
        seeds=SEEDS,
        most=CASES_PER_KIND,
        version=version("copydesk"),
    )


def read_answers(path: Path, cases: Sequence[Case]) -> tuple[Judgement, ...]:
    """Read what another checker made of the cases.

    Raises:
        MissingDataError: There is no such file.
        BrokenDataError: A line is no answer, there are two for a case, or a case has none.
    """
    known = {case.id: case for case in cases}
    answers: dict[str, tuple[bool, float, bool]] = {}
    for number, row in enumerate(read_rows(path), start=1):
        identity = row.get("id")
        if identity not in known:
            raise BrokenDataError(path, number, f"there is no case {identity!r}: take the ids of {NAME}.jsonl")
        if identity in answers:
            raise BrokenDataError(path, number, f"case {identity!r} is answered a second time")
        answers[identity] = _answer(path, number, row)
    missing = [identity for identity in known if identity not in answers]
    if missing:
        raise BrokenDataError(
            path, len(answers) + 1, f"{len(missing)} of {len(known)} cases have no answer, the first is {missing[0]!r}"
        )
    return tuple(
        Judgement(
            case=case,
            accepted=answers[case.id][0],
            score=answers[case.id][1],
            graded=answers[case.id][2],
            kinds=frozenset(),
            placed=False,
            floor=floor.passes(case.source, case.hypothesis),
        )
        for case in cases
    )


def _answer(path: Path, number: int, row: Row) -> tuple[bool, float, bool]:
    """Give the decision, the score, and whether that is graded."""
    faithful, score = row.get("faithful"), _score(path, number, row.get("score"))
    if isinstance(faithful, bool):
        return faithful, float(faithful) if score is None else score, score is not None
    if score is not None:
        return score >= _HALF, score, True
    raise BrokenDataError(path, number, 'needs "faithful": true or false, or "score": 0 to 1')


def _score(path: Path, number: int, score: object) -> float | None:
    if score is None:
        return None
    if isinstance(score, bool) or not isinstance(score, int | float) or not 0 <= score <= 1:
        raise BrokenDataError(path, number, f"score is {score!r}: it is a number from 0 to 1")
    return float(score)
