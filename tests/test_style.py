from itertools import pairwise

import pytest

from service.style import find_faults


def faults(text: str, *, headline: bool = False) -> list[tuple[str, str]]:
    return [(fault.rule, fault.span.of(text)) for fault in find_faults(text, headline=headline)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("The mayor didn't resign.", [("W10", "didn't")], id="not"),
        pytest.param("She’s resigned.", [("W10", "She’s")], id="typographic apostrophe"),
        pytest.param("Russia's been under sanctions.", [("W10", "'s")], id="a name that has been something"),
        pytest.param("He said he'd pay.", [("W10", "'d")], id="would"),
        pytest.param("Who pays?", [("W10", "?")], id="question"),
        pytest.param("The bridge fell!", [("W10", "!")], id="exclamation"),
        pytest.param("The levy is paid by you.", [("W10", "you")], id="second person"),
        pytest.param("When I called, it was shut.", [("W10", "I")], id="first person"),
    ],
)
def test_speech_outside_quotations_is_a_fault(text: str, expected: list[tuple[str, str]]) -> None:
    assert faults(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("Russia's army left the city.", id="possessive"),
        pytest.param("The 1990s bridge in Moody's report fell.", id="name that ends in a possessive"),
        pytest.param("He served in World War I and left in 1919.", id="roman numeral"),
        pytest.param("Yahoo! shares rose 2%.", id="exclamation mark of a name"),
        pytest.param("Our Lady of Lourdes reopened.", id="pronoun in a name"),
        pytest.param("The US Weekly interview ran in Our Times.", id="capitals inside a sentence"),
        pytest.param("The #MeToo movement began in 2006.", id="hashtag that names a movement"),
        pytest.param("It was the kind of storm that fells trees.", id="kind of storm"),
        pytest.param("He can pay a grand jury fine for a trash can.", id="slang only elsewhere"),
        pytest.param("The figure is the WHO's own.", id="possessive of an acronym"),
        pytest.param("It fell into a ditch.", id="noun spelled like slang"),
        pytest.param("Massive Attack played on Friday.", id="loaded word in a name"),
        pytest.param("The letter arrived Jan. 5 at 6 a.m. with 12% interest.", id="figures in style"),
        pytest.param("The U.S. and U.K. agreed.", id="countries in style"),
        pytest.param("So far, 12 people have died.", id="so far"),
    ],
)
def test_wire_copy_has_no_fault(text: str) -> None:
    assert faults(text) == []


@pytest.mark.parametrize(
    "text",
    [
        pytest.param('"We won\'t pay those cops!" she said.', id="said"),
        pytest.param("“Who’s gonna pay?” he asked.", id="typographic marks"),
        pytest.param("The court called it ‘our biggest mess’ on Friday.", id="single marks"),
        pytest.param('"[1]," the mayor said.', id="mask"),
    ],
)
def test_real_quotation_is_nobodys_fault(text: str) -> None:
    assert faults(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("So, the bridge fell.", [("W3", "So")], id="opener"),
        pytest.param("Okay so the bridge fell.", [("W3", "Okay so")], id="bare opener"),
        pytest.param("The bridge fell, you know.", [("W3", "you know")], id="tag"),
        pytest.param("The bridge fell 😢", [("W3", "😢")], id="emoji"),
        pytest.param("The bridge fell. #sad", [("W3", "#sad")], id="hashtag"),
        pytest.param("The bridge fell lol.", [("W3", "lol")], id="interjection"),
        pytest.param("It was sooo cold.", [("W3", "sooo")], id="drawn out"),
        pytest.param("It did NOT open.", [("W3", "NOT")], id="shout"),
    ],
)
def test_chat_is_a_fault(text: str, expected: list[tuple[str, str]]) -> None:
    assert faults(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("The senator slammed the plan.", [("W4", "slammed")], id="past"),
        pytest.param("Senator slams plan.", [("W4", "slams")], id="present"),
        pytest.param("Prices have skyrocketed.", [("W4", "skyrocketed")], id="participle"),
        pytest.param("Feds paid 20 bucks.", [("W4", "Feds"), ("W4", "bucks")], id="nouns"),
        pytest.param("They were chatting up a storm.", [("W4", "chatting up a storm")], id="phrase"),
        pytest.param("Somebody spilled the beans.", [("W4", "Somebody"), ("W4", "spilled the beans")], id="idiom"),
    ],
)
def test_loaded_word_is_a_fault(text: str, expected: list[tuple[str, str]]) -> None:
    assert faults(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param('The mayor was like, "no chance."', [("W8", "was like,"), ("W8", '"no chance."')], id="marks"),
        pytest.param("The mayor was all, the deal is off.", [("W8", "was all,")], id="bare"),
    ],
)
def test_constructed_dialogue_is_a_fault(text: str, expected: list[tuple[str, str]]) -> None:
    assert faults(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("It cost $1.2M.", [("W11", "$1.2M")], id="money"),
        pytest.param("Some 10k people came.", [("W11", "10k")], id="thousands"),
        pytest.param("It opened at 6am.", [("W11", "6am")], id="time"),
        pytest.param("It opened on January 5.", [("W11", "January 5")], id="month"),
        pytest.param("It rose 5 percent.", [("W11", "5 percent")], id="percent"),
        pytest.param("It took eleven days.", [("W11", "eleven")], id="numeral"),
        pytest.param("It closed in January 2020.", [], id="month and year"),
        pytest.param("The US government paid.", [("W12", "US")], id="country"),
    ],
)
def test_figure_and_country_follow_the_style(text: str, expected: list[tuple[str, str]]) -> None:
    assert faults(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("Council bans parking.", [("W15", ".")], id="final stop"),
        pytest.param("Council bans parking in the U.S.", [], id="abbreviation"),
        pytest.param("Council bans parking!", [("W15", "!")], id="exclamation"),
        pytest.param("Council BANNED from parking", [("W15", "BANNED")], id="shout"),
        pytest.param("NATO and US agree on plan", [], id="acronyms"),
        pytest.param("Council Bans Parking Over Costs in Lima", [("W15", "Bans")], id="title case"),
    ],
)
def test_headline_has_its_own_rules(text: str, expected: list[tuple[str, str]]) -> None:
    assert faults(text, headline=True) == expected


def test_message_says_what_would_be_right() -> None:
    assert [fault.message for fault in find_faults("The feds won't pay.")] == [
        "'The feds' is slang or loaded; write 'federal officials'.",
        "\"won't\" is a contraction; write 'will not'.",
    ]


def test_findings_come_in_order_and_never_overlap() -> None:
    spans = [fault.span for fault in find_faults("So, what's up, folks? The cops won't say lol! 😢")]
    assert spans == sorted(spans)
    assert [a.end <= b.start for a, b in pairwise(spans)] == [True] * (len(spans) - 1)
