"""Measure rewrites of whole articles: status of passages, facts kept, style, overlap with the reference, speed."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sacrebleu.metrics import CHRF

from evaluation.corpus import Sample
from service.checking import Checker
from service.facts import Verdict
from service.linting import lint
from service.passages import Status
from service.rewriting import Rewrite

System = Callable[[str], Rewrite | str]


@dataclass(frozen=True)
class Output:
    """What a system made of one article.

    Attributes:
        sample: The article.
        copy: The rewrite.
        statuses: How many passages have which status; empty for a system that does not say.
        recall: For each kind of fact how many of the source's were kept, and how many there are.
        unsupported: Facts of the copy that the source does not state.
        findings: Style findings in the copy.
        seconds: Time it took.
    """

    sample: Sample
    copy: str
    statuses: Counter[Status]
    recall: dict[str, tuple[int, int]]
    unsupported: int
    findings: int
    seconds: float


def run(system: System, samples: Sequence[Sample], checker: Checker) -> list[Output]:
    """Let a system rewrite every sample, one after the other."""
    outputs = []
    for sample in samples:
        began = time.perf_counter()
        result = system(sample.source)
        seconds = time.perf_counter() - began
        copy = result if isinstance(result, str) else result.copy
        outputs.append(_measure(sample, result, copy, checker, seconds))
    return outputs


def _measure(sample: Sample, result: Rewrite | str, copy: str, checker: Checker, seconds: float) -> Output:
    # The product's own ledger counts passage by passage; a bare text is checked as a whole.
    if isinstance(result, str):
        reports = [checker.check(sample.source, copy)]
        statuses: Counter[Status] = Counter()
    else:
        reports = [passage.report for passage in result.passages]
        statuses = Counter(passage.status for passage in result.passages)
    facts = [fact for report in reports for fact in report.facts]
    kept = Counter(fact.kind.value for fact in facts if fact.verdict is Verdict.KEPT)
    stated = Counter(fact.kind.value for fact in facts if fact.verdict is not Verdict.UNSUPPORTED)
    return Output(
        sample=sample,
        copy=copy,
        statuses=statuses,
        recall={kind: (kept[kind], total) for kind, total in sorted(stated.items())},
        unsupported=sum(fact.verdict is Verdict.UNSUPPORTED for fact in facts),
        findings=len(lint(copy)),
        seconds=seconds,
    )


def summarise(outputs: Sequence[Output]) -> dict[str, object]:
    """Add up the outputs of one system.

    Returns:
        Counts and rates by name; shares are fractions of 1, chrF is 0 to 100 (Popović 2015, sacrebleu's default).
    """
    statuses = sum((output.statuses for output in outputs), Counter[Status]())
    kinds = sorted({kind for output in outputs for kind in output.recall})
    recall = {
        kind: tuple(sum(output.recall.get(kind, (0, 0))[side] for output in outputs) for side in (0, 1))
        for kind in kinds
    }
    words = sum(len(output.copy.split()) for output in outputs)
    source_words = sum(len(output.sample.source.split()) for output in outputs)
    chrf = CHRF()
    score = chrf.corpus_score([o.copy for o in outputs], [[o.sample.reference for o in outputs]])
    total_kept, total = (sum(pair[side] for pair in recall.values()) for side in (0, 1))
    return {
        "articles": len(outputs),
        "passages": statuses.total(),
        "statuses": {status.value: statuses[status] / statuses.total() for status in Status} if statuses else None,
        "fact_recall": total_kept / total if total else None,
        "fact_recall_by_kind": {kind: {"kept": pair[0], "of": pair[1]} for kind, pair in recall.items()},
        "unsupported": sum(output.unsupported for output in outputs),
        "findings_per_100_words": 100 * sum(output.findings for output in outputs) / words if words else None,
        "chrf": score.score,
        "chrf_signature": str(chrf.get_signature()),
        "source_words_per_second": source_words / sum(output.seconds for output in outputs),
    }
