from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from importlib import resources
from typing import Any

import pytest

from service.brief import Brief
from service.certificate import Texts, certify_check, certify_rewrite, digest_of
from service.certified import read_document
from service.checking import Checker
from service.errors import NotACertificateError, TextsMissingError
from service.ladder import Ladder
from service.rewriting import Rewriter
from service.schemas import FactReportOut, RewriteOut
from service.verifying import Document, verify

SOURCE = "He counted 9 dead in Riga on Oct. 3."
COPY = "He counted 12 dead in Riga on Oct. 3."
FERRY = resources.files("service").joinpath("examples", "ferry.txt").read_text(encoding="utf-8")

Fields = dict[str, Any]


@pytest.fixture(scope="module")
def check(checker: Checker) -> Fields:
    """The JSON of a check."""
    report = checker.check(SOURCE, COPY)
    certificate = certify_check(SOURCE, COPY, report, checker=checker.identity)
    out = FactReportOut.from_report(report, source=SOURCE, copy=COPY, certificate=certificate)
    fields: Fields = json.loads(out.model_dump_json())
    return fields


@pytest.fixture(scope="module")
def rewrite(checker: Checker) -> Fields:
    """The JSON of a rewrite."""
    result = Rewriter(Ladder(checker, None), generator=None, prompt="").rewrite(FERRY)
    certificate = certify_rewrite(FERRY, result, checker=checker.identity)
    fields: Fields = json.loads(RewriteOut.from_rewrite(result, certificate=certificate).model_dump_json())
    return fields


def test_glossary_of_a_rewrite_is_certified(checker: Checker) -> None:
    text = "Big Blue sold 9 units on Oct. 3.\n\nWhy did Big Blue leave?"
    brief = Brief.of(glossary={"Big Blue": "IBM"})
    result = Rewriter(Ladder(checker, None), generator=None, prompt="").rewrite(text, brief=brief)
    certificate = certify_rewrite(text, result, checker=checker.identity)
    fields: Fields = json.loads(RewriteOut.from_rewrite(result, certificate=certificate).model_dump_json())
    assert result.copy == text.replace("Big Blue", "IBM")
    assert differing(read(fields), checker) == {}
    without = copied(fields, lambda changed: changed["certificate"].update(glossary={}))
    assert differing(read(without), checker).keys() == {"digest", "verdicts"}


def test_certificate_from_before_there_were_glossaries_is_read(check: Fields, checker: Checker) -> None:
    def age(fields: Fields) -> None:
        del fields["certificate"]["glossary"]

    assert differing(read(copied(check, age), sealed=True), checker) == {}


def read(fields: Fields, *, sealed: bool = False) -> Document:
    if sealed:
        fields["certificate"]["digest"] = digest_of(fields["certificate"])
    return read_document(json.dumps(fields).encode())


def differing(document: Document, checker: Checker, given: Texts | None = None) -> dict[str, tuple[str, ...]]:
    return {one.subject: (one.says, *one.details) for one in verify(document, checker, given=given) if not one.same}


def copied(fields: Fields, edit: Callable[[Fields], object]) -> Fields:
    again: Fields = json.loads(json.dumps(fields))
    edit(again)
    return again


def test_a_check_is_the_same_when_it_is_made_again(checker: Checker, check: Fields) -> None:
    assert differing(read(check), checker) == {}
    assert differing(read(check), checker, Texts(SOURCE, COPY)) == {}
    assert differing(read(check["certificate"]), checker) == {}


def test_a_rewrite_is_the_same_when_it_is_checked_again(checker: Checker, rewrite: Fields) -> None:
    assert differing(read(rewrite), checker) == {}
    assert [one.subject for one in verify(read(rewrite), checker)] == [
        "digest",
        "source",
        "copy",
        "passages",
        "composition",
        "checker",
        "verdicts",
        "report",
    ]


