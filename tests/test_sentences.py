import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.sentences import split_passages, split_sentences

PAIRS = Path(__file__).parents[1] / "training" / "data" / "pairs.jsonl"
PIECES = st.sampled_from(
    [
        "He left. ",
        "Gov. ",
        "4 a.m. ",
        "U.S. ",
        '"No. ',
        'No." ',
        "“Yes!” ",
        "'cause ",
        "... ",
        "… ",
        "\n",
        "\n\n",
        "\r\n",
    ]
).flatmap(lambda piece: st.sampled_from([piece, "No. 5 ", "(He did.) ", "ok ", "😂 ", "St. ", "Lee", "\u2028"]))
TEXTS = st.one_of(st.text(), st.lists(PIECES).map("".join))


def sentences_of(text: str) -> list[str]:
    return [span.of(text) for span in split_sentences(text)]


def count_words(text: str) -> int:
    return len(text.split())


@given(TEXTS)
@settings(max_examples=500, deadline=None)
def test_nothing_but_white_space_lies_between_sentences(text: str) -> None:
    spans = split_sentences(text)
    assert "".join("".join(span.of(text).split()) for span in spans) == "".join(text.split())
    assert list(spans) == sorted(spans)


@given(TEXTS, st.integers(1, 12))
@settings(max_examples=300, deadline=None)
def test_passages_keep_every_word_and_are_over_the_limit_only_with_one_sentence(text: str, limit: int) -> None:
    passages = split_passages(text, limit=limit, measure=count_words)
    assert "".join("".join(span.of(text).split()) for span in passages) == "".join(text.split())
    sentences = set(split_sentences(text))
    assert all(count_words(span.of(text)) <= limit or span in sentences for span in passages)


@pytest.mark.parametrize(
    "sentences",
    [
        pytest.param(["He is No. 1.", "She is the no. 2 now."], id="number sign"),
        pytest.param(["Which?-style testers came."], id="compound of a name with a mark"),
        pytest.param(["Is it shut?", "No.", "He said no.", "Five people came."], id="the word no"),
        pytest.param(
            ["Gov. J.B. Smith met Lt. Col. Ann Poe, Rep. Al Green and Mt. Airy's Dr. No.", "He left."], id="titles"
        ),
        pytest.param(["J. K. Rowling and John F. Kennedy Jr. met.", "They talked."], id="initials"),
        pytest.param(["The U.S. Army met the U.N. Security Council.", "He left the U.S. on Monday."], id="initialisms"),
        pytest.param(["He left the U.S.", "He came back."], id="initialism at the end"),
        pytest.param(["According to the B.C. Coroners Service, it was heat.", "It was hot."], id="province"),
        pytest.param(["It shut at 4 a.m. Tuesday.", "It opened at 5 p.m. Eastern, or 6 p.m. EST."], id="clock and day"),
        pytest.param(
            ["It shut at 4 a.m.", "Tuesday was calm.", "It broke at 8 p.m.", "Pike left."], id="clock at the end"
        ),
        pytest.param(
            ["On Jan. 5 it rained.", "It was Jan.", "He left in Dec.", "The snow fell on Sept. 11."], id="months"
        ),
        pytest.param(
            ["St. Louis lies on Main St. South.", "Acme Inc. said so.", "He left Acme Corp.", "It shut."],
            id="cut short",
        ),
        pytest.param(["I mean ... who knows.", "Well...", "He left."], id="three dots"),
        pytest.param(["So… what now?", "Nothing."], id="ellipsis"),
        pytest.param(['"We won. We did it," she said.', '"Yes."', "He left.", "“No.”", "“Yes.”"], id="quotations"),
        pytest.param(['"Really?" he asked.', '"Go!" they yelled.'], id="quotation that asks"),
        pytest.param(["'He's a muppet!': minister on mayor"], id="colon after a quotation"),
        pytest.param(
            ["They took 180 of 'em.", "The hunters are hoppin' mad 'cause they'd do it.", "Chet left."],
            id="apostrophes",
        ),
        pytest.param(
            ["1) In Vermont it rained.", "2) Idaho's mayor left.", "She was like, we know.", "Ok."], id="numbers"
        ),
        pytest.param(
            ["Maps cost $1 (last yr was 94!)", "They are free now.", "(He left.)", "She stayed."], id="brackets"
        ),
        pytest.param(["so the mayor quit lol.", "he was tired.", "bye"], id="all lower case"),
        pytest.param(["😂 lol.", "🚢 Ships came!"], id="emoji"),
        pytest.param(["It fell 3.5 percent.", "See example.com.", "12 people died."], id="points inside"),
    ],
)
def test_a_text_falls_into_its_sentences(sentences: list[str]) -> None:
    assert sentences_of(" ".join(sentences)) == sentences


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("", [], id="empty"),
        pytest.param(" \n ", [], id="blank"),
        pytest.param("The mayor\nof Bree left.\nHe ran.", ["The mayor\nof Bree left.", "He ran."], id="hard-wrapped"),
        pytest.param("He met Gov.\n\nSmith left", ["He met Gov.", "Smith left"], id="blank line"),
        pytest.param(
            'He said "no.\n\nShe left. He ran.', ['He said "no.', "She left.", "He ran."], id="open quotation"
        ),
    ],
)
def test_line_ends_end_no_sentence_and_blank_lines_do(text: str, expected: list[str]) -> None:
    assert sentences_of(text) == expected


def test_no_sentence_of_the_wire_pairs_starts_in_lower_case() -> None:
    texts = [json.loads(line)["wire"] for line in PAIRS.read_text(encoding="utf-8").splitlines()]
    assert [sentence for text in texts for sentence in sentences_of(text)[1:] if sentence[0].islower()] == []


def test_a_text_within_the_limit_is_one_passage() -> None:
    text = " He left. She ran. "
    assert [span.of(text) for span in split_passages(text, limit=4, measure=count_words)] == ["He left. She ran."]


def test_passages_are_about_equally_long() -> None:
    text = " ".join(["He left."] * 10)
    lengths = [count_words(span.of(text)) for span in split_passages(text, limit=14, measure=count_words)]
    assert lengths == [10, 10]


def test_a_sentence_of_5000_words_stays_whole() -> None:
    long = "and " * 4_999 + "so."
    text = f"He left. {long} She ran."
    passages = [span.of(text) for span in split_passages(text, limit=170, measure=count_words)]
    assert passages == ["He left.", long, "She ran."]


@pytest.mark.parametrize(
    ("text", "count"),
    [
        pytest.param(" " * 300_000, 0, id="spaces"),
        pytest.param("." * 300_000, 1, id="stops"),
        pytest.param("He left. " * 20_000, 20_000, id="sentences"),
        pytest.param('"He left." ' * 10_000, 10_000, id="quotations"),
        pytest.param("“a. " * 20_000, 19_999, id="open quotations"),
        pytest.param("a\n\n" * 20_000, 20_000, id="paragraphs"),
    ],
)
def test_odd_text_of_any_length_is_split(text: str, count: int) -> None:
    assert len(split_sentences(text)) == count
