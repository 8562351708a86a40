from __future__ import annotations

from service.alignment import counterpart, sentences_of
from service.annotation import Annotator


def test_a_sentence_finds_what_speaks_of_the_same_though_it_was_split(annotator: Annotator) -> None:
    source, copy = annotator.annotate(
        [
            "The harbor board sold the ferry on Monday and fired its captain.",
            "Rain fell. The harbor board sold the ferry on Monday. It fired the captain.",
        ]
    )
    (sentence,) = sentences_of(source)
    found = counterpart(sentence, sentences_of(copy))
    assert [other.span.of(copy.text) for other in found.sentences] == [
        "The harbor board sold the ferry on Monday.",
        "It fired the captain.",
    ]
    assert found.cover == 1.0


def test_a_sentence_without_a_counterpart_has_none(annotator: Annotator) -> None:
    source, copy = annotator.annotate(["The harbor board sold the ferry.", "Rain fell in the hills."])
    (sentence,) = sentences_of(source)
    assert counterpart(sentence, sentences_of(copy)).sentences == ()
