from __future__ import annotations

import hashlib
import json
from dataclasses import replace

import pytest

from service.certificate import Certificate, CheckedPair, Texts, certify_check
from service.facts import Fact, FactKind, FactReport, Verdict
from service.schemas import CertificateOut
from service.spans import Span

SOURCE, COPY = "Café lost 9.", "Café lost 12."
REPORT = FactReport(
    facts=(
        Fact(FactKind.FIGURE, Verdict.ALTERED, Span(10, 11), Span(10, 12), "The source says 9, the copy says 12."),
        Fact(FactKind.NAME, Verdict.OMITTED, Span(0, 4), None),
    ),
    probability=1.0,
)
SHA256 = tuple(hashlib.sha256(text.encode()).hexdigest() for text in (SOURCE, COPY))


def certificate() -> Certificate:
    return certify_check(SOURCE, COPY, REPORT, checker={"rules": "7"})


def test_certificate_holds_hashes_versions_and_verdicts() -> None:
    assert certificate() == Certificate(
        format=1,
        version="0.1.0",
        checker={"rules": "7"},
        operating_point="balanced",
        source_sha256=SHA256[0],
        copy_sha256=SHA256[1],
        faithful=False,
        pairs=(
            CheckedPair(
                source_sha256=SHA256[0],
                copy_sha256=SHA256[1],
                faithful=False,
                probability=1.0,
                verdicts=("figure altered 10-11 10-12", "name omitted 0-4 -"),
            ),
        ),
        texts=Texts(SOURCE, COPY),
    )


def test_texts_can_be_left_out() -> None:
    bare = certify_check(SOURCE, COPY, REPORT, checker={"rules": "7"}, with_texts=False)
    assert bare == replace(certificate(), texts=None)


def test_digest_is_that_of_the_canonical_json() -> None:
    written = json.loads(CertificateOut.from_certificate(certificate()).model_dump_json())
    digest = written.pop("digest")
    written["pairs"][0]["probability"] = 1  # As JSON of JavaScript has it.
    canonical = json.dumps(written, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert hashlib.sha256(canonical.encode()).hexdigest() == digest


@pytest.mark.parametrize(
    "edited",
    [
        pytest.param(replace(certificate(), faithful=True), id="outcome"),
        pytest.param(replace(certificate(), version="9"), id="version"),
        pytest.param(replace(certificate(), texts=Texts(SOURCE, SOURCE)), id="texts"),
        pytest.param(replace(certificate(), pairs=(replace(certificate().pairs[0], verdicts=()),)), id="verdicts"),
    ],
)
def test_every_edit_changes_the_digest(edited: Certificate) -> None:
    assert edited.digest != certificate().digest
