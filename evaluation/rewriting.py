"""Measure rewrites of whole articles: status of passages, facts kept, style, overlap with the reference, speed."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sacrebleu.metrics.chrf import CHRF

from evaluation.corpus import Sample
from evaluation.intervals import RESAMPLES, SEED, Interval
from service.checking import Checker
from service.facts import FactReport, Verdict
from service.linting import lint
from service.passages import PassageRewrite, Status
from service.rewriting import Rewrite

System = Callable[[Sample], Rewrite | str]


@dataclass(frozen=True)
class Output:
    """What a system made of one article.

    Attributes:
        sample: The article.
        copy: The rewrite.
        passages: Its passages with their status; empty for a system that rewrites nothing.
        report: The facts of the whole article on both sides.
        findings: Style findings in the copy.
        seconds: Time it took.
    """

    sample: Sample
    copy: str
    passages: tuple[PassageRewrite, ...]
    report: FactReport
    findings: int
    seconds: float

    @property
    def kept(self) -> Counter[str]:
        """How many facts of the source the copy still states, by kind."""
        return Counter(fact.kind.value for fact in self.report.facts if fact.verdict is Verdict.KEPT)

    @property
    def stated(self) -> Counter[str]:
        """How many facts the source states, by kind."""
        return Counter(fact.kind.value for fact in self.report.facts if fact.verdict is not Verdict.UNSUPPORTED)


@dataclass(frozen=True)
class Failure:
    """An article that a system could not rewrite.

    Attributes:
        sample: The article.
        error: What went wrong.
    """

    sample: Sample
    error: str


@dataclass(frozen=True)
class Summary:
    """The outputs of one system, added up.

    A measure is None where there was nothing to measure.

    Attributes:
        articles: Articles that were rewritten and scored.
        errors: Articles that were not, because the system failed; no other figure counts them.
        passages: Passages of known status.
        statuses: Share of the passages with each status, a fraction of 1.
        fact_recall: Share of the facts of the sources that were kept, a fraction of 1.
        fact_recall_by_kind: For each kind of fact how many were kept, and how many there are.
        unsupported: Facts of the copies that their sources do not state.
        findings_per_100_words: Style findings in 100 words of copy.
        chrf: Overlap with the references, 0 to 100 (Popović 2015, sacrebleu's default).
        chrf_signature: How sacrebleu computed it.
        source_words_per_second: Speed.
    """

    articles: int
    errors: int
    passages: int
    statuses: dict[str, float] | None
    fact_recall: Interval | None
    fact_recall_by_kind: dict[str, tuple[int, int]]
    unsupported: int
    findings_per_100_words: float | None
    chrf: Interval | None
    chrf_signature: str
    source_words_per_second: float | None


def run_system(system: System, samples: Iterable[Sample], checker: Checker) -> list[Output | Failure]:
    """Let a system rewrite every sample, one after the other; where it fails, say so and go on."""
    return [_run_one(system, sample, checker) for sample in samples]


def _run_one(system: System, sample: Sample, checker: Checker) -> Output | Failure:
    began = time.perf_counter()
    try:
        result = system(sample)
    # Whatever a system fails of, the figures of the other articles are still wanted.
    except Exception as error:
        return Failure(sample=sample, error=f"{type(error).__name__}: {error}")
    seconds = time.perf_counter() - began
    copy = result if isinstance(result, str) else result.copy
    return Output(
        sample=sample,
        copy=copy,
        passages=() if isinstance(result, str) else result.passages,
        # The gate lets no passage through with a fact lost, so the ledgers of the passages would say nothing here.
        report=checker.check(sample.source, copy),
        findings=len(lint(copy)),
        seconds=seconds,
    )


def summarise(results: Sequence[Output | Failure]) -> Summary:
    """Add up the outputs of one system."""
    outputs = [result for result in results if isinstance(result, Output)]
    statuses = Counter(passage.status for output in outputs for passage in output.passages)
    kept = sum((output.kept for output in outputs), Counter[str]())
    stated = sum((output.stated for output in outputs), Counter[str]())
    words = sum(len(output.copy.split()) for output in outputs)
    source_words = sum(len(output.sample.source.split()) for output in outputs)
    seconds = sum(output.seconds for output in outputs)
    chrf, signature = _chrf(outputs)
    return Summary(
        articles=len(outputs),
        errors=len(results) - len(outputs),
        passages=statuses.total(),
        statuses={status.value: statuses[status] / statuses.total() for status in Status} if statuses else None,
        fact_recall=_recall(outputs),
        fact_recall_by_kind={kind: (kept[kind], stated[kind]) for kind in sorted(stated)},
        unsupported=sum(output.report.count(Verdict.UNSUPPORTED) for output in outputs),
        findings_per_100_words=100 * sum(output.findings for output in outputs) / words if words else None,
        chrf=chrf,
        chrf_signature=signature,
        source_words_per_second=source_words / seconds if statuses and seconds else None,
    )


def _recall(outputs: Sequence[Output]) -> Interval | None:
    counts = [(output.kept.total(), output.stated.total()) for output in outputs]
    if not any(total for _, total in counts):
        return None
    return _bootstrap(counts, lambda sums: float(sums[0] / sums[1]) if sums[1] else None)


def _chrf(outputs: Sequence[Output]) -> tuple[Interval | None, str]:
    metric = CHRF()
    if not outputs:
        return None, ""
    copies, references = [output.copy for output in outputs], [[output.sample.reference for output in outputs]]
    metric.corpus_score(copies, references)  # The signature counts the references it has seen.
    # The corpus score is a function of the summed counts of the articles: sacrebleu's own bootstrap works like this.
    counts = metric._extract_corpus_statistics(copies, references)
    interval = _bootstrap(counts, lambda sums: float(metric._compute_score_from_stats(sums.tolist()).score))
    return interval, str(metric.get_signature())


def _bootstrap(
    counts: Sequence[Sequence[float]], measure: Callable[[NDArray[np.float64]], float | None]
) -> Interval | None:
    """Measure the sums of the counts over all articles and over resamples of them."""
    table = np.asarray(counts, dtype=np.float64)
    value = measure(table.sum(axis=0))
    if value is None:
        return None
    draws = np.random.default_rng(SEED).integers(len(table), size=(RESAMPLES, len(table)))
    scores = [score for draw in draws if (score := measure(table[draw].sum(axis=0))) is not None]
    low, high = np.percentile(scores, (2.5, 97.5))
    return Interval(value=value, low=float(low), high=float(high))
