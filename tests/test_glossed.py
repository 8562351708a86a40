from __future__ import annotations

from service.checking import Checker
from service.facts import Verdict
from service.glossed import check_glossed
from service.terms import Terms

SOURCE = "A boffin told Big Blue on Oct. 3 that 9 units failed."
COPY = "A researcher told IBM on Oct. 3 that 9 units failed."


def test_rendering_of_a_name_is_no_altered_fact_and_places_are_those_of_the_source(checker: Checker) -> None:
    (plain,) = checker.check_all([(SOURCE, COPY)])
    terms = Terms.of(glossary={"Big Blue": "IBM", "boffin": "researcher"})
    (glossed,) = check_glossed(checker, [(SOURCE, COPY)], terms, point="balanced")
    assert (plain.faithful, glossed.faithful) == (False, True)
    told = {fact.source.of(SOURCE) for fact in glossed.facts if fact.source and fact.verdict is Verdict.KEPT}
    assert {"Big Blue", "Oct. 3", "9"} - told == set()


def test_other_name_is_an_altered_fact_all_the_same(checker: Checker) -> None:
    terms = Terms.of(glossary={"Big Blue": "IBM"})
    (glossed,) = check_glossed(checker, [(SOURCE, COPY.replace("IBM", "Dell"))], terms, point="balanced")
    assert not glossed.faithful
