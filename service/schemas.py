"""The JSON that goes in and out, the same over HTTP and on the command line."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic_core import PydanticCustomError

from service.article import BlockKind
from service.facts import Fact, FactKind, FactReport, Verdict
from service.model import ModelInfo
from service.passages import PassageRewrite, Status
from service.rewriting import Rewrite
from service.spans import Span
from service.style import Finding

# The largest whole number that every reader of JSON keeps exact (RFC 8259, section 6).
_MAX_SEED = 2**53 - 1
# A name that is no style comes back in the error, so it is kept short.
_STYLE_CHARACTERS = 64

# JSON can spell both, no text has them, and neither can be written as UTF-8 or read by a model.
_NO_CHARACTER = re.compile("[\x00\ud800-\udfff]")

_CASUAL = "So the mayor just axed 40 bus routes. Wild."
_WIRE = "The mayor cut 40 bus routes."


def _require_text(text: str) -> str:
    if found := _NO_CHARACTER.search(text):
        raise PydanticCustomError(
            "not_text",
            "Input should be text, but there is a NUL or half a surrogate pair at character {position}",
            {"position": found.start()},
        )
    return text


Text = Annotated[str, AfterValidator(_require_text)]


class _In(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class _Out(BaseModel):
    # ``copy`` is a method of every pydantic model, so a field of that name has another inside.
    model_config = ConfigDict(serialize_by_alias=True, frozen=True)


class RewriteIn(_In):
    """An article to rewrite."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"text": _CASUAL, "style": "ap", "seed": 0}]})

    text: Annotated[Text, Field(description="The article: plain text or Markdown.")]
    style: Annotated[str, Field(description="Name of the house style.", max_length=_STYLE_CHARACTERS)] = "ap"
    seed: Annotated[int, Field(description="Seed of the sampled candidates.", ge=0, le=_MAX_SEED)] = 0


class CheckIn(_In):
    """A rewrite of any origin, and what it was made from."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"source": _CASUAL, "rewrite": _WIRE}]})

    source: Annotated[Text, Field(description="The article as filed.")]
    rewrite: Annotated[Text, Field(description="The rewrite.")]


class CheckRowIn(CheckIn):
    """A line of a file of rewrites; fields that are not listed are let pass."""

    model_config = ConfigDict(extra="ignore")

    id: Annotated[str | int | None, Field(description="Comes back with the report.")] = None


class LintIn(_In):
    """A text to read for style."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"text": _CASUAL}]})

    text: Annotated[Text, Field(description="The text.")]


class MentionOut(_Out):
    """Where a text states a fact: half-open offsets in characters, and the words there."""

    start: int
    end: int
    text: str

    @classmethod
    def from_span(cls, span: Span | None, text: str) -> MentionOut | None:
        """Quote ``text`` at ``span``."""
        return cls(start=span.start, end=span.end, text=span.of(text)) if span else None


class FactOut(_Out):
    """What became of one fact."""

    kind: FactKind
    verdict: Verdict
    source: MentionOut | None
    copy_: MentionOut | None = Field(alias="copy")
    reason: Annotated[
        str,
        Field(
            description="One sentence for an editor; left out where the fact was kept.",
            exclude_if=lambda reason: not reason,
        ),
    ] = ""

    @classmethod
    def from_fact(cls, fact: Fact, *, source: str, copy: str) -> FactOut:
        """Describe a fact of ``source`` and ``copy``."""
        return cls(
            kind=fact.kind,
            verdict=fact.verdict,
            source=MentionOut.from_span(fact.source, source),
            copy=MentionOut.from_span(fact.copy, copy),
            reason=fact.reason,
        )


class FindingOut(_Out):
    """A breach of wire style."""

    rule: Annotated[str, Field(examples=["W10"])]
    message: str
    start: int
    end: int

    @classmethod
    def from_finding(cls, finding: Finding) -> FindingOut:
        """Describe a finding."""
        return cls(rule=finding.rule, message=finding.message, start=finding.span.start, end=finding.span.end)


class LintOut(_Out):
    """Every breach of wire style in a text."""

    findings: list[FindingOut]

    @classmethod
    def from_findings(cls, findings: Iterable[Finding]) -> LintOut:
        """Describe the findings of a text."""
        return cls(findings=[FindingOut.from_finding(finding) for finding in findings])


