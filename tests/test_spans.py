import pytest

from service.spans import Span


def test_a_span_gives_back_its_text() -> None:
    assert Span(5, 9).of("Kyiv said") == "said"


def test_a_span_moves_with_its_text() -> None:
    assert Span(1, 3).shift(4) == Span(5, 7)


def test_spans_sort_by_where_they_start() -> None:
    assert sorted([Span(4, 5), Span(1, 9), Span(1, 2)]) == [Span(1, 2), Span(1, 9), Span(4, 5)]


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        pytest.param(Span(2, 4), True, id="same"),
        pytest.param(Span(3, 9), True, id="one character in common"),
        pytest.param(Span(4, 9), False, id="next to each other"),
        pytest.param(Span(0, 2), False, id="before"),
        pytest.param(Span(0, 9), True, id="around"),
    ],
)
def test_spans_overlap_where_they_share_a_character(other: Span, expected: bool) -> None:
    assert (Span(2, 4).overlaps(other), other.overlaps(Span(2, 4))) == (expected, expected)


@pytest.mark.parametrize(("start", "end"), [pytest.param(-1, 2, id="negative"), pytest.param(3, 2, id="backwards")])
def test_a_span_that_covers_nothing_sensible_is_refused(start: int, end: int) -> None:
    with pytest.raises(ValueError, match=f"got {start} and {end}"):
        Span(start, end)
