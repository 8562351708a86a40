from __future__ import annotations

import pytest

from service.rewordings import Rewording, find_rewordings, reword, split_pieces


@pytest.mark.parametrize(
    "text", ["He's quit, OK?", "  “It’s on,” she said…  $1.2m (up 4%)", "a—b", "nothing\nbut\tspace", "naïve 🙂 x"]
)
def test_the_pieces_of_a_text_are_the_text(text: str) -> None:
    assert "".join(split_pieces(text)) == text.rstrip()


def test_a_change_is_counted_once_for_each_copy_that_has_it() -> None:
    found = find_rewordings("He quit on Monday", ["He resigned on Monday", "He resigned on Sunday"])
    assert found[Rewording(1, 2, (" resigned",))] == 2
    assert found[Rewording(3, 4, (" Sunday",))] == 1


def test_changes_side_by_side_are_also_one() -> None:
    found = find_rewordings("He got the boot on Monday", ["He lost the job on Monday"])
    assert found[Rewording(1, 4, (" lost", " the", " job"))] == 1


def test_a_copy_that_says_the_same_has_no_rewording() -> None:
    assert not find_rewordings("He quit.", ["He quit."])


def test_a_clause_of_many_words_is_no_rewording() -> None:
    source = "He quit " + "very " * 20 + "suddenly"
    assert not find_rewordings(source, ["He quit"])


@pytest.mark.parametrize(
    ("text", "rewordings", "expected"),
    [
        pytest.param("Well, he quit", [Rewording(0, 2, ())], "He quit", id="the next word begins the text"),
        pytest.param("He quit , say", [Rewording(1, 2, (" left",))], "He left , say", id="marks of the text stay"),
        pytest.param("He quit, OK, fast", [Rewording(3, 4, ())], "He quit, fast", id="no comma twice"),
        pytest.param(
            "iPhone boss quit", [Rewording(2, 3, (" left",))], "iPhone boss left", id="a name in small letters"
        ),
        pytest.param("He quit fast", [Rewording(3, 3, (" today",))], "He quit fast today", id="an addition"),
    ],
)
def test_rewordings_are_put_in(text: str, rewordings: list[Rewording], expected: str) -> None:
    assert reword(text, rewordings) == expected


def test_two_rewordings_of_one_place_overlap() -> None:
    word, phrase, after = Rewording(1, 2, (" a",)), Rewording(0, 3, (" b",)), Rewording(2, 3, (" c",))
    assert word.overlaps(phrase)
    assert phrase.overlaps(word)
    assert not word.overlaps(after)
    assert Rewording(1, 1, (" d",)).overlaps(word)
