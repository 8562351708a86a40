from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest

from service.batch_worker import BatchWorker
from service.batches import Batches, KeptBatch
from service.checking import Checker
from service.errors import BatchesUnavailableError
from service.generation import Candidate
from service.metrics import Metrics
from service.office import Office
from service.settings import Settings
from tests.scripted import ScriptedGenerator, wait_until
from tests.served import desk_with

RULES = Settings(engine="rules")
METRICS = Metrics(under_way=lambda: 0, waiting=lambda: 0, ready=lambda: True, batches=lambda: 0)
HELD = "Nine cars sank in the harbor."


class HeldGenerator(ScriptedGenerator):
    """Holds back, or fails, only the runs that have ``HELD`` in them."""

    def generate(self, sources: Sequence[str], *, count: int, seed: int) -> list[tuple[Candidate, ...]]:
        if HELD in sources:
            return super().generate(sources, count=count, seed=seed)
        self.calls.append((tuple(sources), count, seed))
        return [(Candidate(text=source, score=0.0),) for source in sources]


@pytest.fixture
def generator() -> Iterator[HeldGenerator]:
    generator = HeldGenerator()
    yield generator
    generator.free.set()


def texts(count: int, *, held: int | None = None) -> list[str]:
    """Write articles, each its own, one of which can be held back."""
    written = [f"The mayor said on Monday that {number} buses left." for number in range(100, 100 + count)]
    if held is not None:
        written[held] = HELD
    return written


def send(batches: Batches, articles: Sequence[str], *, progress: bytes = b"") -> str:
    with batches.arriving("") as folder:
        lines = [json.dumps({"custom_id": number, "text": text}) for number, text in enumerate(articles)]
        (folder / "input.jsonl").write_text("".join(line + "\n" for line in lines))
        if progress:
            (folder / "results.jsonl.progress").write_bytes(progress)
        kept = batches.file(folder, caller="", rows=len(lines), seed=0, full=False, key="", fingerprint="")
    return kept.id


Begin = Callable[..., AbstractContextManager[tuple[Batches, BatchWorker]]]


@pytest.fixture
def work(tmp_path: Path, checker: Checker, generator: HeldGenerator) -> Begin:
    """Let a worker work at the batches in a folder, as in one life of the service."""

    @contextmanager
    def begin(*, settings: Settings = RULES, metrics: Metrics = METRICS) -> Iterator[tuple[Batches, BatchWorker]]:
        office = Office(lambda: desk_with(checker, generator))
        batches = Batches(tmp_path / "batches", most=10, days=1)
        worker = BatchWorker(batches, office, settings, metrics)
        office.open()
        worker.open()
        try:
            wait_until(lambda: lets_in(batches))
            yield batches, worker
        finally:
            # The model may be in the middle of a run: the worker does not wait for it.
            worker.close()
            generator.free.set()
            office.close()

    return begin


def lets_in(batches: Batches) -> bool:
    try:
        batches.all_of("")
    except BatchesUnavailableError:
        return False
    return True


def ended(batches: Batches, batch: str) -> KeptBatch:
    wait_until(lambda: batches.get(batch, "").ended is not None, seconds=120)
    return batches.get(batch, "")


def copies(batches: Batches, batch: str) -> list[str]:
    return [json.loads(line)["copy"] for line in batches.results_of(batch, "").read_text().splitlines()]


def test_batches_take_turns(work: Begin, generator: HeldGenerator) -> None:
    generator.free.clear()
    with work() as (batches, worker):
        first = send(batches, texts(40, held=0))
        worker.wake()
        wait_until(generator.started.is_set)
        second = send(batches, texts(16))
        generator.free.set()
        ended(batches, first)
        assert copies(batches, first) == texts(40, held=0)
        assert (batches.get(second, "").status, copies(batches, second)) == ("completed", texts(16))


def test_batch_goes_on_where_the_last_process_stopped(work: Begin, generator: HeldGenerator) -> None:
    generator.free.clear()
    with work() as (batches, _):
        batch = send(batches, texts(40, held=20))
        wait_until(generator.started.is_set)
        assert (batches.get(batch, "").status, batches.get(batch, "").done) == ("in_progress", 16)
    generator.calls.clear()
    with work() as (batches, _):
        assert ended(batches, batch).status == "completed"
        assert copies(batches, batch) == texts(40, held=20)
    again = [source for sources, _, _ in generator.calls for source in sources]
    assert [text for text in texts(16) if text in again] == []


