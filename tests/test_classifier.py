from __future__ import annotations

import pytest

from service.classifier import BUCKETS, features, probability


@pytest.mark.parametrize("sentence", ["", "!!!", "🙂", "Police arrested 12 people in Leeds on Friday."])
def test_every_sentence_has_features_and_a_probability(sentence: str) -> None:
    assert all(0 <= bucket < BUCKETS for bucket in features(sentence))
    assert 0 < probability("chat", sentence) < 1


def test_figures_and_the_shape_of_apostrophes_do_not_count() -> None:
    assert features("It’s 12,000.") == features("It's 9.5.")
