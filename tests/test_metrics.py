from __future__ import annotations

from prometheus_client.parser import text_string_to_metric_families

from service.article import BlockKind
from service.facts import Fact, FactKind, FactReport, Verdict
from service.metrics import Metrics
from service.passages import PassageRewrite, Status
from service.spans import Span

KEPT = Fact(FactKind.FIGURE, Verdict.KEPT, Span(0, 1), Span(0, 1))
OMITTED = Fact(FactKind.DATE, Verdict.OMITTED, Span(0, 1), None)


def passage(status: Status, *facts: Fact) -> PassageRewrite:
    report = FactReport(facts=facts)
    return PassageRewrite(kind=BlockKind.PARAGRAPH, source="a", copy="a", status=status, report=report, findings=())


def figures(metrics: Metrics) -> dict[tuple[str, ...], float]:
    """All that a reader of the metrics sees, but when each counter was made."""
    return {
        (sample.name, *(value for _, value in sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(metrics.expose().decode())
        for sample in family.samples
        if not sample.name.endswith("_created")
    }


def test_passages_are_counted_by_status_and_facts_by_verdict() -> None:
    metrics = Metrics(under_way=lambda: 0, waiting=lambda: 0, ready=lambda: True, batches=lambda: 0)
    metrics.count_passages([passage(Status.KEPT), passage(Status.REPAIRED, KEPT, KEPT), passage(Status.KEPT, KEPT)])
    metrics.count_facts(FactReport(facts=(KEPT, OMITTED)))
    assert {
        name: value
        for name, value in figures(metrics).items()
        if name[0]
        in {
            "copydesk_passages_total",
            "copydesk_facts_total",
        }
    } == {
        ("copydesk_passages_total", "kept"): 2,
        ("copydesk_passages_total", "repaired"): 1,
        ("copydesk_facts_total", "kept"): 4,
        ("copydesk_facts_total", "omitted"): 1,
    }


def test_requests_are_counted_and_timed_by_route() -> None:
    metrics = Metrics(under_way=lambda: 0, waiting=lambda: 0, ready=lambda: True, batches=lambda: 0)
    metrics.count_request(method="POST", route="/v1/lint", status=200, seconds=0.02)
    metrics.count_request(method="POST", route="/v1/lint", status=422, seconds=2)
    found = figures(metrics)
    route = ("POST", "/v1/lint")
    assert [found["copydesk_requests_total", *route, status] for status in ("200", "422")] == [1, 1]
    within = [found["copydesk_request_seconds_bucket", limit, *route] for limit in ("0.01", "0.03", "3.0", "+Inf")]
    assert within == [0, 1, 2, 2]
    assert found["copydesk_request_seconds_sum", *route] == 2.02


def test_the_queue_is_read_when_it_is_asked_for() -> None:
    queue = [3, 40, False, 2]
    metrics = Metrics(
        under_way=lambda: int(queue[0]),
        waiting=lambda: int(queue[1]),
        ready=lambda: bool(queue[2]),
        batches=lambda: int(queue[3]),
    )
    names = (
        *("copydesk_requests_under_way", "copydesk_passages_waiting", "copydesk_ready"),
        "copydesk_batches_under_way",
    )
    before = [figures(metrics)[(name,)] for name in names]
    queue[:] = [0, 0, True, 1]
    assert (before, [figures(metrics)[(name,)] for name in names]) == ([3, 40, 0, 2], [0, 0, 1, 1])


def test_rows_of_batches_are_counted_with_their_passages_and_facts() -> None:
    metrics = Metrics(under_way=lambda: 0, waiting=lambda: 0, ready=lambda: True, batches=lambda: 1)
    for _ in range(2):
        metrics.count_rows(rewritten=3, failed=1, passages={Status.KEPT: 4}, facts={Verdict.KEPT: 5})
    found = figures(metrics)
    assert [
        found["copydesk_batch_rows_total", "rewritten"],
        found["copydesk_batch_rows_total", "failed"],
        found["copydesk_passages_total", "kept"],
        found["copydesk_facts_total", "kept"],
    ] == [6, 2, 8, 10]


def test_the_size_of_the_runs_is_that_of_the_model() -> None:
    metrics = Metrics(
        under_way=lambda: 0, waiting=lambda: 0, ready=lambda: True, batches=lambda: 0, runs=lambda: (3, 40)
    )
    found = figures(metrics)
    assert (found[("copydesk_model_runs_total",)], found[("copydesk_model_run_passages_total",)]) == (3, 40)
