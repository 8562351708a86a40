from __future__ import annotations

from collections import Counter
from decimal import Decimal

import pytest

from evaluation.quality.measure import Item, Score
from evaluation.quality.plain import figures, measures, names, quoted_words

BY_NAME = {measure.name: measure for measure in measures()}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        pytest.param("1,200 of 30", [1200, 30], id="thousands separator"),
        pytest.param("3, 4, 5", [3, 4, 5], id="a list is no thousands"),
        pytest.param("$3.2M or $3.2 million", [3_200_000, 3_200_000], id="million, short and long"),
        pytest.param("31k acres, 5K fans", [31_000, 5_000], id="thousand, short"),
        pytest.param("two grand", [2_000], id="thousand, slang"),
        pytest.param("twelve, Twenty-one, thirty five", [12, 21, 35], id="spelled out"),
        pytest.param("one of them", [], id="one is a pronoun"),
        pytest.param("often, tender, sixteenth", [], id="no part of a word"),
        pytest.param("at 5pm, 5 p.m.", [5, 5], id="a unit need not stand apart"),
        pytest.param("7.4, 7.40", [Decimal("7.4"), Decimal("7.4")], id="a nought at the end"),
        pytest.param("5 miles, 5 bags, 5 tons, 5 kids", [5, 5, 5, 5], id="a letter that begins a word is no scale"),
    ],
)
def test_figures_are_read_as_numbers(text: str, found: list[int | Decimal]) -> None:
    assert figures(text) == Counter(map(Decimal, found))


def test_a_name_counts_wherever_it_stands_if_it_has_a_capital_within_a_sentence() -> None:
    assert names("Reyes left. Then Reyes’s car stalled.", "It was the car of Reyes.") == (
        Counter({"Reyes": 2}),
        Counter({"Reyes": 1}),
    )


@pytest.mark.parametrize(
    "source",
    [
        pytest.param("Nobody left. Honestly, nobody.", id="beginning of a sentence"),
        pytest.param("- Rain\n- Wind", id="beginning of a line"),
        pytest.param("He said “Nobody left.”", id="also written small"),
        pytest.param("That is WILD, folks", id="all capitals"),
        pytest.param("Yes, I’m here and I'd stay", id="first person"),
    ],
)
def test_a_capital_that_makes_no_name_is_not_counted(source: str) -> None:
    assert names(source, "nobody nobody")[0] == Counter()


def test_a_month_is_the_same_cut_short() -> None:
    source, copy = names("It closed on September 3 and in October.", "It closed Sept. 3 and in Oct.")
    assert source == copy == Counter({"Sep": 1, "Oct": 1})


def test_words_are_quoted_between_double_marks_of_either_form() -> None:
    assert quoted_words("“We’re broke,” she said. \"Broke!\" 'Not this'") == Counter({"we're": 1, "broke": 2})


def test_what_both_have_counts_as_often_as_both_have_it() -> None:
    item = Item("12 cars, 12 vans and 3 bikes", "12 cars, 4 vans")
    assert BY_NAME["figures_recall"].score(item) == Score(1, 3)
    assert BY_NAME["figures_precision"].score(item) == Score(1, 2)


def test_a_text_without_figures_has_no_recall_of_them() -> None:
    item = Item("no cars", "2 cars")
    assert BY_NAME["figures_recall"].score(item) is None
    assert BY_NAME["figures_precision"].score(item) == Score(0, 1)
