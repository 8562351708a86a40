from __future__ import annotations

import pytest

from service.chat import chat_probability


@pytest.mark.parametrize(
    "sentence",
    [
        "Buckle up, folks!",
        "You can't make this stuff up!",
        "So, let's dish about the latest, shall we?",
        "Wild, right?",
    ],
)
def test_chat_is_likely_chat(sentence: str) -> None:
    assert chat_probability(sentence) > 0.5


@pytest.mark.parametrize(
    "sentence",
    [
        "Police arrested 12 people in Leeds on Friday.",
        "The company said profit fell 6% to $412 million.",
        "Word is the minister might quit by the weekend.",
    ],
)
def test_news_is_hardly_chat(sentence: str) -> None:
    assert chat_probability(sentence) < 0.2


@pytest.mark.parametrize("sentence", ["", "!!!", "🙂"])
def test_a_sentence_without_a_word_has_a_probability_too(sentence: str) -> None:
    assert 0 <= chat_probability(sentence) <= 1
