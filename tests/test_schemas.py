from __future__ import annotations

import json
from typing import Any

import pytest
from pydantic import ValidationError

from service import linting
from service.article import BlockKind
from service.certificate import certify_check, certify_rewrite
from service.facts import Fact, FactKind, FactReport, Verdict
from service.model import ModelInfo
from service.passages import PassageRewrite, Status, Suggestion
from service.rewriting import Provenance, Rewrite
from service.schemas import (
    CertificateOut,
    CheckIn,
    CheckRowIn,
    FactReportOut,
    LintIn,
    LintOut,
    ModelOut,
    RewriteEndOut,
    RewriteIn,
    RewriteOut,
)
from service.spans import Span
from service.style import Finding

SOURCE = "So the mayor just axed 40 routes!"
COPY = "The mayor cut 50 routes."
KEPT = Fact(FactKind.FIGURE, Verdict.KEPT, Span(23, 25), Span(14, 16))
ALTERED = Fact(FactKind.FIGURE, Verdict.ALTERED, Span(23, 25), Span(14, 16), "The source says 40, the copy says 50.")
OMITTED = Fact(FactKind.DATE, Verdict.OMITTED, Span(0, 2), None, "The source says So, the copy does not.")
UNSUPPORTED = Fact(FactKind.NAME, Verdict.UNSUPPORTED, None, Span(0, 3), "The copy says The, the source does not.")
WRITES = 'The copy writes "50" for "40".'
CHECKER = {"rules": "0"}
FORTY = {"start": 23, "end": 25, "text": "40"}
ADDED = Fact(FactKind.FIGURE, Verdict.UNSUPPORTED, None, Span(11, 13), "The copy says 50.")
FIFTY = {"start": 14, "end": 16, "text": "50"}


def test_rewrite_is_written_as_the_contract_says() -> None:
    passages = (
        PassageRewrite(
            kind=BlockKind.HEADLINE,
            source=SOURCE,
            copy=COPY,
            status=Status.REWRITTEN,
            report=FactReport(facts=(KEPT,)),
            findings=(),
        ),
        PassageRewrite(
            kind=BlockKind.LIST_ITEM,
            source="Wow!",
            copy="Wow!",
            status=Status.KEPT,
            report=FactReport(facts=()),
            findings=(Finding("W10", "No shouting.", Span(3, 4)),),
            suggestion=Suggestion("There were 50.", FactReport(facts=(ADDED,), probability=0.25)),
        ),
    )
    rewrite = Rewrite(
        copy=f"{COPY}\n- Wow!",
        passages=passages,
        provenance=Provenance(model="m", prompt="wire.v1", style="ap", version="0", seed=5),
    )
    certificate = certify_rewrite(f"{SOURCE}\n- Wow!", rewrite, checker=CHECKER)
    out = RewriteOut.from_rewrite(rewrite, certificate=certificate)
    expected: dict[str, Any] = {
        "copy": f"{COPY}\n- Wow!",
        "status": "needs_review",
        "summary": {"facts": 1, "kept": 1, "altered": 0, "omitted": 0, "unsupported": 0, "kept_passages": 1},
        "provenance": {
            **{"model": "m", "prompt": "wire.v1", "style": "ap", "version": "0", "seed": 5},
            **{"mode": "rewrite", "protected": [], "glossary": {}},
        },
        "certificate": CertificateOut.from_certificate(certificate).model_dump(),
        "passages": [
            {
                "kind": "headline",
                "source": SOURCE,
                "copy": COPY,
                "status": "rewritten",
                "probability": None,
                "facts": [{"kind": "figure", "verdict": "kept", "source": FORTY, "copy": FIFTY, "reason": WRITES}],
                "findings": [],
            },
            {
                "kind": "list_item",
                "source": "Wow!",
                "copy": "Wow!",
                "status": "kept",
                "probability": None,
                "facts": [],
                "findings": [{"rule": "W10", "message": "No shouting.", "start": 3, "end": 4}],
                "suggestion": {
                    "copy": "There were 50.",
                    "probability": 0.25,
                    "facts": [
                        {
                            **{"kind": "figure", "verdict": "unsupported", "source": None},
                            **{"copy": {"start": 11, "end": 13, "text": "50"}, "reason": "The copy says 50."},
                        }
                    ],
                },
            },
        ],
    }
    assert (json.loads(out.model_dump_json()), list(out.model_dump())) == (expected, list(expected))


def test_the_end_of_a_rewrite_is_all_of_it_but_its_passages() -> None:
    passage = PassageRewrite(
        kind=BlockKind.PARAGRAPH,
        source=SOURCE,
        copy=COPY,
        status=Status.REWRITTEN,
        report=FactReport(facts=(KEPT,), probability=0.5),
        findings=(),
    )
    provenance = Provenance(model="m", prompt="wire.v1", style="ap", version="0", seed=5)
    rewrite = Rewrite(copy=COPY, passages=(passage,), provenance=provenance)
    certificate = certify_rewrite(SOURCE, rewrite, checker=CHECKER)
    whole = RewriteOut.from_rewrite(rewrite, certificate=certificate).model_dump(mode="json")
    del whole["passages"]
    assert RewriteEndOut.from_rewrite(rewrite, certificate=certificate).model_dump(mode="json") == whole


