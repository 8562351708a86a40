"""The JSON that goes in and out, the same over HTTP and on the command line."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

from service.article import BlockKind
from service.brief import Brief, Mode
from service.certificate import Certificate, CheckedPair, Texts
from service.explanations import explain
from service.facts import Fact, FactKind, FactReport, Verdict
from service.house_style import DEFAULT, HouseStyle, StyleRule, known_styles
from service.judging import BALANCED, STRICT
from service.model import ModelInfo
from service.notices import find_notices
from service.passages import PassageRewrite, Status, Suggestion
from service.rewriting import Rewrite
from service.spans import Span
from service.style import Finding
from service.terms import MOST_CHARACTERS, MOST_TERMS

# The largest whole number that every reader of JSON keeps exact (RFC 8259, section 6).
MAX_SEED = 2**53 - 1
# A name that is no style comes back in the error, so it is kept short.
_STYLE_CHARACTERS = 64

# JSON can spell both, no text has them, and neither can be written as UTF-8 or read by a model.
_NO_CHARACTER = re.compile("[\x00\ud800-\udfff]")

_CASUAL = "So the mayor just axed 40 bus routes. Wild."
_WIRE = "The mayor cut 40 bus routes."
_TERMED = "The cops won't say who's behind Axe the Tax."


def _require_text(text: str) -> str:
    if found := _NO_CHARACTER.search(text):
        raise PydanticCustomError(
            "not_text",
            "Input should be text, but there is a NUL or half a surrogate pair at character {position}",
            {"position": found.start()},
        )
    return text


# Half a surrogate pair is no character, so a pattern has no need to name it.
_NO_NUL = r"^[^\u0000]*$"
Text = Annotated[str, AfterValidator(_require_text), Field(json_schema_extra={"pattern": _NO_NUL})]


def _as_whole(value: object) -> object:
    # JSON has one kind of number, so that 5.0 is a whole one.
    return int(value) if isinstance(value, float) and value.is_integer() else value


# The bounds come first: pydantic would not write them into the schema of what a validator gives.
Seed = Annotated[int, Field(ge=0, le=MAX_SEED), BeforeValidator(_as_whole)]
StyleName = Annotated[
    str,
    Field(
        description="Name of the house style.",
        max_length=_STYLE_CHARACTERS,
        json_schema_extra={"enum": list(known_styles())},
    ),
]
# Terms are held to this where they are taken, which says of each term what is wrong with it.
_Term = Annotated[
    Text, WithJsonSchema({"type": "string", "minLength": 1, "maxLength": MOST_CHARACTERS, "pattern": _NO_NUL})
]
Protected = Annotated[
    list[_Term],
    Field(description="Terms that stay letter for letter wherever the source has them.", max_length=MOST_TERMS),
]
Glossary = Annotated[
    dict[_Term, _Term],
    Field(description="Terms of the source, and by what each is always rendered.", max_length=MOST_TERMS),
]


class _In(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class _Out(BaseModel):
    # ``copy`` is a method of every pydantic model, so a field of that name has another inside.
    model_config = ConfigDict(serialize_by_alias=True, frozen=True)


class RewriteIn(_In):
    """An article to rewrite."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"text": _CASUAL, "style": "ap", "seed": 0},
                {
                    "text": _TERMED,
                    "style": "bbc",
                    "mode": "fix",
                    "protected": ["Axe the Tax"],
                    "glossary": {"cops": "officers"},
                },
            ]
        }
    )

    text: Annotated[Text, Field(description="The article: plain text or Markdown.")]
    style: StyleName = DEFAULT
    mode: Annotated[
        Literal["rewrite", "fix"],
        Field(description="fix: only faults of style are mended, by rules and without the model; all else stays."),
    ] = "rewrite"
    protected: Protected = []
    glossary: Glossary = {}
    seed: Annotated[Seed, Field(description="Seed of the sampled candidates.")] = 0

    def to_brief(self) -> Brief:
        """Say what is asked of the desk.

        Raises:
            UnknownStyleError: There is no such house style.
            TermsError: A term cannot be kept.
        """
        return Brief.of(style=self.style, mode=self.mode, protected=self.protected, glossary=self.glossary)


