"""What the service counts, for Prometheus; no label holds a text, an address or a key."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, Metric, generate_latest
from prometheus_client.core import CounterMetricFamily
from prometheus_client.registry import Collector

from service.facts import FactReport, Verdict
from service.passages import PassageRewrite, Status

# From a lint to a long article on a busy machine.
_SECONDS = (0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30, 100, 300)


class Metrics:
    """The figures of one service.

    Args:
        under_way: Requests that work on a text now.
        waiting: Passages that wait for the model now.
        ready: Whether articles can be rewritten now.
        batches: Batches that have not ended.
        runs: Runs of the model so far, and the passages of all of them.
    """

    def __init__(
        self,
        *,
        under_way: Callable[[], int],
        waiting: Callable[[], int],
        ready: Callable[[], bool],
        batches: Callable[[], int],
        runs: Callable[[], tuple[int, int]] = lambda: (0, 0),
    ) -> None:
        registry = self._registry = CollectorRegistry()
        self._requests = Counter(
            "copydesk_requests", "Requests answered.", ("method", "route", "status"), registry=registry
        )
        self._seconds = Histogram(
            "copydesk_request_seconds",
            "Time from a request to the end of its reply.",
            ("method", "route"),
            buckets=_SECONDS,
            registry=registry,
        )
        self._passages = Counter("copydesk_passages", "Passages rewritten.", ("status",), registry=registry)
        self._facts = Counter(
            "copydesk_facts", "Facts told, in rewrites and in checks.", ("verdict",), registry=registry
        )
        self._rows = Counter("copydesk_batch_rows", "Rows of batches done.", ("outcome",), registry=registry)
        for name, description, value in (
            ("copydesk_requests_under_way", "Requests that work on a text now.", under_way),
            ("copydesk_passages_waiting", "Passages that wait for the model now.", waiting),
            ("copydesk_batches_under_way", "Batches that have not ended.", batches),
            ("copydesk_ready", "1 while articles can be rewritten.", ready),
        ):
            Gauge(name, description, registry=registry).set_function(value)
        registry.register(_Runs(runs))

    def count_request(self, *, method: str, route: str, status: int, seconds: float) -> None:
        """Count a request that has been answered.

        Args:
            method: HTTP method.
            route: Template of its path, of which there are few.
            status: HTTP status.
            seconds: Time to the end of its reply.
        """
        self._requests.labels(method, route, str(status)).inc()
        self._seconds.labels(method, route).observe(seconds)

    def count_passages(self, passages: Iterable[PassageRewrite]) -> None:
        """Count passages by status and their facts by verdict."""
        for passage in passages:
            self._passages.labels(passage.status.value).inc()
            self.count_facts(passage.report)

    def count_facts(self, report: FactReport) -> None:
        """Count the facts of a report by verdict."""
        for fact in report.facts:
            self._facts.labels(fact.verdict.value).inc()

    def count_rows(
        self, *, rewritten: int, failed: int, passages: Mapping[Status, int], facts: Mapping[Verdict, int]
    ) -> None:
        """Count rows of a batch, their passages by status and their facts by verdict."""
        self._rows.labels("rewritten").inc(rewritten)
        self._rows.labels("failed").inc(failed)
        for status, count in passages.items():
            self._passages.labels(status.value).inc(count)
        for verdict, count in facts.items():
            self._facts.labels(verdict.value).inc(count)

    def expose(self) -> bytes:
        """Write all figures in the text format of Prometheus."""
        return generate_latest(self._registry)


class _Runs(Collector):
    """How large the runs of the model are: the second counter by the first."""

    def __init__(self, runs: Callable[[], tuple[int, int]]) -> None:
        self._runs = runs

    def collect(self) -> Iterator[Metric]:
        """Read both at once."""
        runs, passages = self._runs()
        yield CounterMetricFamily("copydesk_model_runs", "Runs of the model.", value=runs)
        yield CounterMetricFamily("copydesk_model_run_passages", "Passages of all runs of the model.", value=passages)
