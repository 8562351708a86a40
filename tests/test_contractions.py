from __future__ import annotations

import pytest

from service.contractions import find_contractions


def written_out(text: str) -> str:
    """Put in the long forms that are certain."""
    for found in reversed([found for found in find_contractions(text) if found.certain]):
        text = text[: found.span.start] + found.plain + text[found.span.end :]
    return text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("The mayor won't and can't go.", "The mayor will not and cannot go.", id="irregular"),
        pytest.param("He's gone and it's raining.", "He has gone and it is raining.", id="has and is"),
        pytest.param("She's accused of theft.", "She is accused of theft.", id="passive"),
        pytest.param("It's signed a deal.", "It has signed a deal.", id="object follows"),
        pytest.param("He's cut taxes.", "He's cut taxes.", id="cut may be either"),
        pytest.param("He'd been ill, and he'd better rest.", "He had been ill, and he had better rest.", id="had"),
        pytest.param("They'd pay if they'd read it.", "They would pay if they'd read it.", id="would"),
        pytest.param("They've got 12 trucks.", "They have 12 trucks.", id="have got"),
        pytest.param("He's gotta pay.", "He has to pay.", id="gotta"),
        pytest.param("They're gonna pay.", "They are going to pay.", id="gonna"),
        pytest.param("Russia's army left the Smiths' house.", "Russia's army left the Smiths' house.", id="possessive"),
        pytest.param("Isn't it late?", "Isn't it late?", id="inversion"),
        pytest.param("They didn't sell no tickets.", "They didn't sell no tickets.", id="not twice"),
        pytest.param("It wasn't hardly open.", "It wasn't hardly open.", id="hardly not"),
        pytest.param("It don't run.", "It don't run.", id="dialect"),
        pytest.param("It doesn't run and no one rides.", "It does not run and no one rides.", id="other clause"),
        pytest.param("He's done.", "He's done.", id="done may be either"),
        pytest.param("There's a few left.", "There are a few left.", id="several"),
        pytest.param("There's a plan for two.", "There is a plan for two.", id="one"),
    ],
)
def test_contraction_is_written_out_where_its_long_form_is_certain(text: str, expected: str) -> None:
    assert written_out(text) == expected


def test_a_long_chain_of_hyphens_holds_no_contraction() -> None:
    assert list(find_contractions("a-" * 3_000)) == []


@pytest.mark.parametrize("text", ["Pellucid just IPO'd at $28.", "They OK'd it on Monday.", "He KO'd the champion."])
def test_the_past_of_a_verb_made_of_letters_is_no_contraction(text: str) -> None:
    assert not list(find_contractions(text))


@pytest.mark.parametrize(
    ("text", "plain"),
    [("NASA'd have launched.", " would"), ("If the EU'd agreed.", " had"), ("THEY'D SEEN IT ALL.", " had")],
)
def test_capitals_alone_make_no_verb(text: str, plain: str) -> None:
    assert [found.plain for found in find_contractions(text)] == [plain]


def test_had_and_would_are_told_apart_after_a_pronoun() -> None:
    assert [found.plain for found in find_contractions("I'd seen it, and I'd see it again.")] == [" had", " would"]
