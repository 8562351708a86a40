import json
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.article import BlockKind, parse_article

ARTICLES = Path(__file__).parents[1] / "training" / "data" / "articles.jsonl"
HEADLINE, HEADING, PARAGRAPH, ITEM = BlockKind

WORDS = st.sampled_from(
    ["The mayor left.", "Fire", "“no”", "😂", "KYIV (AP) — x", "By Jane Roe", "12. So", "\u2028", "\ufeff"]
)
MARKS = st.sampled_from(
    ["- a", "1. b", "  - c", "> q", "# H", "## h ##", "**b**", "***", "---", "===", "```", "|a|b|", "|-|-|"]
)
SPACE = st.sampled_from([" ", "\t", "\n", "\r\n", "\r", "\n\n", "\u00a0"])
PIECES = WORDS | MARKS | SPACE
TEXTS = st.one_of(st.text(), st.lists(PIECES).map("".join), st.lists(PIECES).map("\n".join))

WRAPPED = """The council voted on Monday to close the pool on Mill
Road, which has leaked for more than ten years and is
going to be filled in."""
WRAPPED_AT_A_DATE = """Police said that the fire burned through the night of June
12. Then the rain came over the hills from the west and it
went out."""


def blocks_of(text: str) -> list[tuple[BlockKind, str]]:
    return [(block.kind, block.span.of(text)) for block in parse_article(text).blocks]


def render_without(text: str, *dropped: int) -> str:
    article = parse_article(text)
    words = [block.span.of(text) for block in article.blocks]
    return article.render(tuple("" if number in dropped else word for number, word in enumerate(words)))


@given(TEXTS)
@settings(max_examples=500, deadline=None)
def test_the_blocks_own_words_give_back_the_article(text: str) -> None:
    article = parse_article(text)
    assert article.render(tuple(block.span.of(text) for block in article.blocks)) == text


@given(TEXTS)
@settings(max_examples=300, deadline=None)
def test_blocks_are_in_order_apart_and_not_blank(text: str) -> None:
    spans = [block.span for block in parse_article(text).blocks]
    assert spans == sorted(spans)
    assert not any(first.overlaps(second) for first, second in pairwise(spans))
    assert all(span.of(text).strip() for span in spans)


