from __future__ import annotations

import pytest

from service.certainty import find_cues


@pytest.mark.parametrize(
    ("text", "cue", "cue_class"),
    [
        pytest.param("They did not go.", "not", "negation", id="not"),
        pytest.param("They didn’t go.", "didn’t", "negation", id="contraction, typographic"),
        pytest.param("Word is they left.", "Word is", "hearsay_strong", id="word is"),
        pytest.param("They might go.", "might", "modal", id="might"),
        pytest.param("They will go.", "will", "future", id="will"),
        pytest.param("He was charged with arson.", "was charged", "charged", id="charged"),
        pytest.param("He was acquitted.", "acquitted", "acquitted", id="acquitted"),
    ],
)
def test_a_cue_is_found_with_its_class(text: str, cue: str, cue_class: str) -> None:
    assert (cue, cue_class) in [(found.span.of(text), found.cue_class) for found in find_cues(text)]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("No kidding, they left.", id="idiom"),
        pytest.param("Isn't that wild?", id="question"),
        pytest.param("Don't ask me.", id="imperative"),
        pytest.param("May 3 is the date.", id="month"),
        pytest.param("A notable mayor noted nothingness.", id="parts of words"),
    ],
)
def test_what_only_looks_like_a_negation_or_a_modal_is_none(text: str) -> None:
    assert [cue.cue_class for cue in find_cues(text) if cue.cue_class in ("negation", "modal")] == []


@pytest.mark.parametrize("text", ["a" * 5_000, "a " * 5_000, "\n" * 5_000], ids=["letter", "no stop", "line ends"])
def test_odd_text_has_no_cue(text: str) -> None:
    assert find_cues(text) == ()


def test_each_of_many_negations_is_weak_in_a_question_alone() -> None:
    cues = find_cues("Did they not go? They did not go. " * 500)
    assert [cue.cue_class for cue in cues if "negation" in cue.cue_class] == ["weak_negation", "negation"] * 500


@pytest.mark.parametrize(
    "text", ["The fee was cleared at customs.", "He booked a room.", "The charges on the bill rose."]
)
def test_words_of_law_in_another_sense_are_no_step_in_law(text: str) -> None:
    legal = ("accused", "charged", "convicted", "acquitted", "arrested")
    assert [cue.cue_class for cue in find_cues(text) if cue.cue_class in legal] == []


@pytest.mark.parametrize("text", ["She faces charges.", "He was booked into jail."])
def test_a_step_in_law_is_found_in_its_phrase(text: str) -> None:
    assert "charged" in [cue.cue_class for cue in find_cues(text)]


@pytest.mark.parametrize("text", ["It ends in may.", "No drama here.", "The firm has not commented."])
def test_months_and_idle_negations_ask_for_no_answer(text: str) -> None:
    assert [cue.cue_class for cue in find_cues(text) if cue.cue_class in ("negation", "modal")] == []