class CheckIn(_In):
    """A rewrite of any origin, and what it was made from."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"source": _CASUAL, "rewrite": _WIRE}]})

    source: Annotated[Text, Field(description="The article as filed.")]
    rewrite: Annotated[Text, Field(description="The rewrite.")]


class CheckRowIn(CheckIn):
    """A line of a file of rewrites; fields that are not listed are let pass."""

    model_config = ConfigDict(extra="ignore")

    id: Annotated[str | int | None, Field(description="Comes back with the report.")] = None


class BatchRowIn(_In):
    """A row of a batch; fields that are not listed are let pass."""

    model_config = ConfigDict(extra="ignore")

    text: Annotated[Text, Field(description="The article: plain text or Markdown.")]
    protected: Protected | None = None
    glossary: Glossary | None = None


class LintIn(_In):
    """A text to read for style."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"text": _CASUAL}]})

    text: Annotated[Text, Field(description="The text.")]
    style: StyleName = DEFAULT


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
    reason: Annotated[str, Field(description="What became of it and why, in one sentence for an editor.")]

    @classmethod
    def from_fact(cls, fact: Fact, *, source: str, copy: str) -> FactOut:
        """Describe a fact of ``source`` and ``copy``."""
        return cls(
            kind=fact.kind,
            verdict=fact.verdict,
            source=MentionOut.from_span(fact.source, source),
            copy=MentionOut.from_span(fact.copy, copy),
            reason=explain(fact, source=source, copy=copy),
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


Sha256 = Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
Probability = Annotated[float, Field(ge=0, le=1)]


class CheckedPairOut(_Out):
    """A source and a copy that were compared."""

    source_sha256: Sha256
    copy_sha256: Sha256
    faithful: bool
    probability: Probability | None
    verdicts: Annotated[
        list[Annotated[str, Field(pattern=r"^[a-z_]+ [a-z_]+ (-|\d{1,9}-\d{1,9}) (-|\d{1,9}-\d{1,9})$")]],
        Field(
            description="For each fact its kind, its verdict, and its place in the source and in the copy.",
            examples=[["figure altered 19-21 14-16", "date omitted 30-36 -"]],
        ),
    ]


class TextsOut(_Out):
    """The texts that were compared."""

    source: Text
    copy_: Text = Field(alias="copy")


class CertificateOut(_Out):
    """What was checked, by what and with what outcome, so that `copydesk verify` can check it again."""

    model_config = ConfigDict(extra="forbid", strict=True)

    format: Annotated[int, Field(description="Number of this form.")]
    version: Annotated[str, Field(description="Version of copydesk.")]
    checker: Annotated[dict[str, str], Field(description="Versions and SHA-256 of all that the verdicts depend on.")]
    operating_point: Annotated[str, Field(examples=[BALANCED, STRICT])]
    source_sha256: Annotated[Sha256, Field(description="SHA-256 of the source in UTF-8.")]
    copy_sha256: Annotated[Sha256, Field(description="SHA-256 of the copy in UTF-8.")]
    faithful: bool
    pairs: Annotated[list[CheckedPairOut], Field(description="The whole texts, or the passages of a rewrite in order.")]
    texts: Annotated[TextsOut | None, Field(description="The whole texts; null where only their hashes are kept.")]
    glossary: Annotated[
        dict[str, str], Field(description="Terms of the source, and by what each may be rendered in the copy.")
    ] = {}
    digest: Annotated[
        Sha256, Field(description="SHA-256 of all the rest as JSON in UTF-8, keys sorted, without blanks.")
    ]

    @classmethod
    def from_certificate(cls, certificate: Certificate) -> CertificateOut:
        """Write a certificate."""
        return cls.model_validate(json.loads(json.dumps({**asdict(certificate), "digest": certificate.digest})))

    def to_certificate(self) -> Certificate:
        """Read it back, its digest left out."""
        return Certificate(
            format=self.format,
            version=self.version,
            checker=self.checker,
            operating_point=self.operating_point,
            source_sha256=self.source_sha256,
            copy_sha256=self.copy_sha256,
            faithful=self.faithful,
            pairs=tuple(
                CheckedPair(
                    source_sha256=pair.source_sha256,
                    copy_sha256=pair.copy_sha256,
                    faithful=pair.faithful,
                    probability=pair.probability,
                    verdicts=tuple(pair.verdicts),
                )
                for pair in self.pairs
            ),
            texts=Texts(source=self.texts.source, copy=self.texts.copy_) if self.texts else None,
            glossary=self.glossary,
        )


class SuggestionOut(_Out):
    """What the model would have written where it could not be trusted: for an editor, and no part of the copy."""

    copy_: str = Field(alias="copy")
    probability: Annotated[
        Probability | None, Field(description="How likely it is faithful; null where it was not judged.")
    ]
    facts: Annotated[list[FactOut], Field(description="What became of each fact; offsets count in its own copy.")]

    @classmethod
    def from_suggestion(cls, suggestion: Suggestion, *, source: str) -> SuggestionOut:
        """Describe a suggestion."""
        report = suggestion.report
        return cls(
            copy=suggestion.copy,
            probability=report.probability,
            facts=[FactOut.from_fact(fact, source=source, copy=suggestion.copy) for fact in report.facts],
        )


class PassageOut(_Out):
    """A passage and what became of it; offsets count in its own source and copy."""

    kind: BlockKind
    source: str
    copy_: str = Field(alias="copy")
    status: Status
    probability: Annotated[
        Probability | None, Field(description="How likely the copy is faithful; null where it was not judged.")
    ]
    facts: list[FactOut]
    findings: list[FindingOut]
    suggestion: Annotated[
        SuggestionOut | None,
        Field(
            description="What the model would have written, not verified; left out where nothing is suggested.",
            exclude_if=lambda suggestion: suggestion is None,
        ),
    ] = None

    @classmethod
    def from_passage(cls, passage: PassageRewrite) -> PassageOut:
        """Describe a passage."""
        source, copy = passage.source, passage.copy
        return cls(
            kind=passage.kind,
            source=source,
            copy=copy,
            status=passage.status,
            probability=passage.report.probability,
            facts=[FactOut.from_fact(fact, source=source, copy=copy) for fact in passage.report.facts],
            findings=[FindingOut.from_finding(finding) for finding in passage.findings],
            suggestion=SuggestionOut.from_suggestion(passage.suggestion, source=source) if passage.suggestion else None,
        )


class ProvenanceOut(_Out):
    """All that is needed to make a rewrite again."""

    model: str
    prompt: str
    style: str
    version: str
    seed: int
    mode: Mode = Mode.REWRITE
    protected: list[str] = []
    glossary: dict[str, str] = {}


class _CopyOut(_Out):
    copy_: str = Field(alias="copy")
    status: Literal["verified", "needs_review"]
    summary: SummaryOut


class BatchRowOut(_CopyOut):
    """What became of a row of a batch, without the account of every passage."""

    @classmethod
    def from_rewrite(cls, rewrite: Rewrite) -> BatchRowOut:
        """Describe a rewrite."""
        return cls(**_tell_copy(rewrite))


class RewriteEndOut(_CopyOut):
    """What there is to say of a rewrite once its passages are known: all of it but them."""

    provenance: ProvenanceOut
    certificate: CertificateOut

    @classmethod
    def from_rewrite(cls, rewrite: Rewrite, *, certificate: Certificate) -> RewriteEndOut:
        """Describe a rewrite whose passages have been told."""
        return cls(**_tell_end(rewrite, certificate))


class RewriteOut(RewriteEndOut):
    """An article as wire copy, with an account of every fact."""

    passages: list[PassageOut]

    @classmethod
    def from_rewrite(cls, rewrite: Rewrite, *, certificate: Certificate) -> RewriteOut:
        """Describe a rewrite."""
        passages = [PassageOut.from_passage(passage) for passage in rewrite.passages]
        return cls(**_tell_end(rewrite, certificate), passages=passages)


def _tell_copy(rewrite: Rewrite) -> dict[str, Any]:
    return {
        "copy": rewrite.copy,
        "status": "verified" if rewrite.verified else "needs_review",
        "summary": SummaryOut.from_reports(
            (passage.report for passage in rewrite.passages),
            kept_passages=sum(passage.status is Status.KEPT for passage in rewrite.passages),
        ),
    }


def _tell_end(rewrite: Rewrite, certificate: Certificate) -> dict[str, Any]:
    return {
        **_tell_copy(rewrite),
        "provenance": ProvenanceOut(**asdict(rewrite.provenance)),
        "certificate": CertificateOut.from_certificate(certificate),
    }


class FactReportOut(_Out):
    """What a rewrite did with the facts of its source."""

    faithful: Annotated[bool, Field(description="True when every fact was kept and none was added.")]
    score: Annotated[float | None, Field(description="Share of the facts kept, 0 to 1; null where there is no fact.")]
    probability: Annotated[
        Probability | None, Field(description="How likely the rewrite is faithful; null where it was not judged.")
    ]
    support: Annotated[
        Probability | None,
        Field(description="How likely the source supports all that the rewrite says; null where it was not judged."),
    ]
    notices: Annotated[list[str], Field(description="What to know of the texts, as that one of them is not English.")]
    facts: list[FactOut]
    summary: SummaryOut
    certificate: CertificateOut

    @classmethod
    def from_report(cls, report: FactReport, *, source: str, copy: str, certificate: Certificate) -> FactReportOut:
        """Describe a report on ``source`` and ``copy``."""
        return cls(
            faithful=report.faithful,
            score=report.score,
            probability=report.probability,
            support=report.support,
            notices=list(find_notices(source, copy)),
            facts=[FactOut.from_fact(fact, source=source, copy=copy) for fact in report.facts],
            summary=SummaryOut.from_reports([report]),
            certificate=CertificateOut.from_certificate(certificate),
        )


class StyleRuleOut(_Out):
    """One thing that a house writes its own way."""

    name: Annotated[str, Field(examples=["clock"])]
    says: Annotated[str, Field(examples=["Local time is told by the 12-hour clock: 6 a.m."])]
    source: Annotated[str, Field(description="Where the house says so.")]

    @classmethod
    def from_rule(cls, rule: StyleRule) -> StyleRuleOut:
        """Describe a rule."""
        return cls(name=rule.name, says=rule.says, source=rule.source)


class StyleOut(_Out):
    """A house style."""

    name: Annotated[str, Field(examples=["ap"])]
    title: Annotated[str, Field(examples=["Associated Press"])]
    description: str
    rules: list[StyleRuleOut]

    @classmethod
    def from_style(cls, style: HouseStyle) -> StyleOut:
        """Describe a house style."""
        rules = [StyleRuleOut.from_rule(rule) for rule in style.rules]
        return cls(name=style.name, title=style.title, description=style.description, rules=rules)


class StylesOut(_Out):
    """The house styles there are, the default first."""

    styles: list[StyleOut]

    @classmethod
    def from_styles(cls, styles: Iterable[HouseStyle]) -> StylesOut:
        """Describe house styles."""
        return cls(styles=[StyleOut.from_style(style) for style in styles])


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