@given(TEXTS, st.data())
@settings(max_examples=300, deadline=None)
def test_blocks_that_are_kept_keep_their_words_when_others_vanish(text: str, data: st.DataObject) -> None:
    article = parse_article(text)
    copies = tuple(f"<{number}>" * data.draw(st.booleans()) for number in range(len(article.blocks)))
    rendered = article.render(copies)
    positions = [rendered.index(copy) for copy in copies if copy]
    assert positions == sorted(positions)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("", [], id="empty"),
        pytest.param(" \n\t\n", [], id="blank"),
        pytest.param("Mayor quits", [(PARAGRAPH, "Mayor quits")], id="one line alone"),
        pytest.param(
            "Mayor quits\n\nHe left.\n\nWhat is next\n\nNobody knows.",
            [
                (HEADLINE, "Mayor quits"),
                (PARAGRAPH, "He left."),
                (HEADING, "What is next"),
                (PARAGRAPH, "Nobody knows."),
            ],
            id="plain text",
        ),
        pytest.param(
            "Mayor quits\r\n\r\nHe left.\r\n",
            [(HEADLINE, "Mayor quits"), (PARAGRAPH, "He left.")],
            id="Windows line ends",
        ),
        pytest.param(
            "Mayor quits\r\rHe left.", [(HEADLINE, "Mayor quits"), (PARAGRAPH, "He left.")], id="old Mac line ends"
        ),
        pytest.param("\ufeffMayor quits\n\nHe left.", [(HEADLINE, "Mayor quits"), (PARAGRAPH, "He left.")], id="BOM"),
        pytest.param(
            "Will he quit?\n\nHe may.", [(HEADLINE, "Will he quit?"), (PARAGRAPH, "He may.")], id="asking headline"
        ),
        pytest.param(
            "Budget passes at 2 a.m.\n\nIt did.",
            [(HEADLINE, "Budget passes at 2 a.m."), (PARAGRAPH, "It did.")],
            id="headline that ends in an abbreviation",
        ),
        pytest.param("He left.\n\nxoxo", [(PARAGRAPH, "He left."), (PARAGRAPH, "xoxo")], id="last line heads nothing"),
        pytest.param(
            "# Big\n\n## Small ##\n\nText.", [(HEADLINE, "Big"), (HEADING, "Small"), (PARAGRAPH, "Text.")], id="hashes"
        ),
        pytest.param(
            "Big\n===\n\nsmall one\n---\nText.",
            [(HEADLINE, "Big"), (HEADING, "small one"), (PARAGRAPH, "Text.")],
            id="underlined headings",
        ),
        pytest.param(
            "He left.\n\n**Next**\n\nText with **bold** in it.",
            [(PARAGRAPH, "He left."), (HEADING, "Next"), (PARAGRAPH, "Text with **bold** in it.")],
            id="bold",
        ),
        pytest.param(
            "**One** and **two**", [(PARAGRAPH, "**One** and **two**")], id="bold at both ends is no bold line"
        ),
        pytest.param(
            "- one\n  - two\n* three\n• four\n1. five\n(2) six\na) seven\n- [x] eight",
            [(ITEM, word) for word in ("one", "two", "three", "four", "five", "six", "seven", "eight")],
            id="bullets",
        ),
        pytest.param(
            "- one goes\n  on here\n- two", [(ITEM, "one goes\n  on here"), (ITEM, "two")], id="item that goes on"
        ),
        pytest.param(
            "1. What burned\n\nThe barn.\n\n2. Who lit it\n\nNobody.",
            [(HEADING, "What burned"), (PARAGRAPH, "The barn."), (HEADING, "Who lit it"), (PARAGRAPH, "Nobody.")],
            id="numbered headings",
        ),
        pytest.param(
            "1. One\n\n2. Two\n\nText.", [(ITEM, "One"), (ITEM, "Two"), (PARAGRAPH, "Text.")], id="loose list"
        ),
        pytest.param(WRAPPED_AT_A_DATE, [(PARAGRAPH, WRAPPED_AT_A_DATE)], id="wrapped line that starts like an item"),
        pytest.param(WRAPPED, [(PARAGRAPH, WRAPPED)], id="hard-wrapped"),
        pytest.param("Pool shuts\n" + WRAPPED, [(HEADLINE, "Pool shuts"), (PARAGRAPH, WRAPPED)], id="headline on top"),
        pytest.param(
            "It rained.\nIt poured.", [(PARAGRAPH, "It rained."), (PARAGRAPH, "It poured.")], id="line by line"
        ),
        pytest.param(
            "Pool shuts\n\nBy Jane Roe, Staff Writer\nUpdated: Jan. 5, 2024\n\nKYIV, Ukraine (AP) — It is shut.\n\n"
            "LONDON – It is.\n\nBREAKING — It was.",
            [
                (HEADLINE, "Pool shuts"),
                (PARAGRAPH, "It is shut."),
                (PARAGRAPH, "It is."),
                (PARAGRAPH, "BREAKING — It was."),
            ],
            id="bylines and datelines are layout, shouts are not",
        ),
        pytest.param(
            "He left.\n\n> quoted\n> words\n\nSo.", [(PARAGRAPH, "He left."), (PARAGRAPH, "So.")], id="block quote"
        ),
        pytest.param("> He left.\n>\n> So.", [(PARAGRAPH, "He left."), (PARAGRAPH, "So.")], id="all of it quoted"),
        pytest.param(
            "One.\n\n```\ncode. here\n```\n\nTwo.", [(PARAGRAPH, "One."), (PARAGRAPH, "Two.")], id="fenced code"
        ),
        pytest.param(
            "```\nOne.\n\nTwo.", [(PARAGRAPH, "```"), (PARAGRAPH, "One."), (PARAGRAPH, "Two.")], id="open fence"
        ),
        pytest.param(
            "One.\n\n| a | b |\n|---|:-:|\n| 1 | 2 |\n\na | b\n--|--\n1 | 2\n\nTwo.",
            [(PARAGRAPH, "One."), (PARAGRAPH, "Two.")],
            id="tables",
        ),
        pytest.param(
            "---\ntitle: x\n---\nOne.\n\n![map](m.png)\n<br>\nhttps://example.com/a\n[1]: https://example.com\n***\nTwo.",
            [(PARAGRAPH, "One."), (PARAGRAPH, "Two.")],
            id="front matter, picture, HTML, addresses, rule",
        ),
        pytest.param("“Well…”\u00a0he said. 😂", [(PARAGRAPH, "“Well…”\u00a0he said. 😂")], id="typographic"),
    ],
)
def test_an_article_falls_into_its_blocks(text: str, expected: list[tuple[BlockKind, str]]) -> None:
    assert blocks_of(text) == expected


