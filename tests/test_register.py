from __future__ import annotations

import pytest

from service.register import wire_probability


@pytest.mark.parametrize(
    "text",
    [
        "The harbor board sold the ferry on Monday, Mayor Dev Okafor said.",
        "Nine people were injured. The cause of the fire was not known.",
    ],
)
def test_wire_copy_reads_like_wire_copy(text: str) -> None:
    assert wire_probability(text) > 0.5


@pytest.mark.parametrize(
    "text",
    [
        "So yeah, they just went and sold the thing, no joke.",
        "He's all about wiping the floor with those guys.",
        "The harbor board sold the ferry on Monday. And guess what they got for it?",
    ],
)
def test_slang_does_not(text: str) -> None:
    assert wire_probability(text) < 0.5


def test_an_empty_text_is_no_slang() -> None:
    assert wire_probability("") == 1.0
