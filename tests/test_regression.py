from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from evaluation.corpus import read_articles, read_pairs
from evaluation.errors import BrokenDataError, IncompleteError, MissingDataError
from evaluation.figures import summarise
from evaluation.intervals import Interval
from evaluation.options import Options
from evaluation.quality.measure import Score
from evaluation.regression.check import SUITE, measure
from evaluation.regression.holding import HOLDS, NEW, Held, compare_held, held_of_rewrites
from evaluation.regression.record import PATH, read_record, write_record
from evaluation.scoring import GROUPS
from evaluation.suite import Suite, read_suite
from service.cli import app
from tests.rows import row_of

RECALL = Held("rules: fact_recall", 40, Interval(0.9, 0.8, 0.95), "higher")
FINDINGS = Held("rules: findings", 40, Interval(4.0, 3.0, 5.0), "lower")


def today(held: Held, value: float) -> Held:
    return replace(held, interval=Interval(value, value, value))


@pytest.mark.parametrize(
    ("held", "value", "says"),
    [
        pytest.param(RECALL, 0.9, HOLDS, id="the same"),
        pytest.param(RECALL, 0.8, HOLDS, id="as low as the interval"),
        pytest.param(RECALL, 0.8 - 1e-12, HOLDS, id="lower by rounding"),
        pytest.param(RECALL, 1.0, HOLDS, id="better than the interval"),
        pytest.param(RECALL, 0.79, "fell below 0.8000; on record is 0.9000", id="lower than the interval"),
        pytest.param(FINDINGS, 5.0, HOLDS, id="as many findings as the interval has"),
        pytest.param(FINDINGS, 0.0, HOLDS, id="no finding"),
        pytest.param(FINDINGS, 5.1, "rose above 5.0000; on record is 4.0000", id="more findings"),
    ],
)
def test_a_figure_holds_that_is_no_worse_than_its_interval(held: Held, value: float, says: str) -> None:
    (finding,) = compare_held([today(held, value)], [held])
    assert (finding.says, finding.wrong) == (says, says != HOLDS)


def test_a_figure_that_vanished_or_is_of_other_texts_does_not_hold_and_a_new_one_does() -> None:
    found = list(compare_held([replace(RECALL, n=39), today(replace(RECALL, name="new"), 0.1)], [RECALL, FINDINGS]))
    assert [(finding.held.name, finding.says, finding.wrong) for finding in found] == [
        ("rules: fact_recall", "is of 39 texts, that on record of 40", True),
        ("rules: findings", "is on record and no longer measured", True),
        ("new", NEW, False),
    ]


def test_a_figure_that_nothing_may_be_lost_of_has_no_room_to_fall() -> None:
    whole = Held("rules: faithful", 40, Interval(1.0, 1.0, 1.0), "higher")
    assert next(compare_held([today(whole, 0.99)], [whole])).wrong


def test_failures_are_held_and_what_is_neither_better_nor_worse_is_not() -> None:
    rows = [
        row_of(
            "a", measures={"status.kept": Score(1, 4), "status.unchanged": Score(3, 4), "fact_recall.date": Score(1)}
        ),
        row_of("b", copy=None, error="RuntimeError: out of memory"),
    ]
    held = held_of_rewrites({"rules": summarise(rows)}, [*GROUPS["facts"], *GROUPS["passages"]])
    assert held == [
        Held("rules: texts it failed on", 2, Interval(1, 1, 1), "lower"),
        Held("rules: status.kept", 1, Interval(0.25, 0.25, 0.25), "lower"),
    ]


def test_a_record_comes_back_as_it_was_written(tmp_path: Path) -> None:
    write_record(tmp_path / "r.json", [RECALL, FINDINGS], {"rules": "rules@1"})
    assert read_record(tmp_path / "r.json") == [RECALL, FINDINGS]


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"figures": [{"name": "x"}]}'])
def test_a_record_that_is_none_is_named(tmp_path: Path, content: str) -> None:
    with pytest.raises(MissingDataError):
        read_record(tmp_path / "r.json")
    (tmp_path / "r.json").write_text(content, encoding="utf-8")
    with pytest.raises(BrokenDataError, match="is no record of figures"):
        read_record(tmp_path / "r.json")


def test_the_record_that_ships_is_of_the_slice_that_ships() -> None:
    suite = read_suite(str(SUITE))
    held = {one.name: one for one in read_record(PATH)}
    assert {name.partition(":")[0] for name in held} == {*(one.name for one in suite.systems), "gate_dev", "references"}
    assert held["rules: texts it failed on"].n == len(suite.read().samples)
    assert len(suite.read().samples) < (len(read_pairs()) + len(read_articles())) / 4


def test_a_slice_is_measured_with_the_gate_beside_it(tmp_path: Path) -> None:
    fields = {"systems": ["source"], "measures": ["facts"], "data": [{"set": "pairs", "first": 2}]}
    suite = Suite.model_validate({"name": "mine", "title": "Mine", "folder": tmp_path, **fields})
    options = Options(data=tmp_path, output=tmp_path / "mine.json")
    held, fingerprints = measure(suite, options, {"gate_dev": 6})
    assert fingerprints == {"source": "source"}
    assert [one.name for one in held] == [
        "source: texts it failed on",
        "source: fact_f1",
        "source: fact_precision",
        "source: fact_recall",
        "gate_dev: balanced accuracy",
        "gate_dev: AUC",
    ]
    broken = suite.model_copy(update={"data": (suite.data[0].model_copy(update={"set": "gone.jsonl"}),)})
    with pytest.raises(IncompleteError, match=r"gone\.jsonl is not there"):
        measure(broken, options, {})


def test_without_a_record_the_command_says_so_before_it_measures(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["evaluate", "regression", "--record", str(tmp_path / "gone.json")])
    assert (result.exit_code, result.stderr) == (2, f"copydesk: {tmp_path / 'gone.json'} is not there\n")


def test_the_record_says_which_versions_it_is_of() -> None:
    assert json.loads(PATH.read_text(encoding="utf-8"))["fingerprints"].keys() == {"rules", "model"}
