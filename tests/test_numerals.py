from __future__ import annotations

import pytest

from service.facts import FactKind
from service.numerals import Numeral, find_numerals, same_amount


def only(text: str) -> Numeral:
    (numeral,) = find_numerals(text)
    return numeral


@pytest.mark.parametrize(
    ("first", "second"),
    [
        pytest.param("nine", "9", id="words and digits"),
        pytest.param("$2M", "2 million dollars", id="dollar sign and words"),
        pytest.param("five bucks", "$5", id="slang currency"),
        pytest.param("€62m", "62 million euros", id="euro"),
        pytest.param("12,000", "12000", id="separator"),
        pytest.param("9 percent", "9%", id="percent sign"),
        pytest.param("25 bps", "25 basis points", id="basis points"),
        pytest.param("9 km", "9 kilometers", id="unit abbreviated"),
        pytest.param("around 500", "about 500", id="approximators"),
        pytest.param("500 or so", "roughly 500", id="approximator behind"),
        pytest.param("north of 300", "more than 300", id="more than"),
        pytest.param("500-plus", "at least 500", id="plus"),
        pytest.param("just under 40", "nearly 40", id="nearly"),
        pytest.param("ten grand", "$10,000", id="grand becomes dollars"),
        pytest.param("a 41-day siege", "41 days", id="compound"),
    ],
)
def test_the_same_amount_in_another_form_agrees(first: str, second: str) -> None:
    assert same_amount(only(first), only(second))


@pytest.mark.parametrize(
    ("first", "second"),
    [
        pytest.param("123,456 votes", "123,457 votes", id="one vote"),
        pytest.param("1.2 million", "1.23 million", id="rounding"),
        pytest.param("$5", "5 euros", id="currency"),
        pytest.param("5%", "5 percentage points", id="percentage points"),
        pytest.param("480 million miles", "480 million kilometers", id="miles"),
        pytest.param("$4 million", "$4 billion", id="magnitude"),
        pytest.param("at least 40", "40", id="at least dropped"),
        pytest.param("nearly 40", "more than 40", id="nearly against more"),
        pytest.param("dozens", "12", id="dozens is no twelve"),
        pytest.param("the 12th", "12", id="ordinal"),
    ],
)
def test_another_amount_differs(first: str, second: str) -> None:
    assert not same_amount(only(first), only(second))


@pytest.mark.parametrize(
    ("source", "copy"),
    [
        pytest.param("10,000 to 12,000 troops", "10,000-12,000 troops", id="to and hyphen"),
        pytest.param("$4 to $6 million", "$4 million to $6 million", id="scale of the first"),
        pytest.param("10-12%", "10% to 12%", id="percent of the first"),
        pytest.param("$4-6 million", "between $4 million and $6 million", id="dollar of the second"),
    ],
)
def test_both_ends_of_a_range_share_unit_and_scale(source: str, copy: str) -> None:
    pairs = zip(find_numerals(source), find_numerals(copy), strict=True)
    assert [same_amount(first, second) for first, second in pairs] == [True, True]


def test_a_bare_figure_may_be_read_like_its_neighbor() -> None:
    stated = find_numerals("The Canadian side pays 55%, up from 40")[1]
    assert same_amount(stated, only("40%"))


def test_a_range_does_not_lend_its_scale_across_units() -> None:
    assert [n.value for n in find_numerals("fell 9% to 611 million euros")] == [9, 611_000_000]


def test_long_figures_that_differ_in_their_last_digit_differ() -> None:
    assert not same_amount(only("$" + "1" * 1_000), only("$" + "1" * 999 + "2"))


def test_a_figure_is_read_like_its_neighbors_alone() -> None:
    numerals = find_numerals("$1 " * 1_000 + "7")
    assert (len(numerals), len(numerals[-1].implied)) == (1_001, 1)


@pytest.mark.parametrize("text", ["one of them", "the first time", "half the town", "a few boats"])
def test_what_may_be_no_figure_is_not_certain(text: str) -> None:
    assert not only(text).certain


def test_numbers_of_a_list_are_not_certain() -> None:
    assert [n.certain for n in find_numerals("Signs. 1. Prices rose 22%. 2. It closed.")] == [False, True, False]


def test_spans_hold_unit_and_bound() -> None:
    text = "It cost more than $1.2 million, or 3%, over 20 years."
    assert [(n.span.of(text), n.kind) for n in find_numerals(text)] == [
        ("more than $1.2 million", FactKind.MONEY),
        ("3%", FactKind.PERCENT),
        ("over 20 years", FactKind.FIGURE),
    ]


@pytest.mark.parametrize(
    ("source", "copy"),
    [
        ("It took four ballots.", "He won on the fourth ballot."),
        ("It lasted, like, eleven years.", "It lasted 11 years."),
        ("It lasted, like, eleven years.", "It lasted about 11 years."),
        ("They lost 40-odd minutes.", "They lost about 40 minutes."),
        ("It could hit £4billion.", "It could reach 4 billion pounds."),
        ("It ended after nine.", "It ended after nine hours."),
        ("He had 70 grand.", "He had NZ$70,000."),
        ("The lights were out 40 minutes tops.", "The power was out for 40 minutes at most."),
    ],
)
def test_what_wire_copy_makes_of_casual_amounts_is_the_same(source: str, copy: str) -> None:
    [stated], [rewritten] = find_numerals(source), find_numerals(copy)
    assert same_amount(stated, rewritten)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        pytest.param("ten years", "a 10-year lease", id="years"),
        pytest.param("48 hours", "two days", id="hours and days"),
        pytest.param("30 years", "three decades", id="decades"),
        pytest.param("six in ten viewers", "60 percent", id="a share"),
        pytest.param("the sixth month", "six months", id="ordinal of months"),
        pytest.param("25 kph", "limit of 25 kph", id="the limit itself"),
        pytest.param("990 something", "990-odd", id="something"),
        pytest.param("19 minutes", "over a 19-minute call", id="over a call"),
    ],
)
def test_the_same_amount_in_other_words_agrees(first: str, second: str) -> None:
    assert same_amount(only(first), only(second))


@pytest.mark.parametrize(
    ("first", "second"),
    [
        pytest.param("48 hours", "three days", id="hours and days"),
        pytest.param("six in ten viewers", "70 percent", id="a share"),
        pytest.param("3 months", "three weeks", id="unit"),
        pytest.param("more than 25 kph", "limit of 25 kph", id="above the limit"),
    ],
)
def test_another_amount_in_other_words_differs(first: str, second: str) -> None:
    assert not same_amount(only(first), only(second))
