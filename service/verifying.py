"""Check again what a certificate certifies, and say what is the same and what differs."""

from __future__ import annotations

import json
from collections import Counter, deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from service.article import parse_article
from service.certificate import Certificate, CheckedPair, Texts, sha256_of, verdict_line
from service.checking import Checker
from service.errors import NotACertificateError, TextsMissingError
from service.explanations import explain, shown
from service.facts import FactReport, Verdict
from service.glossed import check_glossed
from service.spans import Span
from service.terms import Terms

_MOST_SHOWN = 10
# A probability that moves less does so because another machine adds up in another order.
_TOLERANCE = 0.01
_SHORT_HASH = 12


@dataclass(frozen=True)
class Claim:
    """What a document says of one pair, beside its certificate.

    Attributes:
        verdicts: A line for each fact, as in the certificate.
        probability: How likely the copy is faithful.
        source_words: Places in the source, and the words that are said to stand there.
        copy_words: The same for the copy.
        texts: The pair itself, where the document holds it: a passage.
    """

    verdicts: tuple[str, ...]
    probability: float | None
    source_words: tuple[tuple[Span, str], ...] = ()
    copy_words: tuple[tuple[Span, str], ...] = ()
    texts: Texts | None = None


@dataclass(frozen=True)
class Document:
    """A certificate and what came with it.

    Attributes:
        certificate: The certificate.
        digest: Its digest as written.
        content_digest: The digest of what is written.
        claims: What is said of each pair beside it; empty where the certificate stands alone.
        copy: The copy that came with it, of a rewrite.
        totals: What is said of all the facts together: ``faithful``, ``score``, ``summary``.
    """

    certificate: Certificate
    digest: str
    content_digest: str
    claims: tuple[Claim, ...] = ()
    copy: str | None = None
    totals: Mapping[str, Any] = field(default_factory=dict)

    @property
    def is_rewrite(self) -> bool:
        """True where passages came with it."""
        return any(claim.texts for claim in self.claims) or self.copy is not None


@dataclass(frozen=True)
class Comparison:
    """One thing that was compared.

    Attributes:
        subject: What it is.
        same: Whether nothing speaks against the certificate.
        says: What was found, in words.
        details: One line for each difference.
    """

    subject: str
    same: bool
    says: str
    details: tuple[str, ...] = ()


def verify(document: Document, checker: Checker, *, given: Texts | None = None) -> tuple[Comparison, ...]:
    """Check the texts of a certificate again and compare.

    Args:
        document: The certificate and what came with it.
        checker: The checker of this copydesk.
        given: The texts, where they are at hand beside the certificate.

    Raises:
        TextsMissingError: The certificate holds no texts, and none are given.
        NotACertificateError: It is of a rewrite, and the passages are missing.
    """
    certificate = document.certificate
    texts = given or certificate.texts
    if texts is None:
        raise TextsMissingError
    pairs = _pairs(document, texts)
    sound = _sound(certificate.pairs, pairs)
    texts_of_sound = [(pairs[number].source, pairs[number].copy) for number in sound]
    terms = Terms(glossary=tuple(certificate.glossary.items()))
    checked = check_glossed(checker, texts_of_sound, terms, point=certificate.operating_point)
    reports = dict(zip(sound, checked, strict=True))
    comparisons = [_digest(document), *_whole_texts(document, given)]
    if document.is_rewrite:
        comparisons += [_passages(certificate.pairs, pairs, sound), _composition(texts, document.copy, pairs)]
    comparisons += [_checker(certificate, checker), _verdicts(certificate, pairs, reports)]
    if document.claims or document.totals:
        comparisons.append(_report(document, pairs, sound))
    return tuple(comparisons)


def _pairs(document: Document, texts: Texts) -> list[Texts]:
    if document.is_rewrite:
        return [claim.texts or texts for claim in document.claims]
    if not document.certificate.checks_whole_texts:
        raise NotACertificateError(
            "is the certificate of a rewrite without its passages: give the whole JSON of `copydesk rewrite --json`"
        )
    return [texts]


def _sound(certified: Sequence[CheckedPair], pairs: Sequence[Texts]) -> list[int]:
    """Give the numbers of the pairs that are the ones certified."""
    return [
        number
        for number, (one, pair) in enumerate(zip(certified, pairs, strict=False))
        if (one.source_sha256, one.copy_sha256) == (sha256_of(pair.source), sha256_of(pair.copy))
    ]


