"""Those who rewrite the rows of a batch: this process alone, or several beside it."""

from __future__ import annotations

import logging
import multiprocessing
import os
import signal
from collections import deque
from collections.abc import Callable, Generator, Iterable, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from itertools import islice
from multiprocessing.connection import wait
from threading import Thread
from typing import Any

from service.brief import Brief, Mode
from service.certificate import certify_rewrite
from service.desk import Desk, open_desk
from service.errors import ArticleError, CopydeskError, FailedRowError, ModelError, TermsError, WorkerLostError
from service.house_style import DEFAULT, house_style
from service.rewriting import Rewrite
from service.rows import Result, Row, Tally
from service.schemas import BatchRowOut, RewriteOut
from service.settings import Settings
from service.terms import Terms

# Chunks that are handed to each worker before the first comes back, so that none is idle.
_AHEAD = 2

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Task:
    """What is done with every row.

    Attributes:
        seed: Seed of the sampled candidates.
        full: Whether a row that goes out has the account of every passage.
        style: Name of the house style.
        mode: How far the desk may go.
        terms: Terms that every rewrite keeps or renders, beside those of its row.
        identity: What a row that goes out calls its id.
    """

    seed: int = 0
    full: bool = False
    style: str = DEFAULT
    mode: Mode = Mode.REWRITE
    terms: Terms = field(default_factory=Terms)
    identity: str = "id"

    def brief(self, row: Row) -> Brief:
        """Say what is asked of the desk for a row.

        Raises:
            UnknownStyleError: There is no such house style.
            TermsError: The terms of all rows and those of this one do not go together.
        """
        return Brief(style=house_style(self.style), mode=self.mode, terms=self.terms.with_more(row.terms))


def work(
    open_desk: Callable[[], Desk], task: Task, chunks: Iterable[Sequence[Row]]
) -> Generator[list[Result], None, None]:
    """Rewrite chunk after chunk in this process."""
    desk = open_desk()
    try:
        for chunk in chunks:
            yield rewrite_rows(desk, chunk, task)
    finally:
        desk.close()


def work_together(
    settings: Settings, task: Task, chunks: Iterable[Sequence[Row]], *, workers: int
) -> Generator[list[Result], None, None]:
    """Rewrite chunks in processes of their own, each with a desk of its own; the results come in order.

    Raises:
        ModelError: The model is not to be had.
        WorkerLostError: One of the processes was killed.
    """
    # Shared cores: a model that takes all of them in every worker is slower than one that takes its share.
    threads = settings.threads or max(1, (os.cpu_count() or 1) // workers)
    settings = settings.model_copy(update={"threads": threads})
    others = multiprocessing.active_children()
    crew = ProcessPoolExecutor(
        workers, multiprocessing.get_context("spawn"), initializer=_begin, initargs=(settings, task)
    )
    coming = iter(chunks)
    waiting: deque[Future[list[Result]]] = deque()
    try:
        for chunk in islice(coming, _AHEAD * workers):
            waiting.append(crew.submit(_rewrite, chunk))
        while waiting:
            results = waiting.popleft().result()
            waiting.extend(crew.submit(_rewrite, chunk) for chunk in islice(coming, 1))
            yield results
    except BrokenProcessPool as error:
        raise WorkerLostError from error
    finally:
        # Nobody waits for what is left, as after an interruption.
        for process in multiprocessing.active_children():
            if process not in others:
                process.terminate()
        crew.shutdown(cancel_futures=True)


class _Worker:
    """What a worker process has at hand, from its beginning on; without a desk, why it has none."""

    desk: Desk
    task: Task
    failure: str | None = None


def _begin(settings: Settings, task: Task) -> None:
    """Make this process a worker."""
    # The terminal interrupts all of them, and the first process says what there is to say.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_end_with_parent, daemon=True).start()
    _Worker.task = task
    try:
        _Worker.desk = open_desk(settings)
    except CopydeskError as error:
        _Worker.failure = str(error)


def _rewrite(rows: Sequence[Row]) -> list[Result]:
    try:
        if _Worker.failure is None:
            return rewrite_rows(_Worker.desk, rows, _Worker.task)
    except CopydeskError as error:
        _Worker.failure = str(error)
    # Of the errors that have arguments of their own none comes through to another process.
    raise ModelError(_Worker.failure)


def _end_with_parent() -> None:
    """A worker whose first process was killed would wait for ever."""
    parent = multiprocessing.parent_process()
    assert parent is not None
    wait([parent.sentinel])
    os._exit(1)


def rewrite_rows(desk: Desk, rows: Sequence[Row], task: Task) -> list[Result]:
    """Rewrite rows together; one that cannot be rewritten comes back with ``error``, the others as they would alone.

    Raises:
        CopydeskError: No row can be rewritten, as when the model is gone.
    """
    refused = {row.number: error for row in rows if (error := row.error or _refusal(desk, row, task))}
    good = [row for row in rows if row.number not in refused]
    rewritten = _rewrite_all(desk, good, task) if good else []
    outcomes: dict[int, Rewrite | str] = {**refused}
    outcomes.update(zip((row.number for row in good), rewritten, strict=True))
    return [_describe(desk, row, outcomes[row.number], task) for row in rows]


def _refusal(desk: Desk, row: Row, task: Task) -> str | None:
    try:
        task.brief(row)
        desk.rewriter.require_rewritable(row.text)
    except (ArticleError, TermsError) as error:
        return error.sentence
    return None


def _rewrite_all(desk: Desk, rows: Sequence[Row], task: Task) -> list[Rewrite | str]:
    try:
        briefs = [task.brief(row) for row in rows]
        return list(desk.rewriter.rewrite_all([row.text for row in rows], briefs=briefs, seed=task.seed))
    except (CopydeskError, MemoryError):  # Nothing that is the row's: the run goes on from here another time.
        raise
    except Exception as error:  # A bug that one row of millions meets must not cost the others.
        if len(rows) > 1:
            return [outcome for row in rows for outcome in _rewrite_all(desk, [row], task)]
        _log.exception("row %d failed with %s", rows[0].number, type(error).__name__)
        return [FailedRowError(type(error).__name__).sentence]


def _describe(desk: Desk, row: Row, outcome: Rewrite | str, task: Task) -> Result:
    if isinstance(outcome, str):
        fields: dict[str, Any] = {"error": outcome}
        return Result(row.number, fields={task.identity: row.identity, **fields}, tally=Tally(rows=1, failed=1))
    if task.full:
        certificate = certify_rewrite(row.text, outcome, checker=desk.checker.identity)
        fields = RewriteOut.from_rewrite(outcome, certificate=certificate).model_dump(mode="json")
    else:
        fields = BatchRowOut.from_rewrite(outcome).model_dump(mode="json")
    return Result(row.number, fields={task.identity: row.identity, **fields}, tally=Tally.of(outcome))
