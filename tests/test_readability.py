from __future__ import annotations

import pytest

from evaluation.quality.measure import Item
from evaluation.quality.readability import grade


def value(copy: str) -> float:
    score = grade(Item("", copy))
    assert score is not None
    return score.value


def test_the_grade_is_that_of_the_formula() -> None:
    # 46 letters and a stop in 9 words in one sentence.
    expected = 4.71 * 47 / 9 + 0.5 * 9 - 21.43
    assert value("The harbor board approved the pier repair plan Tuesday.") == pytest.approx(expected)


def test_a_stop_within_a_sentence_ends_none() -> None:
    assert value("The board met at 4 p.m. on Friday.") == value("The board met at 4 pm on Friday.")


def test_long_words_and_long_sentences_are_harder() -> None:
    plain = value("The board met. It sold the pier. It did so at once.")
    assert value("The commission deliberated. It relinquished the infrastructure. It did so immediately.") > plain
    assert value("The board met and it sold the pier and it did so at once.") > plain


def test_a_copy_of_no_words_has_no_grade() -> None:
    assert grade(Item("", "… 12 –")) is None


def test_grading_asks_nothing_of_the_network(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("socket.socket.connect", None)
    assert value("Unpronounceable Llanfairpwllgwyngyll voted.") > 0