def _digest(document: Document) -> Comparison:
    intact = document.digest == document.content_digest
    return Comparison("digest", intact, "intact" if intact else "wrong: the certificate was changed after it was made")


def _whole_texts(document: Document, given: Texts | None) -> list[Comparison]:
    certificate = document.certificate
    found: list[Comparison] = []
    for subject, expected in (("source", certificate.source_sha256), ("copy", certificate.copy_sha256)):
        faults: list[str] = []
        if given and (actual := sha256_of(getattr(given, subject))) != expected:
            faults.append(
                f"the {subject} given is not the one certified: its SHA-256 is {actual[:_SHORT_HASH]}..., that of the "
                f"certificate {expected[:_SHORT_HASH]}...; give the {subject} exactly as it was checked"
            )
        if certificate.texts and sha256_of(getattr(certificate.texts, subject)) != expected:
            faults.append(f"the {subject} in the certificate was changed: its SHA-256 is not the one noted beside it")
        if subject == "copy" and document.copy is not None and sha256_of(document.copy) != expected:
            faults.append("the copy beside the certificate was changed: its SHA-256 is not the one certified")
        found.append(Comparison(subject, not faults, "; ".join(faults) or "the text that was certified"))
    return found


def _passages(certified: Sequence[CheckedPair], pairs: Sequence[Texts], sound: Sequence[int]) -> Comparison:
    details: list[str] = []
    if len(certified) != len(pairs):
        details.append(f"{len(certified)} passages are certified, {len(pairs)} are there")
    wrong = sorted(set(range(min(len(certified), len(pairs)))) - set(sound))
    details += [f"passage {number + 1} is not the one certified: {_opening(pairs[number].source)}" for number in wrong]
    says = f"{len(pairs)}, each as certified" if not details else "not those that were certified"
    return Comparison("passages", not details, says, tuple(details))


def _composition(texts: Texts, copy: str | None, passages: Sequence[Texts]) -> Comparison:
    if _compose(texts.source, passages) == (texts.copy if copy is None else copy):
        return Comparison("composition", True, "the copy is made of its passages")
    return Comparison("composition", False, "the copy is not what its passages make in the layout of the source")


def _compose(source: str, passages: Sequence[Texts]) -> str | None:
    """Lay the copies of passages out as their source is; None where the passages are not those of the source."""
    article = parse_article(source)
    left = deque(passages)
    copies: list[str] = []
    for block in article.blocks:
        words = block.span.of(source)
        position = 0
        parts: list[str] = []
        while left and words[position:].lstrip().startswith(left[0].source or "\n"):
            passage = left.popleft()
            position = words.index(passage.source, position) + len(passage.source)
            parts += [passage.copy] if passage.copy else []
        if words[position:].strip():
            return None
        copies.append(" ".join(parts))
    return None if left else article.render(tuple(copies))


def _checker(certificate: Certificate, checker: Checker) -> Comparison:
    then, now = dict(certificate.checker), checker.identity
    changed = sorted(name for name in {*then, *now} if then.get(name) != now.get(name))
    if not changed:
        return Comparison("checker", True, f"the same (copydesk {certificate.version})")
    details = tuple(f"{name}: {_version(then.get(name))} then, {_version(now.get(name))} now" for name in changed)
    return Comparison("checker", True, "a different version, which is no fault where the verdicts agree", details)


def _version(value: str | None) -> str:
    if value is None:
        return "none"
    return value if len(value) < 64 else f"{value[:_SHORT_HASH]}..."


def _verdicts(certificate: Certificate, pairs: Sequence[Texts], reports: Mapping[int, FactReport]) -> Comparison:
    certified = certificate.pairs
    details: list[str] = []
    notes: list[str] = []
    if certificate.faithful != all(pair.faithful for pair in certified):
        details.append(f"the certificate says {_faithful(certificate.faithful)}, its own verdicts do not")
    for number, report in reports.items():
        where = f"passage {number + 1}: " if len(pairs) > 1 else ""
        one, pair = certified[number], pairs[number]
        details += [where + line for line in _changes(one.verdicts, report, pair)]
        if one.faithful != report.faithful:
            details.append(f"{where}{_faithful(one.faithful)} in the certificate, {_faithful(report.faithful)} now")
        then, now = one.probability, report.probability
        if then is not None and now is not None and abs(then - now) > _TOLERANCE:
            details.append(f"{where}probability {then:.2f} in the certificate, {now:.2f} now")
        elif (then is None) != (now is None):
            notes.append(f"{where}probability {_probability(then)} in the certificate, {_probability(now)} now")
    count = sum(len(certified[number].verdicts) for number in reports)
    says = "not those of the certificate" if details else f"the same ({count} {'fact' if count == 1 else 'facts'})"
    if len(reports) < max(len(certified), len(pairs)):
        says = f"{says if reports else 'not compared'}; only the texts that were certified can be compared"
        return Comparison("verdicts", False, says, _capped([*details, *notes]))
    return Comparison("verdicts", not details, says, _capped([*details, *notes]))


