from __future__ import annotations

import pytest

from service.alignment import sentences_of
from service.annotation import Annotator
from service.attributions import match_attributions
from service.facts import FactKind, Verdict
from tests.participants import read_participants


def dropped(annotator: Annotator, source: str, copy: str) -> list[str]:
    stated, rewritten = read_participants(annotator, source, copy)
    facts = match_attributions(stated, rewritten, sentences_of(rewritten.annotated))
    assert all((fact.kind, fact.verdict) == (FactKind.ATTRIBUTION, Verdict.OMITTED) for fact in facts)
    return [fact.source.of(source) for fact in facts if fact.source]


SOURCE = "Ida Holm says the old ferry leaked fuel into the harbor. The port closed on Monday."


def test_a_statement_told_as_a_fact_is_found(annotator: Annotator) -> None:
    assert dropped(annotator, SOURCE, "The old ferry leaked fuel into the harbor. The port closed on Monday.") == [
        "Ida Holm"
    ]


@pytest.mark.parametrize(
    "copy",
    [
        pytest.param("The old ferry leaked fuel into the harbor, according to Ida Holm.", id="according to"),
        pytest.param("Fuel leaked from the old ferry into the harbor, Holm said.", id="said at the end"),
        pytest.param("The old ferry allegedly leaked fuel into the harbor.", id="hearsay"),
        pytest.param("Holm spoke on Monday. The port closed.", id="not told at all"),
    ],
)
def test_a_statement_that_is_still_somebodys_is_not(annotator: Annotator, copy: str) -> None:
    assert dropped(annotator, SOURCE, copy) == []


def test_nobodys_word_is_no_statement(annotator: Annotator) -> None:
    source = "Nobody says the old ferry leaked fuel into the harbor."
    assert dropped(annotator, source, "The old ferry leaked fuel into the harbor.") == []
