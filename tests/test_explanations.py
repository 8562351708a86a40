from __future__ import annotations

import pytest

from service.checking import Checker
from service.explanations import altered, explain
from service.facts import Fact, FactKind, Verdict
from service.spans import Span


def told(checker: Checker, source: str, copy: str) -> list[str]:
    return [explain(fact, source=source, copy=copy) for fact in checker.check(source, copy).facts]


@pytest.mark.parametrize(
    ("source", "copy", "expected"),
    [
        pytest.param(
            "He counted 9 dead.", "He counted 12 dead.", "The source says 9 dead, the copy says 12.", id="figure"
        ),
        pytest.param(
            "It killed 9 people in Riga.",
            "It killed people in Riga.",
            "The copy leaves out a figure of the source: 9 people.",
            id="figure left out",
        ),
        pytest.param(
            "It killed people.",
            "It killed 9 people.",
            "The copy adds a figure that the source does not give: 9 people.",
            id="figure added",
        ),
        pytest.param(
            "The fine is $4 million.",
            "The fine is $4 billion.",
            "The source says $4 million, the copy says $4 billion.",
            id="money",
        ),
        pytest.param(
            "The fare is $5 a month.",
            "The fare is $5 a week.",
            'The source says "The fare is $5 a month", the copy says "The fare is $5 a week".',
            id="what it is counted by",
        ),
        pytest.param(
            "They met on Oct. 3.",
            "They met on Oct. 4.",
            "The date is Oct. 3 in the source, Oct. 4 in the copy.",
            id="date",
        ),
        pytest.param(
            "They met at 6 a.m.",
            "They met at 6 p.m.",
            "The time is 6 a.m. in the source, 6 p.m. in the copy.",
            id="time",
        ),
        pytest.param(
            "Lena Dupree resigned.",
            "Lena Duprez resigned.",
            "The person is Lena Dupree in the source, Lena Duprez in the copy.",
            id="name",
        ),
        pytest.param(
            "Marta Quill said, “We bought the wrong boat.”",
            'Marta Quill said, "We bought the right boat."',
            "The copy changes the words of a quotation of Marta Quill: “We bought the wrong boat” in the source, "
            '"We bought the right boat" in the copy.',
            id="quotation",
        ),
        pytest.param(
            "He said it was the wrong boat.",
            '"It was the wrong boat entirely," Marta Quill said.',
            'The copy adds a quotation of Marta Quill that the source does not give: "It was the wrong boat entirely."',
            id="quotation added",
        ),
        pytest.param(
            "The mayor was like, “we are raising fares.”",
            'The mayor said, "we are raising fares."',
            "The source only puts these words in a speaker's mouth, the copy quotes them as said: "
            '"we are raising fares."',
            id="constructed dialogue",
        ),
        pytest.param(
            "The board did not approve the plan.",
            "The board approved the plan.",
            'The source says "did not approve", the copy has "approved" without a negation.',
            id="negation",
        ),
        pytest.param(
            "The board reportedly approved the plan.",
            "The board approved the plan.",
            'The source gives this as hearsay ("board reportedly approved"), the copy as a fact.',
            id="hedge",
        ),
        pytest.param(
            "Ray Voss was charged with fraud.",
            "Ray Voss was convicted of fraud.",
            'The source says "was charged", the copy says "convicted": not the same in law.',
            id="in law",
        ),
    ],
)
def test_a_flag_says_what_both_sides_say(checker: Checker, source: str, copy: str, expected: str) -> None:
    assert expected in told(checker, source, copy)


@pytest.mark.parametrize(
    ("source", "copy", "expected"),
    [
        pytest.param("Sales hit $412 million.", "Sales were $412 million.", "Both say $412 million.", id="the same"),
        pytest.param("It has 18 shops.", "It runs 18 shops.", "Both say 18 shops.", id="what is counted"),
        pytest.param(
            "It shut on October 3.", "It shut on Oct. 3.", 'The copy writes "Oct. 3" for "October 3".', id="date"
        ),
        pytest.param("He lives in Malta.", "Malta is his home.", "Both name Malta.", id="name"),
        pytest.param(
            "“We bought the wrong boat,” Marta Quill said.",
            'Marta Quill said, "We bought the wrong boat."',
            "Both quote Marta Quill word for word: “We bought the wrong boat.”",
            id="quotation",
        ),
        pytest.param(
            "The union didn't sign.",
            "The union did not sign.",
            'The copy has the negation "not" where the source has "didn\'t".',
            id="negation",
        ),
    ],
)
def test_a_kept_fact_says_how_it_was_kept(checker: Checker, source: str, copy: str, expected: str) -> None:
    assert expected in told(checker, source, copy)


def test_a_swap_names_both_figures(checker: Checker) -> None:
    source = "The north lost 40 homes to the fire and the south lost 75 barns to the flood."
    copy = "The north lost 75 homes to the fire and the south lost 40 barns to the flood."
    sentence = (
        "The source says 40 homes and 75 barns, the copy says 75 homes and 40 barns: the two have changed places."
    )
    assert told(checker, source, copy) == [sentence, sentence]


def test_a_long_quotation_is_shown_where_it_differs() -> None:
    source = '"' + "la " * 60 + "we never saw the boat leave that night, " + "la " * 60 + '"'
    copy = source.replace("never", "always")
    whole = Span(0, len(source)), Span(0, len(copy))
    assert altered(FactKind.QUOTATION, source, whole[0], copy, whole[1]) == (
        "The copy changes the words of a quotation: ... la la we never saw the boat ... in the source, "
        "... la la we always saw the boat ... in the copy."
    )


@pytest.mark.parametrize("kind", FactKind)
@pytest.mark.parametrize(
    ("verdict", "source", "copy"),
    [
        pytest.param(Verdict.KEPT, Span(0, 4), Span(0, 4), id="kept"),
        pytest.param(Verdict.KEPT, Span(0, 4), None, id="kept in other words"),
        pytest.param(Verdict.ALTERED, Span(0, 4), Span(5, 9), id="altered"),
        pytest.param(Verdict.OMITTED, Span(0, 4), None, id="omitted"),
        pytest.param(Verdict.UNSUPPORTED, None, Span(5, 9), id="unsupported"),
    ],
)
def test_every_verdict_on_every_kind_has_one_sentence(
    kind: FactKind, verdict: Verdict, source: Span | None, copy: Span | None
) -> None:
    sentence = explain(Fact(kind, verdict, source, copy), source="Riga lost nine", copy="Riga lost nine")
    assert (sentence[0].isupper(), sentence.endswith("."), sentence.count(".")) == (True, True, 1)
