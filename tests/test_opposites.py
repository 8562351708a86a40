from __future__ import annotations

import pytest

from service.annotation import Annotator
from service.lexicon import read_rows
from service.opposites import find_terms, groups


def found(annotator: Annotator, text: str) -> list[str]:
    words = annotator.annotate([text])[0].words
    return [" ".join(word.text for word in words[term.first : term.last + 1]) for term in find_terms(words)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("Profits plunged.", ["Profits", "plunged"], id="inflected"),
        pytest.param("The council green-lit it.", ["green - lit"], id="a mark joins two words"),
        pytest.param("It holds no more than water.", ["holds", "no more than"], id="the longest phrase"),
        pytest.param("Shares: up 3%.", ["up 3"], id="a figure belongs to the phrase"),
        pytest.param("Above all, they swim.", ["Above all"], id="an idiom means nothing of its own"),
        pytest.param("They can swim.", [], id="an auxiliary is no verb of dismissal"),
    ],
)
def test_terms_are_found_in_their_forms(annotator: Annotator, text: str, expected: list[str]) -> None:
    assert found(annotator, text) == expected


def test_every_line_has_a_kind_and_a_side() -> None:
    assert len(groups()) == len(read_rows("opposites.tsv"))
    assert all(len(row) > 2 and all(row[2:]) for row in read_rows("opposites.tsv"))