class SummaryOut(_Out):
    """How many facts there are and what became of them."""

    facts: int
    kept: int
    altered: int
    omitted: int
    unsupported: int
    kept_passages: Annotated[int, Field(description="Passages returned as filed because they need an editor.")]

    @classmethod
    def from_reports(cls, reports: Iterable[FactReport], *, kept_passages: int = 0) -> SummaryOut:
        """Add up reports."""
        verdicts = Counter(fact.verdict for report in reports for fact in report.facts)
        return cls(
            facts=verdicts.total(),
            kept=verdicts[Verdict.KEPT],
            altered=verdicts[Verdict.ALTERED],
            omitted=verdicts[Verdict.OMITTED],
            unsupported=verdicts[Verdict.UNSUPPORTED],
            kept_passages=kept_passages,
        )


class PassageOut(_Out):
    """A passage and what became of it; offsets count in its own source and copy."""

    kind: BlockKind
    source: str
    copy_: str = Field(alias="copy")
    status: Status
    facts: list[FactOut]
    findings: list[FindingOut]

    @classmethod
    def from_passage(cls, passage: PassageRewrite) -> PassageOut:
        """Describe a passage."""
        source, copy = passage.source, passage.copy
        return cls(
            kind=passage.kind,
            source=source,
            copy=copy,
            status=passage.status,
            facts=[FactOut.from_fact(fact, source=source, copy=copy) for fact in passage.report.facts],
            findings=[FindingOut.from_finding(finding) for finding in passage.findings],
        )


class ProvenanceOut(_Out):
    """All that is needed to make a rewrite again."""

    model: str
    prompt: str
    style: str
    version: str
    seed: int


class RewriteOut(_Out):
    """An article as wire copy, with an account of every fact."""

    copy_: str = Field(alias="copy")
    status: Literal["verified", "needs_review"]
    passages: list[PassageOut]
    summary: SummaryOut
    provenance: ProvenanceOut

    @classmethod
    def from_rewrite(cls, rewrite: Rewrite) -> RewriteOut:
        """Describe a rewrite."""
        return cls(
            copy=rewrite.copy,
            status="verified" if rewrite.verified else "needs_review",
            passages=[PassageOut.from_passage(passage) for passage in rewrite.passages],
            summary=SummaryOut.from_reports(
                (passage.report for passage in rewrite.passages),
                kept_passages=sum(passage.status is Status.KEPT for passage in rewrite.passages),
            ),
            provenance=ProvenanceOut(**asdict(rewrite.provenance)),
        )


class FactReportOut(_Out):
    """What a rewrite did with the facts of its source."""

    faithful: Annotated[bool, Field(description="True when every fact was kept and none was added.")]
    score: Annotated[float | None, Field(description="Share of the facts kept, 0 to 1; null where there is no fact.")]
    facts: list[FactOut]
    summary: SummaryOut

    @classmethod
    def from_report(cls, report: FactReport, *, source: str, copy: str) -> FactReportOut:
        """Describe a report on ``source`` and ``copy``."""
        return cls(
            faithful=report.faithful,
            score=report.score,
            facts=[FactOut.from_fact(fact, source=source, copy=copy) for fact in report.facts],
            summary=SummaryOut.from_reports([report]),
        )


class StyleOut(_Out):
    """A house style."""

    name: Annotated[str, Field(examples=["ap"])]


class StylesOut(_Out):
    """The house styles there are."""

    styles: list[StyleOut]

    @classmethod
    def from_names(cls, names: Iterable[str]) -> StylesOut:
        """Describe styles."""
        return cls(styles=[StyleOut(name=name) for name in names])


class ModelOut(_Out):
    """What rewrites."""

    name: str
    adapter: Annotated[str, Field(description="Adapter merged into the model, or empty.")]
    engine: str
    versions: dict[str, str]
    hashes: Annotated[dict[str, str], Field(description="SHA-256 of the files the model is made of.")]

    @classmethod
    def from_info(cls, info: ModelInfo) -> ModelOut:
        """Describe a model."""
        return cls(**asdict(info))


class HealthOut(_Out):
    """How the service is."""

    status: Literal["live", "ready"]
