"""The fact ledger as text, for people."""

from __future__ import annotations

from collections import Counter

from service.explanations import explain
from service.facts import Fact, FactReport, Verdict
from service.notices import find_notices
from service.passages import PassageRewrite
from service.rewriting import Rewrite

_SUGGESTING = "; lines with > are what the model would write, not verified"
_MARKS = {Verdict.KEPT: "=", Verdict.ALTERED: "!", Verdict.OMITTED: "-", Verdict.UNSUPPORTED: "+"}


def describe(rewrite: Rewrite) -> str:
    """Write the ledger of a whole rewrite: passage by passage, then the sums."""
    lines: list[str] = []
    for number, passage in enumerate(rewrite.passages, start=1):
        opening = " ".join(passage.source.split())
        shown = opening if len(opening) <= 60 else opening[:57] + "..."
        lines.append(f"{number}. {passage.kind.value}, {passage.status.value}: {shown}")
        lines += [f"   {_line(fact, passage.source, passage.copy)}" for fact in passage.report.facts]
        lines += [f"   ? {finding.rule}: {finding.message}" for finding in passage.findings]
        lines += _suggestion(passage)
    counts = Counter(fact.verdict for passage in rewrite.passages for fact in passage.report.facts)
    statuses = Counter(passage.status.value for passage in rewrite.passages)
    lines.append(_sums(counts) + "; passages: " + ", ".join(f"{n} {status}" for status, n in sorted(statuses.items())))
    lines.append(_verdict(rewrite))
    return "\n".join(lines)


def describe_report(report: FactReport, *, source: str, copy: str) -> str:
    """Write the ledger of one check."""
    counts = Counter(fact.verdict for fact in report.facts)
    verdict = "faithful" if report.faithful else "not faithful"
    notices = (f"note: {notice}" for notice in find_notices(source, copy))
    return "\n".join([*notices, *(_line(fact, source, copy) for fact in report.facts), _sums(counts), verdict])


def _verdict(rewrite: Rewrite) -> str:
    suggesting = any(passage.suggestion for passage in rewrite.passages)
    kept = "needs review: kept passages are the source, unedited; lines with ? are faults of style left"
    return ("verified" if rewrite.verified else kept) + _SUGGESTING * suggesting


def _suggestion(passage: PassageRewrite) -> list[str]:
    """Write what else might be said, and what speaks against it."""
    if passage.suggestion is None:
        return []
    copy, report = passage.suggestion.copy, passage.suggestion.report
    doubts = [fact for fact in report.facts if fact.verdict is not Verdict.KEPT]
    return [f"   > {copy}", *(f"     {_line(fact, passage.source, copy)}" for fact in doubts)]


def _line(fact: Fact, source: str, copy: str) -> str:
    return f"{_MARKS[fact.verdict]} {fact.kind.value} {fact.verdict.value}: {explain(fact, source=source, copy=copy)}"


def _sums(counts: Counter[Verdict]) -> str:
    return f"{counts.total()} facts: " + ", ".join(f"{counts[verdict]} {verdict.value}" for verdict in Verdict)
