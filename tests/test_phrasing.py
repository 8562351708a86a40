from __future__ import annotations

import pytest

from service.checking import Checker
from service.phrasebook import listed_rewordings
from service.phrasing import Phraser, Wording, _proposals
from service.rewordings import reword
from service.trust import Trust

SOURCE = "The board okayed the sale of 14 cars on Monday."


@pytest.fixture(scope="module")
def phraser() -> Phraser:
    return Phraser(Checker.load(threads=1), Trust.load(), None)


def test_what_is_right_in_a_wrong_target_is_taken(phraser: Phraser) -> None:
    target = "The board approved the sale of 14 cars on Tuesday."
    (phrased,) = phraser.phrase([Wording(SOURCE, SOURCE, (target,) * 5)])
    assert phrased is not None
    assert phrased.text == SOURCE.replace("okayed", "approved")
    assert phrased.report.faithful


def test_what_changes_a_fact_is_not_taken(phraser: Phraser) -> None:
    target = SOURCE.replace("Monday", "Tuesday").replace("14", "40").replace("cars", "boats")
    assert phraser.phrase([Wording(SOURCE, SOURCE, (target,) * 5)]) == [None]


def test_a_quotation_is_left_alone(phraser: Phraser) -> None:
    source = 'Marta Quill said, "The board okayed the sale of 14 cars on Monday."'
    assert phraser.phrase([Wording(source, source, (source.replace("okayed", "approved"),) * 5)]) == [None]


def test_without_targets_and_casual_phrases_nothing_changes(phraser: Phraser) -> None:
    source = "The ferry lost nine cars on Tuesday."
    assert phraser.phrase([Wording(source, source, ())]) == [None]


def test_each_text_is_worded_by_itself(phraser: Phraser) -> None:
    good = Wording(SOURCE, SOURCE, (SOURCE.replace("okayed", "approved"),) * 5)
    bad = Wording(SOURCE, SOURCE, (SOURCE.replace("14", "40"),) * 5)
    assert phraser.phrase([bad, good, bad]) == [None, *phraser.phrase([good]), None]


def test_the_article_fits_what_the_phrase_book_has() -> None:
    text = "A brouhaha held up a lorry."
    assert "An uproar held up a lorry." in [reword(text, [rewording]) for rewording in listed_rewordings(text)]


def test_a_text_too_long_to_be_tried_phrase_by_phrase_stays(phraser: Phraser) -> None:
    source = "The exec met the trucker, and " * 60 + "left."
    assert phraser.phrase([Wording(source, source, ())]) == [None]


@pytest.mark.parametrize("text", ["Why didn't he pay the 12 workers?", "Didn't the mayor of Leeds resign?"])
def test_a_question_keeps_its_short_form(phraser: Phraser, text: str) -> None:
    (phrased,) = phraser.phrase([Wording(text, text, (text.replace("n't", " not"),) * 5)])
    assert phrased is None or "n't" in phrased.text


def test_no_rewording_makes_a_claim_of_a_question() -> None:
    text = "What isn't safe?"
    proposed = _proposals(Wording(text, text, ("What is not safe.",) * 5), offering=False)
    assert [reword(text, [one.rewording]) for one in proposed] == ["What is not safe?"]


@pytest.mark.parametrize(
    ("text", "target"),
    [
        pytest.param("The bill's blown out again.", "The bill is blown out again.", id="is, or has"),
        pytest.param("The water in Nenagh's gone.", "The water in Nenagh's has gone.", id="written out beside it"),
    ],
)
def test_no_rewording_writes_a_contraction_out_wrongly(text: str, target: str) -> None:
    proposed = _proposals(Wording(text, text, (target,)), offering=False)
    assert target not in [reword(text, [one.rewording]) for one in proposed]
