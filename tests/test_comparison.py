from __future__ import annotations

import io
import json

import pytest
from rich.console import Console

from evaluation.comparison import as_json, compare_sides, make_table, notes
from evaluation.errors import NothingSharedError
from evaluation.quality.measure import Score
from evaluation.sides import Side
from tests.rows import row_of


def side(system: str, *values: float) -> Side:
    return Side(
        system,
        [
            row_of(
                str(number),
                system=system,
                part="articles" if number > 3 else "pairs",
                measures={"chrF": Score(value), "fact_recall.figure": Score(value, 100)},
            )
            for number, value in enumerate(values)
        ],
    )


SIDES = (side("model", 60, 70, 80, 90, 50), side("rules", 50, 60, 70, 80, 90))


def test_the_table_has_both_sides_their_difference_and_how_sure_it_is() -> None:
    page = io.StringIO()
    Console(file=page, width=120).print(make_table(SIDES, compare_sides(*SIDES, part="pairs")))
    lines = [line.split() for line in page.getvalue().splitlines() if line.strip()]
    assert lines[0] == ["measure", "texts", "model", "rules", "difference", "95%", "interval", "p"]
    assert lines[2:] == [["chrF", "4", "75.000", "65.000", "+10.000", "+10.000", "to", "+10.000", "0.1250"]]


def test_the_notes_say_what_was_left_out_and_how_it_was_computed() -> None:
    shorter = Side("rules", SIDES[1].rows[:4])
    first, second, third = notes(compare_sides(SIDES[0], shorter, part=None))
    assert first == "4 of the 4 texts have the same copy on both sides."
    assert second.startswith("1 texts were left out")
    assert "permutation test" in third


def test_the_json_has_every_measure_and_which_versions_were_compared() -> None:
    found = json.loads(as_json(SIDES, compare_sides(*SIDES, part=None)))
    assert found["first"] == {"name": "model", "fingerprints": ["model@1"]}
    assert [one["measure"] for one in found["differences"]] == ["chrF", "fact_recall.figure"]
    assert found["differences"][0]["difference"] == 0


def test_sides_without_a_text_in_common_cannot_be_compared() -> None:
    with pytest.raises(NothingSharedError, match="no rewrite of the same text of the set 'tweets'"):
        compare_sides(*SIDES, part="tweets")
