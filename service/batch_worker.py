"""What works at the batches that the service keeps, in a thread of its own, while others wait for theirs."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Generator
from dataclasses import dataclass, field, replace
from functools import partial
from threading import Event, Lock, Thread

from service.batches import CUSTOM_ID, RESULTS, Batches, KeptBatch, input_name
from service.brief import Mode
from service.bulk import Batch, Order
from service.crew import Task
from service.desk import Desk
from service.errors import HungUpError, OtherRunError
from service.line import Line
from service.metrics import Metrics
from service.office import Office
from service.rows import Columns, Tally
from service.settings import Settings

# So many of the oldest take turns, a portion each, so that a short batch need not wait for a long one.
_AT_ONCE = 4
_IDLE_SECONDS = 0.5
# After a failure that is no row's, as when the disk is full.
_REST_SECONDS = 30

_log = logging.getLogger(__name__)


@dataclass
class _Job:
    """A batch that is under way."""

    batch: Batch
    failed: int
    portions: Generator[Tally, None, None] = field(init=False)

    def __post_init__(self) -> None:
        self.portions = self.batch.work()

    def close(self) -> None:
        self.portions.close()
        self.batch.close()


class BatchWorker:
    """Rewrites the rows of batches when nobody else needs the model, or at least in its share of the time.

    Results are on record portion by portion; whatever ends the process, the next one goes on from there. Where model
    or version are others by then, a batch begins anew, so that no batch is made by two.

    Args:
        batches: The batches.
        office: Has the desk.
        settings: The limits.
        metrics: Where rows are counted.
    """

    def __init__(self, batches: Batches, office: Office, settings: Settings, metrics: Metrics) -> None:
        self._batches = batches
        self._office = office
        self._settings = settings
        self._metrics = metrics
        self._jobs: dict[str, _Job] = {}
        self._resting: dict[str, float] = {}
        self._lines: dict[str, Line] = {}
        self._lock = Lock()
        self._complained = False
        self._closing = Event()
        self._awake = Event()
        self._thread = Thread(target=self._work, name="batches", daemon=True)

    def open(self) -> None:
        """Begin."""
        self._thread.start()

    def close(self) -> None:
        """End, and leave what is under way to the next process; what is on record stays there."""
        self._closing.set()
        with self._lock:
            lines = list(self._lines.values())
        for line in lines:
            line.hang_up()
        self._awake.set()
        self._thread.join()

    def wake(self) -> None:
        """Say that a batch has arrived."""
        self._awake.set()

    def stop(self, batch: str) -> None:
        """Stop at a batch that is cancelled, in the middle of a portion if need be."""
        with self._lock:
            line = self._lines.get(batch)
        if line:
            line.hang_up()
        self._awake.set()

    def _work(self) -> None:
        try:
            while True:
                # In this order, or a call of ``close`` between the two would go unheard.
                self._awake.clear()
                if self._closing.is_set():
                    break
                try:
                    idle = 0 if self._go_round() else _IDLE_SECONDS
                except Exception:  # The thread outlives whatever happens to the folder.
                    _log.exception("the batches have met a failure and go on in %d s", _REST_SECONDS)
                    idle = _REST_SECONDS
                self._awake.wait(idle)
        finally:
            for batch in list(self._jobs):
                self._leave(batch)
            self._batches.close()

    def _go_round(self) -> bool:
        """Give each batch a turn; gives whether there was anything to do."""
        if not self._batches.is_open and not self._open_batches():
            return False
        self._batches.let_in()
        self._batches.remove_outdated()
        now = time.monotonic()
        able = [kept for kept in self._batches.unfinished() if self._resting.get(kept.id, 0) <= now]
        return any([self._take_turn(kept) for kept in able[:_AT_ONCE]])

    def _open_batches(self) -> bool:
        try:
            taken = self._batches.open()
            reason = "another process has their folder"
        except OSError as error:
            taken = False
            reason = f"their folder cannot be used ({error})"
        if not taken and not self._complained:
            _log.warning("no batches for now: %s", reason)
        self._complained = not taken
        # Nobody is told that less is done than the process before has told.
        for kept in self._batches.unfinished()[:_AT_ONCE] if taken else ():
            self._try(kept.id, partial(self._begin, kept))
        return taken

    def _take_turn(self, kept: KeptBatch) -> bool:
        if self._closing.is_set() or not (kept.cancelled or self._office.ready):
            return False
        self._try(kept.id, partial(self._go_on, kept))
        return True

    def _try(self, batch: str, do: Callable[[], object]) -> None:
        try:
            do()
        except HungUpError:  # Cancelled, or all comes to its end.
            self._leave(batch)
        except Exception:  # Nothing that is a row's: the batch is not lost, and the others go on.
            _log.exception("batch %s has met a failure and goes on in %d s", batch, _REST_SECONDS)
            self._resting[batch] = time.monotonic() + _REST_SECONDS
            self._leave(batch)

    def _go_on(self, kept: KeptBatch) -> None:
        job = self._jobs.get(kept.id) or self._begin(kept)
        tally = None if kept.cancelled else next(job.portions, None)
        if tally is None:
            self._end(kept.id, job)
        else:
            self._count(kept.id, job, tally)

    def _begin(self, kept: KeptBatch) -> _Job:
        folder = self._batches.folder_of(kept.id)
        order = Order(
            source=folder / input_name(kept.order.form),
            target=folder / RESULTS,
            form=kept.order.form,
            columns=Columns(identity=kept.order.id_column, text=kept.order.text_column),
            task=Task(
                seed=kept.order.seed,
                full=kept.order.full,
                style=kept.order.style,
                mode=Mode(kept.order.mode),
                identity=CUSTOM_ID,
            ),
        )

        def open_desk(_: Settings) -> Desk:
            return self._open_desk(kept.id)

        try:
            batch = Batch(order, self._settings, open_desk=open_desk)
        except OtherRunError as error:
            _log.warning("batch %s begins anew: %s", kept.id, error)
            batch = Batch(order, self._settings, anew=True, open_desk=open_desk)
        job = self._jobs[kept.id] = _Job(batch, failed=batch.tally.failed)
        self._batches.note(kept.id, done=batch.done, failed=job.failed)
        return job

    def _open_desk(self, batch: str) -> Desk:
        desk = self._office.desk()
        line = desk.line(background=True)
        with self._lock:
            self._lines[batch] = line
        if self._closing.is_set():
            line.hang_up()
        return replace(desk, rewriter=line.rewriter, close=lambda: None)

    def _count(self, batch: str, job: _Job, tally: Tally) -> None:
        job.failed += tally.failed
        self._batches.note(batch, done=job.batch.done, failed=job.failed)
        self._metrics.count_rows(
            rewritten=tally.rows - tally.failed, failed=tally.failed, passages=tally.passages, facts=tally.facts
        )

    def _end(self, batch: str, job: _Job) -> None:
        with self._batches.ending(batch):
            job.portions.close()
            job.batch.deliver()
        self._leave(batch)

    def _leave(self, batch: str) -> None:
        with self._lock:
            self._lines.pop(batch, None)
        if job := self._jobs.pop(batch, None):
            job.close()
