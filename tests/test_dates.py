from __future__ import annotations

import pytest

from service.dates import find_times
from service.times import Time, same_time, settled


def only(text: str) -> Time:
    (time,) = find_times(text)
    return time


@pytest.mark.parametrize(
    ("first", "second"),
    [
        pytest.param("Oct. 3", "October 3rd", id="month abbreviated"),
        pytest.param("Oct. 3", "the 3rd of October", id="day first"),
        pytest.param("in '53", "in 1953", id="century left out"),
        pytest.param("the '80s", "the 1980s", id="decade"),
        pytest.param("at 6am", "at 6 a.m.", id="a.m."),
        pytest.param("at 17:30", "at 5:30 p.m.", id="24 hours"),
        pytest.param("at six in the morning", "at 6 a.m.", id="hour in words"),
        pytest.param("ten to six in the morning", "5:50 a.m.", id="minutes to"),
        pytest.param("5:30 pm EST", "5:30 p.m. ET", id="zone"),
        pytest.param("Q3", "the third quarter", id="quarter"),
        pytest.param("FY26", "fiscal 2026", id="fiscal year"),
        pytest.param("last Tuesday", "on Tuesday", id="weekday"),
        pytest.param("last fall", "last autumn", id="season"),
        pytest.param("over the weekend", "at the weekend", id="weekend"),
        pytest.param("at midday", "at noon", id="noon"),
        pytest.param("tonight", "this evening", id="tonight"),
        pytest.param("in May '21", "in May 2021", id="a short year behind its month"),
        pytest.param("fiscal '27", "fiscal 2027", id="a short fiscal year"),
        pytest.param("lst nite", "last night", id="last night in chat"),
        pytest.param("in his sixties", "in his 60s", id="an age by its decade"),
        pytest.param("five to midnight", "11:55 p.m.", id="minutes to midnight"),
        pytest.param("five past noon", "12:05 p.m.", id="minutes past noon"),
        pytest.param("the first half of the year", "the first six months of the year", id="half of a year"),
        pytest.param("by Xmas", "by Christmas", id="Xmas"),
        pytest.param("before supper", "before evening", id="a meal and its time"),
        pytest.param("at lunch", "at noon", id="lunch"),
        pytest.param("from June 2", "starting June 2", id="from"),
        pytest.param("not until June 2", "from June 2", id="a denied until"),
    ],
)
def test_the_same_time_in_another_form_agrees(first: str, second: str) -> None:
    assert same_time(only(first), only(second))


@pytest.mark.parametrize(
    ("first", "second"),
    [
        pytest.param("Oct. 3", "Oct. 4", id="day"),
        pytest.param("Oct. 3", "Oct. 3, 2023", id="a year added"),
        pytest.param("Oct. 3", "in October", id="the day lost"),
        pytest.param("last June", "next June", id="last and next"),
        pytest.param("last fall", "in the fall", id="last dropped"),
        pytest.param("6 a.m.", "6 p.m.", id="half of the day"),
        pytest.param("5 p.m. ET", "5 p.m. PT", id="zone"),
        pytest.param("mid-March", "in March", id="part of the month"),
        pytest.param("yesterday", "today", id="yesterday"),
        pytest.param("noon", "midnight", id="noon"),
        pytest.param("1953", "1963", id="year"),
        pytest.param("in May '21", "in May 2022", id="a short year"),
        pytest.param("until June 2", "from June 2", id="until and from"),
        pytest.param("through April", "from April", id="through and from"),
        pytest.param("by Christmas", "by Easter", id="holiday"),
        pytest.param("the first half of the year", "the second half of the year", id="half of a year"),
    ],
)
def test_another_time_differs(first: str, second: str) -> None:
    assert not same_time(only(first), only(second))


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("He may march on and the sun sat low.", id="ordinary words"),
        pytest.param("Prices fall and winter is mentioned by nobody: marching, mayor, decent.", id="parts of words"),
        pytest.param("They won 14-6 with 2,000 people there.", id="a score"),
        pytest.param("Sen. May said so.", id="a name"),
    ],
)
def test_what_is_no_time_is_not_found(text: str) -> None:
    assert [time.span.of(text) for time in find_times(text)] == []


def test_a_range_of_days_gives_both_days() -> None:
    assert [(time.month, time.day) for time in find_times("May 3-5")] == [(5, 3), (5, 5)]


