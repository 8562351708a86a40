from __future__ import annotations

import pytest

from service.numerals import find_numerals
from service.remainders import is_remainder


def told(source: str, copy: str) -> bool:
    gone, *kept = sorted(find_numerals(source), key=lambda numeral: str(numeral.value) in copy)
    (new,) = (numeral for numeral in find_numerals(copy) if numeral.value not in {other.value for other in kept})
    return is_remainder(source, copy, gone, new, kept)


@pytest.mark.parametrize(
    ("source", "copy"),
    [
        pytest.param("Of 40 crates, 33 came back.", "All but 7 of 40 crates came back.", id="all but"),
        pytest.param("She scored 40, nine more than before.", "She scored 40, and 31 before.", id="more than"),
        pytest.param("The cut is from 12 trains to 8.", "The cut from 12 trains is by 4.", id="by how many"),
        pytest.param("Only 6 of 25 saw it coming.", "19 of 25 did not see it coming.", id="the others, denied"),
    ],
)
def test_a_figure_is_told_by_what_is_left(source: str, copy: str) -> None:
    assert told(source, copy)


@pytest.mark.parametrize(
    ("source", "copy"),
    [
        pytest.param("Of 40 crates, 33 came back.", "Of 40 crates, 7 came back.", id="no word for it"),
        pytest.param("Of 40 crates, 33 came back.", "All but 8 of 40 crates came back.", id="wrong arithmetic"),
        pytest.param("Of 40 miles, $33 was paid.", "All but 7 of 40 miles were paid.", id="another unit"),
        pytest.param("Only 6 of 25 saw it coming.", "19 of 25 saw it coming.", id="the others, not denied"),
    ],
)
def test_another_figure_is_no_remainder(source: str, copy: str) -> None:
    assert not told(source, copy)
