from __future__ import annotations

import gzip
import io
import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from evaluation import floor, measures
from evaluation.cases import Case
from evaluation.error_kinds import RIGHT_KINDS, SURFACE
from evaluation.gate_report import as_figures, as_markdown, as_row, make_table, plot_reliability
from evaluation.gate_tests import GateTest, gate_tests
from evaluation.judging import Judgement, as_rows, floor_rows, judge, score_of
from evaluation.labelled import read_rte
from evaluation.measures import Measure, measure_rows
from evaluation.outcomes import Outcome, run_test
from evaluation.planting import CASES_PER_KIND, read_planted
from evaluation.speed import Speed, measure_speed
from service.annotation import Annotator
from service.checking import Checker
from service.facts import Fact, FactKind, FactReport, Verdict
from service.spans import Span

SOURCE = "Cops in Leeds nabbed 12 people on Friday, says Dana Reyes."
FAITHFUL = Case("1", "s", SOURCE, "Police in Leeds arrested 12 people on Friday, Dana Reyes said.", True, kind="close")
WRONG = Case(
    "2",
    "s",
    SOURCE,
    "Police in Leeds arrested 13 people on Friday, Dana Reyes said.",
    False,
    kind="figure_changed",
    source_span=Span(21, 23),
    hyp_span=Span(25, 27),
)
SHORT = Case("3", "s", SOURCE, "Police arrested 12 people in Leeds, Dana Reyes said.", True, direction="support")
FLAG = Fact(FactKind.FIGURE, Verdict.ALTERED, Span(21, 23), Span(25, 27))
LOST = replace(FLAG, verdict=Verdict.OMITTED, copy=None)
RTE = GateTest(
    name="rte",
    title="RTE",
    read=read_rte,
    files=("rte1_dev.jsonl.gz",),
    measures=(Measure("errors caught", measures.recall),),
)


def judgement(
    identity: str, faithful: bool, score: float, *, kind: str | None = None, pair: str | None = None, floor: bool = True
) -> Judgement:
    case = Case(identity, identity, "S.", "H.", faithful, kind=kind, pair=pair)
    kinds = frozenset() if score >= 0.5 else frozenset({"figure"})
    return Judgement(
        case, accepted=score >= 0.5, score=score, graded=True, kinds=kinds, placed=score < 0.5, floor=floor
    )


def rte_rows(*claims: tuple[str, int]) -> bytes:
    rows = [
        {"id": f"rte1_dev_{number}", "source": SOURCE, "claim": claim, "task": "IE", "label": label}
        for number, (claim, label) in enumerate(claims)
    ]
    return gzip.compress("".join(json.dumps(row) + "\n" for row in rows).encode())


