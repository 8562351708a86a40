from __future__ import annotations

import pytest

from service.dates import find_times
from service.facts import FactKind
from service.figures import find_numerals
from service.numerals import Numeral, same_amount


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
        pytest.param("Stock -6%", "the stock fell 6%", id="minus in percent"),
        pytest.param("-$5 million", "a $5 million loss", id="minus in money"),
        pytest.param("-6%", "a 6% decline", id="minus, and the fall behind"),
        pytest.param("minus 14,000", "a loss of 14,000", id="minus in words, and a loss"),
        pytest.param("at minus 31", "at 31 below", id="minus in words, and below zero"),
        pytest.param("shares -4", "shares fell 4%", id="a bare change is one in percent"),
        pytest.param("got around 870 calls", "about 870 calls", id="around that may turn or estimate"),
        pytest.param("quits over $60 fine", "quits, a $60 fine", id="over that gives a reason"),
        pytest.param("picked over 60 rivals", "beat 60 rivals", id="over that compares people"),
        pytest.param("70 odd", "about 70", id="odd"),
        pytest.param("70-some goats", "more than 70 goats", id="some"),
        pytest.param("18 hours, give or take", "about 18 hours", id="give or take behind a comma"),
        pytest.param("six days at the very least", "at least six days", id="at the very least"),
        pytest.param("2,300, tops", "2,300 at most", id="tops behind a comma"),
        pytest.param("there weren't more than 15", "no more than 15", id="a denied more than"),
        pytest.param("approx 650", "about 650", id="approx"),
        pytest.param("650 of them I'd say", "about 650", id="I'd say"),
        pytest.param("gone through $1,900", "above $1,900", id="gone through a mark"),
        pytest.param("a max of $700", "the maximum fine is $700", id="a limit that is told in other words"),
        pytest.param("a floor of 90 baht", "a minimum of 90 baht", id="a floor"),
        pytest.param("as long as 9 years", "up to nine years", id="as long as"),
        pytest.param("a 30-ish percent cut", "about 30%", id="a unit behind ish"),
        pytest.param("six-plus cups", "six or more cups", id="plus before what it counts"),
        pytest.param("one lakh thirty", "130,000", id="lakh and thousands"),
        pytest.param("a tenner", "10 pounds", id="a note in pounds"),
        pytest.param("a fiver", "$5", id="a note in dollars"),
        pytest.param("fell at 30k", "fell at 30 kilometers", id="a race in thousands of meters"),
        pytest.param("a swell of 2.5m", "2.5 meters", id="m for meters"),
        pytest.param("eight nights", "over eight nights", id="over that means during"),
        pytest.param("the 3-lb bag", "the 3-pound bag", id="pounds that weigh"),
        pytest.param("$90 a day", "$90 daily", id="a rate in one word"),
        pytest.param("for a week", "seven days", id="a single week in days"),
        pytest.param("a sixfold rise", "six times", id="fold"),
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
        pytest.param("Stock -6%", "the stock rose 6%", id="minus and a rise"),
        pytest.param("rose $5 million", "-$5 million", id="a rise and minus"),
        pytest.param("back in week 2", "back in two weeks", id="which week, how many weeks"),
        pytest.param("shares -4", "shares rose 4%", id="a bare change down and a rise"),
        pytest.param("a loss of 14,000", "minus 15,000", id="another loss"),
        pytest.param("earned over $60 million", "earned $60 million", id="over that raises"),
        pytest.param("more than 15", "no more than 15", id="no more than"),
        pytest.param("at least 9 years", "up to nine years", id="least and most"),
        pytest.param("gone through $1,900", "below $1,900", id="a mark that was passed and one that was not"),
        pytest.param("stock is up 7", "stock is up 7-fold", id="fold of a bare figure"),
        pytest.param("R45 million", "$45 million", id="rand"),
        pytest.param("7 microseconds", "7 milliseconds", id="microseconds"),
        pytest.param("700 kilos a hectare", "700 kilograms per acre", id="area in a rate"),
        pytest.param("80 euros per bus per day", "80 euros per bus per week", id="a rate behind another"),
        pytest.param("$90 a day", "$90 weekly", id="a rate in one word"),
        pytest.param("€300m", "300,000 euros", id="magnitude of an amount in full"),
        pytest.param("eight nights", "eight days", id="nights"),
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


