from __future__ import annotations

import pytest

from service.dialogue import report_dialogue


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("The mayor was like, the deal is off.", "The mayor said the deal is off.", id="bare"),
        pytest.param('The mayor was like, "The deal is off."', "The mayor said the deal is off.", id="marks go"),
        pytest.param("The mayor was like, we are done.", "The mayor was like, we are done.", id="first person stays"),
        pytest.param("It was like, the best day.", "It was like, the best day.", id="comparison stays"),
        pytest.param('He was like, "I\'m out, dude!"', 'He was like, "I\'m out, dude!"', id="marked words stay"),
    ],
)
def test_constructed_dialogue_becomes_indirect_speech_only_where_no_person_changes(text: str, expected: str) -> None:
    assert report_dialogue(text) == expected
