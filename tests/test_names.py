from __future__ import annotations

import pytest

from service.annotation import Annotator
from service.names import find_names
from service.vocabulary import key_of


def names(annotator: Annotator, text: str) -> list[str]:
    (annotated,) = annotator.annotate([text])
    return [name.span.of(text) for name in find_names(annotated)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("Police met Ana Souza-Lima in Porto.", ["Ana Souza-Lima", "Porto"], id="person and place"),
        pytest.param("On Tuesday the mayor left.", [], id="weekday"),
        pytest.param("The Bank of Lusovia cut rates.", ["Lusovia"], id="at the start of a sentence"),
        pytest.param("Ukraine's army met Russian forces.", ["Ukraine", "Russian"], id="possessive and demonym"),
        pytest.param("Brutal. Wow. The price rose.", [], id="exclamations"),
        pytest.param("So yeah, nobody came to the party.", [], id="no name"),
    ],
)
def test_names_are_told_from_other_capitals(annotator: Annotator, text: str, expected: list[str]) -> None:
    assert names(annotator, text) == expected


@pytest.mark.parametrize(
    ("first", "second"),
    [
        pytest.param("Ukrainians’", "Ukraine", id="demonym"),
        pytest.param("U.S.", "American", id="country"),
        pytest.param("Cpl.", "Corporal", id="title"),
        pytest.param("Hwy", "Highway", id="road"),
        pytest.param("Zelenskyy's", "ZELENSKYY", id="case and possessive"),
    ],
)
def test_listed_forms_of_a_name_word_share_a_key(first: str, second: str) -> None:
    assert key_of(first) == key_of(second)


def test_diacritics_make_another_name() -> None:
    assert key_of("Peña") != key_of("Pena")


@pytest.mark.parametrize(("first", "second"), [("Malian", "Mali"), ("Faroese", "Faroe")])
def test_a_demonym_makes_no_other_name(first: str, second: str) -> None:
    assert key_of(first) == key_of(second)


def test_the_name_in_a_likeness_is_no_name(annotator: Annotator) -> None:
    (annotated,) = annotator.annotate(["He opened a Danone-ish dairy in Lyon."])
    assert [name.span.of(annotated.text) for name in find_names(annotated)] == ["Lyon"]
