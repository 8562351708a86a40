from __future__ import annotations

import pytest

from service.addressees import find_addressees


def addressees(text: str) -> list[str]:
    region = find_addressees(text)
    return [word.strip(",.!?") for word in text.split() if region.holds(text.find(word))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("Wanjiru, the count is over.", [], id="followed by an apposition"),
        pytest.param("Yaaba, recount done.", ["Yaaba"], id="called at the start"),
        pytest.param("Rates rose. Boet, that hurts us all.", ["Boet"], id="called at the start of a sentence"),
        pytest.param("Sawubona! The bridge is open.", ["Sawubona"], id="a greeting"),
        pytest.param("The fee is nine dollars, calm down, Trevor.", ["Trevor"], id="calmed down"),
        pytest.param("Thanks, Priya, for the scan.", ["Priya"], id="thanked"),
        pytest.param("Osei, 34, won the race.", [], id="followed by an age"),
        pytest.param("Zentra, meanwhile, fell by 3%.", [], id="followed by a parenthesis"),
        pytest.param("Lome, Accra and Lagos voted.", [], id="first of a list"),
        pytest.param("Was it in Oslo? No, Bergen.", [], id="set right"),
    ],
)
def test_only_those_spoken_to_are_found(text: str, expected: list[str]) -> None:
    assert addressees(text) == expected


def test_one_who_is_spoken_of_elsewhere_is_no_mere_addressee() -> None:
    assert addressees("Trevor, you owe us five. Police say Trevor ran.") == []
