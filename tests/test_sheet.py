"""Blind reading as it is done: a sheet is made, filled and scored on the command line."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from evaluation.cli import app
from evaluation.results import write_rows
from tests.rows import row_of

TEXTS = ("rain", "sleet", "hail", "fog")


def run(*arguments: object) -> Result:
    return CliRunner().invoke(app, ["sheet", *map(str, arguments)], env={"COLUMNS": "120"})


@pytest.fixture
def results(tmp_path: Path) -> Path:
    path = tmp_path / "rewrite.jsonl"
    copies = {"rules": "It may {}.", "model": "It will {}."}
    rows = [row_of(text, system=name, copy=copy.format(text)) for text in TEXTS for name, copy in copies.items()]
    write_rows(path, [*rows, row_of("wind", system="rules")])
    return path


@pytest.fixture
def made(results: Path, tmp_path: Path) -> Path:
    path = tmp_path / "sheet.csv"
    result = run("make", "rules", "model", path, "--results", results)
    assert (result.exit_code, result.stderr) == (0, "")
    return path


def fill(sheet: Path, reader: str, favoured: str) -> Path:
    rows = list(csv.DictReader(io.StringIO(sheet.read_bytes().decode("utf-8-sig"), newline="")))
    page = io.StringIO()
    writer = csv.DictWriter(page, fieldnames=list(rows[0]))
    writer.writeheader()
    writer.writerows({**row, "facts": "A" if favoured in row["A"] else "b"} for row in rows)
    path = sheet.with_name(f"{reader}.csv")
    path.write_text(page.getvalue(), encoding="utf-8", newline="")
    return path


def test_making_a_sheet_says_what_is_in_it_and_what_was_left_out(results: Path, tmp_path: Path) -> None:
    result = run("make", "rules", "model", tmp_path / "s.csv", "--results", results)
    assert "s.csv: 4 texts." in result.stdout
    assert "s.key.json: which is which. Keep it from the readers." in result.stdout
    assert "Left out: 1 texts that only one of them rewrote." in result.stdout


def test_filled_sheets_are_scored_with_intervals_and_agreement(made: Path, tmp_path: Path) -> None:
    ann, bob = fill(made, "ann", "may"), fill(made, "bob", "will")
    figures = tmp_path / "reading.json"
    result = run("score", ann, bob, "--key", made.with_suffix(".key.json"), "--json", figures)
    assert (result.exit_code, result.stderr) == (0, "")
    rows = [line.split() for line in result.stdout.splitlines()]
    assert ["facts", "ann", "4", "4", "0", "0", "100.0", "[100.0,", "100.0]"] in rows
    assert ["facts", "all", "8", "4", "4", "0", "50.0", "[50.0,", "50.0]"] in rows
    assert ["facts", "ann", "and", "bob", "4", "0", "0.00"] in rows
    report = json.loads(figures.read_text(encoding="utf-8"))
    assert report["systems"] == ["rules", "model"]
    assert report["agreements"] == [
        {"question": "facts", "readers": ["ann", "bob"], "items": 4, "alike": 0, "kappa": 0.0}
    ]


def test_the_key_beside_the_sheet_is_found(made: Path) -> None:
    filled = fill(made, "filled", "may")
    filled.replace(made)
    assert run("score", made).exit_code == 0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        pytest.param(["make", "rules", "gpt", "new.csv"], "no rewrite by a system 'gpt'", id="unknown system"),
        pytest.param(["make", "rules", "model", "sheet.csv"], "sheet.csv is there already", id="twice"),
        pytest.param(["score", "sheet.csv"], "no question is answered", id="not filled"),
        pytest.param(["score", "sheet.csv", "sheet.csv"], "two sheets are named sheet", id="one reader twice"),
        pytest.param(["score", "gone.csv"], "gone.key.json is not there", id="no key"),
    ],
)
def test_what_cannot_be_done_is_told_in_a_line(
    made: Path, results: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], message: str
) -> None:
    monkeypatch.chdir(made.parent)
    places = ["--results", str(results)] if arguments[0] == "make" else []
    result = run(*arguments, *places)
    assert result.exit_code == 2
    assert message in result.stderr
    assert result.stderr.count("\n") == 1
