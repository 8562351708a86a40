from __future__ import annotations

from dataclasses import replace

from service.article import BlockKind
from service.facts import Fact, FactKind, FactReport, Verdict
from service.ledger import describe, describe_report
from service.passages import PassageRewrite, Status, Suggestion
from service.rewriting import Provenance, Rewrite
from service.spans import Span
from service.style import Finding

SOURCE = "Mayor Lee told the FBI\nof 40 buses."
COPY = "Lee told the bureau of 50 buses on Monday."
REPORT = FactReport(
    facts=(
        Fact(FactKind.PERSON, Verdict.KEPT, Span(6, 9), Span(0, 3)),
        Fact(FactKind.ORGANISATION, Verdict.KEPT, Span(19, 22), None),
        Fact(FactKind.FIGURE, Verdict.ALTERED, Span(26, 28), Span(23, 25), "The source says 40, the copy says 50."),
        Fact(FactKind.PLACE, Verdict.OMITTED, Span(0, 5), None, "The source says Mayor, the copy does not."),
        Fact(FactKind.DATE, Verdict.UNSUPPORTED, None, Span(35, 41), "The copy says Monday, the source does not."),
    )
)
PROVENANCE = Provenance(model="rules", prompt="", style="ap", version="0", seed=0)


def passage(source: str, copy: str, status: Status, report: FactReport, *findings: Finding) -> PassageRewrite:
    return PassageRewrite(
        kind=BlockKind.PARAGRAPH, source=source, copy=copy, status=status, report=report, findings=findings
    )


def test_check_is_told_fact_by_fact_then_in_sums() -> None:
    assert describe_report(REPORT, source=SOURCE, copy=COPY) == (
        "= person kept: Both name Lee.\n"
        '= organisation kept: The copy keeps "FBI" in other words.\n'
        "! figure altered: The source says 40, the copy says 50.\n"
        "- place omitted: The source says Mayor, the copy does not.\n"
        "+ date unsupported: The copy says Monday, the source does not.\n"
        "5 facts: 2 kept, 1 altered, 1 unsupported, 1 omitted\n"
        "not faithful"
    )


def test_check_without_a_fact_is_faithful() -> None:
    assert describe_report(FactReport(facts=()), source="", copy="") == (
        "note: Both texts are empty: there was nothing to check.\n"
        "0 facts: 0 kept, 0 altered, 0 unsupported, 0 omitted\nfaithful"
    )


def test_rewrite_is_told_passage_by_passage() -> None:
    kept = FactReport(facts=REPORT.facts[:1])
    fault = Finding("W10", "Copy asks no questions; state what is known.", Span(0, 1))
    result = Rewrite(
        copy="",
        passages=(
            passage(SOURCE, SOURCE, Status.KEPT, kept, fault),
            passage("So  here is the thing: " + "la " * 30, "", Status.REPAIRED, FactReport(facts=())),
        ),
        provenance=PROVENANCE,
    )
    assert describe(result) == (
        "1. paragraph, kept: Mayor Lee told the FBI of 40 buses.\n"
        '   = person kept: The copy writes "May" for "Lee".\n'
        "   ? W10: Copy asks no questions; state what is known.\n"
        "2. paragraph, repaired: So here is the thing: la la la la la la la la la la la la...\n"
        "1 facts: 1 kept, 0 altered, 0 unsupported, 0 omitted; passages: 1 kept, 1 repaired\n"
        "needs review: kept passages are the source, unedited; lines with ? are faults of style left"
    )


def test_a_suggestion_is_told_with_what_speaks_against_it() -> None:
    kept = replace(
        passage(SOURCE, SOURCE, Status.KEPT, FactReport(facts=())),
        suggestion=Suggestion(COPY, FactReport(REPORT.facts[1:3])),
    )
    assert describe(Rewrite(copy=SOURCE, passages=(kept,), provenance=PROVENANCE)).splitlines()[1:] == [
        f"   > {COPY}",
        "     ! figure altered: The source says 40, the copy says 50.",
        "0 facts: 0 kept, 0 altered, 0 unsupported, 0 omitted; passages: 1 kept",
        "needs review: kept passages are the source, unedited; lines with ? are faults of style left; "
        "lines with > are what the model would write, not verified",
    ]


def test_rewrite_that_needs_no_editor_is_verified() -> None:
    result = Rewrite(
        copy="A.", passages=(passage("A.", "A.", Status.UNCHANGED, FactReport(facts=())),), provenance=PROVENANCE
    )
    assert describe(result).splitlines()[-1] == "verified"
