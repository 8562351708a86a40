from __future__ import annotations

import pytest

from service.facts import FactKind, Verdict
from service.figures import find_numerals
from service.matching import match_mentions, match_quotations
from service.numerals import same_amount

KEPT, ALTERED, UNSUPPORTED, OMITTED = Verdict


@pytest.mark.parametrize(
    ("source", "copy", "expected"),
    [
        pytest.param("He said, “No way.”", 'He said, "No way."', [KEPT], id="straight marks"),
        pytest.param(
            '"Car was a rocket," he says, "right up until it wasn\'t."',
            '"Car was a rocket," he said, "right up until it wasn\'t."',
            [KEPT, KEPT],
            id="split",
        ),
        pytest.param(
            "He said, “No way. We are broke.”", '"No way," he said. "We are broke."', [KEPT], id="split in the copy"
        ),
        pytest.param("He said, “We are broke now.”", "He said they were broke.", [OMITTED], id="lost"),
        pytest.param("He said, “We are broke now.”", 'He said, "We were broke now."', [ALTERED], id="a word changed"),
        pytest.param("He said they were broke.", 'He said, "They were broke then."', [UNSUPPORTED], id="invented"),
    ],
)
def test_quotations_are_matched_word_for_word(source: str, copy: str, expected: list[Verdict]) -> None:
    facts = match_quotations(source, copy)
    assert [(fact.kind, fact.verdict) for fact in facts] == [(FactKind.QUOTATION, verdict) for verdict in expected]


def verdicts(source: str, copy: str) -> list[Verdict]:
    return [fact.verdict for fact in match_quotations(source, copy)]


def test_a_word_that_is_only_explained_may_go() -> None:
    assert verdicts('"Suing" is when grown-ups argue.', "She sued.") == []


def test_a_quoted_word_that_is_not_explained_may_not_go() -> None:
    assert verdicts('The strike was "surgical" on Monday.', "There was a strike on Monday.") == [Verdict.OMITTED]


def test_the_title_of_a_work_may_be_put_in_marks() -> None:
    assert verdicts("She won for Harbor Lights.", 'She won for "Harbor Lights."') == []
    assert verdicts("She won for Harbor Lights.", 'She won for "Harbor Nights."') == [Verdict.UNSUPPORTED]


def test_a_few_words_may_lose_their_marks_where_they_stand_in_the_copy() -> None:
    source = 'The forecast was "up to 14 inches" for the city.'
    assert verdicts(source, "Up to 14 inches had been forecast for the city.") == []
    assert verdicts(source, "Much snow had been forecast for the city.") == [OMITTED]


def test_words_inside_other_words_are_not_those_that_were_marked() -> None:
    assert verdicts('It was "art" to her.', "It was a party to her.") == [OMITTED]


def figures(source: str, copy: str) -> list[Verdict]:
    facts = match_mentions(
        source,
        copy,
        find_numerals(source),
        find_numerals(copy),
        same=same_amount,
        is_told_by=lambda gone, new, beside: gone.value + new.value in {other.value for other in beside},
    )
    return [fact.verdict for fact in facts]


@pytest.mark.parametrize(
    ("source", "copy", "expected"),
    [
        pytest.param("33 of 40 crates", "all but 7 of 40 crates", [KEPT, KEPT], id="told by another"),
        pytest.param("33 of 40 crates", "all but 8 of 40 crates", [KEPT, ALTERED], id="told by no other"),
        pytest.param("She and he left.", "The two left.", [], id="a pronoun"),
        pytest.param("Three left.", "The two left.", [OMITTED], id="a pronoun for another number"),
        pytest.param("Banned for a week.", "Banned for a month.", [ALTERED], id="a single week and a single month"),
        pytest.param("Banned for a week.", "Banned.", [], id="a single week that nobody misses"),
        pytest.param("Model A1263 burns.", "Model A1236 burns.", [ALTERED], id="the number of a model"),
    ],
)
def test_figures_are_matched_by_what_they_say(source: str, copy: str, expected: list[Verdict]) -> None:
    assert figures(source, copy) == expected
