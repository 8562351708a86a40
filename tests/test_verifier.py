import math

import pytest

from service.alignment import sentences_of
from service.annotation import Annotator
from service.verifier import ERRORS, MOST_PIECES, Reading, Text, Verifier

SOURCE = (
    "So get this: Mayor Ana Ruiz axed 40 bus routes on Tuesday, and nobody saw it coming. "
    "She says it'll save $3 million a year, lol. My cat is asleep."
)
FAITHFUL = (
    "Mayor Ana Ruiz cut 40 bus routes on Tuesday, a move that was not expected. "
    "She said it would save $3 million a year."
)
WRONG = FAITHFUL.replace("Tuesday", "Friday")
LOST = FAITHFUL.split(" She said", maxsplit=1)[0]


@pytest.fixture(scope="module")
def verifier() -> Verifier:
    return Verifier(threads=1)


def text(words: str, annotator: Annotator) -> Text:
    [annotated] = annotator.annotate([words])
    return Text(words, lambda: sentences_of(annotated))


def read(verifier: Verifier, annotator: Annotator, *pairs: tuple[str, str]) -> list[Reading]:
    readings = verifier.read([(text(source, annotator), text(copy, annotator)) for source, copy in pairs])
    return [reading for reading in readings if reading]


def test_a_changed_day_looks_worse_than_a_faithful_copy(verifier: Verifier, annotator: Annotator) -> None:
    faithful, wrong = read(verifier, annotator, (SOURCE, FAITHFUL), (SOURCE, WRONG))
    assert wrong.unsupported > faithful.unsupported


def test_the_worst_word_is_the_changed_one(verifier: Verifier, annotator: Annotator) -> None:
    [wrong] = read(verifier, annotator, (SOURCE, WRONG))
    worst = max(wrong.copy_words, key=lambda word: word[1])[0]
    assert worst.of(WRONG) == "Friday"


def test_a_lost_sentence_shows_on_the_side_of_the_source(verifier: Verifier, annotator: Annotator) -> None:
    faithful, lost = read(verifier, annotator, (SOURCE, FAITHFUL), (SOURCE, LOST))
    assert lost.lost > faithful.lost


def test_company_changes_no_reading(verifier: Verifier, annotator: Annotator) -> None:
    pairs = [(SOURCE, FAITHFUL), (SOURCE, WRONG), ("Rain is due.", "Rain is expected."), (SOURCE, LOST)]
    assert read(verifier, annotator, *pairs) == [read(verifier, annotator, pair)[0] for pair in pairs]


def test_a_long_article_is_read_to_its_last_word(verifier: Verifier, annotator: Annotator) -> None:
    sentences = [f"Town {name} closed {count} schools in May." for count, name in enumerate(NAMES * 6, start=2)]
    article = " ".join(sentences)
    assert len(article.split()) > MOST_PIECES
    changed = article.replace(sentences[-1], sentences[-1].replace("closed", "opened"))
    [reading] = read(verifier, annotator, (article, changed))
    assert "".join(place.of(article) for place, _ in reading.source_words) == article.replace(" ", "")
    assert "".join(place.of(changed) for place, _ in reading.copy_words) == changed.replace(" ", "")


def test_a_sentence_too_long_for_a_window_is_read_in_parts(verifier: Verifier, annotator: Annotator) -> None:
    endless = "a-" * MOST_PIECES
    [reading] = read(verifier, annotator, (endless, "A short copy of it."))
    assert "".join(place.of(endless) for place, _ in reading.source_words) == endless


def test_a_text_without_words_is_not_read(verifier: Verifier, annotator: Annotator) -> None:
    assert verifier.read([(text(SOURCE, annotator), text("", annotator))]) == [None]


def test_every_figure_of_a_reading_is_a_number(verifier: Verifier, annotator: Annotator) -> None:
    for reading in read(verifier, annotator, (SOURCE, "😀"), ("–", FAITHFUL), ("Да.", "Нет.")):
        assert all(map(math.isfinite, (reading.unsupported, reading.lost, *reading.errors)))
        assert len(reading.errors) == len(ERRORS)


NAMES = ["Arbor", "Brill", "Corlay", "Dunmore", "Esk", "Farrow", "Gilt", "Harrow", "Ilva", "Jura"]