@pytest.mark.parametrize("side", ["casual", "wire"])
def test_blocks_labelled_by_hand_are_found_again(side: str) -> None:
    rows = [json.loads(line) for line in ARTICLES.read_text(encoding="utf-8").splitlines()]
    articles = [[block for block in row["blocks"] if block[side]] for row in rows]
    texts = ["\n\n".join("- " * (b["kind"] == "list_item") + b[side] for b in blocks) for blocks in articles]
    found = [[block.kind.value for block in parse_article(text).blocks] for text in texts]
    assert found == [[block["kind"] for block in blocks] for blocks in articles]


@pytest.mark.parametrize(
    ("text", "dropped", "expected"),
    [
        pytest.param("A b\n\nChat.\n\nC.", 1, "A b\n\nC.", id="paragraph"),
        pytest.param("Chat\n\nB.\n\nC.", 0, "B.\n\nC.", id="first"),
        pytest.param("A.\n\nB.\n\nChat.\n", 2, "A.\n\nB.\n", id="last"),
        pytest.param("A.\nChat.\nB.", 1, "A.\nB.", id="line between lines"),
        pytest.param("A.\nChat.\n\nB.", 1, "A.\n\nB.", id="last line before a blank one"),
        pytest.param("A.\r\n\r\nChat.\r\n\r\nB.", 1, "A.\r\n\r\nB.", id="Windows line ends"),
        pytest.param("A.\r\rChat.\r\rB.", 1, "A.\r\rB.", id="old Mac line ends"),
        pytest.param("- a\n- chat\n- b", 1, "- a\n- b", id="bullet"),
        pytest.param("A.\n\n**Chat**\n\nB.", 1, "A.\n\nB.", id="bold marks"),
        pytest.param("A.\n\n## Chat ##\n\nB.", 1, "A.\n\nB.", id="closing hashes"),
        pytest.param("A.\n\nChat\n----\n\nB.", 1, "A.\n\nB.", id="underline"),
        pytest.param("A.\n\n```\nx\n```\n\nChat.\n\nB.", 1, "A.\n\n```\nx\n```\n\nB.", id="code before it stays"),
        pytest.param("A.\n\nChat.\n\n***\n\nB.", 1, "A.\n\n***\n\nB.", id="rule after it stays"),
        pytest.param("A.\n\nKYIV (AP) — Chat.\n\nB.", 1, "A.\n\nB.", id="dateline"),
        pytest.param("Chat.", 0, "", id="all there is"),
    ],
)
def test_a_block_without_copy_vanishes_with_its_lines(text: str, dropped: int, expected: str) -> None:
    assert render_without(text, dropped) == expected


def test_neighbours_without_copy_leave_one_blank_line() -> None:
    assert render_without("A.\n\nChat.\n\nMore.\n\nB.", 1, 2) == "A.\n\nB."


def test_a_copy_for_each_block_is_needed() -> None:
    with pytest.raises(ValueError, match="shorter"):
        parse_article("A.\n\nB.").render(("A.",))


@pytest.mark.parametrize(
    ("text", "count"),
    [
        pytest.param(" " * 300_000 + "x", 1, id="spaces"),
        pytest.param("# a" + " " * 300_000 + "b", 1, id="spaces in a heading"),
        pytest.param("#" * 300_000, 0, id="hashes"),
        pytest.param('"' * 300_000, 1, id="quotation marks"),
        pytest.param("**a" + " " * 300_000 + "**x", 1, id="open bold"),
        pytest.param("a|\n|" + " " * 300_000 + "|x", 2, id="almost a table"),
        pytest.param("By A" + " " * 300_000 + "b", 1, id="almost a byline"),
        pytest.param("- " * 100_000 + "a", 1, id="bullets"),
        pytest.param("```a\n" * 50_000, 50_000, id="open fences"),
        pytest.param("a\n\n" * 50_000, 50_000, id="short paragraphs"),
    ],
)
def test_odd_text_of_any_length_is_parsed(text: str, count: int) -> None:
    # A step of the parser that were not linear would not come back from these.
    assert len(parse_article(text).blocks) == count
