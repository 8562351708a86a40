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
