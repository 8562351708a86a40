from __future__ import annotations

import pytest

from service.inflection import VerbForms, inflect, participles, plural


@pytest.mark.parametrize(
    ("phrase", "forms"),
    [
        pytest.param("slam", VerbForms("slam", "slams", "slammed", "slammed", "slamming"), id="doubled"),
        pytest.param("deny", VerbForms("deny", "denies", "denied", "denied", "denying"), id="y"),
        pytest.param(
            "cut back", VerbForms("cut back", "cuts back", "cut back", "cut back", "cutting back"), id="phrase"
        ),
        pytest.param("rise", VerbForms("rise", "rises", "rose", "risen", "rising"), id="irregular"),
    ],
)
def test_verb_is_inflected(phrase: str, forms: VerbForms) -> None:
    assert inflect(phrase) == forms


def test_noun_is_put_in_the_plural() -> None:
    assert [plural(noun) for noun in ("buddy", "boss", "policewoman")] == ["buddies", "bosses", "policewomen"]


def test_irregular_participles_are_known() -> None:
    assert {"gone", "gotten", "had"} <= participles()
