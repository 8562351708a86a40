from __future__ import annotations

from service.layout import Chunk, find_chunks
from service.spans import Span


def chunks(text: str) -> list[tuple[list[str], str]]:
    return [([line.of(text) for line in chunk.lines], chunk.underline) for chunk in find_chunks(text)]


def test_blank_lines_rules_and_fences_part_the_lines() -> None:
    text = "One\ntwo\n\n***\nThree\n```\ncode\n```\nFour"
    assert chunks(text) == [(["One", "two"], ""), (["Three"], ""), (["Four"], "")]


def test_an_underline_belongs_to_its_line() -> None:
    assert list(find_chunks("Head\n====\nText")) == [Chunk((Span(0, 4),), "="), Chunk((Span(10, 14),))]


def test_a_rule_of_colons_and_bars_that_is_no_table_is_read_to_its_end() -> None:
    rule = "-" + "|:" * 200 + "x"
    assert chunks(f"a|b\n{rule}") == [(["a|b", rule], "")]


def test_a_byline_of_many_bars_is_read_to_its_end() -> None:
    line = "By A " + "| " * 14 + "says nobody"
    assert chunks(line) == [([line], "")]
