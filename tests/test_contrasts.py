from __future__ import annotations

import pytest

from service.alignment import sentences_of
from service.annotation import Annotator
from service.contrasts import match_contrasts
from service.facts import FactKind, Verdict


def altered(annotator: Annotator, source: str, copy: str) -> list[str]:
    stated, rewritten = (sentences_of(annotated) for annotated in annotator.annotate([source, copy]))
    facts = match_contrasts(stated, rewritten, source, copy)
    assert all(fact.kind is FactKind.POLARITY and fact.verdict is Verdict.ALTERED for fact in facts)
    return [fact.source.of(source) for fact in facts if fact.source]


SOURCE = "The coat is wool, not cotton, the seller said."


@pytest.mark.parametrize(
    "copy",
    [
        pytest.param("The coat is cotton, not wool, the seller said.", id="turned round"),
        pytest.param("The coat is of cotton and not of wool, the seller said.", id="turned round with and"),
        pytest.param("The coat is wool and cotton, the seller said.", id="joined"),
    ],
)
def test_what_is_denied_must_not_be_said(annotator: Annotator, copy: str) -> None:
    assert altered(annotator, SOURCE, copy) == ["not cotton"]


@pytest.mark.parametrize(
    "copy",
    [
        pytest.param("The coat is wool and not cotton, the seller said.", id="with and"),
        pytest.param("The seller said the coat is not cotton but wool.", id="with but"),
        pytest.param("The coat is wool rather than cotton, the seller said.", id="rather than"),
        pytest.param("The coat is made of wool, the seller said.", id="only what is said"),
        pytest.param("The coat, unlike its cotton lining and collar, is wool, the seller said.", id="unlike"),
    ],
)
def test_a_contrast_may_be_worded_otherwise(annotator: Annotator, copy: str) -> None:
    assert altered(annotator, SOURCE, copy) == []


def test_a_prefix_that_denies_must_be_kept(annotator: Annotator) -> None:
    assert altered(annotator, "The price was undisclosed.", "The price was disclosed.") == ["undisclosed"]
    assert altered(annotator, "The interns were paid.", "The interns were unpaid.") == ["paid"]


def test_a_negation_may_take_the_place_of_a_prefix(annotator: Annotator) -> None:
    assert altered(annotator, "The price was undisclosed.", "The price was not disclosed.") == []
    assert altered(annotator, "The interns were never paid.", "The interns were unpaid.") == []


@pytest.mark.parametrize(
    ("source", "copy"),
    [
        pytest.param("The unrest spread.", "The rest spread.", id="unrest"),
        pytest.param("Crews unearthed a vase.", "Crews earthed a vase.", id="unearthed"),
        pytest.param("Crews unearth a vase.", "Crews take a vase from the earth.", id="unearth"),
        pytest.param("The drama unfolded.", "The drama folded.", id="unfolded"),
        pytest.param("The plans unfold.", "The plans fold.", id="unfold"),
        pytest.param("She stayed until noon.", "She stayed til noon.", id="until"),
        pytest.param("The union grew.", "The ion grew.", id="union"),
        pytest.param("The staff is unionized.", "The staff is ionized.", id="unionized"),
        pytest.param("The unit left.", "It left.", id="unit"),
        pytest.param("The firm unveiled a car.", "The firm showed a veiled car.", id="unveiled"),
    ],
)
def test_a_word_that_only_begins_with_un_denies_nothing(annotator: Annotator, source: str, copy: str) -> None:
    assert altered(annotator, source, copy) == []
