from __future__ import annotations

import pytest

from service.facts import Verdict
from service.numerals import find_numerals, same_amount
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