@pytest.mark.parametrize(
    ("edit", "subjects"),
    [
        pytest.param(lambda f: f["certificate"].update(version="9"), ["digest"], id="version"),
        pytest.param(lambda f: f["certificate"].update(faithful=True), ["digest", "verdicts"], id="outcome"),
        pytest.param(
            lambda f: f["certificate"]["texts"].update(copy=SOURCE), ["digest", "copy", "verdicts"], id="text"
        ),
        pytest.param(lambda f: f.update(faithful=True), ["report"], id="outcome beside it"),
        pytest.param(lambda f: f["facts"].pop(), ["report"], id="fact beside it"),
        pytest.param(lambda f: f["facts"][0]["source"].update(text="8"), ["report"], id="words beside it"),
        pytest.param(lambda f: f.update(probability=0.9), ["report"], id="probability beside it"),
        pytest.param(lambda f: f["summary"].update(kept=9), ["report"], id="sums beside it"),
    ],
)
def test_an_edit_of_a_check_shows(
    checker: Checker, check: Fields, edit: Callable[[Fields], object], subjects: list[str]
) -> None:
    assert list(differing(read(copied(check, edit)), checker)) == subjects


def test_a_certificate_that_was_sealed_again_is_found_out_by_its_verdicts(checker: Checker, check: Fields) -> None:
    def whitewash(fields: Fields) -> None:
        pair = fields["certificate"]["pairs"][0]
        pair["verdicts"] = [line.replace("altered", "kept") for line in pair["verdicts"]]
        pair["faithful"] = fields["certificate"]["faithful"] = True

    found = differing(read(copied(check["certificate"] | {}, lambda _: None)), checker)
    assert found == {}
    edited = copied(check, whitewash)
    alone = {"certificate": edited["certificate"]}
    assert differing(read(alone, sealed=True), checker) == {
        "verdicts": (
            "not those of the certificate",
            'figure "9": kept in the certificate, altered now: The source says 9 dead, the copy says 12.',
            "faithful in the certificate, not faithful now",
        )
    }


@pytest.mark.parametrize(
    ("edit", "subjects"),
    [
        pytest.param(lambda f: f.update(copy=f["copy"] + "More."), ["copy", "composition"], id="copy"),
        pytest.param(
            lambda f: f["passages"][2].update(copy="Nothing sank."),
            ["passages", "composition", "verdicts"],
            id="passage",
        ),
        pytest.param(lambda f: f["passages"].pop(), ["passages", "composition", "verdicts"], id="passage taken out"),
        pytest.param(lambda f: f["passages"].reverse(), ["passages", "composition", "verdicts", "report"], id="order"),
    ],
)
def test_an_edit_of_a_rewrite_shows(
    checker: Checker, rewrite: Fields, edit: Callable[[Fields], object], subjects: list[str]
) -> None:
    assert list(differing(read(copied(rewrite, edit)), checker)) == subjects


def test_another_version_of_the_checker_is_told_and_is_no_fault(checker: Checker, check: Fields) -> None:
    edited = copied(check, lambda fields: fields["certificate"]["checker"].update(rules="0.0.9", lexicons="0" * 64))
    compared = verify(read(edited, sealed=True), checker)
    (one,) = [one for one in compared if one.subject == "checker"]
    assert all(other.same for other in compared)
    assert one.says == "a different version, which is no fault where the verdicts agree"
    assert one.details[1] == f"rules: 0.0.9 then, {checker.identity['rules']} now"


def test_a_probability_that_one_side_has_not_is_told_and_is_no_fault(checker: Checker, check: Fields) -> None:
    document = read(check)
    pair = replace(document.certificate.pairs[0], probability=0.93)
    judged = replace(document, certificate=replace(document.certificate, pairs=(pair,)), claims=(), totals={})
    (verdicts,) = [one for one in verify(judged, checker) if one.subject == "verdicts"]
    assert (verdicts.same, verdicts.details) == (True, ("probability 0.93 in the certificate, not judged now",))


def test_texts_that_are_not_those_certified_are_told(checker: Checker, check: Fields) -> None:
    found = differing(read(check), checker, Texts(SOURCE, COPY + " "))
    assert list(found) == ["copy", "verdicts"]
    assert found["copy"][0].endswith("give the copy exactly as it was checked")


def test_hashes_without_texts_cannot_be_checked_again(checker: Checker, check: Fields) -> None:
    bare = copied(check, lambda fields: fields["certificate"].update(texts=None))
    with pytest.raises(TextsMissingError, match="copydesk verify CERT SOURCE COPY"):
        verify(read(bare, sealed=True), checker)


def test_a_rewrite_without_its_passages_cannot_be_checked_again(checker: Checker, rewrite: Fields) -> None:
    with pytest.raises(NotACertificateError, match="give the whole JSON"):
        verify(read(rewrite["certificate"]), checker)
