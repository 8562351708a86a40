from __future__ import annotations

from service.spans import Span
from service.speech import indent, quoted_spans, replace_outside_quotations


def test_what_is_quoted_is_not_replaced() -> None:
    text = 'No "no," he said, no.'
    spans = [Span(0, 2), Span(4, 6), Span(18, 20)]
    assert replace_outside_quotations(text, [(span, "yes") for span in spans]) == 'yes "no," he said, yes.'


def test_single_marks_quote_and_apostrophes_do_not() -> None:
    text = "He took 'the can't-miss kid' to the Smiths' in the '90s."
    assert [span.of(text) for span in quoted_spans(text)] == ["'the can't-miss kid'"]


def test_apostrophes_that_never_close_quote_nothing() -> None:
    assert quoted_spans("Look: 'abc" + "'abc" * 40 + "\n") == ()


def test_indent_is_where_the_words_begin() -> None:
    assert [indent(text) for text in ("a", "  a", "  ")] == [0, 2, 2]
