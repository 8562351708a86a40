from __future__ import annotations

import pytest

from service.brief import Brief, Mode
from service.errors import TermsError, UnknownStyleError
from service.house_style import house_style
from service.terms import Terms


def test_brief_asks_for_a_rewrite_in_the_default_style_unless_told_otherwise() -> None:
    assert Brief.of() == Brief(style=house_style("ap"), mode=Mode.REWRITE, terms=Terms())


def test_brief_that_cannot_be_met_is_refused() -> None:
    with pytest.raises(UnknownStyleError):
        Brief.of(style="tabloid")
    with pytest.raises(TermsError):
        Brief.of(protected=[""])


def test_drafts_are_not_blamed_for_what_is_put_right_at_the_end() -> None:
    assert Brief.of(style="bbc").for_drafts.style.rules == ()
    assert Brief.of(style="ap").for_drafts == Brief.of(style="ap")
