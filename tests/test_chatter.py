from __future__ import annotations

from service.chatter import EMOJI, SENTENCE_START, compile_chat, find_bare_so, loud_words


def test_an_opener_is_chat_at_the_start_of_a_sentence_alone() -> None:
    opener = compile_chat("opener", SENTENCE_START, ",")
    assert [match["chat"] for match in opener.finditer("Look, it fell. Okay, it was, look, old.")] == ["Look", "Okay"]


def test_a_bare_so_leads_on_to_a_subject() -> None:
    text = "So the bridge fell. So far nobody died."
    assert [span.start for span in find_bare_so(text)] == [0]


def test_shouts_are_told_from_acronyms() -> None:
    text = "NATO did NOT agree on BANNED arms."
    assert [(span.of(text), certain) for span, certain in loud_words(text)] == [("NOT", True), ("BANNED", True)]


def test_a_family_is_one_emoji() -> None:
    assert [match[0] for match in EMOJI.finditer("a 👩‍👧 b 😢")] == ["👩‍👧", "😢"]
