from __future__ import annotations

import pytest

from service.alignment import sentences_of
from service.annotation import Annotator
from service.contradictions import match_contradictions
from service.facts import Fact, FactKind, Verdict
from service.spans import Span


def contradictions(
    annotator: Annotator, source: str, copy: str, known: tuple[Fact, ...] = ()
) -> list[tuple[FactKind, str, str]]:
    stated, rewritten = (sentences_of(annotated) for annotated in annotator.annotate([source, copy]))
    facts = match_contradictions(stated, rewritten, source, copy, known=known)
    assert all(fact.verdict is Verdict.ALTERED for fact in facts)
    return [(fact.kind, (fact.source or Span(0, 0)).of(source), (fact.copy or Span(0, 0)).of(copy)) for fact in facts]


@pytest.mark.parametrize(
    ("source", "copy", "expected"),
    [
        pytest.param(
            "Rents in Malmo tanked 4% last spring lol.",
            "Rents in Malmo rose 4% last spring.",
            (FactKind.COMPARISON, "tanked", "rose"),
            id="direction",
        ),
        pytest.param(
            "The council nixed the harbor bridge plan on Friday.",
            "The council approved the harbor bridge plan on Friday.",
            (FactKind.STATEMENT, "nixed", "approved"),
            id="predicate",
        ),
        pytest.param(
            "Her cousin Ilka Brandt runs the bakery in Graz.",
            "Her sister, Ilka Brandt, runs the bakery in Graz.",
            (FactKind.RELATION, "cousin", "sister"),
            id="kinship",
        ),
        pytest.param(
            "Riders under 14 need a helmet in Turku.",
            "Riders over 14 must wear a helmet in Turku.",
            (FactKind.COMPARISON, "under", "over"),
            id="limit",
        ),
        pytest.param(
            "The singer left the stage before the encore.",
            "The singer left the stage after the encore.",
            (FactKind.ORDER, "before", "after"),
            id="order",
        ),
        pytest.param(
            "All ferries to Bornholm were packed on Monday.",
            "Most ferries to Bornholm were packed on Monday.",
            (FactKind.COMPARISON, "All", "Most"),
            id="share",
        ),
        pytest.param(
            "Nobody on the Bergen bus was fined.",
            "Some people on the Bergen bus were fined.",
            (FactKind.POLARITY, "Nobody", "Some people"),
            id="nobody",
        ),
    ],
)
def test_the_opposite_of_what_the_source_says_is_altered(
    annotator: Annotator, source: str, copy: str, expected: tuple[FactKind, str, str]
) -> None:
    assert contradictions(annotator, source, copy) == [expected]


@pytest.mark.parametrize(
    ("source", "copy"),
    [
        pytest.param("Rents in Malmo tanked 4%.", "Rents in Malmo fell 4%.", id="slang for the same"),
        pytest.param(
            "Rents in Malmo did not rise last spring.", "Rents in Malmo fell last spring.", id="a negation cancels it"
        ),
        pytest.param(
            "Lund beat Gävle 3-1 in the cup on Sunday.",
            "Gävle lost to Lund 3-1 in the cup on Sunday.",
            id="seen from the other side",
        ),
        pytest.param(
            "Otto Berg bought the mill from Nina Holm.", "Nina Holm sold the mill to Otto Berg.", id="bought and sold"
        ),
        pytest.param(
            "Ida Lind's husband Karl Lind owns the farm.",
            "Karl Lind, whose wife is Ida Lind, owns the farm.",
            id="husband and wife",
        ),
        pytest.param(
            "Rents in Malmo rose while rents in Lund fell.",
            "Rents in Lund fell while rents in Malmo rose.",
            id="both are told",
        ),
        pytest.param(
            "Wheat prices rose on Monday. The mill cut 40 jobs.",
            "The mill dropped 40 jobs. Wheat was dearer on Monday.",
            id="said of something else",
        ),
        pytest.param(
            "The hall was never full, above all on Mondays.",
            "The hall was mostly not full on Mondays.",
            id="an idiom",
        ),
    ],
)
def test_what_does_not_contradict_is_not_flagged(annotator: Annotator, source: str, copy: str) -> None:
    assert contradictions(annotator, source, copy) == []


def test_words_within_a_quotation_of_the_copy_are_compared_elsewhere(annotator: Annotator) -> None:
    source = "The mayor said rents in Malmo fell 4% last spring."
    copy = 'The mayor said, "Rents in Malmo rose 4% last spring."'
    assert contradictions(annotator, source, copy) == []


def test_what_another_rule_found_altered_is_not_told_again(annotator: Annotator) -> None:
    source, copy = "Rents in Malmo fell 4% in May.", "Rents in Malmo rose 4% in May."
    known = Fact(FactKind.POLARITY, Verdict.ALTERED, Span(15, 19), Span(15, 19))
    assert contradictions(annotator, source, copy, (known,)) == []


def test_the_reason_shows_both_sides(annotator: Annotator) -> None:
    source, copy = "Rents in Malmo fell 4% in May.", "Rents in Malmo rose 4% in May."
    stated, rewritten = (sentences_of(annotated) for annotated in annotator.annotate([source, copy]))
    assert [fact.reason for fact in match_contradictions(stated, rewritten, source, copy)] == [
        'The source says "Rents in Malmo fell", the copy says "Rents in Malmo rose".'
    ]
