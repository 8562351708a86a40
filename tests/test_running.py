from __future__ import annotations

import json
import time
from dataclasses import replace
from pathlib import Path

import pytest

from evaluation import running
from evaluation.corpus import Sample
from evaluation.errors import RefusedError, UnknownMeasureError
from evaluation.options import Options
from evaluation.quality.measure import Score
from evaluation.results import ResultFile, Row, read_results
from evaluation.running import Runner, run
from evaluation.scoring import Scorer
from evaluation.suite import Suite
from evaluation.systems import Output
from service.checking import Checker

SAMPLES = [
    Sample("a", "Cops in Leeds nabbed 12 people on Friday, lol.", "Police in Leeds arrested 12 people on Friday."),
    Sample("b", "The fine's $4 million, says Dana Reyes.", "The fine is $4 million, Dana Reyes said."),
]


class Scripted:
    """Answers by sample: a copy, an error, or a wait."""

    name = "scripted"

    def __init__(self, *, fingerprint: str = "1", **answers: str | float | Exception) -> None:
        self.fingerprint = fingerprint
        self._answers = answers
        self.asked: list[str] = []

    def rewrite(self, sample: Sample) -> Output:
        self.asked.append(sample.identity)
        answer = self._answers[sample.identity]
        if isinstance(answer, Exception):
            raise answer
        if isinstance(answer, float):
            time.sleep(answer)
        return Output(str(answer))

    def close(self) -> None:
        """Hold nothing."""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "r.jsonl"


def run_with(
    system: Scripted, path: Path, checker: Checker, *names: str, samples: list[Sample] = SAMPLES, seconds: float = 20
) -> list[Row]:
    scorer = Scorer(names or ["facts", "refusals"], gate=checker, rules=checker)
    with ResultFile(path) as file:
        return Runner("rewrite", scorer, file, seconds=seconds).run(system, samples)


def test_every_text_becomes_a_row_that_is_on_disk(path: Path, checker: Checker) -> None:
    rows = run_with(Scripted(a="Police in Leeds arrested people.", b=SAMPLES[1].reference), path, checker)
    assert read_results(path) == rows
    assert [(row.sample, row.copy, row.error) for row in rows] == [
        ("a", "Police in Leeds arrested people.", None),
        ("b", SAMPLES[1].reference, None),
    ]
    assert rows[0].measures["fact_recall.figure"] == Score(0, 1)


def test_a_run_goes_on_where_it_was_and_makes_nothing_twice(path: Path, checker: Checker) -> None:
    run_with(Scripted(a="Rain."), path, checker, samples=SAMPLES[:1])
    path.write_bytes(path.read_bytes() + b'{"suite": "rewrite", "system": "scri')
    second = Scripted(a="Rain.", b="Snow.")
    rows = run_with(second, path, checker)
    assert (second.asked, [row.copy for row in rows]) == (["b"], ["Rain.", "Snow."])
    assert read_results(path) == rows


def test_another_version_of_the_system_or_another_text_is_made_anew(path: Path, checker: Checker) -> None:
    run_with(Scripted(a="Rain.", b="Snow."), path, checker)
    newer = Scripted(fingerprint="2", a="Rain!", b="Snow!")
    assert [row.copy for row in run_with(newer, path, checker)] == ["Rain!", "Snow!"]
    other = Scripted(a="Hail.")
    run_with(other, path, checker, samples=[Sample("a", "Cops nabbed 13 people.", "")])
    assert (newer.asked, other.asked) == (["a", "b"], ["a"])
    assert len(read_results(path)) == 5


def test_the_same_system_under_another_name_has_rows_of_its_own(path: Path, checker: Checker) -> None:
    run_with(Scripted(a="Rain.", b="Snow."), path, checker)
    other = Scripted()
    other.name = "other"
    rows = run_with(other, path, checker)
    assert (other.asked, [(row.system, row.copy) for row in rows]) == ([], [("other", "Rain."), ("other", "Snow.")])


def test_other_measures_are_taken_of_the_same_rewrites(path: Path, checker: Checker) -> None:
    run_with(Scripted(a="Rain.", b="Snow."), path, checker)
    second = Scripted()
    rows = run_with(second, path, checker, "gate")
    assert (second.asked, [row.copy for row in rows]) == ([], ["Rain.", "Snow."])
    assert [set(row.measures) for row in rows] == [{"faithful"}, {"faithful"}]


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        pytest.param(RuntimeError("out of memory"), "RuntimeError: out of memory", id="raises"),
        pytest.param(RefusedError("no English"), "refused: no English", id="refuses"),
        pytest.param(20.0, "took longer than 0.2 s", id="takes too long"),
    ],
)
def test_what_a_system_fails_of_is_told_and_tried_again_next_time(
    path: Path, checker: Checker, answer: Exception | float, error: str
) -> None:
    rows = run_with(Scripted(a=answer, b="Snow."), path, checker, seconds=0.2)
    assert [(row.sample, row.copy, row.error) for row in rows] == [("a", None, error), ("b", "Snow.", None)]
    assert rows[0].measures == {}
    second = Scripted(a="Rain.", b="Snow.")
    assert [row.copy for row in run_with(second, path, checker)] == ["Rain.", "Snow."]
    assert second.asked == ["a"]


