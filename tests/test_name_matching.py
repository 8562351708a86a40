from __future__ import annotations

import pytest

from service.annotation import Annotator
from service.facts import FactKind, Verdict
from service.name_matching import match_names
from service.names import Name, find_names
from service.spans import Span


def changed(annotator: Annotator, source: str, copy: str) -> list[tuple[Verdict, str]]:
    stated, rewritten = (find_names(annotated) for annotated in annotator.annotate([source, copy]))
    return [
        (fact.verdict, fact.source.of(source) if fact.source else fact.copy.of(copy) if fact.copy else "")
        for fact in match_names(source, copy, stated, rewritten)
        if fact.verdict is not Verdict.KEPT
    ]


@pytest.mark.parametrize(
    ("source", "copy"),
    [
        pytest.param(
            "On Friday Alderman Priya Osei voted no.",
            "Priya Osei, an alderman, voted no on Friday.",
            id="a title moved",
        ),
        pytest.param("He left the Navy in May.", "He left the navy in May.", id="a branch in small letters"),
        pytest.param("Then Kyiv shot back.", "Ukraine then responded.", id="a capital for a government"),
        pytest.param("The Azeris agreed on Monday.", "Azerbaijan agreed on Monday.", id="a short demonym"),
        pytest.param("The fare in Joburg doubled.", "The fare in Johannesburg doubled.", id="a short name of a city"),
        pytest.param("He bid 30 bucks in Toronto.", "He bid 30 Canadian dollars in Toronto.", id="whose dollars"),
        pytest.param("An MP named Osei quit.", "Osei, a member of Parliament, resigned.", id="spelled out"),
        pytest.param("CIRCUS OF CLOWNERY! The Fair in Hull shut.", "The Fair in Hull closed.", id="shouted"),
        pytest.param("The fare went up R340 in Hull.", "The fare rose by 340 rand in Hull.", id="rand"),
    ],
)
def test_a_name_told_otherwise_is_kept(annotator: Annotator, source: str, copy: str) -> None:
    assert changed(annotator, source, copy) == []


@pytest.mark.parametrize(
    ("source", "copy", "expected"),
    [
        pytest.param(
            "They met behind closed doors in Kyiv last week.",
            "They met behind closed doors in Ukraine last week.",
            [(Verdict.OMITTED, "Kyiv")],
            id="a capital as the place",
        ),
        pytest.param(
            "Ukraine shot back.",
            "Kyiv responded.",
            [(Verdict.OMITTED, "Ukraine"), (Verdict.UNSUPPORTED, "Kyiv")],
            id="a capital that was not named",
        ),
        pytest.param("Ada Osei met Priya Nair.", "Ada Osei met a woman.", [(Verdict.OMITTED, "Priya Nair")], id="lost"),
    ],
)
def test_another_name_is_no_other_form(
    annotator: Annotator, source: str, copy: str, expected: list[tuple[Verdict, str]]
) -> None:
    assert changed(annotator, source, copy) == expected


def test_a_person_is_no_ordinary_word() -> None:
    source, copy = "The judge met Rose on Monday.", "Prices rose on Monday, the judge said."
    rose = Name(Span(14, 18), FactKind.PERSON, ("rose",))
    assert [fact.verdict for fact in match_names(source, copy, [rose], [])] == [Verdict.OMITTED]
