import pytest

from service.casing import find_capitals, recase


@pytest.mark.parametrize(
    ("headline", "expected"),
    [
        pytest.param("Mayor Quits Over Goose Statue", ["Quits", "Over", "Goose", "Statue"], id="every word"),
        pytest.param("Harbor Strike: A Look at the Costs", ["Strike", "Look", "Costs"], id="after a colon"),
        pytest.param("Tikhonova's Defeat", ["Defeat"], id="what somebody owns"),
        pytest.param("How It Was Found", ["It", "Was", "Found"], id="small words"),
        pytest.param("'We Are Done,' Coach Says in Turku", ["Coach", "Says"], id="not in a quotation"),
    ],
)
def test_title_case_is_found_where_sentence_case_has_small_letters(headline: str, expected: list[str]) -> None:
    assert [span.of(headline) for span in find_capitals(headline)] == expected


@pytest.mark.parametrize(
    "headline",
    [
        pytest.param("Mayor quits over goose statue", id="sentence case"),
        pytest.param("Mayor Ilse Brandt quits the Supreme Court", id="names in sentence case"),
        pytest.param("Supreme Court", id="nothing but a name"),
        pytest.param("Ilse Brandt in The Hague", id="a name with a small word"),
        pytest.param("NATO, EU and UN", id="acronyms"),
        pytest.param("", id="nothing"),
    ],
)
def test_sentence_case_and_names_have_no_capitals_too_many(headline: str) -> None:
    assert find_capitals(headline) == []


@pytest.mark.parametrize(
    ("headline", "like", "expected"),
    [
        pytest.param("Mark Green Quits", "Mark Green quits", "Mark Green quits", id="a name of ordinary words"),
        pytest.param("Wall Street Has a Bad Day", "Wall Street falls", "Wall Street has a bad day", id="other words"),
        pytest.param("Mayor Quits Over Goose", "mayor quits over goose", "Mayor quits over goose", id="first word"),
        pytest.param("Zorbel Quits Over Quenby", "Zorbel left", "Zorbel quits over Quenby", id="a word nobody knows"),
        pytest.param("Mayor quits over goose", "mayor Quits", None, id="sentence case stays"),
    ],
)
def test_a_headline_takes_the_case_of_another(headline: str, like: str, expected: str | None) -> None:
    assert recase(headline, like) == expected