CLAIMS = (("Police in Leeds arrested 12 people.", 1), ("Police in Leeds arrested 13 people.", 0))


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A folder of external data that holds one small file."""
    (tmp_path / "data" / "facts").mkdir(parents=True)
    (tmp_path / "data" / "facts" / "rte1_dev.jsonl.gz").write_bytes(rte_rows(*CLAIMS))
    return tmp_path / "data"


def in_silence(batches: Sequence[list[Case]], title: str) -> Iterable[list[Case]]:
    return batches


# --- the floor ---


@pytest.mark.parametrize(
    ("hypothesis", "passes"),
    [
        pytest.param("Police arrested 12 in Leeds.", True, id="all is in the source"),
        pytest.param("Police arrested 13 in Leeds.", False, id="another figure"),
        pytest.param("Police arrested 12 in York.", False, id="another name"),
        pytest.param("Police arrested 12. Yesterday they left.", True, id="a capital that begins a sentence"),
        pytest.param("Police have not arrested 12 in Leeds.", False, id="a new negation"),
        pytest.param("Police didn’t arrest 12.", False, id="a new negation, shortened"),
        pytest.param("Leeds arrested 12 cops on Friday.", True, id="roles are beyond it"),
    ],
)
def test_the_floor_looks_at_figures_capitals_and_negations_alone(hypothesis: str, passes: bool) -> None:
    assert floor.passes(SOURCE, hypothesis) is passes


# --- judging ---


def test_the_checker_judges_a_case_and_says_what_and_where(checker: Checker) -> None:
    faithful, wrong = judge([FAITHFUL, WRONG], checker)
    assert (faithful.accepted, faithful.kinds) == (True, frozenset())
    assert (wrong.accepted, wrong.placed, wrong.floor) == (False, True, False)
    assert "figure" in wrong.kinds


def test_what_is_left_out_counts_in_one_direction_only() -> None:
    assert score_of(FactReport((LOST,)), "both") == (0.0, False)
    assert score_of(FactReport((LOST,)), "support") == (1.0, False)
    assert score_of(FactReport((FLAG,)), "support") == (0.0, False)
    assert score_of(FactReport(()), "both") == (1.0, False)


def test_a_probability_is_taken_where_there_is_one() -> None:
    report = FactReport((LOST,), probability=0.2, support=0.9)
    assert score_of(report, "both") == (0.2, True)
    assert score_of(report, "support") == (0.9, True)


def test_the_columns_know_the_other_half_of_a_pair_and_whether_the_right_kind_is_named() -> None:
    rows = as_rows(
        [
            judgement("a", True, 0.8, pair="p"),
            judgement("b", False, 0.3, kind="figure_changed", pair="p"),
            judgement("c", False, 0.1, kind="hedge_dropped"),
        ]
    )
    assert rows.rival.tolist()[1] == 0.8
    assert measures.paired(rows).tolist() == [False, True, False]
    assert rows.named.tolist() == [False, True, False]
    assert measures.named(rows) == 0.5
    assert measures.pair_consistency(rows) == 1.0


def test_the_floor_is_measured_like_the_product() -> None:
    judgements = [judgement("a", True, 0.8, floor=False), judgement("b", False, 0.9, floor=False)]
    figure = measure_rows("t", Measure("errors caught", measures.recall), as_rows(judgements), floor_rows(judgements))
    assert figure.interval is not None
    assert (figure.interval.value, figure.floor) == (0.0, 1.0)


# --- measures ---


def test_every_type_of_our_own_cases_has_its_right_kinds() -> None:
    lines = Path("evaluation/data/gate.jsonl").read_text(encoding="utf-8").splitlines()
    types = {hypothesis.get("error") for line in lines for hypothesis in json.loads(line)["hypotheses"]} - {None}
    assert types == RIGHT_KINDS.keys()
    assert types > SURFACE


def test_errors_are_caught_at_the_threshold_that_accepts_97_of_100_references() -> None:
    references = [judgement(f"r{number}", True, number / 100) for number in range(100)]
    errors = [judgement("x", False, 0.02), judgement("y", False, 0.03)]
    assert measures.recall_at_reference_threshold(as_rows([*references, *errors])) == 0.5


def test_a_measure_by_type_looks_at_that_type_and_keeps_the_references() -> None:
    rows = as_rows(
        [judgement("r", True, 0.9), judgement("a", False, 0.2, kind="one"), judgement("b", False, 0.95, kind="two")]
    )
    measure = Measure("caught", measures.recall_at_reference_threshold, counted=measures.errors, target=0.97)
    one, two = (measure_rows("t", repeated, rows, rows) for repeated in measures.by_kind(measure, rows))
    assert (one.measure.name, one.n, one.interval and one.interval.value, one.met) == ("caught: one", 1, 1.0, True)
    assert (two.measure.name, two.n, two.interval and two.interval.value, two.met) == ("caught: two", 1, 0.0, False)


def test_a_mean_over_parts_counts_each_part_alike() -> None:
    def row(part: str, faithful: bool, score: float) -> Judgement:
        made = judgement(part, faithful, score)
        return replace(made, case=replace(made.case, part=part))

    rows = as_rows([row("a", True, 0.9), row("a", False, 0.1), row("b", True, 0.9), *[row("b", False, 0.9)] * 8])
    assert measures.mean_balanced_accuracy(rows) == 0.75


@pytest.mark.parametrize(
    ("target", "at_most", "met"),
    [
        pytest.param(0.5, False, True, id="reached"),
        pytest.param(0.51, False, False, id="missed"),
        pytest.param(0.5, True, True, id="under the ceiling"),
        pytest.param(0.49, True, False, id="over the ceiling"),
        pytest.param(None, False, None, id="only reported"),
    ],
)
def test_a_target_is_a_floor_or_a_ceiling(target: float | None, at_most: bool, met: bool | None) -> None:
    rows = as_rows([judgement("a", False, 0.9), judgement("b", False, 0.1)])
    figure = measure_rows("t", Measure("caught", measures.recall, target=target, at_most=at_most), rows, rows)
    assert figure.met is met


def test_a_measure_without_rows_has_no_value_and_meets_nothing() -> None:
    rows = as_rows([judgement("a", True, 0.9)])
    figure = measure_rows("t", Measure("caught", measures.recall, of=measures.errors, target=0.9), rows, rows)
    assert (figure.n, figure.interval, figure.met) == (0, None, None)


# --- tests as a whole ---


def test_every_test_of_the_gate_has_another_name_and_ours_have_their_files(
    annotator: Annotator,
) -> None:
    tests = gate_tests(annotator)
    assert len({test.name for test in tests}) == len(tests)
    assert [test.name for test in tests if not test.external] == ["gate_dev", "references", "perturbations"]
    assert all(path.exists() for test in tests if not test.external for path in test.paths(Path("nowhere")))


def test_a_test_reads_judges_and_measures_its_cases(checker: Checker, data: Path) -> None:
    outcome = run_test(RTE, checker, data, limit=None, show=in_silence)
    assert [(one.case.id, one.accepted) for one in outcome.judgements] == [("rte1_dev_0", True), ("rte1_dev_1", False)]
    (figure,) = outcome.figures
    assert (figure.n, figure.clusters, figure.interval and figure.interval.value, figure.floor) == (2, 1, 1.0, 1.0)
    assert [name for name, _ in outcome.hashes] == ["rte1_dev.jsonl.gz"]


def test_a_limit_takes_as_many_cases_of_each_part(checker: Checker, data: Path) -> None:
    rows = [
        {"id": f"rte{year}_dev_{number}", "source": SOURCE, "claim": "Leeds.", "task": "IE", "label": 1}
        for year in (1, 2)
        for number in range(4)
    ]
    lines = "".join(json.dumps(row) + "\n" for row in rows).encode()
    (data / "facts" / "rte1_dev.jsonl.gz").write_bytes(gzip.compress(lines))
    outcome = run_test(RTE, checker, data, limit=3, show=in_silence)
    assert [one.case.id for one in outcome.judgements] == ["rte1_dev_0", "rte1_dev_1", "rte2_dev_0"]


def test_a_test_whose_file_is_missing_or_broken_says_so(checker: Checker, data: Path) -> None:
    file = data / "facts" / "rte1_dev.jsonl.gz"
    file.write_bytes(file.read_bytes()[:-9])
    broken = run_test(RTE, checker, data, limit=None, show=in_silence)
    file.unlink()
    missing = run_test(RTE, checker, data, limit=None, show=in_silence)
    assert broken.broken.startswith(f"{file}, row ")
    assert (missing.missing, missing.broken) == (f"{file} is not there", "")


def test_errors_are_planted_into_references_and_repeat(annotator: Annotator, tmp_path: Path) -> None:
    pairs = tmp_path / "pairs.jsonl"
    row = {"id": "p1", "casual": "12 nabbed in Leeds.", "wire": "Police arrested 12 people in Leeds on Friday."}
    pairs.write_text(json.dumps(row), encoding="utf-8")
    cases = read_planted([pairs], annotator=annotator)
    assert [case.kind for case in cases if case.faithful] == ["reference"]
    errors = [case for case in cases if not case.faithful]
    assert len({case.kind for case in errors}) > 2
    assert {(case.cluster, case.source) for case in cases} == {("p1", "12 nabbed in Leeds.")}
    assert all(case.hypothesis != row["wire"] for case in errors)
    assert cases == read_planted([pairs], annotator=annotator)
    assert CASES_PER_KIND == 200


def test_speed_is_that_of_the_median_run(checker: Checker) -> None:
    speed = measure_speed("rules", checker, [(SOURCE, FAITHFUL.hypothesis)] * 3, runs=3)
    assert (speed.name, speed.passages, len(speed.runs)) == ("rules", 3, 3)
    assert speed.per_second == pytest.approx(3 / sorted(speed.runs)[1], rel=0.5)


# --- the report ---


@pytest.fixture
def outcomes(checker: Checker, data: Path) -> list[Outcome]:
    missing = replace(RTE, name="gone", title="Gone", files=("gone.jsonl.gz",))
    return [run_test(test, checker, data, limit=None, show=in_silence) for test in (RTE, missing)]


SPEEDS = [Speed("full", passages=10, per_second=50.0, runs=(0.2, 0.2, 0.2), cores=2)]


def test_a_row_of_a_case_holds_no_text(outcomes: list[Outcome]) -> None:
    row = as_row("rte", outcomes[0].judgements[1])
    assert row == {
        "test": "rte",
        "id": "rte1_dev_1",
        "part": "rte1",
        "kind": "IE",
        "faithful": False,
        "accepted": False,
        "score": row["score"],
        "flagged": row["flagged"],
        "placed": False,
        "floor": False,
    }
    assert "Leeds" not in json.dumps(row)


def test_the_figures_are_complete_and_repeat(outcomes: list[Outcome]) -> None:
    report: Any = as_figures(outcomes, SPEEDS, limit=None)
    assert report == as_figures(outcomes, SPEEDS, limit=None)
    (figure,) = report["tests"]["rte"]["figures"]
    assert figure["n"] == 2
    assert figure["low"] <= figure["value"] <= figure["high"]
    # The rules alone say yes or no, of which there is no curve.
    assert report["tests"]["rte"]["reliability"] == []
    assert report["settings"]["resamples"] == 1000
    assert report["speed"][0]["per_second"] == 50.0


def test_probabilities_have_the_points_of_their_curve_and_yes_or_no_has_none(outcomes: list[Outcome]) -> None:
    graded = Outcome(
        RTE, judgements=(judgement("a", True, 0.82), judgement("b", False, 0.88), judgement("c", False, 0.1))
    )
    report: Any = as_figures([graded], [], limit=None)
    assert report["tests"]["rte"]["reliability"] == [
        {"count": 1, "probability": 0.1, "observed": 0.0},
        {"count": 2, "probability": pytest.approx(0.85), "observed": 0.5},
    ]
    ungraded: Any = as_figures(outcomes, [], limit=None)
    assert ungraded["tests"]["rte"]["reliability"] == []


def test_the_tables_show_each_figure_and_what_was_not_run(outcomes: list[Outcome]) -> None:
    page = io.StringIO()
    Console(file=page, width=120).print(make_table(outcomes, SPEEDS))
    markdown = as_markdown(outcomes, SPEEDS, limit=5)
    assert "| RTE | errors caught, % | 2 | 100.0 [100.0, 100.0] | – | 100.0 | – |" in markdown
    assert "| Speed | passages a second, full, 2 cores, median of 3 | 10 | 50.0 | ≥ 40 | – | yes |" in markdown
    assert "| Gone | not run | – | – | – | – | – |" in markdown
    assert "gone.jsonl.gz is not there" in markdown
    assert "LIMITED to the first 5 cases" in markdown
    assert "100.0 [100.0, 100.0]" in page.getvalue()


def test_the_reliability_is_drawn_the_same_each_time(outcomes: list[Outcome], tmp_path: Path) -> None:
    plot_reliability(outcomes, tmp_path / "a.png")
    plot_reliability(outcomes, tmp_path / "b.png")
    drawn = (tmp_path / "a.png").read_bytes()
    assert drawn.startswith(b"\x89PNG")
    assert drawn == (tmp_path / "b.png").read_bytes()
