from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from service.decoder import greedy, log_probabilities, nucleus

LOGITS = np.array([1.0, 3.0, 2.5, -4.0], np.float32)


def test_log_probabilities_are_those_of_a_distribution() -> None:
    found = log_probabilities(LOGITS)
    assert float(np.exp(found).sum()) == pytest.approx(1.0)
    assert found - LOGITS == pytest.approx(np.full(4, (found - LOGITS)[0]))


def test_the_greedy_choice_is_the_likeliest_token() -> None:
    assert greedy(LOGITS) == 1


def test_samples_follow_the_tempered_probabilities_within_the_nucleus() -> None:
    choose = nucleus(np.random.default_rng(3))
    counted = Counter(choose(LOGITS) for _ in range(4000))
    tempered = np.exp(LOGITS / 0.7)
    # The two likeliest hold 96% of the probability: the nucleus ends with them.
    assert set(counted) == {1, 2}
    assert counted[1] / 4000 == pytest.approx(tempered[1] / (tempered[1] + tempered[2]), abs=0.03)
