from __future__ import annotations

import pytest

from service.departures import find_departures
from service.errors import UnknownStyleError
from service.house_style import british_spelling, house_style, house_styles_sha256, known_styles


def test_styles_are_known_the_default_first() -> None:
    assert known_styles() == ("ap", "bbc", "reuters")


@pytest.mark.parametrize("name", known_styles())
def test_every_rule_says_what_it_is_and_where_it_is_from_and_is_one_that_is_followed(name: str) -> None:
    style = house_style(name)
    assert style.name == name
    assert [rule.name for rule in style.rules if not (rule.value and rule.says and rule.source)] == []
    assert find_departures("The mayor spoke.", style) == []


def test_only_the_default_is_what_the_rewriter_has_learned() -> None:
    assert [name for name in known_styles() if house_style(name).learned] == ["ap"]


def test_an_unknown_style_is_refused_with_the_known_ones() -> None:
    with pytest.raises(UnknownStyleError, match="no style 'tabloid'; known are ap, bbc, reuters"):
        house_style("tabloid")


def test_spellings_are_pairs_of_small_words_and_none_leads_on_to_another() -> None:
    pairs = british_spelling()
    assert len(pairs) > 700
    assert [word for pair in pairs.items() for word in pair if not (word.isalpha() and word.islower())] == []
    assert set(pairs) & set(pairs.values()) == set()


def test_styles_are_named_by_what_is_in_them() -> None:
    assert len(house_styles_sha256()) == 64
