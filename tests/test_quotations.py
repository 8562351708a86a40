import json
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.quotations import (
    MaskedText,
    MaskError,
    Quotation,
    find_quotations,
    is_constructed,
    mask_quotations,
    real_quotations,
)

PAIRS = Path(__file__).parents[1] / "training" / "data" / "pairs.jsonl"
MARKS = st.sampled_from(['"', "“", "”", "„", "«", "»", "‘", "’", "'", '6"', '."', ',"', "?”", '"[1]"', '"[2]'])
WORDS = st.sampled_from(["he", " ", " said ", "U.S.", "was like ", "...", "\n", "\n\n", "(", ")", "—", "no", "He "])
TEXTS = st.one_of(st.text(), st.lists(MARKS | WORDS, max_size=40).map("".join))


def quoted_in(text: str) -> list[str]:
    return [quotation.inner.of(text) for quotation in find_quotations(text)]


def constructed_in(text: str) -> list[str]:
    return [quotation.inner.of(text) for quotation in find_quotations(text) if is_constructed(text, quotation)]


def mask(text: str) -> MaskedText:
    return mask_quotations(text, real_quotations(text))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param('He said, "No way," twice.', ["No way"], id="straight"),
        pytest.param("He said, “No way.”", ["No way"], id="typographic"),
        pytest.param('“mixed" and "mixed”', ["mixed", "mixed"], id="mixed"),
        pytest.param("«Non», „nein“, „nee”, »nein«", ["Non", "nein", "nee", "nein"], id="other countries"),
        pytest.param("She said: “‘Go home,’ he told me.”", ["‘Go home,’ he told me"], id="single inside double"),
        pytest.param("‘He told me “no” twice,’ she said.", ["He told me “no” twice"], id="double inside single"),
        pytest.param("“He told me “no” twice,” she said.", ["He told me “no” twice"], id="double inside double"),
        pytest.param("'Pay us,' says boss of nurses' union", ["Pay us"], id="headline"),
        pytest.param("The sign read 'Workers' Rights Now' today", ["Workers' Rights Now"], id="plural inside single"),
        pytest.param("rock 'n' roll for 'em, y'all, since '08, goin' 'round the players' bus", [], id="apostrophes"),
        pytest.param('a 65" TV, a 6 " pipe and a 5\'11" man', [], id="inches"),
        pytest.param(
            '"We sold a 65" TV," he said. "It was big."', ['We sold a 65" TV', "It was big"], id="inches inside"
        ),
        pytest.param('"I am 39," he said. "I am 40" too', ["I am 39", "I am 40"], id="figure before the mark"),
        pytest.param('he said,"No."and "yes"—"yes"', ["No", "yes", "yes"], id="spaces missing"),
        pytest.param('("No," he said) *"Yes"* _“so”_', ["No", "Yes", "so"], id="brackets and Markdown"),
        pytest.param("He said “no way and left. Then she said “fine.”", ["fine"], id="slip of a mark"),
        pytest.param('He left" and said "no"', ["no"], id="closing mark alone"),
        pytest.param("“First.\n\n“Second,” he said.", ["First", "Second"], id="over two paragraphs"),
        pytest.param('"First.\n"Second," he said.', ["First", "Second"], id="over two lines"),
        pytest.param('He said "one\nand two" then', ["one\nand two"], id="wrapped"),
        pytest.param(
            'He said "it is the U.S." and "I ..." and "why?"', ["it is the U.S.", "I ...", "why?"], id="own stops"
        ),
        pytest.param('"" and " " and “”', [], id="nothing inside"),
        pytest.param('"', [], id="a mark alone"),
        pytest.param("", [], id="empty"),
    ],
)
def test_quotations_are_found(text: str, expected: list[str]) -> None:
    assert quoted_in(text) == expected


@given(TEXTS)
@settings(max_examples=500, deadline=None)
def test_quotations_are_in_order_apart_and_hold_words(text: str) -> None:
    position = 0
    for quotation in find_quotations(text):
        assert position <= quotation.outer.start < quotation.inner.start < quotation.inner.end <= quotation.outer.end
        position = quotation.outer.end


@pytest.mark.parametrize(
    "text",
    [
        pytest.param('The mayor was like, "nope," and left.', id="was like"),
        pytest.param('hes like "nope"', id="no apostrophe"),
        pytest.param("the cheese ppl r like 'nope'", id="texting"),
        pytest.param("Russia was all, “nope”", id="was all"),
        pytest.param("And he goes, “nope”", id="goes"),
        pytest.param('The boss went "nope." So.', id="went"),
        pytest.param("They’re basically saying, “nope”", id="basically"),
        pytest.param("It is basically a pact that says, “nope”", id="basically, at a distance"),
        pytest.param("The vibe was “nope”", id="vibe"),
        pytest.param('She said something like "nope"', id="something like"),
        pytest.param('He said, and I am paraphrasing, "nope"', id="paraphrase"),
        pytest.param('Obligatory "nope"', id="obligatory"),
        pytest.param('For everyone saying "nope": it is so', id="nobody in particular"),
    ],
)
def test_constructed_dialogue_is_told_from_quotations(text: str) -> None:
    assert constructed_in(text) == ["nope"]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param('He called it a "mess."', id="scare quote, attributed"),
        pytest.param('He was like a father, "a rock," she said.', id="attributed after"),
        pytest.param('Basically over, he told reporters, calling it "a mess"', id="called"),
        pytest.param("He was basically like, the contract says “no” in bold", id="speaker of its own"),
        pytest.param('The firm is going "carbon neutral"', id="a way to go"),
        pytest.param('It was like "Groundhog Day" there', id="comparison"),
        pytest.param('They like "The Wire"', id="the verb"),
        pytest.param('He was like, no. The mayor said "yes"', id="sentence before"),
    ],
)
def test_real_quotations_are_told_from_constructed_dialogue(text: str) -> None:
    assert constructed_in(text) == []


