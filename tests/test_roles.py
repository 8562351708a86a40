from __future__ import annotations

import pytest

from service.annotation import Annotator
from service.facts import Fact, FactKind, Verdict
from service.roles import match_roles
from tests.participants import read_participants


def found(annotator: Annotator, source: str, copy: str) -> list[Fact]:
    stated, rewritten = read_participants(annotator, source, copy)
    return match_roles(stated, rewritten)


@pytest.mark.parametrize(
    ("source", "copy"),
    [
        pytest.param("The mayor thanked the navy.", "The navy thanked the mayor.", id="active"),
        pytest.param("The mayor thanked the navy.", "The mayor was thanked by the navy.", id="passive"),
        pytest.param(
            "Norvik sued Halden on Monday.", "Halden, which sued Norvik on Monday, won.", id="relative clause"
        ),
        pytest.param("The Otters beat the Rams 4-2.", "The Otters lost to the Rams 4-2.", id="the inverse verb"),
        pytest.param("Anna Dahl sold the boat to Bo Lind.", "Anna Dahl bought the boat from Bo Lind.", id="trade"),
        pytest.param("The ferry sailed to Riga via Oslo.", "The ferry sailed to Oslo via Riga.", id="two places"),
    ],
)
def test_two_who_do_to_each_other_what_was_done_to_them_are_altered(
    annotator: Annotator, source: str, copy: str
) -> None:
    facts = found(annotator, source, copy)
    assert [(fact.kind, fact.verdict) for fact in facts] == [(FactKind.ROLE, Verdict.ALTERED)]


@pytest.mark.parametrize(
    ("source", "copy"),
    [
        pytest.param("The mayor thanked the navy.", "The navy was thanked by the mayor.", id="passive"),
        pytest.param("The Otters beat the Rams 4-2.", "The Rams lost to the Otters 4-2.", id="beat and lost to"),
        pytest.param("Anna Dahl sold the boat to Bo Lind.", "Bo Lind bought the boat from Anna Dahl.", id="trade"),
        pytest.param("Anna Dahl married Bo Lind.", "Bo Lind married Anna Dahl.", id="a mutual verb"),
        pytest.param("The ferry sailed to Riga via Oslo.", "The ferry sailed via Oslo to Riga.", id="two places"),
        pytest.param("Anna Dahl dined with Bo Lind.", "Bo Lind dined with Anna Dahl.", id="together"),
        pytest.param("The mayor praised the navy.", "The navy drew praise from the mayor.", id="as a noun"),
        pytest.param(
            "The mayor thanked the navy and the navy thanked the mayor.",
            "The navy thanked the mayor and the mayor thanked the navy.",
            id="both did",
        ),
        pytest.param(
            "Coach Ida Holm left Norvik in May. Her rival Ulla Berg, a former goalie, runs Halden.",
            "Ulla Berg, a former goalie, runs Halden; her rival, coach Ida Holm, left Norvik in May.",
            id="told in another order",
        ),
        pytest.param(
            "Riga had 12 fires and Oslo had 30 floods.",
            "There were 30 floods in Oslo and 12 fires in Riga.",
            id="figures in another order",
        ),
        pytest.param("Prices fell 8% in Peru and rose 3% in Chile.", "Prices fell 8% in Peru.", id="one left out"),
    ],
)
def test_the_same_told_the_other_way_round_is_no_exchange(annotator: Annotator, source: str, copy: str) -> None:
    assert found(annotator, source, copy) == []


@pytest.mark.parametrize(
    ("source", "copy"),
    [
        pytest.param(
            "Ida Holm, a former goalie, left Norvik in May. Ulla Berg, a tax lawyer, runs Halden.",
            "Ulla Berg, a former goalie, left Norvik in May. Ida Holm, a tax lawyer, runs Halden.",
            id="names",
        ),
        pytest.param(
            "Prices fell 8% in Peru and rose 3% in Chile.",
            "Prices fell 3% in Peru and rose 8% in Chile.",
            id="figures",
        ),
        pytest.param(
            "France bought 12 ships from a yard. Japan cancelled its order.",
            "Japan bought 12 ships from a yard. France cancelled its order.",
            id="places",
        ),
        pytest.param(
            "The rebels burned the bridge. The farmers rebuilt the mill.",
            "The farmers burned the bridge. The rebels rebuilt the mill.",
            id="nouns",
        ),
    ],
)
def test_two_of_a_kind_with_what_belongs_to_the_other_are_altered(annotator: Annotator, source: str, copy: str) -> None:
    facts = found(annotator, source, copy)
    assert {(fact.kind, fact.verdict) for fact in facts} == {(FactKind.ROLE, Verdict.ALTERED)}
    assert len(facts) == 2


def test_an_editor_reads_what_either_text_says(annotator: Annotator) -> None:
    facts = found(annotator, "The mayor thanked the navy.", "The navy thanked the mayor.")
    assert [fact.reason for fact in facts] == [
        'The source says "The mayor thanked the navy", the copy says "The navy thanked the mayor": '
        "the two have changed places."
    ]


def test_what_is_known_to_be_altered_is_not_told_twice(annotator: Annotator) -> None:
    source, copy = "Prices fell 8% in Peru and rose 3% in Chile.", "Prices fell 3% in Peru and rose 8% in Chile."
    stated, rewritten = read_participants(annotator, source, copy)
    known = match_roles(stated, rewritten)
    assert known
    assert match_roles(stated, rewritten, known=known) == []


def test_an_unchanged_text_exchanges_nobody(annotator: Annotator) -> None:
    text = "The mayor thanked the navy. The navy thanked the mayor."
    assert found(annotator, text, text) == []
