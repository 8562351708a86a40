from __future__ import annotations

import pytest

from service.facts import Verdict
from service.figures import find_numerals
from service.numerals import same_amount
from service.swaps import flag_swaps


@pytest.mark.parametrize(
    ("copy", "verdict"),
    [
        pytest.param("Paris had 12 fires and Lyon had 30 floods.", Verdict.KEPT, id="as filed"),
        pytest.param("Paris had 30 fires and Lyon had 12 floods.", Verdict.ALTERED, id="swapped"),
    ],
)
def test_two_figures_that_changed_places_are_altered(copy: str, verdict: Verdict) -> None:
    source = "Paris had 12 fires and Lyon had 30 floods."
    stated, rewritten = find_numerals(source), sorted(find_numerals(copy), key=lambda numeral: numeral.value)
    facts = flag_swaps(source, copy, list(zip(stated, rewritten, strict=True)), same_amount)
    assert [fact.verdict for fact in facts] == [verdict, verdict]


def verdicts(source: str, copy: str) -> set[Verdict]:
    stated, rewritten = find_numerals(source), sorted(find_numerals(copy), key=lambda numeral: numeral.value)
    pairs = list(zip(sorted(stated, key=lambda numeral: numeral.value), rewritten, strict=True))
    return {
        fact.verdict for fact in flag_swaps(source, copy, sorted(pairs, key=lambda pair: pair[0].span), same_amount)
    }


def test_figures_told_in_another_order_with_their_own_words_are_kept() -> None:
    source = "Anglers say 4,000 trout died, and the agency counted 1,150 upstream."
    assert verdicts(source, "The agency counted 1,150 upstream, though 4,000 trout died, anglers say.") == {
        Verdict.KEPT
    }


def test_words_that_stand_beside_any_figure_prove_no_swap() -> None:
    source = "It was 90 for that one and then 60 for them."
    assert verdicts(source, "Then 60 was for that one, for them 90.") == {Verdict.KEPT}


@pytest.mark.parametrize(
    ("source", "copy", "verdict"),
    [
        pytest.param(
            "The bar shrinks from 60g to 55g at that price.",
            "At that price the bar weighs 55 grams instead of 60.",
            Verdict.KEPT,
            id="what was, in other words",
        ),
        pytest.param(
            "The bar shrinks from 60g to 55g at that price.",
            "The bar grows from 55g to 60g at that price.",
            Verdict.ALTERED,
            id="what was and what is",
        ),
        pytest.param(
            "Doors open at 6, not 7.", "Doors open at 7, not 6.", Verdict.ALTERED, id="what is and what is not"
        ),
        pytest.param(
            "He trailed 0-2 at the break.", "Down 2-0 at the break, he left.", Verdict.KEPT, id="the ends of a score"
        ),
        pytest.param(
            "Errors were found in figures 2, 5 and 9.",
            "In figures 9, 5 and 2 errors were found.",
            Verdict.KEPT,
            id="a list in another order",
        ),
        pytest.param(
            "She fed 30 of them, ten Danes, twenty Poles.",
            "Of the 30 she fed, 20 were Poles and 10 Danes.",
            Verdict.KEPT,
            id="each with its own word",
        ),
    ],
)
def test_figures_have_changed_places_where_the_words_next_to_them_say_so(
    source: str, copy: str, verdict: Verdict
) -> None:
    assert verdicts(source, copy) == {verdict}
