from __future__ import annotations

import pytest

from service.checking import Checker
from service.facts import FactKind, Verdict

KEPT, ALTERED, UNSUPPORTED, OMITTED = Verdict


def flagged(checker: Checker, source: str, copy: str) -> list[tuple[FactKind, Verdict]]:
    return [(fact.kind, fact.verdict) for fact in checker.check(source, copy).facts if fact.verdict is not KEPT]


@pytest.mark.parametrize(
    ("source", "copy"),
    [
        pytest.param(
            "So nine cops got hurt on October 3rd, and it's gonna cost $2M.",
            "Nine police officers were hurt on Oct. 3, and it will cost $2 million.",
            id="figures, dates and money in another form",
        ),
        pytest.param(
            "Russia's army has lost its third ship since '53, Putin's spokesman said.",
            "The Russian army has lost its third ship since 1953, a spokesman for Putin said.",
            id="country and adjective",
        ),
        pytest.param(
            "Mayor Dev Okafor was like, we are not raising fares, period.",
            "Mayor Dev Okafor said fares would not be raised.",
            id="constructed dialogue becomes indirect speech",
        ),
        pytest.param(
            "Word is the Navy might scrap two ships.",
            "The Navy might reportedly scrap two ships.",
            id="hedges at the same strength",
        ),
        pytest.param(
            "“We bought the wrong boat,” Marta Quill told reporters. Ouch!",
            'Marta Quill told reporters, "We bought the wrong boat."',
            id="quotation moved",
        ),
        pytest.param("Nobody's been hurt, thank God.", "No one has been hurt.", id="negation in other words"),
    ],
)
def test_a_faithful_rewrite_passes(checker: Checker, source: str, copy: str) -> None:
    assert flagged(checker, source, copy) == []


@pytest.mark.parametrize(
    ("source", "copy", "expected"),
    [
        pytest.param("It killed 9 people.", "It killed 12 people.", [(FactKind.FIGURE, ALTERED)], id="figure changed"),
        pytest.param(
            "It killed 9 people in Riga.", "It killed people in Riga.", [(FactKind.FIGURE, OMITTED)], id="figure lost"
        ),
        pytest.param("It killed people.", "It killed 9 people.", [(FactKind.FIGURE, UNSUPPORTED)], id="figure added"),
        pytest.param("The fine is $4 million.", "The fine is $4 billion.", [(FactKind.MONEY, ALTERED)], id="magnitude"),
        pytest.param("Rates rose 2%.", "Rates rose 2 percentage points.", [(FactKind.PERCENT, ALTERED)], id="points"),
        pytest.param("They met on Oct. 3.", "They met on Oct. 4.", [(FactKind.DATE, ALTERED)], id="day"),
        pytest.param("They met at 6 a.m.", "They met at 6 p.m.", [(FactKind.TIME, ALTERED)], id="hour"),
        pytest.param("Lena Dupree resigned.", "Lena Duprez resigned.", [(FactKind.PERSON, ALTERED)], id="name garbled"),
        pytest.param(
            "The strike closed ports in Spain.",
            "The strike closed ports in Italy.",
            [(FactKind.PLACE, ALTERED)],
            id="country",
        ),
        pytest.param(
            "He said, “We bought the wrong boat.”",
            'He said, "We bought the right boat."',
            [(FactKind.QUOTATION, ALTERED)],
            id="quotation altered",
        ),
        pytest.param(
            "He said it was the wrong boat.",
            'He said it was "the wrong boat entirely."',
            [(FactKind.QUOTATION, UNSUPPORTED)],
            id="quotation invented",
        ),
        pytest.param(
            "The mayor was like, “we are raising fares.”",
            'The mayor said, "we are raising fares."',
            [(FactKind.QUOTATION, ALTERED)],
            id="constructed dialogue quoted",
        ),
        pytest.param(
            "The board did not approve the plan.",
            "The board approved the plan.",
            [(FactKind.POLARITY, ALTERED)],
            id="negation",
        ),
        pytest.param(
            "The board reportedly approved the plan.",
            "The board approved the plan.",
            [(FactKind.CERTAINTY, OMITTED)],
            id="hearsay dropped",
        ),
        pytest.param(
            "The board approved the plan.",
            "The board reportedly approved the plan.",
            [(FactKind.CERTAINTY, UNSUPPORTED)],
            id="hearsay added",
        ),
        pytest.param(
            "Ray Voss was charged with fraud.",
            "Ray Voss was convicted of fraud.",
            [(FactKind.CERTAINTY, ALTERED)],
            id="in law",
        ),
    ],
)
def test_a_changed_fact_is_flagged_with_its_kind(
    checker: Checker, source: str, copy: str, expected: list[tuple[FactKind, Verdict]]
) -> None:
    assert flagged(checker, source, copy) == expected


