from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.regions import Region, nearest
from service.spans import Span

_SPANS = st.tuples(st.integers(0, 30), st.integers(0, 8)).map(lambda pair: Span(pair[0], pair[0] + pair[1]))


@given(st.lists(_SPANS, max_size=8), _SPANS)
def test_a_region_touches_what_one_of_its_spans_overlaps(spans: list[Span], span: Span) -> None:
    assert Region(spans).touches(span) == any(span.overlaps(other) for other in spans)


@given(st.lists(_SPANS, max_size=8), st.integers(0, 40))
def test_a_region_holds_what_one_of_its_spans_covers(spans: list[Span], position: int) -> None:
    assert Region(spans).holds(position) == any(span.start <= position < span.end for span in spans)


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        pytest.param(-3, [0, 10, 20], id="before all"),
        pytest.param(30, [20, 30, 40], id="in the middle"),
        pytest.param(99, [30, 40, 50], id="after all"),
    ],
)
def test_the_nearest_numbers_stand_around_the_place(place: float, expected: list[int]) -> None:
    assert nearest([0, 10, 20, 30, 40, 50], place, most=3) == expected


def test_all_numbers_are_near_where_there_are_few() -> None:
    assert nearest([0, 50], 99, most=2) == [0, 50]