def test_batch_that_is_cancelled_stops_in_the_middle_of_a_portion_and_keeps_what_is_done(
    work: Begin, generator: HeldGenerator
) -> None:
    generator.free.clear()
    with work() as (batches, worker):
        batch = send(batches, texts(40, held=36))
        wait_until(generator.started.is_set)
        # Another run has the model: what the batch wants of it waits, and can be withdrawn.
        batches.cancel(batch, "")
        worker.stop(batch)
        kept = ended(batches, batch)
        generator.free.set()
        assert (kept.status, kept.done, copies(batches, batch)) == ("cancelled", 32, texts(32))


def test_batch_is_begun_anew_where_the_model_is_another(
    work: Begin, generator: HeldGenerator, caplog: pytest.LogCaptureFixture
) -> None:
    generator.free.clear()
    with work() as (batches, _):
        batch = send(batches, texts(40, held=20))
        wait_until(generator.started.is_set)
    generator.calls.clear()
    with work(settings=Settings(engine="rules", max_article_characters=5_000)) as (batches, _):
        ended(batches, batch)
        assert copies(batches, batch) == texts(40, held=20)
    assert texts(1)[0] in {source for sources, _, _ in generator.calls for source in sources}
    assert "longest article was 200000, is now 5000" in caplog.text


def test_failure_that_is_no_rows_is_logged_and_costs_no_other_batch(
    work: Begin, caplog: pytest.LogCaptureFixture
) -> None:
    with work() as (batches, _):
        broken = send(batches, texts(3), progress=b"This is no record of a batch." * 100)
        other = send(batches, texts(20))
        assert ended(batches, other).status == "completed"
        assert batches.get(broken, "").status == "queued"
    (record,) = [record for record in caplog.records if record.levelno == logging.ERROR]
    assert record.getMessage() == f"batch {broken} has met a failure and goes on in 30 s"


def test_batch_of_bad_rows_alone_and_one_cancelled_before_its_turn_come_to_their_end(
    work: Begin, generator: HeldGenerator
) -> None:
    generator.free.clear()
    with work() as (batches, worker):
        held = send(batches, texts(1, held=0))
        wait_until(generator.started.is_set)
        unwanted, bad = send(batches, texts(3)), send(batches, ["", " "])
        batches.cancel(unwanted, "")
        worker.stop(unwanted)
        generator.free.set()
        assert [ended(batches, batch).status for batch in (held, unwanted, bad)] == [
            *("completed", "cancelled", "completed")
        ]
        assert (copies(batches, unwanted), batches.get(bad, "").failed) == ([], 2)


def test_rows_are_counted(work: Begin) -> None:
    metrics = Metrics(under_way=lambda: 0, waiting=lambda: 0, ready=lambda: True, batches=lambda: 0)
    with work(metrics=metrics) as (batches, _):
        ended(batches, send(batches, [*texts(20), ""]))
    shown = metrics.expose().decode()
    assert 'copydesk_batch_rows_total{outcome="rewritten"} 20.0' in shown
    assert 'copydesk_batch_rows_total{outcome="failed"} 1.0' in shown
    assert 'copydesk_passages_total{status="unchanged"} 20.0' in shown


def test_worker_waits_for_a_folder_that_another_process_has(work: Begin, caplog: pytest.LogCaptureFixture) -> None:
    with work() as (batches, _):
        folder = batches.folder_of("")
        other = Batches(folder, most=10, days=1)
        worker = BatchWorker(other, Office(lambda: pytest.fail("not asked for")), RULES, METRICS)
        worker.open()
        wait_until(lambda: "no batches for now: another process has their folder" in caplog.text)
        before = other.is_open
    wait_until(lambda: other.is_open)
    worker.close()
    assert (before, other.is_open) == (False, False)


def test_folder_that_cannot_be_used_is_told_of(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "file").touch()
    batches = Batches(tmp_path / "file" / "batches", most=10, days=1)
    worker = BatchWorker(batches, Office(lambda: pytest.fail("not asked for")), RULES, METRICS)
    worker.open()
    wait_until(lambda: "no batches for now: their folder cannot be used" in caplog.text)
    worker.close()
