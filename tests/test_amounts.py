from __future__ import annotations

from decimal import Decimal

import pytest

from service.amounts import find_numbers, find_years, read_spelled


@pytest.mark.parametrize(
    ("text", "words", "value"),
    [
        pytest.param("12,000 troops", "12,000", "12000", id="thousands separator"),
        pytest.param("twenty-six people", "twenty-six", "26", id="hyphenated words"),
        pytest.param("a hundred and fifty cows", "a hundred and fifty", "150", id="and"),
        pytest.param("three and a half million", "three and a half million", "3500000", id="a half between"),
        pytest.param("half a million", "half a million", "500000", id="half of a scale"),
        pytest.param("a couple dozen eggs", "a couple dozen", "24", id="couple dozen"),
        pytest.param("ten grand", "ten grand", "10000", id="grand"),
        pytest.param("15 mil in cash", "15 mil", "15000000", id="mil"),
        pytest.param("€3.5bn", "3.5bn", "3500000000", id="bn"),
        pytest.param("a cool 40 billion", "40 billion", "40000000000", id="an adjective before"),
        pytest.param("two-thirds of them", "two-thirds", "0.6666666666666666666666666667", id="fraction in words"),
        pytest.param("2½ years", "2½", "2.5", id="vulgar fraction"),
        pytest.param("four-tenths of a second", "four-tenths", "0.4", id="tenths"),
        pytest.param("the 22nd", "22nd", "22", id="ordinal"),
        pytest.param("a 5K run", "5", "5", id="a race is no thousand"),
        pytest.param("twelve hundred", "twelve hundred", "1200", id="hundreds above ten"),
        pytest.param("minus 5 degrees", "5", "-5", id="sign"),
    ],
)
def test_a_number_is_read_exactly(text: str, words: str, value: str) -> None:
    number = next(find_numbers(text))
    assert (number.span.of(text), number.value) == (words, Decimal(value))


@pytest.mark.parametrize("text", ["", "no figure here", "a man", "tension", "someone", "oneself"])
def test_words_without_a_number_give_none(text: str) -> None:
    assert list(find_numbers(text)) == []


def test_a_third_man_is_an_ordinal_and_a_third_of_the_men_a_fraction() -> None:
    assert [next(find_numbers(text)).ordinal for text in ("a third man", "a third of the men")] == [True, False]


def test_a_spelled_number_must_be_the_whole_text() -> None:
    assert [read_spelled(text) for text in ("forty-two", "42", "forty-two men", "men")] == [42, 42, None, None]


@pytest.mark.parametrize("length", [28, 29, 30, 1_000, 5_000])
def test_a_number_of_any_length_is_read_exactly(length: int) -> None:
    digits = "9" * length
    (number, million) = find_numbers(f"-{digits} and {digits} million")
    assert number.value == Decimal("-" + digits)
    assert million.value == Decimal(digits + "000000")


def test_years_are_told_from_what_is_counted() -> None:
    text = "In 1848 and 2015, 2000 people; a 1,500 bill; $1999"
    assert [year.of(text) for year in find_years(text)] == ["1848", "2015"]
