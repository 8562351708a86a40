from __future__ import annotations

import gzip
import json
import random
from pathlib import Path

import pytest

from training.casualising import Casualiser, casualise, read_phrases, read_sentences

BOOK = {"arrested": frozenset({"nabbed", "collared"}), "officials": frozenset({"bigwigs"}), "very": frozenset({"dead"})}


def casualiser(book: dict[str, frozenset[str]] = BOOK, seed: int = 0) -> Casualiser:
    return Casualiser(book, random.Random(seed))


def test_casual_words_stand_for_plain_ones_and_the_sentence_is_the_target() -> None:
    (pair,) = casualise(["Police arrested two officials on Friday."], casualiser())
    assert pair.wire == "Police arrested two officials on Friday."
    assert "arrested" not in pair.casual or "officials" not in pair.casual
    assert {"nabbed", "collared", "bigwigs"} & set(pair.casual.split())


@pytest.mark.parametrize(
    "sentence",
    [
        pytest.param('The mayor said, "They arrested me."', id="in a quotation"),
        pytest.param("The band Arrested played on Friday.", id="a name"),
        pytest.param("Nothing of the kind happened.", id="no phrase"),
    ],
)
def test_quotations_names_and_what_no_phrase_fits_stay(sentence: str) -> None:
    assert casualiser().casual(sentence) is None


@pytest.mark.parametrize("seed", range(8))
def test_a_quotation_stays_word_for_word_in_a_sentence_that_is_made_casual(seed: int) -> None:
    sentence = 'Police arrested two officials. "The people are not going to leave," he said.'
    casual = casualiser(seed=seed).casual(sentence)
    assert casual is not None
    assert '"The people are not going to leave,"' in casual


def test_no_phrase_stands_for_the_same_words_for_ever() -> None:
    made = list(casualise([f"Police arrested {number} people." for number in range(20, 80)], casualiser()))
    for phrase in ("nabbed", "collared"):
        assert sum(phrase in pair.casual for pair in made) == 12


def test_the_same_chance_gives_the_same_pairs() -> None:
    sentences = [f"Police arrested {number} very tired officials." for number in range(20, 40)]
    assert list(casualise(sentences, casualiser(seed=3))) == list(casualise(sentences, casualiser(seed=3)))
    assert list(casualise(sentences, casualiser(seed=3))) != list(casualise(sentences, casualiser(seed=4)))


def test_the_books_give_casual_words_for_plain_ones_in_each_form() -> None:
    phrases = read_phrases()
    assert "nabbed" in phrases["arrested"]
    assert "nabbing" in phrases["arresting"]
    assert not any(len(plain) < 4 for plain in phrases)


def test_sentences_are_read_of_copies_and_of_news_but_none_that_is_held_back(tmp_path: Path) -> None:
    pairs = tmp_path / "pairs.jsonl"
    rows = [
        {"casual": "So they nabbed two. Wow.", "wire": "Police arrested two people. They are in jail now."},
        {"casual": "The ferry sank lol.", "wire": "The ferry sank on Friday."},
    ]
    pairs.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    assert list(read_sentences(pairs, {"The ferry sank lol."})) == [
        "Police arrested two people.",
        "They are in jail now.",
    ]
    news = tmp_path / "news.jsonl.gz"
    with gzip.open(news, "wt", encoding="utf-8") as file:
        file.write(json.dumps({"title": "A bridge", "text": "A bridge in Ulm closed. It will stay shut."}) + "\n")
    assert list(read_sentences(news)) == ["A bridge in Ulm closed.", "It will stay shut."]
    lines = tmp_path / "headlines.txt.gz"
    with gzip.open(lines, "wt", encoding="utf-8") as file:
        file.write("Bridge in Ulm closes early\nToo short\n")
    assert list(read_sentences(lines)) == ["Bridge in Ulm closes early"]
