from __future__ import annotations

from service.checking import Checker
from service.facts import FactKind, Verdict


def flagged(checker: Checker, source: str, copy: str) -> list[tuple[FactKind, Verdict]]:
    return [(f.kind, f.verdict) for f in checker.check(source, copy).facts if f.verdict is not Verdict.KEPT]


def test_a_statement_that_leaves_no_trace_is_flagged(checker: Checker) -> None:
    source = "The ferry lost nine cars. The company said the engines failed during a storm."
    assert flagged(checker, source, "The ferry lost nine cars.") == [(FactKind.RELATION, Verdict.OMITTED)]


def test_a_statement_from_nowhere_is_flagged(checker: Checker) -> None:
    copy = "The ferry lost nine cars. Investigators blamed corroded engine parts."
    assert flagged(checker, "The ferry lost nine cars.", copy) == [(FactKind.RELATION, Verdict.UNSUPPORTED)]


def test_chat_may_go_with_the_names_in_it(checker: Checker) -> None:
    source = "The ferry lost nine cars. Buckle up, folks, and say hi to my cousin Doug for me!"
    assert flagged(checker, source, "The ferry lost nine cars.") == []


def test_a_quotation_is_never_chat(checker: Checker) -> None:
    source = "Oh boy, buckle up, folks, “we bought the wrong boat twice,” haha!"
    assert flagged(checker, source, "") == [(FactKind.QUOTATION, Verdict.OMITTED)]


def test_a_short_sentence_that_keeps_a_figure_comes_from_the_source(checker: Checker) -> None:
    source = "The ferry lost nine cars. cops let the skipper go after 4 hrs."
    assert flagged(checker, source, "The ferry lost nine cars. Police released its captain within 4 hours.") == []


def test_a_small_number_is_no_proof_that_a_sentence_comes_from_the_source(checker: Checker) -> None:
    source = "The ferry lost two cars."
    copy = "The ferry lost two cars. Investigators blamed two corroded engine parts."
    assert (FactKind.RELATION, Verdict.UNSUPPORTED) in flagged(checker, source, copy)


def test_a_statement_from_nowhere_may_not_borrow_a_date(checker: Checker) -> None:
    source = "The ferry lost nine cars on Monday."
    copy = "The ferry lost nine cars on Monday. On Monday investigators blamed corroded engine parts."
    assert (FactKind.RELATION, Verdict.UNSUPPORTED) in flagged(checker, source, copy)
