from __future__ import annotations

from service.alignment import Counterparts, sentences_of
from service.annotation import Annotator


def test_a_sentence_finds_what_speaks_of_the_same_though_it_was_split(annotator: Annotator) -> None:
    source, copy = annotator.annotate(
        [
            "The harbor board sold the ferry on Monday and fired its captain.",
            "Rain fell. The harbor board sold the ferry on Monday. It fired the captain.",
        ]
    )
    (sentence,) = sentences_of(source)
    found = Counterparts(sentences_of(copy)).of(sentence)
    assert [other.span.of(copy.text) for other in found.sentences] == [
        "The harbor board sold the ferry on Monday.",
        "It fired the captain.",
    ]
    assert found.cover == 1.0


def test_a_sentence_without_a_counterpart_has_none(annotator: Annotator) -> None:
    source, copy = annotator.annotate(["The harbor board sold the ferry.", "Rain fell in the hills."])
    (sentence,) = sentences_of(source)
    assert Counterparts(sentences_of(copy)).of(sentence).sentences == ()


def test_of_many_sentences_that_share_a_word_those_about_as_far_are_found(annotator: Annotator) -> None:
    (many,) = annotator.annotate([" ".join(f"The ferry sank near port{number}." for number in range(400))])
    sentences = sentences_of(many)
    found = Counterparts(sentences).of(sentences[390], place=390 / 400)
    assert (found.sentences[0], found.cover, len(found.sentences) < 400) == (sentences[390], 1.0, True)
