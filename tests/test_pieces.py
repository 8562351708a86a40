from pathlib import Path

import pytest
from tokenizers import Tokenizer, models

from service.annotation import Annotator
from service.pieces import PARTS, RELATIONS, SHAPES, Pieces, Splitter, alone
from service.spans import Span

TEXT = "Mayor Ana Ruiz cut 40 bus routes."


@pytest.fixture(scope="module")
def splitter() -> Splitter:
    return Splitter()


def split(splitter: Splitter, annotator: Annotator, *texts: str) -> list[Pieces]:
    return splitter.split(annotator.annotate(texts))


def test_the_pieces_of_a_text_stand_where_their_spans_say(splitter: Splitter, annotator: Annotator) -> None:
    [pieces] = split(splitter, annotator, TEXT)
    assert "".join(span.of(TEXT) for span in pieces.spans) == TEXT.replace(" ", "")


def test_a_piece_has_the_grammar_of_its_word(splitter: Splitter, annotator: Annotator) -> None:
    [pieces] = split(splitter, annotator, TEXT)
    words = [span.of(TEXT) for span in pieces.spans]
    cut, routes = words.index("cut"), words.index("routes")
    assert PARTS[pieces.parts[cut]] == "VERB"
    assert RELATIONS[pieces.relations[routes]] == "dobj"
    assert pieces.heads[routes] == cut
    assert [SHAPES[pieces.shapes[words.index(word)]] for word in ("Ana", "cut", "40", ".")] == [
        "capital",
        "lower",
        "digit",
        "mark",
    ]


def test_a_piece_is_alone_where_the_other_text_has_it_not(splitter: Splitter, annotator: Annotator) -> None:
    one, other = split(splitter, annotator, TEXT, TEXT.replace("cut", "axed"))
    words = [span.of(TEXT) for span in one.spans]
    assert [word for word, is_alone in zip(words, alone(one, other), strict=True) if is_alone] == ["cut"]


def test_pieces_that_are_taken_keep_their_places_and_heads_among_them(splitter: Splitter, annotator: Annotator) -> None:
    [pieces] = split(splitter, annotator, TEXT)
    part = pieces.within([Span(TEXT.index("40"), len(TEXT))])
    assert [span.of(TEXT) for span in part.spans][:3] == ["40", "bus", "routes"]
    assert part.heads[1] == 2
    # The head of "routes" is outside, so it is its own.
    assert part.heads[2] == 2


def test_a_text_without_words_has_pieces_without_grammar(splitter: Splitter, annotator: Annotator) -> None:
    nothing, marks = split(splitter, annotator, "", "!" * 60)
    assert len(nothing) == 0
    assert len(marks) == 60
    assert set(marks.parts) == {len(PARTS)}


def test_a_file_that_is_no_tokenizer_of_the_verifier_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "other.json"
    Tokenizer(models.BPE()).save(str(file))
    with pytest.raises(ValueError, match="no tokenizer of the verifier"):
        Splitter(file)
