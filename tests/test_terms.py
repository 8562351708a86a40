from __future__ import annotations

import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.errors import TermsError
from service.spans import Span
from service.terms import MOST_CHARACTERS, MOST_TERMS, Terms

COPS = Terms.of(glossary={"cops": "officers", "cop": "officer", "City Hall": "the city"})


@pytest.mark.parametrize(
    ("protected", "glossary", "reason"),
    [
        pytest.param([""], {}, "a protected term is empty or has no letter", id="empty"),
        pytest.param(["--"], {}, "a protected term is empty or has no letter", id="no letter"),
        pytest.param([" Big Mac"], {}, "' Big Mac' has blanks around it", id="blanks"),
        pytest.param(['the "deal"'], {}, "has a quotation mark or the end of a line in it", id="quotation mark"),
        pytest.param(["a\nb"], {}, "has a quotation mark or the end of a line in it", id="two lines"),
        pytest.param(["a" * (MOST_CHARACTERS + 1)], {}, "has 201 characters, the limit is 200", id="too long"),
        pytest.param(
            [f"a{number}" for number in range(MOST_TERMS + 1)],
            {},
            "there are 201 protected terms, the limit is 200",
            id="too many",
        ),
        pytest.param([], {"": "x"}, "a term of the glossary is empty", id="empty key"),
        pytest.param([], {"cops": ""}, "a rendering of 'cops' in the glossary is empty", id="empty rendering"),
        pytest.param([], {"cops": "a", "Cops": "b"}, "which are the same but for capitals: keep one", id="case"),
        pytest.param(["cops"], {"cops": "officers"}, "'cops' is protected and has a rendering", id="both"),
    ],
)
def test_terms_that_cannot_be_kept_are_refused(protected: list[str], glossary: dict[str, str], reason: str) -> None:
    with pytest.raises(TermsError) as refused:
        Terms.of(protected, glossary)
    assert reason in str(refused.value)


def test_term_that_no_text_has_does_no_harm() -> None:
    terms = Terms.of(["Big Mac"], {"cops": "officers"})
    assert terms.stay("The mayor spoke.", "The mayor spoke.")
    assert terms.render("The mayor spoke.").text == "The mayor spoke."


@pytest.mark.parametrize(
    ("text", "rendered"),
    [
        pytest.param("The cops left.", "The officers left.", id="word"),
        pytest.param("Cops left.", "Officers left.", id="capital"),
        pytest.param("A cop and the copper left.", "An officer and the copper left.", id="article and whole words"),
        pytest.param("city hall sued City Hall", "the city sued The city", id="several words, any capitals"),
        pytest.param('"Cops lie," he said of cops.', '"Cops lie," he said of officers.', id="quotation"),
    ],
)
def test_glossary_renders_its_terms_outside_quotations(text: str, rendered: str) -> None:
    assert COPS.render(text).text == rendered


def test_rendering_leads_back_to_what_was_filed() -> None:
    text = "A cop met the cops at noon."
    rendering = COPS.render(text)
    places = {words: Span(start := rendering.text.index(words), start + len(words)) for words in ("officers", "noon")}
    assert {words: rendering.back(place).of(text) for words, place in places.items()} == {
        "officers": "cops",
        "noon": "noon",
    }
    assert rendering.back(Span(0, len(rendering.text))).of(text) == text
    assert rendering.back(Span(5, 7)).of(text) == "A cop"


@given(st.lists(st.sampled_from(["cops", "a cop", "Cop,", "the", "left.", "City Hall", " "]), max_size=12))
def test_every_place_of_a_rendering_leads_back_in_order(words: list[str]) -> None:
    text = " ".join(words)
    rendering = COPS.render(text)
    spans = [rendering.back(Span(place, place + 1)) for place in range(len(rendering.text))]
    assert [span for span in spans if not 0 <= span.start < span.end <= len(text)] == []
    assert [span.start for span in spans] == sorted(span.start for span in spans)


@pytest.mark.parametrize(
    ("copy", "stays"),
    [
        pytest.param("A Big Mac and the officers.", True, id="both"),
        pytest.param("A big mac and the officers.", False, id="small letters"),
        pytest.param("A Big Macro and the officers.", False, id="part of a word"),
        pytest.param("A Big Mac and the Officers.", True, id="rendering at a start"),
        pytest.param("A Big Mac and the police.", False, id="another word"),
        pytest.param("A Big Mac, the officers and the cops.", False, id="term comes back"),
    ],
)
def test_copy_must_have_every_term(copy: str, stays: bool) -> None:
    terms = Terms.of(["Big Mac"], {"cops": "officers"})
    assert terms.stay("A Big Mac and the officers.", copy) is stays


def test_shielded_terms_are_words_that_no_rule_knows_and_come_back() -> None:
    terms = Terms.of(["cops", "Yahoo!", "won’t stop"])
    shielded = terms.shield("The cops of Yahoo! won’t stop.")
    assert [word for word in ("cops", "Yahoo", "won") if word in shielded.text] == []
    assert shielded.restore(shielded.text.upper()) == "THE cops OF Yahoo! won’t stop."


def test_apostrophes_of_a_term_are_its_own() -> None:
    assert Terms.of(["McDonald’s"]).typeset("It's McDonald's.") == "It's McDonald’s."


def test_terms_add_up_and_the_later_rendering_counts() -> None:
    more = Terms.of(["a"], {"cops": "police"}).with_more(Terms.of(["b", "a"], {"cops": "officers"}))
    assert more == Terms.of(["a", "b"], {"cops": "officers"})
    with pytest.raises(TermsError, match="protected and has a rendering"):
        more.with_more(Terms.of(["cops"]))


def test_terms_go_to_other_processes() -> None:
    assert COPS.render("cops").text == "officers"
    assert pickle.loads(pickle.dumps(COPS)).render("cops").text == "officers"
