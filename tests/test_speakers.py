from __future__ import annotations

import pytest

from service.annotation import Annotator
from service.facts import Fact, FactKind, Verdict
from service.speakers import match_speakers
from tests.participants import read_participants


def found(annotator: Annotator, source: str, copy: str) -> list[Fact]:
    stated, rewritten = read_participants(annotator, source, copy)
    return match_speakers(stated, rewritten)


@pytest.mark.parametrize(
    ("source", "copy"),
    [
        pytest.param(
            'Ida Holm called the plan "a gift." Ulla Berg, who runs the port, signed it on Monday.',
            'Ulla Berg, who runs the port, called the plan "a gift" and signed it on Monday.',
            id="a quotation",
        ),
        pytest.param(
            "Ida Holm says 40 ferries were late last week. Ulla Berg runs the port.",
            "Forty ferries were late last week, according to Ulla Berg, who runs the port.",
            id="according to",
        ),
        pytest.param(
            "The police say the bridge was closed on Sunday. The union filed a complaint.",
            "The bridge was closed on Sunday, the union said.",
            id="speakers without a name",
        ),
    ],
)
def test_a_statement_of_another_speaker_is_altered(annotator: Annotator, source: str, copy: str) -> None:
    facts = found(annotator, source, copy)
    assert [(fact.kind, fact.verdict) for fact in facts] == [(FactKind.ATTRIBUTION, Verdict.ALTERED)]


@pytest.mark.parametrize(
    ("source", "copy"),
    [
        pytest.param(
            "Ida Holm says 40 ferries were late last week. Ulla Berg runs the port.",
            "Forty ferries were late last week, according to Ida Holm. Ulla Berg runs the port.",
            id="according to",
        ),
        pytest.param(
            "The mayor, Ida Holm, met the police. Holm says 40 ferries were late last week.",
            "Forty ferries were late last week, said the mayor, who met the police.",
            id="by the title",
        ),
        pytest.param(
            "Ida Holm met Ulla Berg. She says 40 ferries were late last week.",
            "Ida Holm, who met Ulla Berg, says 40 ferries were late last week.",
            id="a pronoun",
        ),
        pytest.param(
            "The firm says 40 ferries were late last week. The company was founded in May.",
            "The company says 40 ferries were late last week. It was founded in May.",
            id="another word for the same",
        ),
        pytest.param(
            "The NPA says 40 ferries were late last week. The Norvik Port Authority was founded in May.",
            "The Norvik Port Authority, founded in May, says 40 ferries were late last week.",
            id="an acronym",
        ),
        pytest.param(
            "Ida Holm says the ferry is safe. Ulla Berg says the ferry is safe, too.",
            "Ulla Berg says the ferry is safe.",
            id="both say it",
        ),
    ],
)
def test_the_same_speaker_in_other_words_is_no_other(annotator: Annotator, source: str, copy: str) -> None:
    assert found(annotator, source, copy) == []


def test_an_editor_reads_whom_either_text_names(annotator: Annotator) -> None:
    source = 'Ida Holm called the plan "a gift." Ulla Berg signed it.'
    copy = 'Ulla Berg called the plan "a gift" and signed it.'
    assert [fact.reason for fact in found(annotator, source, copy)] == [
        "The source attributes these words to Ida Holm, the copy to Ulla Berg."
    ]
