from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from evaluation.errors import BrokenDataError, MissingDataError, SheetError
from evaluation.reading import (
    Agreement,
    Answers,
    Key,
    agreements,
    make_sheet,
    preferences,
    read_answers,
    read_key,
    write_sheet,
)
from evaluation.results import Row
from tests.rows import row_of

TEXTS = ("rain", "sleet", "hail", "fog", "wind", "snow")


def rows_of(*samples: str) -> list[Row]:
    return [
        replace(row_of(sample, system=system, copy=f"- {sample}, says {system}.\n\nIt, too."), source=f"lol {sample}")
        for sample in samples
        for system in ("rules", "model")
    ]


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    path = tmp_path / "sheet.csv"
    write_sheet(make_sheet(rows_of(*TEXTS), "rules", "model", seed=0), path)
    return path


@pytest.fixture
def key(sheet: Path) -> Key:
    return read_key(sheet.with_suffix(".key.json"))


def table(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_bytes().decode("utf-8-sig"), newline="")))


def fill(sheet: Path, name: str, answer: Callable[[dict[str, str]], Mapping[str, str]], **form: str) -> Path:
    """Fill a sheet as a reader does; ``answer`` gives the cells that change."""
    page = io.StringIO()
    rows = [{**row, **answer(row)} for row in table(sheet)]
    writer = csv.DictWriter(page, fieldnames=list(rows[0]), **form)  # type: ignore[arg-type]
    writer.writeheader()
    writer.writerows(rows)
    path = sheet.with_name(f"{name}.csv")
    path.write_text(page.getvalue(), encoding="utf-8", newline="")
    return path


def favour(system: str) -> Callable[[dict[str, str]], Mapping[str, str]]:
    return lambda row: {"style": "A" if system in row["A"] else "B"}


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


def test_what_is_no_key_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "k.json"
    with pytest.raises(MissingDataError):
        read_key(path)
    path.write_text('{"systems": ["a"]}', encoding="utf-8")
    with pytest.raises(BrokenDataError, match="is no key of a sheet"):
        read_key(path)


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
