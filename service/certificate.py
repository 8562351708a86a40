"""A certificate: what was checked, by which checker, and with what outcome, so that it can be checked again later.

The digest shows that a certificate was damaged or edited. It is no signature: it does not say who made it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from importlib import metadata
from typing import Any

from service.facts import Fact, FactReport
from service.judging import BALANCED, STRICT
from service.rewriting import Rewrite

FORMAT = 1


@dataclass(frozen=True)
class CheckedPair:
    """A source and a copy that were compared, a whole text or a passage.

    Attributes:
        source_sha256: SHA-256 of the source in UTF-8.
        copy_sha256: SHA-256 of the copy in UTF-8.
        faithful: Whether the copy passed.
        probability: How likely it is faithful, 0 to 1; None where it was not judged.
        verdicts: A line for each fact: kind, verdict, its place in the source and in the copy.
    """

    source_sha256: str
    copy_sha256: str
    faithful: bool
    probability: float | None
    verdicts: tuple[str, ...]


@dataclass(frozen=True)
class Texts:
    """The texts themselves.

    Attributes:
        source: The article as filed.
        copy: The copy.
    """

    source: str
    copy: str


@dataclass(frozen=True)
class Certificate:
    """What a check found, in a form that can be compared with another check of the same texts.

    Attributes:
        format: Number of this form.
        version: Version of copydesk.
        checker: What the verdicts depend on, by name: versions and hashes.
        operating_point: ``balanced`` or ``strict``.
        source_sha256: SHA-256 of the whole source in UTF-8.
        copy_sha256: SHA-256 of the whole copy in UTF-8.
        faithful: Whether every pair passed.
        pairs: What was compared: the whole texts, or the passages of a rewrite, in order.
        texts: The whole texts; None where only their hashes are kept.
        glossary: Terms of the source, and by what each may be rendered in the copy.
    """

    format: int
    version: str
    checker: Mapping[str, str]
    operating_point: str
    source_sha256: str
    copy_sha256: str
    faithful: bool
    pairs: tuple[CheckedPair, ...]
    texts: Texts | None
    glossary: Mapping[str, str] = field(default_factory=dict)

    @property
    def digest(self) -> str:
        """The SHA-256 over all the rest."""
        return digest_of(asdict(self))

    @property
    def checks_whole_texts(self) -> bool:
        """True where source and copy were compared as a whole, not passage by passage."""
        whole = (self.source_sha256, self.copy_sha256)
        return [(pair.source_sha256, pair.copy_sha256) for pair in self.pairs] == [whole]


def certify_check(
    source: str, copy: str, report: FactReport, *, checker: Mapping[str, str], with_texts: bool = True
) -> Certificate:
    """Certify the check of a whole copy.

    Args:
        source: The source text.
        copy: The copy.
        report: What the checker said of them.
        checker: Its identity.
        with_texts: Whether the certificate holds the texts.
    """
    return _certify(Texts(source, copy), [_pair(source, copy, report)], checker, BALANCED, with_texts=with_texts)


def certify_rewrite(source: str, rewrite: Rewrite, *, checker: Mapping[str, str]) -> Certificate:
    """Certify a rewrite passage by passage.

    Args:
        source: The article as filed.
        rewrite: What became of it.
        checker: The identity of the checker that let its passages pass.
    """
    pairs = [_pair(passage.source, passage.copy, passage.report) for passage in rewrite.passages]
    certificate = _certify(Texts(source, rewrite.copy), pairs, checker, STRICT, with_texts=True)
    return replace(certificate, glossary=rewrite.provenance.glossary)


def _certify(
    texts: Texts, pairs: Sequence[CheckedPair], checker: Mapping[str, str], point: str, *, with_texts: bool
) -> Certificate:
    return Certificate(
        format=FORMAT,
        version=metadata.version("copydesk"),
        checker=dict(checker),
        operating_point=point,
        source_sha256=sha256_of(texts.source),
        copy_sha256=sha256_of(texts.copy),
        faithful=all(pair.faithful for pair in pairs),
        pairs=tuple(pairs),
        texts=texts if with_texts else None,
    )


def _pair(source: str, copy: str, report: FactReport) -> CheckedPair:
    return CheckedPair(
        source_sha256=sha256_of(source),
        copy_sha256=sha256_of(copy),
        faithful=report.faithful,
        probability=report.probability,
        verdicts=tuple(map(verdict_line, report.facts)),
    )


def verdict_line(fact: Fact) -> str:
    """Write a verdict in short.

    >>> from service.facts import FactKind, Verdict
    >>> from service.spans import Span
    >>> verdict_line(Fact(FactKind.DATE, Verdict.OMITTED, Span(3, 9), None))
    'date omitted 3-9 -'
    """
    places = (f"{span.start}-{span.end}" if span else "-" for span in (fact.source, fact.copy))
    return " ".join((fact.kind.value, fact.verdict.value, *places))


def sha256_of(text: str) -> str:
    """Hash a text as UTF-8."""
    return hashlib.sha256(text.encode()).hexdigest()


def digest_of(content: Mapping[str, Any]) -> str:
    """Hash the fields of a certificate, ``digest`` itself left out, as JSON with sorted keys and without blanks.

    >>> digest_of({"b": 1.0, "a": [2]}) == digest_of({"a": [2], "b": 1, "digest": "0"})
    True
    """
    fields = {name: _plain(value) for name, value in content.items() if name != "digest"}
    canonical = json.dumps(fields, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


def _plain(value: Any) -> Any:
    # Some writers of JSON turn 1.0 into 1; it is the same number.
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, Mapping):
        return {name: _plain(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value
