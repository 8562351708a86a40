from __future__ import annotations

import pytest

from service.figures import find_numerals
from service.remainders import is_remainder


def told(source: str, copy: str) -> bool:
    gone, *kept = sorted(find_numerals(source), key=lambda numeral: str(numeral.value) in copy)
    (new,) = (numeral for numeral in find_numerals(copy) if numeral.value not in {other.value for other in kept})
    return is_remainder(source, copy, gone, new, kept)


@pytest.mark.parametrize(
    ("source", "copy"),
    [
        pytest.param("Of 40 crates, 33 came back.", "All but 7 of 40 crates came back.", id="all but"),
        pytest.param("Buyers took 33 of the 40 crates.", "Buyers took all except 7 of 40 crates.", id="all except"),
        pytest.param("33 of 40 did not sell.", "All but 7 of the 40 did not sell.", id="denied on both sides"),
        pytest.param("They won 33 of 40 seats.", "They fell 7 short of the 40 seats.", id="short of"),
        pytest.param("Only 6 of 25 saw it coming.", "19 of 25 did not see it coming.", id="the others, denied"),
        pytest.param("Only 6 of 25 saw it.", "Among the 25, the other 19 didn't see it.", id="the other, denied"),
        pytest.param("She had 40 in June, up from 31 in May.", "She had 40 in June, 9 more than in May.", id="more"),
        pytest.param("They cut it from 12 trains to 8.", "It runs 8 trains, four fewer than before.", id="fewer"),
        pytest.param("They cut it from 12 trains to 8.", "It runs four fewer than the 12 before.", id="fewer than it"),
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
        pytest.param("Only 6 of 25 saw it.", "Among the 25, the other 19 saw it.", id="the other, not denied"),
        pytest.param("6 of 25 did not see it.", "19 of 25 did not see it.", id="denied before too"),
        pytest.param("33 of 40 did not sell.", "All but 7 of the 40 sold.", id="denied only before"),
        pytest.param("All but 33 of 40 came back.", "All but 7 of 40 came back.", id="all but, before too"),
        pytest.param("A fleet of 40 ships, 33 planes.", "All but 7 of 40 ships.", id="no part of it"),
        pytest.param("We sent 40 crates. 33 bags tore.", "All but 7 of 40 crates tore.", id="another sentence"),
        pytest.param("33 of 40 crates came.", "Of 40 crates some came; all but 7 bags did.", id="all but of another"),
        pytest.param("At least 33 of 40 came.", "All but 7 of 40 came.", id="a bound that is lost"),
        pytest.param(
            "She won 70 bouts and lost 45 last year.", "She won 70 bouts and lost 25 last year.", id="last year"
        ),
        pytest.param(
            "It had 800 drivers in June and 500 last month, not counting clerks.",
            "It had 800 drivers in June and 300 last month, not counting clerks.",
            id="not, of something else",
        ),
        pytest.param(
            "The firm was hit by 70 suits in May and 40 by October.",
            "The firm was hit by 70 suits in May and 30 by October.",
            id="by a month",
        ),
        pytest.param("33 of 40 crates came by dusk.", "7 of 40 crates came by dusk.", id="by an hour"),
        pytest.param("80 guests; 50 left without lunch.", "80 guests; 30 left without lunch.", id="left without"),
        pytest.param(
            "It hired 17 nurses and 11 cooks, less than planned.",
            "It hired 17 nurses and 6 cooks, less than planned.",
            id="less, of something else",
        ),
        pytest.param("The cut is from 12 trains to 8.", "The cut from 12 trains is by 4.", id="by how many"),
        pytest.param("She had 40, nine fewer than before.", "She had 40, and 31 before.", id="from the wrong side"),
        pytest.param("She had 40 in June, up from 31.", "She had 40 in June, 9 fewer than in May.", id="wrong way"),
        pytest.param("She had 40 in June, up from 31.", "She had 31, 9 more than in June.", id="turned round"),
        pytest.param("The club has 40 men and 31 women.", "The club has 40 men, 9 more than women.", id="not compared"),
    ],
)
def test_another_figure_is_no_remainder(source: str, copy: str) -> None:
    assert not told(source, copy)
