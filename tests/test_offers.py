from __future__ import annotations

from collections import Counter

from service.phrasebook import fit_words, offered_rewordings
from service.rewordings import Rewording, reword, split_pieces
from service.trust import Reader
from training.examples import Pair
from training.labelled import Labelled
from training.offers import choose_offers, edited_changes, find_changes, find_uses
from training.trust import judged_changes


def test_a_change_of_words_may_be_offered_elsewhere() -> None:
    pair = Pair("The mayor penned a deal with 12 unions.", "The mayor signed an agreement with 12 unions.")
    assert {("penned a deal", "signed an agreement")} <= set(find_changes(pair))


def test_names_figures_and_small_words_are_offered_nowhere() -> None:
    pair = Pair("It cost 12 and Bo paid it to her.", "It cost 14 and Ada paid it for her.")
    assert set(find_changes(pair)) == set()


def test_a_use_is_found_wherever_the_words_stand() -> None:
    ((change, sentence, rewording),) = find_uses({"penned": ["signed"]}, ["It rained. He penned it."])
    assert (change, sentence) == (("penned", "signed"), "He penned it.")
    assert reword(sentence, [rewording]) == "He signed it."


def test_what_is_offered_fits_its_place() -> None:
    text = "Litres of milk in a lorry."
    offered = offered_rewordings(text)
    assert "Liters of milk in a lorry." in [reword(text, [one]) for one in offered]


def test_after_a_bracket_no_space_comes_in() -> None:
    text = "It was old (pricey as well)."
    assert [reword(text, [fit_words(split_pieces(text), 4, 5, "expensive")])] == ["It was old (expensive as well)."]


def test_what_people_found_wrong_is_not_offered_and_what_they_found_right_is() -> None:
    judged = {("quit", "resigned"): (1, 2), ("quit", "died"): (0, 1)}
    pairs = [Pair("Then he quit again.", f"Then he {word} again.") for word in ("resigned", "died")]
    assert choose_offers(pairs, Counter(), judged, Reader()) == {"quit": ["resigned"]}


def test_what_an_editor_made_of_words_is_offered_elsewhere() -> None:
    (made, left) = (
        Labelled("He quit in May.", "He quit in May.", Rewording(1, 2, (word,)), 0.0, by, "ok")
        for word, by in ((" resigned", "editor"), (" left", "model"))
    )
    changes = edited_changes([made, left])
    assert changes == {("quit", "resigned"): 1}
    assert choose_offers([], changes, judged_changes([made, left]), Reader()) == {"quit": ["resigned"]}


def test_nothing_is_offered_for_a_text_without_words() -> None:
    assert offered_rewordings("... 12!") == []
