from __future__ import annotations

import numpy as np
import pytest

from evaluation.comparing import compare, describe
from evaluation.intervals import Interval
from evaluation.quality.measure import Score
from evaluation.results import Row
from tests.rows import row_of


def side(values: list[float], *, system: str = "rules", measure: str = "chrF") -> list[Row]:
    return [row_of(str(number), system=system, measures={measure: Score(value)}) for number, value in enumerate(values)]


def test_two_sides_that_are_the_same_differ_in_nothing() -> None:
    found = compare(side([1, 2, 3]), side([1, 2, 3], system="model"))
    (difference,) = found.differences
    assert (found.paired, found.left_out, found.same) == (3, 0, 3)
    assert (difference.interval, difference.p) == (Interval(0, 0, 0), 1)


def test_a_difference_is_that_of_the_pairs_and_not_of_the_sides() -> None:
    values = np.random.default_rng(1).normal(50, 20, size=80)
    noise = np.random.default_rng(2).normal(0, 0.5, size=80)
    (difference,) = compare(side((values + 1 + noise).tolist()), side(values.tolist())).differences
    assert difference.interval.value == pytest.approx(1 + noise.mean())
    assert 0.8 < difference.interval.low < difference.interval.value < difference.interval.high < 1.2
    assert difference.p is not None
    assert difference.p < 0.001


def test_a_difference_that_is_noise_has_an_interval_with_zero_in_it_and_a_large_p() -> None:
    random = np.random.default_rng(3)
    first, second = random.normal(size=60), random.normal(size=60)
    (difference,) = compare(side(first.tolist()), side(second.tolist())).differences
    assert difference.interval.low < 0 < difference.interval.high
    assert difference.p is not None
    assert difference.p > 0.1


def test_the_p_value_of_few_texts_is_exact() -> None:
    # Of the 16 ways to exchange the sides of four texts, two give a difference as large as that all fall.
    (difference,) = compare(side([1, 2, 3, 4]), side([2, 4, 6, 8])).differences
    assert difference.p == pytest.approx(2 / 16)


def test_counts_are_added_up_before_they_are_divided() -> None:
    long, short = Score(90, 100), Score(0, 1)
    first = [row_of("a", measures={"facts": long}), row_of("b", measures={"facts": short})]
    second = [row_of("a", measures={"facts": Score(80, 100)}), row_of("b", measures={"facts": Score(1, 1)})]
    (difference,) = compare(first, second).differences
    assert [difference.first, difference.second] == pytest.approx([90 / 101, 81 / 101])


def test_variants_of_a_text_stand_or_fall_together() -> None:
    first = [row_of(f"a.{n}", origin="a", measures={"chrF": Score(n)}) for n in range(9)]
    second = [row_of(f"a.{n}", origin="a", measures={"chrF": Score(0)}) for n in range(9)]
    (difference,) = compare(first, second).differences
    assert (difference.n, difference.clusters, difference.p) == (9, 1, None)
    assert difference.interval == Interval(4, 4, 4)


def test_what_a_side_lacks_or_failed_on_is_left_out_and_counted() -> None:
    failed = row_of("1", copy=None, error="took longer than 5 s")
    found = compare([*side([1, 2])[:1], failed, row_of("9")], side([1, 2, 3]))
    assert (found.paired, found.left_out) == (1, 3)
    assert [difference.n for difference in found.differences] == [1]


def test_a_measure_of_one_side_alone_is_not_compared() -> None:
    assert compare(side([1], measure="chrF"), side([1], measure="facts")).differences == ()


def test_variants_are_held_against_the_texts_they_were_made_from() -> None:
    clean = [row_of("a.clean", part="clean", origin="a", measures={"chrF": Score(50)})]
    caps = [row_of("a.caps", part="caps", origin="a", measures={"chrF": Score(40)})]
    assert compare(caps, clean).paired == 0
    assert compare(caps, clean, across_sets=True).differences[0].interval.value == -10


def test_a_comparison_repeats() -> None:
    values = np.random.default_rng(4).normal(size=50).tolist()
    assert describe(compare(side(values), side(values[::-1]))) == describe(compare(side(values), side(values[::-1])))
