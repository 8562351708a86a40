from __future__ import annotations

import pytest

from service.phrasebook import offered_rewordings
from service.rewordings import reword


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        ("Hot take: the bill passed.", "The bill passed."),
        ("The bill, mark my words, will pass.", "The bill will pass."),
        ("The bill will pass, mark my words.", "The bill will pass."),
        ("It passed. Mark my words. He left.", "It passed. He left."),
        ("Honestly, he left.", "He left."),
        ("The price – lol – is up.", "The price is up."),
        ("When it passed lol, he left.", "When it passed, he left."),
        ("It is a totally unfair tax.", "It is an unfair tax."),
    ],
)
def test_chat_may_go_with_the_marks_that_set_it_off(text: str, cut: str) -> None:
    assert cut in [reword(text, [one]) for one in offered_rewordings(text)]