def _changes(certified: Sequence[str], report: FactReport, pair: Texts) -> list[str]:
    """Say which verdicts are others than before."""
    lines = {verdict_line(fact): fact for fact in report.facts}
    then, now = Counter(certified), Counter(map(verdict_line, report.facts))
    gone, new = list((then - now).elements()), list((now - then).elements())
    changes: list[str] = []
    for line in gone:
        kind, verdict, *places = line.split(" ")
        again = next((other for other in new if _same_place(line, other)), None)
        if again is None:
            changes.append(f"{kind} {_words(places, pair)}: {verdict} in the certificate, not found now")
            continue
        new.remove(again)
        reason = explain(lines[again], source=pair.source, copy=pair.copy)
        changes.append(
            f"{kind} {_words(places, pair)}: {verdict} in the certificate, {again.split(' ')[1]} now: {reason}"
        )
    for line in new:
        kind, verdict, *places = line.split(" ")
        reason = explain(lines[line], source=pair.source, copy=pair.copy)
        changes.append(f"{kind} {_words(places, pair)}: not in the certificate, {verdict} now: {reason}")
    return changes


def _same_place(line: str, other: str) -> bool:
    (kind, _, source, copy), (other_kind, _, other_source, other_copy) = line.split(" "), other.split(" ")
    return kind == other_kind and (source == other_source != "-" or copy == other_copy != "-")


def _words(places: Sequence[str], pair: Texts) -> str:
    for place, text in zip(places, (pair.source, pair.copy), strict=True):
        if place != "-":
            start, end = sorted(map(int, place.split("-")))
            return f'"{shown(text, Span(start, end))}"'
    return "without a place"


def _report(document: Document, pairs: Sequence[Texts], sound: Sequence[int]) -> Comparison:
    """Compare what stands around the certificate with what stands in it."""
    certificate = document.certificate
    details: list[str] = []
    for number, (one, claim, pair) in enumerate(zip(certificate.pairs, document.claims, pairs, strict=False)):
        where = f" of passage {number + 1}" if document.is_rewrite else ""
        if one.verdicts != claim.verdicts:
            details.append(f"the facts{where} are not those of the certificate")
        elif number in sound and (
            _misquoted(claim.source_words, pair.source) or _misquoted(claim.copy_words, pair.copy)
        ):
            details.append(f"the facts{where} do not quote the words that stand in the texts")
        if one.probability != claim.probability:
            details.append(f"the probability{where} is not that of the certificate")
    expected = _totals(certificate.pairs)
    details += [
        f"{name} is {_said(said)}, the certificate makes it {_said(expected[name])}"
        for name, said in document.totals.items()
        if said != expected[name]
    ]
    says = "says something else than the certificate" if details else "says what the certificate says"
    return Comparison("report", not details, says, _capped(details))


def _totals(pairs: Iterable[CheckedPair]) -> dict[str, Any]:
    """Add up verdicts: what a report must say of all the facts together."""
    checked = tuple(pairs)
    counts = Counter(line.split(" ")[1] for pair in checked for line in pair.verdicts)
    return {
        "faithful": all(pair.faithful for pair in checked),
        "score": counts[Verdict.KEPT.value] / counts.total() if counts else None,
        "summary": {"facts": counts.total(), **{verdict.value: counts[verdict.value] for verdict in Verdict}},
    }


def _misquoted(words: Iterable[tuple[Span, str]], text: str) -> bool:
    return any(span.of(text) != said for span, said in words)


def _opening(text: str) -> str:
    return shown(text, Span(0, len(text)), most=60)


def _faithful(faithful: bool) -> str:
    return "faithful" if faithful else "not faithful"


def _probability(value: float | None) -> str:
    return "not judged" if value is None else f"{value:.2f}"


def _said(value: object) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{item} {name}" for name, item in value.items())
    return json.dumps(value)


def _capped(lines: Sequence[str]) -> tuple[str, ...]:
    more = len(lines) - _MOST_SHOWN
    return (*lines[:_MOST_SHOWN], *([f"and {more} more"] if more > 0 else []))
