from __future__ import annotations

import pytest

from service.rewordings import Rewording
from service.trust import Trust, describe


@pytest.fixture(scope="module")
def trust() -> Trust:
    return Trust.load()


def test_a_well_known_change_is_trusted_more_than_an_unknown_one(trust: Trust) -> None:
    text = "The chair quit on Monday"
    known, unknown = (
        trust.probability(text, Rewording(2, 3, (word,)), faithful=0.9, share=0.5, listed=False)
        for word in (" resigned", " sneezed")
    )
    assert known > unknown


@pytest.mark.parametrize("name", ["faithful", "share"])
def test_trust_grows_with_what_speaks_for_a_change(trust: Trust, name: str) -> None:
    low, high = ({"faithful": 0.6, "share": 0.4} | {name: value} for value in (0.2, 0.9))
    text, rewording = "The chair quit on Monday", Rewording(2, 3, (" left",))
    assert trust.probability(text, rewording, listed=False, **low) < trust.probability(
        text, rewording, listed=False, **high
    )


def test_news_that_goes_and_comes_is_counted() -> None:
    described = describe(
        "Senator Ada Cole quit", Rewording(0, 4, (" She", " resigned")), {}, faithful=0.5, share=0.5, listed=False
    )
    assert (described["news_gone"], described["news_come"], described["capital_gone"]) == (4, 1, 2)
    assert (described["small_come"], described["begins"], described["length"]) == (1, 1, 4)
