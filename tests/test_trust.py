from __future__ import annotations

import numpy as np
import pytest

from service.generation import Following
from service.hearing import Heard, describe_change
from service.precedents import Precedents
from service.rewordings import Rewording
from service.trust import Flaws, Proposal, Trust, describe

TEXT = "The chair quit on Monday"
LEFT = Proposal(TEXT, Rewording(2, 3, (" left",)), share=0.5, listed=False)


def heard(likely: float) -> Heard:
    """What a rewriter makes of it that thinks the one word so likely that comes."""
    before, after = (
        Following((1, 2, word, 4, 0), np.array([-0.2, -0.2, each, -0.2, -0.2], np.float32), np.zeros(5, np.float32))
        for word, each in ((3, -3.0), (9, likely))
    )
    return Heard(describe_change(before, after, None))


@pytest.fixture(scope="module")
def trust() -> Trust:
    return Trust.load()


def test_a_plain_word_has_fewer_flaws_than_one_that_means_something_else(trust: Trust) -> None:
    plain, other = trust.reader.read([(TEXT, Rewording(2, 3, (word,))) for word in (" resigned", " sneezed")])
    assert plain.none > other.none
    assert plain.fact < other.fact


def test_what_spoils_the_english_is_read_as_that(trust: Trust) -> None:
    plain, spoilt = trust.reader.read([(TEXT, Rewording(2, 3, (word,))) for word in (" resigned", " resign")])
    assert plain.english < spoilt.english


def test_where_nothing_is_left_nothing_is_trusted(trust: Trust) -> None:
    (read,) = trust.reader.read_targets([("He quit.", "!")])
    assert read.none < 0.01


def test_trust_grows_with_what_the_rewriter_thinks_likelier(trust: Trust) -> None:
    worse, better = (trust.surplus(LEFT, Flaws(-2.0, -2.0), heard(each)) for each in (-6.0, -0.1))
    assert worse < better


def test_trust_falls_with_flaws(trust: Trust) -> None:
    worse, better = (trust.surplus(LEFT, flaws, None) for flaws in (Flaws(2.0, 2.0), Flaws(-4.0, -4.0)))
    assert worse < better


def test_hope_needs_no_rewriter_and_falls_with_flaws(trust: Trust) -> None:
    assert 0 < trust.hope(LEFT, Flaws(2.0, 2.0)) < trust.hope(LEFT, Flaws(-4.0, -4.0)) < 1


def test_news_that_goes_and_comes_is_counted() -> None:
    rewording = Rewording(0, 4, (" She", " resigned"))
    proposal = Proposal("Senator Ada Cole quit", rewording, share=0.5, listed=False)
    described = describe(proposal, Flaws(0.0, 0.0), None, Precedents({}, {}))
    assert (described["news_gone"], described["news_come"], described["capital_gone"]) == (4, 1, 2)
    assert (described["small_come"], described["begins"], described["length"]) == (1, 1, 4)
    assert "likelier" not in described
