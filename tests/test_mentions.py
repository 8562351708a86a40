from __future__ import annotations

from service.figures import find_numerals
from service.mentions import Mentions
from service.numerals import same_amount


def test_a_mention_is_found_by_what_it_says_until_it_is_taken_out() -> None:
    five, dollars, million = find_numerals("5 hats, five hats for $2M")
    (stated,) = find_numerals("5 hats")
    told = Mentions([five, dollars, million])
    assert told.find(stated, 0.0, same_amount) == 0
    told.discard(0)
    assert (told.find(stated, 0.0, same_amount), told.rest()) == (1, [1, 2])
    told.discard(1)
    assert told.find(stated, 0.0, same_amount) is None


def test_of_a_thousand_equal_mentions_each_is_found_once() -> None:
    many = find_numerals("7 hats. " * 1_000)
    told = Mentions(many)
    found = []
    for number, mention in enumerate(many):
        partner = told.find(mention, number / len(many), same_amount)
        assert partner is not None
        told.discard(partner)
        found.append(partner)
    assert (sorted(found), told.rest()) == (list(range(1_000)), [])
