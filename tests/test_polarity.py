from __future__ import annotations

import pytest

from service.alignment import sentences_of
from service.annotation import Annotator
from service.facts import FactKind, Verdict
from service.polarity import match_polarity

KEPT, ALTERED, UNSUPPORTED, OMITTED = Verdict


def verdicts(annotator: Annotator, source: str, copy: str) -> list[tuple[FactKind, Verdict]]:
    stated, rewritten = (sentences_of(annotated) for annotated in annotator.annotate([source, copy]))
    return [(fact.kind, fact.verdict) for fact in match_polarity(stated, rewritten, source, copy)]


@pytest.mark.parametrize(
    ("source", "copy", "expected"),
    [
        pytest.param(
            "The union didn't sign.", "The union did not sign.", [(FactKind.POLARITY, KEPT)], id="spelled out"
        ),
        pytest.param(
            "The union isn't signing it.", "The union refused to sign it.", [(FactKind.POLARITY, KEPT)], id="refused"
        ),
        pytest.param("The union did not sign.", "The union signed.", [(FactKind.POLARITY, ALTERED)], id="lost"),
        pytest.param("The union signed.", "The union did not sign.", [(FactKind.POLARITY, ALTERED)], id="added"),
        pytest.param(
            "Police found no weapon in the van.",
            "Police found a weapon in the van.",
            [(FactKind.POLARITY, ALTERED)],
            id="of a noun",
        ),
        pytest.param(
            "Prosecutors are looking into it too, but no one has been charged.",
            "Prosecutors are also looking into it but have not been charged.",
            [(FactKind.POLARITY, KEPT), (FactKind.POLARITY, ALTERED), (FactKind.CERTAINTY, KEPT)],
            id="no one becomes someone",
        ),
        pytest.param(
            "Police say the driver was not hurt.",
            "Police say no one was hurt.",
            [(FactKind.POLARITY, KEPT), (FactKind.POLARITY, ALTERED)],
            id="someone becomes no one",
        ),
        pytest.param(
            "Nobody has been charged.",
            "Police have not charged anyone.",
            [(FactKind.POLARITY, KEPT)],
            id="no one in the active voice",
        ),
        pytest.param(
            "None of the suspects has been charged.",
            "The suspects have not been charged.",
            [(FactKind.POLARITY, KEPT), (FactKind.CERTAINTY, KEPT)],
            id="all of them",
        ),
        pytest.param(
            "Nobody would explain the delay.",
            "Officials would not explain the delay.",
            [(FactKind.POLARITY, KEPT)],
            id="no one who could",
        ),
        pytest.param("The swing bridge is not closed.", "The swing bridge is open.", [], id="the opposite says it"),
        pytest.param(
            "Pell had not pitched since 2007.", "Pell last pitched in 2007.", [], id="another word answers a negation"
        ),
        pytest.param(
            "Every seat on the night bus costs money.",
            "Nothing on the night bus is free; every seat costs money.",
            [],
            id="a negation says it in other words",
        ),
        pytest.param(
            "Not the drum, the whistle, sold in Lima on Friday.",
            "The whistle was sold in Lima on Friday.",
            [],
            id="a word is only set off from another",
        ),
        pytest.param(
            "The union might sign the deal.",
            "The union could sign the deal.",
            [(FactKind.CERTAINTY, KEPT)],
            id="modal in another word",
        ),
        pytest.param(
            "The union might sign the deal.",
            "The union will sign the deal.",
            [(FactKind.CERTAINTY, OMITTED)],
            id="might to will",
        ),
        pytest.param(
            "The library might open on Monday. Maybe the pool opens in August.",
            "The library might open on Monday. The pool opens in August.",
            [(FactKind.CERTAINTY, KEPT), (FactKind.CERTAINTY, OMITTED)],
            id="one of two hedges lost",
        ),
        pytest.param(
            "Did the keeper cheat? No, the club says.",
            "The keeper did not cheat, the club says.",
            [],
            id="a question answered",
        ),
        pytest.param("The price has not budged.", "The price remains.", [], id="what did not move remains"),
        pytest.param(
            "Zero bribes were paid, the firm says.",
            "Bribes were paid, the firm says.",
            [(FactKind.POLARITY, ALTERED)],
            id="zero of a thing",
        ),
        pytest.param(
            "The clerk didn't sugarcoat the loss of 40 jobs.",
            "The clerk confirmed the loss of 40 jobs.",
            [],
            id="an idle negation",
        ),
        pytest.param(
            "Police arrested the deputy mayor.",
            "Police charged the deputy mayor; he was charged with fraud.",
            [(FactKind.CERTAINTY, ALTERED)],
            id="arrested to charged",
        ),
    ],
)
def test_negations_and_hedges_are_compared(
    annotator: Annotator, source: str, copy: str, expected: list[tuple[FactKind, Verdict]]
) -> None:
    assert verdicts(annotator, source, copy) == expected


def test_a_cue_inside_a_quotation_is_not_counted(annotator: Annotator) -> None:
    text = 'The mayor said, "It might not work."'
    assert verdicts(annotator, text, text) == []
