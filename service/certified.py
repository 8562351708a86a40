"""Read the JSON that carries a certificate: the output of a check or of a rewrite, or the certificate alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import ValidationError
from pydantic_core import from_json

from service.certificate import FORMAT, Texts, digest_of
from service.errors import NotACertificateError, UnknownFormatError
from service.schemas import CertificateOut, FactOut, FactReportOut, MentionOut, RewriteOut, SummaryOut
from service.spans import Span
from service.verifying import Claim, Document

_MOST_FAULTS = 3
_WHAT_IS = "give the JSON that `copydesk check --json`, `copydesk rewrite --json` or the HTTP API wrote"


def read_document(content: bytes) -> Document:
    """Read a certificate and what came with it.

    Raises:
        NotACertificateError: It is no JSON, or not that of a certificate.
        UnknownFormatError: The certificate has a form that this version does not know.
    """
    try:
        fields = from_json(content.removeprefix(b"\xef\xbb\xbf"), allow_inf_nan=False)
    except ValueError as error:
        raise NotACertificateError(f"is not whole JSON ({error}): {_WHAT_IS}, unchanged") from error
    if not isinstance(fields, dict):
        raise NotACertificateError(f"holds {_kind(fields)}, not the object that carries a certificate: {_WHAT_IS}")
    alone = "certificate" not in fields and {"format", "digest"} <= fields.keys()
    written = fields if alone else fields.get("certificate")
    if not isinstance(written, dict):
        found = "no certificate" if written is None else f"{_kind(written)} where its certificate should be"
        raise NotACertificateError(f"holds {found}: {_WHAT_IS}")
    _require_format(written)
    try:
        certificate = CertificateOut.model_validate(written)
        beside = {} if alone else _beside(fields)
    except ValidationError as error:
        raise NotACertificateError(f"is not as copydesk writes it ({_faults(error)}): {_WHAT_IS}, unchanged") from error
    return Document(
        certificate=certificate.to_certificate(),
        digest=certificate.digest,
        content_digest=digest_of(written),
        **beside,
    )


def _require_format(written: Mapping[str, Any]) -> None:
    number = written.get("format")
    if not isinstance(number, int) or isinstance(number, bool):
        raise NotACertificateError(f"holds a certificate without the number of its format: {_WHAT_IS}, unchanged")
    if number != FORMAT:
        raise UnknownFormatError(number, FORMAT)


def _beside(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Read what came with a certificate, as fields of a document."""
    if "passages" in fields:
        rewrite = RewriteOut.model_validate(fields)
        claims = tuple(
            _claim(passage.facts, passage.probability, Texts(passage.source, passage.copy_))
            for passage in rewrite.passages
        )
        return {"claims": claims, "copy": rewrite.copy_, "totals": {"summary": _summary(rewrite.summary)}}
    if "facts" not in fields:
        return {}
    report = FactReportOut.model_validate(fields)
    totals = {"faithful": report.faithful, "score": report.score, "summary": _summary(report.summary)}
    return {"claims": (_claim(report.facts, report.probability, None),), "totals": totals}


def _claim(facts: Iterable[FactOut], probability: float | None, texts: Texts | None) -> Claim:
    told = tuple(facts)
    return Claim(
        verdicts=tuple(
            f"{fact.kind.value} {fact.verdict.value} {_place(fact.source)} {_place(fact.copy_)}" for fact in told
        ),
        probability=probability,
        source_words=_words(fact.source for fact in told),
        copy_words=_words(fact.copy_ for fact in told),
        texts=texts,
    )


def _place(mention: MentionOut | None) -> str:
    return f"{mention.start}-{mention.end}" if mention else "-"


def _words(mentions: Iterable[MentionOut | None]) -> tuple[tuple[Span, str], ...]:
    # A place that ends before it begins is no place, and holds no words.
    return tuple(
        (Span(max(0, mention.start), max(0, mention.start, mention.end)), mention.text)
        for mention in mentions
        if mention
    )


def _summary(summary: SummaryOut) -> dict[str, int]:
    return summary.model_dump(exclude={"kept_passages"})


def _kind(value: object) -> str:
    names = {dict: "an object", list: "a list", str: "a text", bool: "true or false", type(None): "null"}
    return names.get(type(value), "a number")


def _faults(error: ValidationError) -> str:
    faults = error.errors(include_input=False, include_url=False)
    told = [f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in faults[:_MOST_FAULTS]]
    return "; ".join([*told, *(["..."] if len(faults) > _MOST_FAULTS else [])])