def test_a_text_that_should_be_refused_and_is_counts_as_done(path: Path, checker: Checker) -> None:
    french = [Sample("a", "Le maire a dit 12.", "", refused=True)]
    right = Scripted(a=RefusedError("no English"))
    (row,) = run_with(right, path, checker, samples=french)
    assert (row.error, row.measures) == ("refused: no English", {"refused": Score(1)})
    run_with(right, path, checker, samples=french)
    assert right.asked == ["a"]
    (crashed,) = run_with(Scripted(fingerprint="2", a=KeyError("x")), path, checker, samples=french)
    assert (crashed.error, crashed.measures) == ("KeyError: 'x'", {"refused": Score(0)})


# --- whole suites ---


def suite_of(tmp_path: Path, **changes: object) -> Suite:
    fields = {"systems": ["source", "other"], "measures": ["facts"], "data": [{"set": "pairs", "first": 2}], **changes}
    return Suite.model_validate({"name": "mine", "title": "Mine", "folder": tmp_path, **fields})


def test_a_suite_writes_rows_and_figures_and_prints_a_table(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(suite_of(tmp_path), Options(data=tmp_path, output=tmp_path / "out"))
    printed = capsys.readouterr().out
    assert "fact_recall, %" in printed
    assert f"Every figure: {tmp_path / 'out' / 'mine.json'}" in printed
    report = json.loads((tmp_path / "out" / "mine.json").read_text(encoding="utf-8"))
    assert {name: report[name] for name in ("suite", "title", "limit", "resamples", "seed")} == {
        "suite": "mine",
        "title": "Mine",
        "limit": None,
        "resamples": 1000,
        "seed": 0,
    }
    assert report["systems"]["source"]["sets"]["all"]["fact_recall"]["value"] == 1
    assert len(read_results(tmp_path / "out" / "mine.jsonl")) == 4


def test_two_runs_give_the_same_figures(tmp_path: Path) -> None:
    figures = []
    for name in ("one", "two"):
        run(suite_of(tmp_path), Options(data=tmp_path, output=tmp_path / name))
        report = json.loads((tmp_path / name / "mine.json").read_text(encoding="utf-8"))
        figures.append({system: found["sets"] for system, found in report["systems"].items()})
    assert figures[0] == figures[1]


def test_a_system_that_cannot_be_opened_takes_no_other_with_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    options = Options(data=tmp_path, output=tmp_path, systems=(f"folder:{tmp_path / 'gone'}", "source"))
    assert not run(suite_of(tmp_path), options)
    captured = capsys.readouterr()
    assert f"folder:{tmp_path / 'gone'} was left out: {tmp_path / 'gone'} is not there" in captured.err
    assert list(json.loads((tmp_path / "mine.json").read_text(encoding="utf-8"))["systems"]) == ["source"]


def test_a_set_that_is_missing_is_told_and_takes_no_other_with_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    suite = suite_of(tmp_path, data=["gone.jsonl", {"set": "pairs", "first": 1}])
    assert not run(suite, Options(data=tmp_path, output=tmp_path))
    assert "gone.jsonl is not there" in capsys.readouterr().err
    assert len(read_results(tmp_path / "mine.jsonl")) == 2


def test_an_unknown_measure_stops_a_suite_before_anything_is_rewritten(tmp_path: Path) -> None:
    with pytest.raises(UnknownMeasureError):
        run(suite_of(tmp_path, measures=["facts", "bleurt"]), Options(data=tmp_path, output=tmp_path))
    assert not (tmp_path / "mine.jsonl").exists()


def test_a_system_takes_the_first_texts_of_each_set_alone_where_the_suite_says_so(tmp_path: Path) -> None:
    suite = suite_of(tmp_path, systems=["source", {"name": "other", "first": 1}], variants=["clean", "caps"])
    assert run(suite, Options(data=tmp_path, output=tmp_path))
    rows = read_results(tmp_path / "mine.jsonl")
    assert [(row.part, row.sample.partition(".")[0]) for row in rows if row.system == "other"] == [
        ("clean", rows[0].origin),
        ("caps", rows[0].origin),
    ]


def test_variants_are_shown_with_what_they_change(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    suite = suite_of(tmp_path, systems=["source"], variants=["clean", "caps"])
    assert run(suite, Options(data=tmp_path, output=tmp_path))
    assert "caps" in capsys.readouterr().out
    changes = json.loads((tmp_path / "mine.json").read_text(encoding="utf-8"))["changes"]["source"]
    assert changes["caps"]["paired"] == 2
    assert changes["caps"]["differences"][0]["difference"] == 0


def test_the_gate_reads_whole_and_the_rules_alone_count() -> None:
    scorer = running.open_scorer(["facts", "gate"])
    elsewhere = Output("Marisat-4 did not explode but vented, a retired controller said on the 11th.")
    measures = scorer.score(SAMPLES[0], elsewhere).measures
    assert (measures["fact_recall"].hits, measures["faithful"]) == (0, Score(0))


def test_a_short_run_takes_fewer_words_and_a_whole_one_goes_on_from_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    systems = [{"name": "source", "short": 30}, {"name": "other", "short": 1}]
    suite, options = suite_of(tmp_path, systems=systems), Options(data=tmp_path, output=tmp_path, short=True)
    assert not run(suite, options)
    assert "other was left out: no text is as short as its 1 words" in capsys.readouterr().err
    first = read_results(tmp_path / "mine.jsonl")
    assert [row.system for row in first] == ["source"]
    assert run(suite, replace(options, short=False))
    assert read_results(tmp_path / "mine.jsonl")[:1] == first
    assert len(read_results(tmp_path / "mine.jsonl")) == 4