@pytest.mark.parametrize(
    ("source", "copy"),
    [
        pytest.param("nearly a fifth on a gala", "nearly one-fifth on a gala", id="share before a preposition"),
        pytest.param("voters under 25", "voters, the under-25s", id="younger than"),
        pytest.param("a heat alert for the over-65s", "an alert for people older than 65", id="older than"),
        pytest.param("a ban for under-15s", "a ban below the age of 15", id="below the age of"),
        pytest.param("it broke in week 12", "it broke in its 12th week", id="numbered week"),
        pytest.param("from kindergarten through 12", "through 12th grade", id="numbered grade"),
        pytest.param("lost half a kilo", "lost 500 grams", id="half of a unit"),
        pytest.param("a half point off", "half a percentage point off", id="half a point"),
        pytest.param("a quarter-point cut", "a cut of 25 basis points", id="quarter of a point"),
        pytest.param("by three hundredths", "by 0.03 seconds", id="hundredths"),
        pytest.param("back within a fortnight", "back within two weeks", id="fortnight"),
        pytest.param("fires tripled", "three times as many fires", id="multiple"),
        pytest.param("a flight of 19h 20m", "a flight of 19 hours and 20 minutes", id="minutes after hours"),
        pytest.param("Hundred and forty jobs", "140 jobs", id="hundred without a count"),
        pytest.param("jobs -15k", "lost 15,000 jobs", id="fall in words"),
        pytest.param("it is 14 below", "it is minus 14", id="below"),
        pytest.param("halved to 35c", "halved to 35 cents", id="cents"),
        pytest.param("roughly a 40-year supply", "about a 40-year supply", id="estimate before an article"),
        pytest.param("in the next ten days or so", "in about the next ten days", id="estimate before next"),
        pytest.param("call it 180 bankers", "about 180 bankers", id="call it"),
        pytest.param("he will stick around five years", "he will stay five years", id="stick around"),
        pytest.param("asked about two turbines", "asked of two turbines", id="asked about"),
        pytest.param("over five years, no change", "five years, no change", id="over a time"),
        pytest.param("the owners paid 95 in 2017 for 88m", "the owners paid 95 million for 88 million", id="no share"),
    ],
)
def test_talk_tells_the_same_amount_in_its_own_words(source: str, copy: str) -> None:
    skip = [year.span for year in find_times(source)]
    pairs = zip(find_numerals(source, skip=skip), find_numerals(copy), strict=True)
    assert all(same_amount(first, second) for first, second in pairs)


@pytest.mark.parametrize(
    ("source", "copy"),
    [
        pytest.param("nearly a fifth on a gala", "nearly a third on a gala", id="another share"),
        pytest.param("voters under 25", "voters, the over-25s", id="older for younger"),
        pytest.param("fares rose for 12 days", "fares rose for the 12th day", id="what is counted"),
        pytest.param("lost half a kilo", "lost 50 grams", id="another weight"),
        pytest.param("jobs -15k", "gained 15,000 jobs", id="rise for a fall"),
        pytest.param("€11.99 now, +1", "€11.99 now, 1%", id="added to a price"),
        pytest.param("about 180 bankers", "180 bankers", id="estimate dropped"),
        pytest.param("40 people died", "over 40 people died", id="more"),
    ],
)
def test_what_looks_alike_is_another_amount(source: str, copy: str) -> None:
    pairs = zip(find_numerals(source), find_numerals(copy), strict=True)
    assert not all(same_amount(first, second) for first, second in pairs)


@pytest.mark.parametrize(
    ("text", "certain"),
    [
        pytest.param("5 Stats About the Glut", False, id="head of a list"),
        pytest.param("Day 4, no sleep.", False, id="head of a post"),
        pytest.param("5 people read the stats", True, id="what is counted"),
        pytest.param("On day 4 he spoke.", True, id="within a sentence"),
    ],
)
def test_the_number_in_a_head_tells_nothing(text: str, certain: bool) -> None:
    assert only(text).certain is certain


def test_a_fall_without_a_unit_is_no_rise_in_percent() -> None:
    [stated], [rewritten] = find_numerals("stock -6"), find_numerals("shares rose 6%")
    assert not same_amount(stated, rewritten)


@pytest.mark.parametrize(
    ("source", "copy"),
    [
        pytest.param("growth slid to -0.4%", "growth slid to 0.4%", id="a level in percent"),
        pytest.param("it dropped to -5 degrees", "it dropped to 5 degrees", id="a temperature"),
        pytest.param("started off the year with -5% growth", "started off the year with 5% growth", id="off"),
    ],
)
def test_a_level_below_nothing_is_no_level_above_it(source: str, copy: str) -> None:
    assert not same_amount(only(source), only(copy))
