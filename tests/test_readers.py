from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path

import pytest

from evaluation.errors import MissingDataError, SheetError
from evaluation.readers import Agreement, Answers, agreements, preferences, read_answers
from evaluation.reading import Key, make_sheet, read_key, write_sheet
from tests.sheets import TEXTS, favour, fill, rows_of


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    path = tmp_path / "sheet.csv"
    write_sheet(make_sheet(rows_of(*TEXTS), "rules", "model", seed=0), path)
    return path


@pytest.fixture
def key(sheet: Path) -> Key:
    return read_key(sheet.with_suffix(".key.json"))


def test_answers_come_back_as_the_systems_they_mean(sheet: Path, key: Key) -> None:
    answers = read_answers(fill(sheet, "ann", favour("model")), key)
    assert answers == Answers("ann", {"style": dict.fromkeys("123456", "second"), "facts": {}})


@pytest.mark.parametrize(
    "form",
    [
        pytest.param({"delimiter": ";", "lineterminator": "\r\n"}, id="semicolons"),
        pytest.param({"delimiter": "\t", "lineterminator": "\n"}, id="tabs"),
        pytest.param({"quoting": csv.QUOTE_ALL}, id="all in quotation marks"),
    ],
)
def test_a_sheet_may_be_saved_in_any_form_of_csv(sheet: Path, key: Key, form: dict[str, str]) -> None:
    answers = read_answers(fill(sheet, "ann", favour("rules"), **form), key)
    assert set(answers.choices["style"].values()) == {"first"}


def test_a_spreadsheet_may_swallow_the_guard_and_change_white_space(sheet: Path, key: Key) -> None:
    def tidied(row: dict[str, str]) -> Mapping[str, str]:
        texts = {name: row[name].removeprefix("'").replace("\n\n", "\r\n \r\n") for name in ("source", "A", "B")}
        return {**texts, "facts": " = "}

    assert set(read_answers(fill(sheet, "ann", tidied), key).choices["facts"].values()) == {"="}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        pytest.param({"style": "left"}, "row 2: style is 'left': write A, B or =", id="no answer"),
        pytest.param({"item": "99"}, "row 2: the key has no item '99'", id="unknown item"),
        pytest.param({"A": "Another copy."}, "row 2: item 1 holds other texts", id="other texts"),
    ],
)
def test_a_sheet_that_was_spoiled_is_refused_with_the_row(
    sheet: Path, key: Key, change: Mapping[str, str], message: str
) -> None:
    spoiled = fill(sheet, "ann", lambda row: {"style": "A", **(change if row["item"] == "1" else {})})
    with pytest.raises(SheetError, match=message):
        read_answers(spoiled, key)


def test_an_item_that_is_there_twice_is_refused(sheet: Path, key: Key) -> None:
    filled = fill(sheet, "ann", favour("rules"))
    head, _, rows = filled.read_text(encoding="utf-8").partition("note")
    filled.write_text(f"{head}note{rows}{rows.lstrip()}", encoding="utf-8", newline="")
    with pytest.raises(SheetError, match="row 8: item 1 is there twice"):
        read_answers(filled, key)


def test_a_sheet_that_nobody_filled_is_refused(sheet: Path, key: Key) -> None:
    with pytest.raises(SheetError, match="no question is answered: write A, B or = under style and facts"):
        read_answers(sheet, key)


def test_another_file_is_refused(tmp_path: Path, key: Key) -> None:
    path = tmp_path / "other.csv"
    path.write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(SheetError, match="has no column item, source, A, B, style, facts"):
        read_answers(path, key)
    path.write_bytes("item;café".encode("latin-1"))
    with pytest.raises(SheetError, match="is not UTF-8"):
        read_answers(path, key)
    with pytest.raises(MissingDataError):
        read_answers(tmp_path / "none.csv", key)


# --- scoring ---


def test_a_system_that_is_always_chosen_has_all_of_the_preference(sheet: Path, key: Key) -> None:
    [style, facts] = preferences([read_answers(fill(sheet, "ann", favour("rules")), key)], key)
    assert (style.reader, style.answered, style.first, style.second, style.same) == ("ann", 6, 6, 0, 0)
    assert style.share is not None
    assert (style.share.value, style.share.low, style.share.high) == (1, 1, 1)
    assert (facts.answered, facts.share) == (0, None)


def test_neither_counts_as_half_and_readers_are_put_together(sheet: Path, key: Key) -> None:
    ann = read_answers(fill(sheet, "ann", favour("rules")), key)
    bob = read_answers(fill(sheet, "bob", lambda row: {"style": "="}), key)
    style = {one.reader: one for one in preferences([ann, bob], key) if one.question == "style"}
    assert [one.share and one.share.value for one in style.values()] == [1, 0.5, 0.75]
    assert list(style) == ["ann", "bob", "all"]


CHOICES = {"1": "first", "2": "first", "3": "second", "4": "="}


@pytest.mark.parametrize(
    ("theirs", "alike", "kappa"),
    [
        pytest.param(CHOICES, 4, 1.0, id="whole agreement"),
        # Chance agreement: 2/4 x 1/4 + 1/4 x 2/4 + 1/4 x 1/4 = 5/16; (8/16 - 5/16) / (11/16).
        pytest.param({"1": "first", "2": "second", "3": "second", "4": "first"}, 2, 0.2, id="by hand"),
    ],
)
def test_kappa_is_agreement_beyond_chance(theirs: dict[str, str], alike: int, kappa: float) -> None:
    readers = [Answers(name, {"style": given, "facts": {}}) for name, given in (("ann", CHOICES), ("bob", theirs))]  # type: ignore[dict-item]
    [found] = agreements(readers)
    assert (found.readers, found.items, found.alike) == (("ann", "bob"), 4, alike)
    assert found.kappa == pytest.approx(kappa)


def test_readers_who_gave_one_answer_throughout_have_no_kappa() -> None:
    readers = [Answers(name, {"style": {"1": "first", "2": "first"}, "facts": {}}) for name in ("ann", "bob")]
    assert agreements(readers) == [Agreement("style", ("ann", "bob"), 2, 2, None)]


def test_readers_without_a_common_item_are_not_compared() -> None:
    readers = [Answers("ann", {"style": {"1": "first"}, "facts": {}}), Answers("bob", {"style": {}, "facts": {}})]
    assert agreements(readers) == []
