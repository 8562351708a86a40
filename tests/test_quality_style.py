from __future__ import annotations

import pytest

from evaluation.corpus import read_articles, read_pairs
from evaluation.quality.measure import Item, Score
from evaluation.quality.style import accuracy, findings, measures, wire


def test_findings_are_counted_in_100_words() -> None:
    assert findings(Item("", "The board won't meet")) == Score(100, 4)


def test_a_sentence_counts_as_wire_copy_or_not() -> None:
    assert wire(Item("", "The board sold it, police said Friday. So yeah, sold it lol!")) == Score(1, 2)


def test_a_copy_of_no_words_has_no_style() -> None:
    assert findings(Item("The board met.", " ")) is None
    assert wire(Item("The board met.", " ")) is None


def test_the_accuracy_that_is_told_is_that_on_the_held_out_data() -> None:
    found = accuracy([*read_pairs(), *read_articles()])
    told = next(measure.blind for measure in measures() if measure.name == "wire")
    assert f"right in {found.balanced:.1%} of {found.sentences:,} held-out sentences" in told
    assert f"({found.wire:.1%} of the wire copy, {found.casual:.1%} of the casual text)" in told
    assert found.balanced == pytest.approx((found.wire + found.casual) / 2)
