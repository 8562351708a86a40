from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from evaluation.cases import Case
from evaluation.cli import app
from evaluation.corpus import DATA
from evaluation.errors import BrokenDataError, MissingDataError
from evaluation.wirefacts import as_test, make_card, read_answers, read_cases, write_cases
from service.annotation import Annotator

Rows = list[dict[str, object]]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Files of a few rows each."""
    folder = tmp_path_factory.mktemp("data")
    for name in ("gate.jsonl", "pairs.jsonl"):
        lines = (DATA / name).read_text(encoding="utf-8").splitlines()[:4]
        (folder / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


def cases_of(folder: Path, annotator: Annotator) -> list[Case]:
    return read_cases([folder / "gate.jsonl", folder / "pairs.jsonl"], annotator=annotator)


@pytest.fixture(scope="module")
def rows(folder: Path, annotator: Annotator) -> Rows:
    path = folder / "wirefacts.jsonl"
    write_cases(path, cases_of(folder, annotator))
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_a_case_stands_alone_and_says_where_its_error_is(rows: Rows) -> None:
    assert len({row["id"] for row in rows}) == len(rows)
    assert {row["part"] for row in rows} == {"hand", "planted"}
    planted = [row for row in rows if row["part"] == "planted" and not row["faithful"]]
    assert len({row["kind"] for row in planted}) >= 5
    assert all(row["error_span"] for row in planted)
    assert all(str(row["id"]).startswith(f"{row['cluster']}") for row in rows)
    assert [row["kind"] for row in rows if row["part"] == "planted" and row["faithful"]] == ["reference"] * 4


def test_the_same_files_give_the_same_cases(folder: Path, annotator: Annotator, rows: Rows) -> None:
    again = folder / "again.jsonl"
    write_cases(again, cases_of(folder, annotator))
    assert again.read_bytes() == (folder / "wirefacts.jsonl").read_bytes()
    assert rows


def test_the_card_counts_the_types_and_names_the_files(folder: Path, annotator: Annotator, rows: Rows) -> None:
    card = make_card(cases_of(folder, annotator), folder / "wirefacts.jsonl")
    faithful = sum(row["faithful"] is True for row in rows)
    assert f"{len(rows)} cases, {faithful} of them faithful, from " in card
    assert "| reference | 0 | 4 |" in card
    assert "made from `evaluation/data/gate.jsonl`" in card
    assert "Apache-2.0" in card
    assert "{{" not in card


def test_the_answers_of_another_checker_are_measured_as_ours_are(
    folder: Path, annotator: Annotator, rows: Rows, tmp_path: Path
) -> None:
    cases = cases_of(folder, annotator)
    lines = [{"id": row["id"], "score": 0.75 if row["faithful"] else 0.25} for row in rows]
    lines[0] = {"id": rows[0]["id"], "faithful": not rows[0]["faithful"]}
    path = answers(tmp_path, lines)
    judged = read_answers(path, cases)
    assert [one.case for one in judged] == cases
    assert [one.accepted == one.case.faithful for one in judged] == [False] + [True] * (len(cases) - 1)
    assert [(one.score, one.graded) for one in judged[:2]] == [
        (float(not rows[0]["faithful"]), False),
        (0.75 if rows[1]["faithful"] else 0.25, True),
    ]


def answers(tmp_path: Path, lines: Rows) -> Path:
    path = tmp_path / "mine.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("change", "message"),
    [
        pytest.param({"id": "hand/none"}, "row 1: there is no case 'hand/none': take the ids of", id="unknown case"),
        pytest.param({"score": 3}, "row 1: score is 3: it is a number from 0 to 1", id="no probability"),
        pytest.param({"score": None}, 'row 1: needs "faithful": true or false, or "score": 0 to 1', id="no answer"),
        pytest.param({"score": True}, "row 1: score is True: it is a number", id="true for a score"),
        pytest.param({"score": "0.7", "faithful": True}, "row 1: score is '0.7'", id="a score in words"),
    ],
)
def test_an_answer_that_is_none_is_named_with_its_row(
    folder: Path, annotator: Annotator, rows: Rows, tmp_path: Path, change: dict[str, object], message: str
) -> None:
    lines: Rows = [{"id": row["id"], "score": 0.5} for row in rows]
    lines[0] |= change
    with pytest.raises(BrokenDataError) as caught:
        read_answers(answers(tmp_path, lines), cases_of(folder, annotator))
    assert message in str(caught.value)


def test_an_answer_that_is_missing_or_there_twice_is_named(
    folder: Path, annotator: Annotator, rows: Rows, tmp_path: Path
) -> None:
    cases = cases_of(folder, annotator)
    lines: Rows = [{"id": row["id"], "faithful": True} for row in rows]
    with pytest.raises(BrokenDataError, match=f"2 of {len(rows)} cases have no answer, the first is '{rows[0]['id']}'"):
        read_answers(answers(tmp_path, lines[2:]), cases)
    with pytest.raises(BrokenDataError, match="is answered a second time"):
        read_answers(answers(tmp_path, [*lines, lines[0]]), cases)
    with pytest.raises(MissingDataError):
        read_answers(tmp_path / "gone.jsonl", cases)


# --- the command ---


def invoke(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["gate", *arguments])


def test_the_command_writes_cases_card_and_figures(tmp_path: Path) -> None:
    result = invoke("--benchmark", "wirefacts", "--limit", "6", "--output", str(tmp_path))
    assert (result.exit_code, result.stderr.strip()) == (0, "")
    cases = [json.loads(line) for line in (tmp_path / "wirefacts.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [case["part"] for case in cases] == ["hand"] * 3 + ["planted"] * 3
    report = json.loads((tmp_path / "wirefacts.json").read_text(encoding="utf-8"))
    assert report["tests"]["wirefacts"]["cases"] == 6
    assert (tmp_path / "wirefacts.md").read_text(encoding="utf-8").startswith("# wirefacts ")
    mine = answers(tmp_path, [{"id": case["id"], "faithful": case["faithful"]} for case in cases])
    options = ("--benchmark", "wirefacts", "--limit", "6", "--output", str(tmp_path))
    assert invoke(*options, "--answers", str(mine)).exit_code == 0
    other = json.loads((tmp_path / "wirefacts.mine.json").read_text(encoding="utf-8"))
    figures = {one["measure"]: one["value"] for one in other["tests"]["wirefacts"]["figures"]}
    assert figures["balanced accuracy: hand"] == 1


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        pytest.param(["--benchmark", "snli"], "there is no benchmark 'snli'; there is wirefacts", id="unknown"),
        pytest.param(["rewrite", "--benchmark", "wirefacts"], "is run by the suite gate alone", id="another suite"),
        pytest.param(["--answers", "mine.jsonl"], "add --benchmark wirefacts", id="answers to nothing"),
    ],
)
def test_a_benchmark_that_cannot_be_run_is_told(arguments: list[str], message: str) -> None:
    result = invoke(*arguments)
    assert result.exit_code == 2
    assert message in result.stderr


def test_it_is_a_test_of_the_gate_like_any_other(annotator: Annotator) -> None:
    test = as_test(annotator)
    assert [path.parent for path in test.paths(Path("elsewhere"))] == [DATA] * 3
    assert "AUC: planted" in [measure.name for measure in test.measures]
