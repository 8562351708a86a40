from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pyarrow import parquet

from service.deliveries import deliver_csv, deliver_folder, deliver_lines, deliver_parquet

SUMMARY = {"facts": 3, "kept": 2, "altered": 0, "omitted": 1, "unsupported": 0, "kept_passages": 1}
GOOD: dict[str, Any] = {"id": "a", "copy": "Café,\nnow.\u2028", "status": "verified", "summary": SUMMARY}
BAD: dict[str, Any] = {"id": None, "error": "The row is no JSON object."}
FLAT_GOOD: dict[str, Any] = {"id": "a", "copy": GOOD["copy"], "status": "verified", **SUMMARY, "error": None}
FLAT_BAD = dict.fromkeys(FLAT_GOOD) | BAD


def test_lines_are_the_rows(tmp_path: Path) -> None:
    deliver_lines([GOOD, BAD], tmp_path / "out.jsonl")
    written = (tmp_path / "out.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line) for line in written] == [GOOD, BAD]


def read_csv(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_csv_has_the_figures_in_columns(tmp_path: Path) -> None:
    deliver_csv([GOOD, BAD], tmp_path / "out.csv", full=False)
    assert read_csv(tmp_path / "out.csv") == [
        {name: "" if value is None else str(value) for name, value in row.items()} for row in (FLAT_GOOD, FLAT_BAD)
    ]


def test_csv_may_have_the_account_of_every_passage_as_json(tmp_path: Path) -> None:
    deliver_csv([{**GOOD, "passages": [1]}, BAD], tmp_path / "out.csv", full=True)
    first, second = read_csv(tmp_path / "out.csv")
    account = {name: value for name, value in GOOD.items() if name != "id"}
    assert (json.loads(first["rewrite"]), second["rewrite"]) == ({**account, "passages": [1]}, "")


def test_parquet_has_the_columns_of_csv_with_their_types(tmp_path: Path) -> None:
    deliver_parquet([GOOD, BAD], tmp_path / "out.parquet", full=False, numbered=False)
    assert parquet.read_table(tmp_path / "out.parquet").to_pylist() == [FLAT_GOOD, FLAT_BAD]


@pytest.mark.parametrize(
    ("numbered", "ids"), [pytest.param(True, [7, None], id="numbers"), pytest.param(False, ["7", None], id="text")]
)
def test_parquet_has_ids_of_one_type(tmp_path: Path, numbered: bool, ids: list[Any]) -> None:
    deliver_parquet([{**GOOD, "id": 7}, BAD], tmp_path / "out.parquet", full=True, numbered=numbered)
    assert parquet.read_table(tmp_path / "out.parquet")["id"].to_pylist() == ids


def test_many_rows_are_written_group_by_group(tmp_path: Path) -> None:
    rows = ({**GOOD, "id": number} for number in range(2_500))
    deliver_parquet(rows, tmp_path / "out.parquet", full=False, numbered=True)
    assert parquet.read_table(tmp_path / "out.parquet")["id"].to_pylist() == list(range(2_500))


@pytest.mark.parametrize("full", [False, True])
def test_folder_has_the_copies_and_a_report(tmp_path: Path, full: bool) -> None:
    rows: list[dict[str, Any]] = [{**GOOD, "id": "x/a.txt"}, {**GOOD, "id": "b.html"}, {**BAD, "id": "c.txt"}]
    deliver_folder(rows, tmp_path / "out", full=full)
    files = {
        file.relative_to(tmp_path / "out").as_posix(): file.read_bytes().decode()
        for file in (tmp_path / "out").rglob("*.*")
    }
    report = [json.loads(line) for line in files.pop("report.jsonl").splitlines()]
    assert files == {"x/a.txt": GOOD["copy"], "b.html.md": GOOD["copy"]}
    assert report == [row if full else {name: row[name] for name in row if name != "copy"} for row in rows]


def test_output_that_cannot_be_finished_leaves_the_one_before(tmp_path: Path) -> None:
    def rows() -> Iterator[dict[str, Any]]:
        yield GOOD
        raise OSError(28, "No space left on device")

    (tmp_path / "out.jsonl").write_text("before")
    with pytest.raises(OSError, match="No space left"):
        deliver_lines(rows(), tmp_path / "out.jsonl")
    assert {file.name: file.read_text() for file in tmp_path.iterdir()} == {"out.jsonl": "before"}
