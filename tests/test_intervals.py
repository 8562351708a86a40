from __future__ import annotations

import numpy as np
import pytest

from evaluation.intervals import Indices, Interval, bootstrap

VALUES = np.asarray([0.0, 0.0, 1.0, 1.0])


def mean(rows: Indices) -> float | None:
    return float(VALUES[rows].mean())


def test_rows_of_one_source_stand_or_fall_together() -> None:
    assert bootstrap(["a", "a", "b", "b"], mean) == Interval(value=0.5, low=0.0, high=1.0)


def test_one_source_alone_says_nothing_of_how_sources_differ() -> None:
    assert bootstrap(["a", "a", "a", "a"], mean) == Interval(value=0.5, low=0.5, high=0.5)


def test_an_interval_repeats_and_another_seed_draws_others() -> None:
    clusters = [str(number) for number in range(60)]
    values = np.linspace(0, 1, 60) ** 2
    first = bootstrap(clusters, lambda rows: float(values[rows].mean()))
    assert first == bootstrap(clusters, lambda rows: float(values[rows].mean()))
    assert first != bootstrap(clusters, lambda rows: float(values[rows].mean()), seed=1)


def test_the_interval_of_a_mean_is_about_two_standard_errors_either_way() -> None:
    values = np.random.default_rng(3).normal(size=400)
    found = bootstrap([str(number) for number in range(400)], lambda rows: float(values[rows].mean()))
    error = values.std() / 20
    assert found is not None
    assert found.low == pytest.approx(found.value - 1.96 * error, abs=0.2 * error)
    assert found.high == pytest.approx(found.value + 1.96 * error, abs=0.2 * error)


def test_resamples_with_nothing_to_measure_are_left_out() -> None:
    found = bootstrap(["a", "b"], lambda rows: 1.0 if 0 in rows else None)
    assert found == Interval(value=1.0, low=1.0, high=1.0)


def test_nothing_to_measure_gives_no_interval() -> None:
    assert bootstrap(["a"], lambda rows: None) is None