def test_two_figures_that_changed_places_are_flagged(checker: Checker) -> None:
    source = "The north lost 40 homes to the fire and the south lost 75 barns to the flood."
    copy = "The north lost 75 homes to the fire and the south lost 40 barns to the flood."
    assert flagged(checker, source, copy) == [(FactKind.FIGURE, ALTERED), (FactKind.FIGURE, ALTERED)]


def test_the_same_text_twice_is_faithful_with_score_one(checker: Checker) -> None:
    text = "He was like, “nope,” lol!! 9 of 12 boats didn't sail on Oct. 3."
    report = checker.check(text, text)
    assert (report.faithful, report.score) == (True, 1.0)


def test_texts_without_a_fact_have_no_score(checker: Checker) -> None:
    report = checker.check("so yeah, wild", "")
    assert (report.faithful, report.score) == (True, None)


def test_spans_give_back_the_words_of_both_sides(checker: Checker) -> None:
    source, copy = "So nine boats sank off Malta.", "Nine boats sank off Malta."
    facts = checker.check(source, copy).facts
    assert [(fact.source.of(source), fact.copy.of(copy)) for fact in facts if fact.source and fact.copy] == [
        ("nine", "Nine"),
        ("Malta", "Malta"),
    ]


def test_the_reason_says_what_both_sides_say(checker: Checker) -> None:
    (fact,) = checker.check("It killed 9 people.", "It killed 12 people.").facts
    assert fact.reason == "The source says 9 people, the copy says 12."


def test_checking_many_gives_what_checking_each_gives(checker: Checker) -> None:
    pairs = [("It killed 9.", "It killed 9."), ("It killed 9.", "It killed 8."), ("Hi", "Hi")]
    assert checker.check_all(pairs) == [checker.check(source, copy) for source, copy in pairs]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("a" * 4_000, id="one letter"),
        pytest.param("7" * 4_000, id="one figure"),
        pytest.param('"' * 4_000, id="quotation marks"),
        pytest.param("'" * 4_000, id="apostrophes"),
        pytest.param("\n" * 4_000, id="line ends"),
        pytest.param("😂" * 4_000, id="emoji"),
        pytest.param("$1 " * 300, id="money"),
        pytest.param("'a' " * 200, id="quoted letters"),
        pytest.param("word " * 1_000, id="one sentence"),
        pytest.param("- The port shut on May 3.\n" * 100, id="list"),
        pytest.param("Did not he not go? " * 100, id="negations"),
        pytest.param("1,1," * 500, id="commas"),
        pytest.param("a-" * 500, id="hyphens"),
    ],
)
def test_odd_text_is_faithful_to_itself(checker: Checker, text: str) -> None:
    assert checker.check(text, text).faithful


def test_each_of_many_facts_is_told_once(checker: Checker) -> None:
    text = " ".join(f"The port of Zavo paid ${number}." for number in range(1_000, 1_300))
    report = checker.check(text, text.replace("$1150.", "$9150."))
    assert [fact.reason for fact in report.facts if fact.reason] == ["The source says $1150, the copy says $9150."]