def test_report_counts_every_verdict_and_gives_reasons() -> None:
    report = FactReport(facts=(KEPT, ALTERED, OMITTED, UNSUPPORTED), probability=0.25, support=0.5)
    certificate = certify_check(SOURCE, COPY, report, checker=CHECKER)
    out = FactReportOut.from_report(report, source=SOURCE, copy=COPY, certificate=certificate)
    assert out.model_dump(mode="json") == {
        "faithful": False,
        "score": 0.25,
        "probability": 0.25,
        "support": 0.5,
        "notices": [],
        "facts": [
            {"kind": "figure", "verdict": "kept", "source": FORTY, "copy": FIFTY, "reason": WRITES},
            {"kind": "figure", "verdict": "altered", "source": FORTY, "copy": FIFTY, "reason": ALTERED.reason},
            {
                "kind": "date",
                "verdict": "omitted",
                "source": {"start": 0, "end": 2, "text": "So"},
                "copy": None,
                "reason": OMITTED.reason,
            },
            {
                "kind": "name",
                "verdict": "unsupported",
                "source": None,
                "copy": {"start": 0, "end": 3, "text": "The"},
                "reason": UNSUPPORTED.reason,
            },
        ],
        "summary": {"facts": 4, "kept": 1, "altered": 1, "omitted": 1, "unsupported": 1, "kept_passages": 0},
        "certificate": CertificateOut.from_certificate(certificate).model_dump(),
    }


def test_report_without_a_fact_has_no_score() -> None:
    report = FactReport(facts=())
    certificate = certify_check("", "", report, checker=CHECKER)
    out = FactReportOut.from_report(report, source="", copy="", certificate=certificate).model_dump(mode="json")
    assert (out["faithful"], out["score"], out["facts"]) == (True, None, [])


def test_certificate_in_json_is_the_one_that_was_made() -> None:
    certificate = certify_check(SOURCE, COPY, FactReport(facts=(KEPT, OMITTED)), checker=CHECKER)
    out = CertificateOut.from_certificate(certificate)
    assert (out.to_certificate(), out.digest) == (certificate, certificate.digest)


def test_lint_counts_offsets_in_the_whole_article_and_knows_its_headlines() -> None:
    text = "Mayor speaks.\n\nIs it over? It is over."
    found = [
        (finding.rule, text[finding.start : finding.end])
        for finding in LintOut.from_findings(linting.lint(text)).findings
    ]
    assert found == [("W10", "?")]


def test_model_is_described_in_full() -> None:
    info = ModelInfo(name="m", adapter="a", engine="e", versions={"torch": "2"}, hashes={"w": "0f"})
    assert ModelOut.from_info(info).model_dump() == {
        "name": "m",
        "adapter": "a",
        "engine": "e",
        "versions": {"torch": "2"},
        "hashes": {"w": "0f"},
    }


@pytest.mark.parametrize(
    ("fields", "location", "kind"),
    [
        pytest.param({}, ("text",), "missing", id="missing"),
        pytest.param({"text": None}, ("text",), "string_type", id="null"),
        pytest.param({"text": 5}, ("text",), "string_type", id="number"),
        pytest.param({"text": "a\x00"}, ("text",), "not_text", id="NUL"),
        pytest.param({"text": "a\udfff"}, ("text",), "not_text", id="half a surrogate pair"),
        pytest.param({"text": "a", "style": "x" * 65}, ("style",), "string_too_long", id="long style"),
        pytest.param({"text": "a", "style": "\ud800"}, ("style",), "string_unicode", id="style that is no text"),
        pytest.param({"text": "a", "seed": -1}, ("seed",), "greater_than_equal", id="negative seed"),
        pytest.param({"text": "a", "seed": 2**53}, ("seed",), "less_than_equal", id="seed JSON cannot hold"),
        pytest.param({"text": "a", "seed": True}, ("seed",), "int_type", id="seed that is no number"),
        pytest.param({"text": "a", "seed": 0.5}, ("seed",), "int_type", id="half a seed"),
        pytest.param({"text": "a", "seed": 1e300}, ("seed",), "less_than_equal", id="endless seed"),
        pytest.param({"text": "a", "tone": "wire"}, ("tone",), "extra_forbidden", id="unknown field"),
    ],
)
def test_request_that_means_something_else_is_refused(
    fields: dict[str, object], location: tuple[str, ...], kind: str
) -> None:
    with pytest.raises(ValidationError) as caught:
        RewriteIn.model_validate(fields)
    assert [(fault["loc"], fault["type"]) for fault in caught.value.errors()] == [(location, kind)]


def test_whole_number_may_have_a_point() -> None:
    assert RewriteIn.model_validate({"text": "a", "seed": 5.0}) == RewriteIn(text="a", seed=5)


def test_text_with_any_character_passes_untouched() -> None:
    text = "\ufeffé 🎉\u2028\r\n\x85\U0010ffff "
    assert (LintIn(text=text).text, CheckIn(source=text, rewrite=text).rewrite) == (text, text)


@pytest.mark.parametrize("identity", [pytest.param("a", id="text"), pytest.param(5, id="number"), None])
def test_row_keeps_its_id_and_may_hold_more(identity: object) -> None:
    row = CheckRowIn.model_validate({"id": identity, "source": "a", "rewrite": "b", "desk": "metro"})
    assert row.model_dump() == {"id": identity, "source": "a", "rewrite": "b"}
