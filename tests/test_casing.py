import pytest

from service.casing import find_capitals, recase


@pytest.mark.parametrize(
    ("headline", "expected"),
    [
        pytest.param("Mayor Quits Over Goose Statue", ["Quits", "Over", "Goose", "Statue"], id="every word"),
        pytest.param("Harbor Strike: A Look at the Costs", ["Strike", "Look", "Costs"], id="after a colon"),
        pytest.param("How It Was Found", ["It", "Was", "Found"], id="small words"),
        pytest.param("Why You Don't Need It", ["You", "Don't", "Need", "It"], id="contraction"),
        pytest.param("Mayor Sells Council's Boat", ["Sells", "Council's", "Boat"], id="possessive"),
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
        pytest.param("Supreme Court", id="court"),
        pytest.param("World Health Organization", id="organisation"),
        pytest.param("Department for Work and Pensions", id="office"),
        pytest.param("U.S. Department of Health and Human Services", id="office of many words"),
        pytest.param("Prime Minister's Questions", id="what is held in parliament"),
        pytest.param("Women's World Cup", id="cup"),
        pytest.param("King's Cross", id="place"),
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
        pytest.param(
            "Mark Green Quits Club Early", "Mark Green quits club early", "Mark Green quits club early", id="name"
        ),
        pytest.param("Board Ousts Green Over Row", "Row: board ousts Green", None, id="a word that only begins it"),
        pytest.param("Council Ousts Green Over Row", "Council fires chief", None, id="a word it does not have"),
        pytest.param(
            "Mayor Quits Strasse Board Row", "Mayor quits Straße board row", "Mayor quits Straße board row", id="longer"
        ),
        pytest.param("Why You Don't Need It", "Why you don't need it", "Why you don't need it", id="contraction"),
        pytest.param("Will Smith Is Out in May", "Actor Will Smith out in May", "Will Smith is out in May", id="names"),
        pytest.param("Mayor quits over goose", "mayor Quits", None, id="sentence case stays"),
    ],
)
def test_a_headline_takes_the_case_of_another(headline: str, like: str, expected: str | None) -> None:
    assert recase(headline, like) == expected
