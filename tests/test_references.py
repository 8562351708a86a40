from __future__ import annotations

import pytest

from service.annotation import Annotator
from service.facts import FactKind, Verdict
from service.names import find_names
from service.participants import Participants, find_participants
from service.references import match_references


def found(annotator: Annotator, source: str, copy: str) -> list[tuple[FactKind, Verdict]]:
    def read(text: str) -> Participants:
        annotated = next(iter(annotator.annotate([text])))
        return find_participants(annotated, find_names(annotated), ())

    return [(fact.kind, fact.verdict) for fact in match_references(read(source), read(copy))]


@pytest.mark.parametrize(
    ("source", "copy"),
    [
        pytest.param("She's got a deal through 2026.", "The company has a deal through 2026.", id="she"),
        pytest.param("They are NOT saying it's safe.", "The council is not saying it is safe.", id="they"),
        pytest.param("It jumped the road at 1:30.", "The fire jumped the road at 1:30.", id="it"),
    ],
)
def test_a_pronoun_that_the_source_leaves_open_must_not_become_someone(
    annotator: Annotator, source: str, copy: str
) -> None:
    assert found(annotator, source, copy) == [(FactKind.ROLE, Verdict.ALTERED)]


@pytest.mark.parametrize(
    ("source", "copy"),
    [
        pytest.param("She's got a deal through 2026.", "She has a deal through 2026.", id="it stays a pronoun"),
        pytest.param(
            "The board met and they sold it.", "The board met and the board sold it.", id="the source says who"
        ),
        pytest.param("It was the kids who found it.", "The children found it.", id="it that is nobody"),
        pytest.param("They sold the ferry!", "The ferry was sold.", id="what is named is in the source"),
        pytest.param(
            "They sold it! The harbor board, I mean.", "The harbor board sold it.", id="a longer source may say later"
        ),
    ],
)
def test_a_reference_that_the_source_bears_out_is_no_finding(annotator: Annotator, source: str, copy: str) -> None:
    assert found(annotator, source, copy) == []
