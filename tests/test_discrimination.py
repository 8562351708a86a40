from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import balanced_accuracy_score

from evaluation import discrimination
from evaluation.discrimination import Bin, Flags, Numbers


def flags(*values: int) -> Flags:
    return np.asarray(values, dtype=bool)


def numbers(*values: float) -> Numbers:
    return np.asarray(values, dtype=np.float64)


FAITHFUL = flags(1, 1, 1, 1, 0, 0)
ACCEPTED = flags(1, 1, 1, 0, 0, 1)
SCORE = numbers(0.9, 0.8, 0.6, 0.3, 0.2, 0.6)
NONE = flags()


def test_one_error_of_two_is_caught() -> None:
    assert discrimination.recall(FAITHFUL, ACCEPTED) == 0.5


def test_one_faithful_rewrite_of_four_is_a_false_alarm() -> None:
    assert discrimination.false_alarm_rate(FAITHFUL, ACCEPTED) == 0.25


def test_balanced_accuracy_is_the_mean_of_both_sides_and_agrees_with_scikit_learn() -> None:
    assert discrimination.balanced_accuracy(FAITHFUL, ACCEPTED) == 0.625
    assert balanced_accuracy_score(FAITHFUL, ACCEPTED) == 0.625


def test_a_faithful_rewrite_scores_higher_six_and_a_half_times_of_eight() -> None:
    # Against 0.2 all four win; against 0.6 two win, one ties and one loses.
    assert discrimination.auc(FAITHFUL, SCORE) == pytest.approx(6.5 / 8)


def test_two_pairs_of_three_are_the_right_way_round_and_one_error_has_no_pair() -> None:
    score = numbers(0.2, 0.5, 0.9, 0.1)
    rival = numbers(0.3, 0.5, 0.95, np.nan)
    assert discrimination.pair_consistency(score, rival) == pytest.approx(2 / 3)


def test_ranks_that_agree_correlate_fully() -> None:
    assert discrimination.spearman(flags(1, 1, 0, 0), numbers(0.9, 0.9, 0.1, 0.1)) == pytest.approx(1)
    assert discrimination.spearman(flags(0, 0, 1, 1), numbers(0.9, 0.9, 0.1, 0.1)) == pytest.approx(-1)


def test_a_score_that_never_changes_correlates_with_nothing() -> None:
    assert discrimination.spearman(flags(1, 0), numbers(0.4, 0.4)) == 0


def test_the_brier_score_is_the_mean_squared_distance() -> None:
    assert discrimination.brier(flags(1, 0), numbers(0.8, 0.4)) == pytest.approx((0.04 + 0.16) / 2)


def test_probabilities_are_sorted_into_bins_and_one_belongs_to_the_last() -> None:
    faithful, probability = flags(1, 0, 1, 1), numbers(0.75, 0.75, 0.9375, 1.0)
    assert discrimination.reliability(faithful, probability) == [
        Bin(count=2, probability=0.75, observed=0.5),
        Bin(count=2, probability=0.96875, observed=1.0),
    ]
    assert discrimination.expected_calibration_error(faithful, probability) == pytest.approx(
        (2 * 0.25 + 2 * 0.03125) / 4
    )


@pytest.mark.parametrize(
    ("wanted", "threshold"),
    [
        pytest.param(1.0, 0.1, id="all"),
        pytest.param(0.75, 0.4, id="three of four"),
        pytest.param(0.76, 0.1, id="a little more than three of four"),
        pytest.param(0.5, 0.4, id="a tie is not split"),
        pytest.param(0.25, 0.9, id="one of four"),
    ],
)
def test_the_threshold_is_the_highest_that_accepts_the_wanted_share(wanted: float, threshold: float) -> None:
    assert discrimination.threshold_accepting(numbers(0.9, 0.4, 0.1, 0.4), wanted) == threshold


def test_where_there_is_nothing_to_measure_there_is_no_number() -> None:
    nothing = numbers()
    assert discrimination.share(NONE) is None
    assert discrimination.recall(flags(1), flags(1)) is None
    assert discrimination.false_alarm_rate(flags(0), flags(1)) is None
    assert discrimination.balanced_accuracy(flags(1), flags(1)) is None
    assert discrimination.auc(flags(1, 1), numbers(0.1, 0.2)) is None
    assert discrimination.spearman(flags(1, 1), numbers(0.1, 0.2)) is None
    assert discrimination.pair_consistency(numbers(0.1), numbers(np.nan)) is None
    assert discrimination.brier(NONE, nothing) is None
    assert discrimination.expected_calibration_error(NONE, nothing) is None
