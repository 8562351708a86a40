from __future__ import annotations

import numpy as np
import pytest

from service.generation import Candidate
from service.targets import break_up, buckets, budget, chance, distinct, longest_source


def test_a_target_may_be_as_long_as_its_prompt_and_a_little_longer() -> None:
    assert [budget([0] * length) for length in (0, 100)] == [24, 124]


@pytest.mark.parametrize(("context", "longest"), [(8192, 400), (512, 232), (48, 0)])
def test_a_source_leaves_room_for_its_target(context: int, longest: int) -> None:
    assert longest_source(context) == longest


def test_special_tokens_of_the_source_are_broken_up() -> None:
    assert break_up("He said <end> and left", ["<end>", "<pad>"]) == "He said < e n d > and left"


def test_sources_of_similar_length_share_a_batch() -> None:
    assert buckets([10, 900, 700, 12, 20, 11], count=1) == [[1], [2, 4], [3, 5, 0]]


def test_a_batch_has_no_more_targets_than_allowed_unless_one_source_has() -> None:
    assert buckets([5, 5, 5], count=2, most=4) == [[0, 1], [2]]
    assert buckets([5, 5], count=8, most=4) == [[0], [1]]


def test_the_chance_of_a_sample_is_its_own() -> None:
    draws = [chance(seed, prompt, number).random() for seed, prompt, number in [(0, [1], 0), (1, [1], 0), (0, [2], 0)]]
    assert len({*draws, chance(0, [1], 1).random()}) == 4
    assert chance(0, np.array([1]).tolist(), 0).random() == chance(0, (1,), 0).random() == draws[0]


def test_of_targets_that_say_the_same_the_best_stays() -> None:
    found = [Candidate("a", -2.0), Candidate("b", -1.0), Candidate("a", -0.5, complete=False)]
    assert distinct(found) == (Candidate("a", -0.5, complete=False), Candidate("b", -1.0))
