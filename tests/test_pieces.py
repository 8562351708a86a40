from pathlib import Path

import pytest
from tokenizers import Tokenizer, models

from service.pieces import SHAPES, Splitter, alone
from service.spans import Span

TEXT = "Mayor Ana Ruiz cut 40 bus routes."


@pytest.fixture(scope="module")
def splitter() -> Splitter:
    return Splitter()


def test_the_pieces_of_a_text_stand_where_their_spans_say(splitter: Splitter) -> None:
    [pieces] = splitter.split([TEXT])
    assert "".join(span.of(TEXT) for span in pieces.spans) == TEXT.replace(" ", "")


def test_a_piece_tells_how_its_word_is_written(splitter: Splitter) -> None:
    [pieces] = splitter.split([TEXT])
    words = [span.of(TEXT) for span in pieces.spans]
    assert [SHAPES[pieces.shapes[words.index(word)]] for word in ("Ana", "cut", "40", ".")] == [
        "capital",
        "lower",
        "digit",
        "mark",
    ]


def test_a_piece_is_alone_where_the_other_text_has_it_not(splitter: Splitter) -> None:
    one, other = splitter.split([TEXT, TEXT.replace("cut", "axed")])
    words = [span.of(TEXT) for span in one.spans]
    assert [word for word, is_alone in zip(words, alone(one, other), strict=True) if is_alone] == ["cut"]


def test_pieces_that_are_taken_keep_their_places(splitter: Splitter) -> None:
    [pieces] = splitter.split([TEXT])
    part = pieces.within([Span(TEXT.index("40"), len(TEXT))])
    assert [span.of(TEXT) for span in part.spans] == ["40", "bus", "routes", "."]
    assert len(part.ids) == len(part.shapes) == 4


def test_a_text_without_words_has_the_pieces_of_its_marks(splitter: Splitter) -> None:
    nothing, marks = splitter.split(["", "!" * 60])
    assert len(nothing) == 0
    assert len(marks) == 60
    assert set(marks.shapes) == {SHAPES.index("mark")}


def test_a_file_that_is_no_tokenizer_of_the_verifier_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "other.json"
    Tokenizer(models.BPE()).save(str(file))
    with pytest.raises(ValueError, match="no tokenizer of the verifier"):
        Splitter(file)
