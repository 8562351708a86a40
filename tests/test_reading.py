from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from evaluation.errors import BrokenDataError, MissingDataError, SheetError
from evaluation.reading import make_sheet, read_key, write_sheet
from tests.rows import row_of
from tests.sheets import TEXTS, rows_of, table


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    path = tmp_path / "sheet.csv"
    write_sheet(make_sheet(rows_of(*TEXTS), "rules", "model", seed=0), path)
    return path


# --- making one ---


def test_a_sheet_holds_every_text_once_with_the_copies_on_both_sides() -> None:
    sheet = make_sheet(rows_of(*TEXTS), "rules", "model", seed=0)
    assert sorted(pair.sample for pair in sheet.pairs) == sorted(TEXTS)
    assert [pair.item for pair in sheet.pairs] == ["1", "2", "3", "4", "5", "6"]
    assert {pair.copies for pair in sheet.pairs} == {
        (f"- {text}, says rules.\n\nIt, too.", f"- {text}, says model.\n\nIt, too.") for text in TEXTS
    }


def test_order_and_sides_are_left_to_a_chance_that_repeats() -> None:
    rows = rows_of(*map(str, range(40)))
    one, again, other = (make_sheet(rows, "rules", "model", seed=seed) for seed in (1, 1, 2))
    assert one == again
    assert [pair.sample for pair in one.pairs] != [pair.sample for pair in other.pairs]
    assert {pair.first for pair in one.pairs} == {"A", "B"}


def test_what_gives_no_choice_is_left_out_and_counted() -> None:
    rows = [
        *rows_of("rain"),
        *(row_of("fog", system=system, copy="Fog.") for system in ("rules", "model")),
        row_of("hail", system="rules"),
        row_of("hail", system="model", copy=None, error="out of memory"),
        row_of("snow", system="rules"),
    ]
    sheet = make_sheet(rows, "rules", "model", seed=0)
    assert ([pair.sample for pair in sheet.pairs], sheet.same, sheet.missing) == (["rain"], 1, 2)


def test_a_few_texts_of_one_set_can_be_asked_for() -> None:
    rows = [*rows_of(*TEXTS), *(replace(row, part="articles") for row in rows_of("a1", "a2", "a3"))]
    sheet = make_sheet(rows, "rules", "model", seed=0, count=2, part="articles")
    assert [pair.part for pair in sheet.pairs] == ["articles", "articles"]


@pytest.mark.parametrize(
    ("first", "second", "part", "message"),
    [
        pytest.param("rules", "gpt", None, "by a system 'gpt'; there are some by model, rules", id="unknown system"),
        pytest.param("rules", "model", "poems", "of the set 'poems' by a system 'rules'", id="unknown set"),
        pytest.param("rules", "rules", None, "compared with itself", id="the same twice"),
    ],
)
def test_systems_that_cannot_be_compared_are_named(first: str, second: str, part: str | None, message: str) -> None:
    with pytest.raises(SheetError, match=message):
        make_sheet(rows_of(*TEXTS), first, second, seed=0, part=part)


def test_systems_that_made_the_same_of_everything_give_no_sheet() -> None:
    rows = [row_of("fog", system=system) for system in ("rules", "model")]
    with pytest.raises(SheetError, match="made the same of every text"):
        make_sheet(rows, "rules", "model", seed=0)


# --- the files ---


def test_the_sheet_tells_nothing_of_the_systems_but_what_they_wrote(tmp_path: Path) -> None:
    rows = [replace(row, copy=(row.copy or "").replace("rules", "x").replace("model", "y")) for row in rows_of(*TEXTS)]
    path = tmp_path / "sheet.csv"
    key = write_sheet(make_sheet(rows, "rules", "model", seed=0), path)
    assert key == tmp_path / "sheet.key.json"
    text = path.read_text(encoding="utf-8-sig")
    assert "rules" not in text
    assert "model" not in text


def test_a_spreadsheet_takes_no_copy_for_a_formula(sheet: Path) -> None:
    assert {row["A"][:3] for row in table(sheet)} == {"'- "}


def test_a_sheet_that_is_there_is_not_written_over(sheet: Path) -> None:
    with pytest.raises(SheetError, match=r"sheet\.csv is there already"):
        write_sheet(make_sheet(rows_of(*TEXTS), "rules", "model", seed=1), sheet)


def test_what_is_no_key_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "k.json"
    with pytest.raises(MissingDataError):
        read_key(path)
    path.write_text('{"systems": ["a"]}', encoding="utf-8")
    with pytest.raises(BrokenDataError, match="is no key of a sheet"):
        read_key(path)
