from __future__ import annotations

from service.linting import lint


def test_spans_count_in_the_whole_article() -> None:
    text = "Ferry sinks off Malta\n\nThe board met. It isn't sold.\r\n\r\n- We can't say"
    assert [(finding.rule, finding.span.of(text)) for finding in lint(text)] == [
        ("W10", "isn't"),
        ("W10", "We"),
        ("W10", "can't"),
    ]


def test_a_headline_keeps_rules_of_its_own() -> None:
    text = "US ferry sinks off Malta!\n\nThe board met on Monday."
    assert [(finding.rule, finding.span.of(text)) for finding in lint(text)] == [("W15", "!")]
