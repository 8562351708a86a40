from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from evaluation.errors import BrokenDataError, MissingDataError, UnderWayError
from evaluation.quality.measure import Score
from evaluation.results import Flag, ResultFile, Row, latest, read_results, write_rows
from evaluation.systems import Part

ROW = Row(
    suite="rewrite",
    system="rules",
    fingerprint="rules@1",
    sample="a",
    part="pairs",
    voice="pub",
    origin="",
    key="k1",
    source="lol “rain”",
    reference="Rain.",
    copy="Rain.",
    parts=(Part("repaired", "lol “rain”", "Rain."),),
    seconds=0.25,
    error=None,
    measures={"facts": Score(2, 3), "chrF": Score(65.5)},
    flags=(Flag("figure", "omitted", "9", None),),
)
FAILED = replace(ROW, sample="b", key="k2", copy=None, parts=(), error="took longer than 5 s", measures={}, flags=())


def add_all(path: Path, *rows: Row) -> list[str]:
    with ResultFile(path) as file:
        for row in rows:
            file.add(row)
        return file.faults


def test_a_row_comes_back_as_it_was_added(tmp_path: Path) -> None:
    path = tmp_path / "r.jsonl"
    add_all(path, ROW)
    add_all(path, FAILED)
    assert read_results(path) == [ROW, FAILED]
    with ResultFile(path) as file:
        assert (file.rows, file.faults) == ([ROW, FAILED], [])


def test_a_row_has_the_fields_that_were_agreed_on(tmp_path: Path) -> None:
    path = tmp_path / "r.jsonl"
    write_rows(path, [ROW])
    fields = json.loads(path.read_text(encoding="utf-8"))
    assert fields["set"] == "pairs"
    assert fields["passages"] == [{"status": "repaired", "source": "lol “rain”", "copy": "Rain."}]
    assert fields["measures"] == {"facts": {"hits": 2, "of": 3}, "chrF": {"value": 65.5}}


@pytest.mark.parametrize("cut", [1, 20, 200], ids=["its end", "a few bytes", "most of it"])
def test_a_half_written_last_line_is_mended_told_and_costs_no_other_row(tmp_path: Path, cut: int) -> None:
    path = tmp_path / "r.jsonl"
    add_all(path, ROW, FAILED)
    whole = path.read_bytes()
    path.write_bytes(whole[:-cut])
    with pytest.raises(BrokenDataError, match=r"row 2: is only half there: run the suite again"):
        read_results(path)
    faults = add_all(path, replace(FAILED, key="k3"))
    kept = [ROW, FAILED] if cut == 1 else [ROW]
    assert read_results(path) == [*kept, replace(FAILED, key="k3")]
    assert [fault.partition(": ")[2].partition(" (")[0] for fault in faults] == ["was only half written"][: cut - 1]


def test_a_line_that_is_no_row_is_told_and_left_where_it_is(tmp_path: Path) -> None:
    path = tmp_path / "r.jsonl"
    write_rows(path, [ROW])
    path.write_bytes(b'\x00\x00\n{"suite": "rewrite"}\n' + path.read_bytes())
    before = path.read_bytes()
    with ResultFile(path) as file:
        assert file.rows == [ROW]
        first, second = file.faults
        assert first.startswith(f"{path}, line 1: is no row of results (")
        assert second == f"{path}, line 2: has no field 'system'; it is left out, and made again"
    assert path.read_bytes() == before
    with pytest.raises(BrokenDataError, match="row 1: is no row of results"):
        read_results(path)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        pytest.param({"source": None}, "source should be text", id="no source"),
        pytest.param({"copy": 7}, "copy should be text", id="a figure"),
        pytest.param({"measures": {"chrF": 7}}, "is no row of results", id="a bare measure"),
        pytest.param({"measures": {"chrF": {"hits": 7}}}, "has no field 'of'", id="half a measure"),
        pytest.param({"measures": {"chrF": {"hits": 7, "of": 0}}}, "a number out of more than 0", id="out of none"),
        pytest.param({"measures": {"chrF": {"value": float("nan")}}}, "a number out of more than 0", id="no number"),
        pytest.param({"flagged": [{"kind": "figure"}]}, "is no row of results", id="half a flag"),
        pytest.param({"passages": ["x"]}, "is no row of results", id="a passage that is none"),
    ],
)
def test_a_field_that_holds_what_it_must_not_is_named(tmp_path: Path, change: dict[str, object], reason: str) -> None:
    path = tmp_path / "r.jsonl"
    path.write_text(json.dumps({**ROW.as_json(), **change}) + "\n", encoding="utf-8")
    with pytest.raises(BrokenDataError, match=reason):
        read_results(path)


def test_a_file_that_is_missing_or_empty_is_named(tmp_path: Path) -> None:
    with pytest.raises(MissingDataError):
        read_results(tmp_path / "r.jsonl")
    (tmp_path / "r.jsonl").touch()
    with pytest.raises(BrokenDataError, match="the file is empty"):
        read_results(tmp_path / "r.jsonl")


def test_one_run_at_a_time_adds_to_a_file(tmp_path: Path) -> None:
    with ResultFile(tmp_path / "r.jsonl"), pytest.raises(UnderWayError, match="another run adds to"):
        ResultFile(tmp_path / "r.jsonl")
    add_all(tmp_path / "r.jsonl", ROW)


def test_the_last_row_of_a_text_counts() -> None:
    mended = replace(FAILED, copy="Rain.", error=None)
    elsewhere = replace(ROW, part="articles")
    assert latest([ROW, FAILED, elsewhere, mended]) == [ROW, mended, elsewhere]