def test_what_holds_for_the_first_holds_for_those_joined_to_it() -> None:
    assert constructed_in('She was like "no," "never" and "go away"') == ["no", "never", "go away"]


def comparable(words: str) -> str:
    words = re.sub(r"[“”]", '"', re.sub(r"[’‘]", "'", words))
    return " ".join(words.split()).strip(" ,.").casefold()


def test_constructed_dialogue_is_judged_as_the_references_judge_it() -> None:
    verdicts: list[tuple[bool, bool]] = []
    for line in PAIRS.read_text(encoding="utf-8").splitlines():
        casual, wire = json.loads(line)["casual"], json.loads(line)["wire"]
        kept = [comparable(words) for words in quoted_in(wire)]
        for quotation in find_quotations(casual):
            gone = not any(comparable(quotation.inner.of(casual)) in words for words in kept)
            verdicts.append((is_constructed(casual, quotation), gone))
    precision = verdicts.count((True, True)) / sum(found for found, _ in verdicts)
    recall = verdicts.count((True, True)) / sum(gone for _, gone in verdicts)
    assert precision >= 0.98
    assert recall >= 0.84


@pytest.mark.parametrize(
    ("text", "masked", "rewrite", "restored"),
    [
        pytest.param(
            "It was “a mess,” he said.", 'It was "[1]," he said.', '"[1]," he said.', '"a mess," he said.', id="comma"
        ),
        pytest.param('He said "no."', 'He said "[1]."', '"[1]," he said.', '"no," he said.', id="stop becomes comma"),
        pytest.param('He said "no" now', 'He said "[1]" now', 'He said "[1]."', 'He said "no."', id="stop is added"),
        pytest.param(
            'He said "why?"', 'He said "[1]"', '"[1]," he said.', '"why?" he said.', id="comma after a question"
        ),
        pytest.param('In "the U.S."', 'In "[1]"', 'In "[1]."', 'In "the U.S."', id="stop after a stop"),
        pytest.param('In "the U.S."', 'In "[1]"', '"[1]," so.', '"the U.S.," so.', id="comma after a stop"),
        pytest.param("“a “b” c” ok", '"[1]" ok', 'Ok "[1]."', "Ok \"a 'b' c.\"", id="marks inside become single"),
        pytest.param('"a\nb" ok', '"[1]" ok', '"[1]" ok', '"a b" ok', id="wrapped"),
        pytest.param("“a. b", '"[1]"', '"[1]."', '"a. b."', id="never closed"),
        pytest.param('"a" and "b"', '"[1]" and "[2]"', '"[2]" and "[1]"', '"b" and "a"', id="other order"),
        pytest.param('"[1]" and "b"', '"[1]" and "[2]"', '"[1]", "[2]"', '"[1]", "b"', id="mask as typed text"),
        pytest.param(
            'He was like "[1]" and said "b"',
            'He was like "[1]" and said "[2]"',
            'He said "[2]."',
            'He said "b."',
            id="mask typed where nothing is masked",
        ),
    ],
)
def test_quotations_go_through_a_rewrite(text: str, masked: str, rewrite: str, restored: str) -> None:
    found = mask(text)
    assert (found.text, found.restore(rewrite)) == (masked, restored)


@given(TEXTS)
@settings(max_examples=500, deadline=None)
def test_the_words_of_every_quotation_come_back(text: str) -> None:
    quotations: tuple[Quotation, ...] = real_quotations(text)
    found = mask_quotations(text, quotations)
    restored = re.sub(r"\W", "", found.restore(found.text))
    assert restored == re.sub(r"\W", "", text)


@pytest.mark.parametrize(
    "rewrite",
    [
        pytest.param('He said "[1]."', id="lost"),
        pytest.param('"[1]," "[2]," "[1]."', id="doubled"),
        pytest.param('"[1]," "[2]," "[3]."', id="invented"),
        pytest.param("[1] and [2]", id="marks lost"),
        pytest.param("", id="nothing"),
    ],
)
def test_a_rewrite_that_mishandles_a_mask_is_refused(rewrite: str) -> None:
    with pytest.raises(MaskError, match=r"expected each of the masks \[1, 2\] once"):
        mask('"a" and "b"').restore(rewrite)


@pytest.mark.parametrize(
    ("text", "count"),
    [
        pytest.param('"' * 200_000, 0, id="marks"),
        pytest.param("'a " * 50_000, 0, id="open single marks"),
        pytest.param("“a " * 50_000, 1, id="open marks"),
        pytest.param('5"' * 50_000, 0, id="inches"),
        pytest.param("\n" * 200_000, 0, id="line ends"),
        pytest.param('"a" ' * 20_000, 20_000, id="quotations"),
    ],
)
def test_odd_text_of_any_length_is_read(text: str, count: int) -> None:
    assert len(find_quotations(text)) == count