def test_a_weekday_and_the_part_of_its_day_are_two_facts() -> None:
    text = "On Tuesday night's show"
    assert [time.span.of(text) for time in find_times(text)] == ["Tuesday", "night"]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        pytest.param("done by the 4th, he says", "by July 4", id="the month left out"),
        pytest.param("since may", "since May", id="small month"),
        pytest.param("last yr", "last year", id="short year"),
        pytest.param("a year ago", "last year", id="a year ago"),
        pytest.param("last nite", "last night", id="nite"),
        pytest.param("this am", "this morning", id="am"),
        pytest.param("by autumn", "by the fall", id="bare season"),
    ],
)
def test_talk_tells_the_same_time_in_its_own_words(first: str, second: str) -> None:
    assert same_time(only(first), only(second))


def test_both_ends_of_days_before_a_month_are_dates() -> None:
    text = "They walk out 22-24 August."
    assert [(time.month, time.day) for time in find_times(text)] == [(8, 22), (8, 24)]


@pytest.mark.parametrize("text", ["and thus the deal", "the fall of the city", "in may"])
def test_what_may_be_no_time_asks_for_no_answer(text: str) -> None:
    assert not any(time.certain for time in find_times(text))


def test_a_bare_day_counts_only_beside_a_date_of_that_day() -> None:
    stated = find_times("It opens on the 19th.")
    assert settled(stated, find_times("It opens on May 19.")) == stated
    assert settled(stated, find_times("It opens on May 20.")) == ()


@pytest.mark.parametrize(
    ("source", "copy"),
    [
        pytest.param("No music after 11 from now on.", "No music after 11 p.m.", id="hour"),
        pytest.param("Doors 8.30, be early.", "Doors open at 8:30.", id="full stop"),
        pytest.param("The 0930 is late.", "The 9:30 a.m. ferry is late.", id="four digits"),
        pytest.param("A strike, the first since, ready, 1848.", "The first strike since 1848.", id="year"),
        pytest.param("Due by end-2026.", "Due by the end of 2026.", id="year behind a hyphen"),
    ],
)
def test_a_bare_number_is_a_time_only_beside_the_same_time(source: str, copy: str) -> None:
    stated, rewritten = find_times(source), find_times(copy)
    assert [time.bare for time in settled(stated, rewritten)] == [True]
    assert settled(stated, ()) == ()
    assert settled(stated, find_times("It closed at 3:10 p.m. in 1911.")) == ()


def test_a_number_that_counts_something_is_no_hour() -> None:
    assert settled(find_times("The ban came after 11 deaths."), find_times("It came at 11 p.m.")) == ()


@pytest.mark.parametrize(
    ("first", "second"),
    [
        pytest.param("in Q4 '27", "in the fourth quarter of 2027", id="quarter of a short year"),
        pytest.param("98 a yr ago", "98 one year ago", id="a year ago"),
        pytest.param("on Boxing Day", "on Dec. 26", id="feast"),
        pytest.param("talks start jan", "talks start in January", id="small month"),
        pytest.param("costs up yoy", "costs up from a year earlier", id="year over year"),
        pytest.param("they said wed: no", "they said Wednesday", id="small weekday"),
    ],
)
def test_a_date_in_passing_answers_the_same_date_in_full(first: str, second: str) -> None:
    assert same_time(only(first), only(second))


@pytest.mark.parametrize("text", ["free for under-10s", "Brussels may. 5 rivals bid", "he may go", "they sat down"])
def test_what_only_looks_like_a_date_is_none(text: str) -> None:
    assert find_times(text) == ()


def test_the_part_of_a_day_after_an_hour_asks_for_no_answer() -> None:
    clock, day, part = find_times("She left at 11 on Thursday night.")
    assert (clock.half, day.named, part.certain) == ("p", "thursday", False)


def named(text: str, other: str) -> list[tuple[str, bool]]:
    return [(time.span.of(text), time.certain) for time in settled(find_times(text), find_times(other))]


def test_a_day_told_by_the_one_before_is_not_missed() -> None:
    source = "They met Monday and split Tuesday."
    assert named(source, "They met on Monday and split a day later.") == [("Monday", True), ("Tuesday", False)]
    assert named(source, "They met on Friday and split a day later.") == [("Monday", True), ("Tuesday", True)]


def test_minutes_past_an_hour_in_words_are_a_time_where_the_other_text_has_it() -> None:
    assert named("Shut since ten to nine.", "It has been shut since 8:50.") == [("ten to nine", True)]
    assert named("They won by ten to nine.", "They won 10-9.") == []


def test_one_day_of_a_month_on_either_side_is_compared() -> None:
    assert named("It starts the 6th, and he goes.", "It starts on the 16th, and he goes.") == [("6", True)]
    assert named("It starts the 6th, and he goes.", "It starts next week.") == []


def test_short_weekdays_are_read_in_capitals_and_ask_for_no_answer() -> None:
    assert named("She will be there Sat, not Sun.", "") == [("Sat", False), ("Sun", False)]
