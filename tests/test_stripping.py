from __future__ import annotations

import pytest

from service.editing import edit
from service.stripping import drop_chat, strip_emoji, strip_openers, strip_tags


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("So, the bridge fell.", "The bridge fell.", id="opener"),
        pytest.param("Bridges\n\nSo, the bridge fell.", "Bridges\n\nThe bridge fell.", id="opener of a paragraph"),
        pytest.param("Oh, and don't forget, the bridge fell.", "The bridge fell.", id="reminder"),
        pytest.param("Okay, so the bridge fell.", "The bridge fell.", id="two openers"),
        pytest.param("And guess what? The bridge fell!", "The bridge fell.", id="question before the news"),
        pytest.param("The bridge fell, right?", "The bridge fell.", id="tag"),
        pytest.param("The bridge fell lol", "The bridge fell.", id="tail"),
        pytest.param("The bridge, get this, fell.", "The bridge, get this, fell.", id="aside only an editor can cut"),
        pytest.param("It was, like, cold.", "It was cold.", id="aside after a verb"),
        pytest.param("The bridge fell! 😢 #sad", "The bridge fell.", id="emoji and hashtag"),
        pytest.param("Wild, right? The bridge fell. You can't make this stuff up!", "The bridge fell.", id="chat goes"),
        pytest.param("Honestly, iPhone sales fell.", "iPhone sales fell.", id="small letter of a name"),
    ],
)
def test_chat_is_stripped(text: str, expected: str) -> None:
    assert edit(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("Ouch!", id="interjection"),
        pytest.param("Hey everyone! Wild, right?", id="greeting"),
        pytest.param("😂😂", id="emoji"),
    ],
)
def test_nothing_but_chat_becomes_nothing(text: str) -> None:
    assert edit(text) == ""


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("Was it lightning? Nope.", id="answer"),
        pytest.param("Wild in Ohio.", id="name"),
        pytest.param("Crazy, 40%.", id="figure"),
        pytest.param("Maybe.", id="hedge"),
    ],
)
def test_sentence_that_may_state_a_fact_is_kept(text: str) -> None:
    assert edit(text) == text


def test_each_step_strips_its_own() -> None:
    text = "Ouch! So, the bridge fell, right? 😢"
    assert [step(text) for step in (drop_chat, strip_openers, strip_tags, strip_emoji)] == [
        "So, the bridge fell, right?",
        "The bridge fell, right? 😢",
        "Ouch! So, the bridge fell. 😢",
        "Ouch! So, the bridge fell, right?",
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("😂 " * 2_000 + "The bridge fell.", "The bridge fell.", id="emoji in front"),
        pytest.param("The bridge fell. " + "😂 " * 2_000, "The bridge fell. ", id="emoji behind"),
    ],
)
def test_thousands_of_emoji_go(text: str, expected: str) -> None:
    assert edit(text).strip() == expected.strip()
