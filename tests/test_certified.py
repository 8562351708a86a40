from __future__ import annotations

import json
from typing import Any

import pytest

from service.certificate import certify_check
from service.certified import read_document
from service.errors import CertificateError
from service.facts import Fact, FactKind, FactReport, Verdict
from service.schemas import FactReportOut
from service.spans import Span

SOURCE, COPY = "It killed 9.", "It killed 9."
REPORT = FactReport(facts=(Fact(FactKind.FIGURE, Verdict.KEPT, Span(10, 11), Span(10, 11)),))


def printed() -> dict[str, Any]:
    certificate = certify_check(SOURCE, COPY, REPORT, checker={"rules": "7"})
    out = FactReportOut.from_report(REPORT, source=SOURCE, copy=COPY, certificate=certificate)
    fields: dict[str, Any] = json.loads(out.model_dump_json())
    return fields


def test_the_json_of_a_check_is_read_with_what_it_says_beside_its_certificate() -> None:
    document = read_document(b"\xef\xbb\xbf" + json.dumps(printed()).encode())
    assert document.certificate == certify_check(SOURCE, COPY, REPORT, checker={"rules": "7"})
    assert document.digest == document.content_digest
    assert [claim.verdicts for claim in document.claims] == [("figure kept 10-11 10-11",)]


def test_a_certificate_alone_is_read_too() -> None:
    document = read_document(json.dumps(printed()["certificate"]).encode())
    assert (document.digest == document.content_digest, document.claims) == (True, ())


def changed(**fields: object) -> bytes:
    return json.dumps({**printed(), "certificate": {**printed()["certificate"], **fields}}).encode()


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        pytest.param(json.dumps(printed()).encode()[:-40], "is not whole JSON", id="truncated"),
        pytest.param(b"", "is not whole JSON", id="empty"),
        pytest.param(b"\xff\xfe{\x00", "is not whole JSON", id="UTF-16"),
        pytest.param(b"[1]", "holds a list, not the object", id="list"),
        pytest.param(b"5", "holds a number, not the object", id="number"),
        pytest.param(b"{}", "holds no certificate", id="other JSON"),
        pytest.param(b'{"certificate": "x"}', "holds a text where its certificate should be", id="text"),
        pytest.param(changed(format=None), "without the number of its format", id="no format"),
        pytest.param(changed(format=9), "has the format 9, this copydesk reads format 1", id="unknown format"),
        pytest.param(changed(faithful="maybe"), "faithful: Input should be a valid boolean", id="wrong type"),
        pytest.param(changed(verdict=1), "verdict: Extra inputs are not permitted", id="unknown field"),
        pytest.param(changed(digest="0f"), "digest: String should match pattern", id="short digest"),
        pytest.param(changed(texts={"source": "\ud800", "copy": ""}), "is not whole JSON", id="half a surrogate pair"),
        pytest.param(
            json.dumps({**printed(), "facts": 5}).encode(), "facts: Input should be a valid list", id="report"
        ),
    ],
)
def test_what_is_no_certificate_is_refused_with_what_would_be_right(content: bytes, reason: str) -> None:
    with pytest.raises(CertificateError) as caught:
        read_document(content)
    assert (
        reason in str(caught.value),
        "give the JSON" in str(caught.value) or "verify it with" in str(caught.value),
    ) == (
        True,
        True,
    )
