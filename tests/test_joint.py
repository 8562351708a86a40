from __future__ import annotations

import pytest

from evaluation.quality.joint import multiply
from evaluation.quality.measure import Score

GOOD = {
    "style": Score(3, 4),
    "supported": Score(1, 2),
    "covered": Score(2, 2),
    "copy": Score(18.0, 2.0),
    "reference": Score(24.0, 3.0),
}


def test_style_times_the_lesser_faithfulness_times_the_ratio_of_the_perplexities() -> None:
    # The copy takes 9 bits a word, the reference 8: half as likely.
    assert multiply(**GOOD) == Score(0.75 * 0.5 * 0.5)


def test_a_copy_likelier_than_its_reference_is_fluent_and_no_more() -> None:
    assert multiply(**{**GOOD, "copy": Score(4.0, 2.0)}) == Score(0.75 * 0.5)


@pytest.mark.parametrize("part", ["style", "supported", "covered"])
def test_a_copy_that_fails_in_one_fails_in_all(part: str) -> None:
    assert multiply(**{**GOOD, part: Score(0, 3)}) == Score(0)


@pytest.mark.parametrize("part", GOOD)
def test_what_cannot_be_measured_in_one_is_not_measured(part: str) -> None:
    assert multiply(**{**GOOD, part: None}) is None
