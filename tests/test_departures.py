from __future__ import annotations

import pytest

from service.departures import put_right
from service.house_style import house_style, known_styles
from service.spans import Span
from service.style import find_faults


@pytest.mark.parametrize(
    ("text", "right"),
    [
        pytest.param("It rose 5 percent to 0.5 per cent.", "It rose 5% to 0.5%.", id="percent"),
        pytest.param("It fell by 5 percentage points.", "It fell by 5 percentage points.", id="points"),
        pytest.param("It opened on October 3rd at 6am.", "It opened on Oct. 3 at 6 a.m.", id="month and time"),
        pytest.param("It ends at 11:30PM", "It ends at 11:30 p.m.", id="time at the end"),
        pytest.param("It cost $1.2M, £5bn and €40k.", "It cost $1.2 million, £5 billion and €40,000.", id="money"),
        pytest.param("It cost $1.23456k.", "It cost $1.23456k.", id="thousands that are no whole number"),
        pytest.param("Some 10k people came.", "Some 10k people came.", id="not money"),
        pytest.param("He left the US.", "He left the U.S.", id="country at the end of a sentence"),
        pytest.param("The colour of the centre.", "The colour of the centre.", id="spelling as filed"),
        pytest.param('He said "5 percent at 6am."', 'He said "5 percent at 6am."', id="quotation"),
    ],
)
def test_ap(text: str, right: str) -> None:
    assert put_right(text, house_style("ap")) == right


@pytest.mark.parametrize(
    ("text", "right"),
    [
        pytest.param("The U.K. and the E.U. met.", "The UK and the EU met.", id="exceptions"),
        pytest.param("The UN met the US envoy.", "The U.N. met the U.S. envoy.", id="two initials"),
        pytest.param("Dr. Ana Lee and Mr. Kim left.", "Dr Ana Lee and Mr Kim left.", id="titles"),
        pytest.param("He lives at 12 Oak Dr. Smith left.", "He lives at 12 Oak Dr. Smith left.", id="drive"),
        pytest.param("She said Monday that it fell.", "She said on Monday that it fell.", id="weekday"),
        pytest.param("She resigned Friday.", "She resigned on Friday.", id="weekday at the end"),
        pytest.param("She said Monday was quiet.", "She said Monday was quiet.", id="weekday that is told of"),
        pytest.param("She opened Monday's game.", "She opened Monday's game.", id="possessive"),
        pytest.param("It opens Oct. 3 at 6 a.m.", "It opens Oct. 3 at 6 a.m.", id="as AP"),
    ],
)
def test_reuters(text: str, right: str) -> None:
    assert put_right(text, house_style("reuters")) == right


@pytest.mark.parametrize(
    ("text", "right"),
    [
        pytest.param("It opened on Oct. 3.", "It opened on 3 October.", id="day first"),
        pytest.param("It opened on March 3, 2025.", "It opened on 3 March 2025.", id="year"),
        pytest.param("It ran Oct. 3 and 4, and Oct. 3-5.", "It ran Oct. 3 and 4, and Oct. 3-5.", id="more days"),
        pytest.param("Oct. 3 was cold.", "Oct. 3 was cold.", id="no sentence begins with a figure"),
        pytest.param("It may 5 times open in May 2025.", "It may 5 times open in May 2025.", id="no day"),
        pytest.param("It opens at 6 a.m. on Monday.", "It opens at 06:00 on Monday.", id="morning"),
        pytest.param("It ends at 3:15 p.m.", "It ends at 15:15.", id="afternoon at the end of a sentence"),
        pytest.param("At 12 a.m. and 12pm.", "At 00:00 and 12:00.", id="twelve"),
        pytest.param("It is open 9 to 11 a.m.", "It is open 9 to 11 a.m.", id="range that leaves out half"),
        pytest.param("It cost $5 million, then £2.5bn.", "It cost $5m, then £2.5bn.", id="money"),
        pytest.param("Some 5 million people left.", "Some 5 million people left.", id="people"),
        pytest.param("He left the U.S. He met U.N. envoys.", "He left the US. He met UN envoys.", id="initials"),
        pytest.param("Dr. Lee said Monday.", "Dr Lee said on Monday.", id="title and weekday"),
        pytest.param("He organized a gray-haired crew.", "He organised a grey-haired crew.", id="spelling"),
        pytest.param("The Labor Department in Pearl Harbor.", "The Labor Department in Pearl Harbor.", id="names"),
        pytest.param("See color.com and #labor.", "See color.com and #labor.", id="addresses and hashtags"),
        pytest.param('"The color of the U.S.," he said.', '"The color of the U.S.," he said.', id="quotation"),
    ],
)
def test_bbc(text: str, right: str) -> None:
    assert put_right(text, house_style("bbc")) == right


@pytest.mark.parametrize(
    ("style", "right"),
    [
        pytest.param("ap", 'Council calls plan "mess" in U.S.', id="ap"),
        pytest.param("reuters", 'Council calls plan "mess" in U.S.', id="reuters"),
        pytest.param("bbc", "Council calls plan 'mess' in US", id="bbc"),
    ],
)
def test_headline(style: str, right: str) -> None:
    text = 'Council calls plan "mess" in U.S.'
    assert put_right(text, house_style(style), headline=True) == right
    assert bool(find_faults(text, headline=True, style=house_style(style))) == (right != text)


TEXT = (
    "Dr. Lee of the U.S. and the UK said Monday that the color of the center rose 5 percent to $5M at 6am on "
    "October 3, in the EU and the UN, and 3 p.m. is no time for $5 million, she told reporters Friday."
)


@pytest.mark.parametrize("name", known_styles())
def test_what_is_put_right_is_no_fault_any_more(name: str) -> None:
    style = house_style(name)
    copy = put_right(TEXT, style)
    assert find_faults(TEXT, style=style) != ()
    assert find_faults(copy, style=style) == ()
    assert put_right(copy, style) == copy


def test_what_is_to_stay_stays() -> None:
    text = "The color of the U.S. color."
    assert put_right(text, house_style("bbc"), untouched=[Span(4, 9), Span(17, 21)]) == "The color of the U.S. colour."


@pytest.mark.parametrize(
    ("style", "text", "expected"),
    [
        pytest.param("ap", "The UK paid 5 percent at 6am.", ["UK", "5 percent", "6am"], id="ap"),
        pytest.param("reuters", "The UK and the U.K. met Dr. Lee.", ["U.K.", "Dr."], id="reuters"),
        pytest.param("bbc", "The UK paid £5m to the U.K. at 6am.", ["U.K.", "6am"], id="bbc"),
    ],
)
def test_lint_judges_by_the_style(style: str, text: str, expected: list[str]) -> None:
    found = [fault.span.of(text) for fault in find_faults(text, style=house_style(style))]
    assert sorted(found) == sorted(expected)
