from __future__ import annotations

import pytest

from evaluation.page.differences import Piece, side_by_side
from evaluation.results import Flag

SOURCE = "So the mayor axed 40 bus routes on Friday. The mayor is broke!"
COPY = "The mayor cut 45 bus routes on Friday."


@pytest.mark.parametrize(
    ("source", "copy"),
    [
        pytest.param(SOURCE, COPY, id="a rewrite"),
        pytest.param("", COPY, id="no source"),
        pytest.param(SOURCE, "", id="no copy"),
        pytest.param("“Où?”\n\n- 🎉 5%\n", "5.5% \n “Où?”", id="marks and lines"),
    ],
)
def test_the_pieces_put_together_are_the_texts(source: str, copy: str) -> None:
    ours, theirs = side_by_side(source, copy, [Flag("figure", "altered", "40", "45")])
    assert ("".join(piece.text for piece in ours), "".join(piece.text for piece in theirs)) == (source, copy)


def test_words_that_the_other_has_not_at_this_place_differ() -> None:
    ours, theirs = side_by_side("The mayor axed 40 routes.", "The mayor cut 40 bus routes.")
    assert [piece.text for piece in ours if piece.differs] == ["axed"]
    assert [piece.text for piece in theirs if piece.differs] == ["cut", "bus"]


def test_the_same_text_does_not_differ() -> None:
    assert side_by_side(SOURCE, SOURCE) == ([Piece(SOURCE)], [Piece(SOURCE)])


def test_a_fact_that_was_not_kept_is_marked_on_the_sides_that_state_it() -> None:
    flags = [Flag("figure", "altered", "40", "45"), Flag("polarity", "omitted", "broke", None)]
    ours, theirs = side_by_side(SOURCE, COPY, flags)
    assert [(piece.text, piece.kind, piece.verdict) for piece in ours if piece.verdict] == [
        ("40", "figure", "altered"),
        ("broke", "polarity", "omitted"),
    ]
    assert [piece.text for piece in theirs if piece.verdict] == ["45"]


def test_the_second_flag_on_the_same_words_is_at_the_second_place() -> None:
    flag = Flag("name", "omitted", "mayor", None)
    ours, _ = side_by_side(SOURCE, COPY, [flag, flag])
    assert [piece.text for piece in ours if piece.verdict] == ["mayor", "mayor"]
