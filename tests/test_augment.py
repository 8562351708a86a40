from __future__ import annotations

import random
import re

import pytest

from training.augment import augment, exchange_figures, exchange_names, vary_marks
from training.examples import Pair

PLACES = ["Cardiff", "Leeds", "Riga"]
NAMES = dict.fromkeys(PLACES, PLACES)


def test_a_figure_on_both_sides_becomes_the_same_other_figure() -> None:
    pair = Pair("like 43,210 ppl got 57.5 each lol", "About 43,210 people received 57.5 each.")
    assert exchange_figures(pair, random.Random(0)) == Pair(
        "like 76,040 ppl got 97.6 each lol", "About 76,040 people received 97.6 each."
    )


@pytest.mark.xfail(strict=True, reason="a figure with a single digit before its comma or point is never exchanged")
@pytest.mark.parametrize("figure", ["4,321", "4.2"])
def test_a_figure_that_begins_with_a_single_digit_varies_too(figure: str) -> None:
    pair = Pair(f"like {figure} tons", f"About {figure} tons.")
    assert exchange_figures(pair, random.Random(0)) != pair


@pytest.mark.parametrize(
    "pair",
    [
        pytest.param(Pair("on March 14 it shut", "It closed March 14."), id="day of a month"),
        pytest.param(Pair("back in 2019, wow", "In 2019."), id="year"),
        pytest.param(Pair("at 10:30 or 11am", "At 10:30 or 11 a.m."), id="time"),
        pytest.param(Pair("they won 21-17", "They won 21-17."), id="score"),
        pytest.param(Pair("like a dozen, 12 say some", "About a dozen."), id="on one side only"),
        pytest.param(Pair('he said "[12]"', 'He said "[12]."'), id="mask"),
        pytest.param(Pair("9 cops", "Nine police officers, 9 in all."), id="single digit"),
    ],
)
def test_a_figure_whose_wording_depends_on_it_stays(pair: Pair) -> None:
    assert exchange_figures(pair, random.Random(0)) == pair


def test_figures_that_differ_never_become_the_same() -> None:
    pair = Pair("11 or 12 or 13 or 14 or 15 or 16", "11, 12, 13, 14, 15 or 16.")
    changed = [exchange_figures(pair, random.Random(seed)) for seed in range(50)]
    assert [len(set(re.findall(r"\d+", each.wire))) for each in changed] == [6] * 50


def test_a_name_on_both_sides_becomes_another_of_its_kind() -> None:
    pair = Pair("omg Leeds AND Riga?? not Leeds again", "Leeds and Riga.")
    assert exchange_names(pair, NAMES, random.Random(1)) == Pair(
        "omg Cardiff AND Riga?? not Cardiff again", "Cardiff and Riga."
    )


def test_a_name_on_one_side_only_stays() -> None:
    pair = Pair("hello from Leeds", "The bridge is closed.")
    assert exchange_names(pair, NAMES, random.Random(1)) == pair


@pytest.mark.parametrize(
    ("seed", "casual"),
    [pytest.param(1, """It's "fine" now""", id="straight"), pytest.param(0, "It’s “fine” now", id="typographic")],
)
def test_marks_vary_on_the_casual_side_only(seed: int, casual: str) -> None:
    wire = 'It is "fine" now.'
    assert vary_marks(Pair("It’s “fine” now", wire), random.Random(seed)) == Pair(casual, wire)
    assert vary_marks(Pair('It\'s "fine" now', wire), random.Random(seed)) == Pair(casual, wire)


def test_a_pair_varies_with_the_seed_and_repeats_with_it() -> None:
    pair = Pair("omg Leeds's 43.5 ppl", "Leeds has 43.5 people.")
    first = [augment(pair, NAMES, random.Random(seed)) for seed in range(20)]
    assert first == [augment(pair, NAMES, random.Random(seed)) for seed in range(20)]
    assert len(set(first)) > 10


def test_now_and_then_wire_copy_is_to_stay_as_it_is() -> None:
    pair = Pair("omg its raining", "It is raining.")
    results = [augment(pair, {}, random.Random(seed)) for seed in range(400)]
    assert set(results) == {pair, Pair(pair.wire, pair.wire)}
    assert 10 < results.count(Pair(pair.wire, pair.wire)) < 40


def test_chat_is_never_made_its_own_target() -> None:
    pair = Pair("Buckle up!", "")
    assert {augment(pair, {}, random.Random(seed)) for seed in range(200)} == {pair}
