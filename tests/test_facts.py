from __future__ import annotations

from service.facts import Fact, FactKind, FactReport, Verdict
from service.spans import Span

KEPT = Fact(FactKind.FIGURE, Verdict.KEPT, Span(0, 1), Span(0, 1))
LOST = Fact(FactKind.DATE, Verdict.OMITTED, Span(2, 3), None, "The source says Monday, the copy does not.")


def test_one_fact_that_is_not_kept_makes_a_rewrite_unfaithful() -> None:
    assert [FactReport(facts).faithful for facts in ((KEPT,), (KEPT, LOST), ())] == [True, False, True]


def test_the_score_is_the_share_of_the_facts_kept_and_none_without_facts() -> None:
    assert [FactReport(facts).score for facts in ((KEPT,), (KEPT, LOST), (LOST,), ())] == [1.0, 0.5, 0.0, None]


def test_verdicts_are_counted() -> None:
    assert FactReport((KEPT, KEPT, LOST)).count(Verdict.KEPT) == 2
