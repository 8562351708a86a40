from __future__ import annotations

from service.annotation import Annotator
from service.spans import Span


def test_every_word_stands_where_it_says(annotator: Annotator) -> None:
    text = "Putin’s  aides\u00a0met in “Kyiv” 🙂 on Monday."
    (annotated,) = annotator.annotate([text])
    assert [word.span.of(text) for word in annotated.words] == [word.text for word in annotated.words]


def test_a_long_text_is_read_in_pieces_and_its_spans_hold(annotator: Annotator) -> None:
    text = "The council of Leeds met on Monday and raised fares by 3%.\n" * 120
    (annotated,) = annotator.annotate([text])
    assert [word.span.of(text) for word in annotated.words] == [word.text for word in annotated.words]
    assert sum(word.text == "Leeds" for word in annotated.words) == 120


def test_words_in_a_span_are_those_that_begin_in_it(annotator: Annotator) -> None:
    (annotated,) = annotator.annotate(["The council met on Monday."])
    assert [word.text for word in annotated.words_in(Span(4, 15))] == ["council", "met"]


def test_long_runs_of_marks_have_no_words(annotator: Annotator) -> None:
    text = "Rain" + '"' * 3_000 + " fell."
    (annotated,) = annotator.annotate([text])
    assert [word.span.of(text) for word in annotated.words] == ["Rain", "fell", "."]
