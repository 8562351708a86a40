"""Gather generation calls that arrive together into one run of the model."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from itertools import chain
from threading import Condition, Lock, Thread

from service.errors import GeneratorClosedError
from service.generation import Candidate, Following, Generator

Targets = list[tuple[Candidate, ...]]

# Of the runs made while both kinds of calls wait, one in this many is for the background.
_TURN = 5
# A run for the background has this part of the room of others, so that whoever comes meanwhile waits less for its end.
_PART = 4


@dataclass(eq=False)
class _Call:
    """What one caller waits for, and as much of it as there is so far."""

    sources: tuple[str, ...]
    count: int
    seed: int
    background: bool = False
    outcome: Future[Targets] = field(default_factory=Future)
    targets: Targets = field(default_factory=list)

    @property
    def left(self) -> tuple[str, ...]:
        return self.sources[len(self.targets) :]

    def may_join(self, other: _Call) -> bool:
        return (self.count, self.seed) == (other.count, other.seed)

    def finish(self) -> None:
        # From here on the caller can no longer give up; one that already has is left alone.
        if self.outcome.set_running_or_notify_cancel():
            self.outcome.set_result(self.targets)

    def fail(self, error: BaseException) -> None:
        if self.outcome.set_running_or_notify_cancel():
            self.outcome.set_exception(error)


class BatchingGenerator:
    """A ``Generator`` that many threads share; the one behind it sees one call at a time.

    A call that finds the model idle starts at once. Calls that arrive while it is busy wait, and those that agree in
    ``count`` and ``seed`` go into the next run together, first come first served. A call with more passages than a
    batch has room for takes several runs and lines up again after each, so that a long article holds up nobody. Calls
    from the background get the runs that nobody else wants, smaller ones, and one run in five come what may. What a
    caller gets is what the generator behind would have given it alone, because a ``Generator`` promises not to mind
    what shares a batch.

    Args:
        inner: The generator behind. Its ``count_tokens`` is called from the callers' own threads, and so, one at a time
            and between two runs, is its ``follow``.
        max_batch: Most passages in one run.

    Attributes:
        name: Name of the generator behind.
        max_source_tokens: Its longest source passage.
        least_score: Its targets that score below this are doubtful.
        runs: How many runs there were.
        run_passages: How many passages these had in all.
    """

    def __init__(self, inner: Generator, *, max_batch: int = 16) -> None:
        if max_batch < 1:
            raise ValueError(f"a batch needs room for at least one passage, got {max_batch}")
        self.name = inner.name
        self.max_source_tokens = inner.max_source_tokens
        self.least_score = inner.least_score
        self.runs = 0
        self.run_passages = 0
        self._inner = inner
        self._max_batch = max_batch
        self._waiting: deque[_Call] = deque()
        self._background: deque[_Call] = deque()
        self._passed_by = 0
        self._changed = Condition()
        self._closed = False
        # Held by whoever has the generator behind.
        self._running = Lock()
        # A daemon, so that a desk nobody closed does not keep the process from ending.
        self._worker = Thread(target=self._work, name="batching", daemon=True)
        self._worker.start()

    @property
    def waiting(self) -> int:
        """How many passages wait for a run."""
        with self._changed:
            calls = chain(self._waiting, self._background)
            return sum(len(call.left) for call in calls if not call.outcome.cancelled())

    def count_tokens(self, text: str) -> int:
        """Count the tokens of a source passage."""
        return self._inner.count_tokens(text)

    def follow(self, source: str, targets: Sequence[str]) -> list[Following]:
        """Follow each target, between two runs.

        Raises:
            GeneratorClosedError: ``close`` has been called.
        """
        with self._running:
            if self._closed:
                raise GeneratorClosedError
            return self._inner.follow(source, targets)

    def generate(self, sources: Sequence[str], *, count: int, seed: int) -> list[tuple[Candidate, ...]]:
        """Propose targets, in one run with others where that is possible.

        Raises:
            GeneratorClosedError: ``close`` has been called.
            Exception: Whatever the generator behind raised; every call of that run gets it.
        """
        outcome = self.submit(sources, count=count, seed=seed)
        try:
            return outcome.result()
        except BaseException:
            # An interrupted caller no longer wants the passages that still wait.
            outcome.cancel()
            raise

    def submit(
        self, sources: Sequence[str], *, count: int, seed: int, background: bool = False
    ) -> Future[list[tuple[Candidate, ...]]]:
        """Queue a call without waiting for it; once cancelled, it costs the model no further run.

        Args:
            sources: Source passages.
            count: Most targets for each.
            seed: Seed of the sampled ones.
            background: Whether it can wait for calls that cannot.

        Raises:
            GeneratorClosedError: ``close`` has been called.
        """
        call = _Call(sources=tuple(sources), count=count, seed=seed, background=background)
        with self._changed:
            if self._closed:
                raise GeneratorClosedError
            if call.sources:
                self._queue_of(call).append(call)
                self._changed.notify()
        if not call.sources:
            call.finish()
        return call.outcome

    def close(self) -> None:
        """Let the run under way end and refuse the calls that wait, and new ones; safe to call again."""
        with self._changed:
            self._closed = True
            self._changed.notify()
        self._worker.join()

    def _queue_of(self, call: _Call) -> deque[_Call]:
        return self._background if call.background else self._waiting

    def _work(self) -> None:
        while batch := self._next_batch():
            self._run(batch)

    def _next_batch(self) -> list[tuple[_Call, tuple[str, ...]]]:
        """Wait for calls and take the shares of those that can run together; none once the generator is closed."""
        with self._changed:
            batch: list[tuple[_Call, tuple[str, ...]]] = []
            while not batch:
                self._changed.wait_for(lambda: self._waiting or self._background or self._closed)
                if self._closed:
                    break
                batch = self._take_batch()
            refused = [*self._waiting, *self._background] if self._closed else []
            if self._closed:
                self._waiting.clear()
                self._background.clear()
        # Outside the lock: what a caller has hung on its future may ask for the generator again.
        for call in refused:
            call.fail(GeneratorClosedError())
        return batch

    def _take_batch(self) -> list[tuple[_Call, tuple[str, ...]]]:
        batch: list[tuple[_Call, tuple[str, ...]]] = []
        passed_over: list[_Call] = []
        queue, room = self._next_queue()
        while queue and room:
            call = queue.popleft()
            if call.outcome.cancelled():
                call.outcome.set_running_or_notify_cancel()
                continue
            if batch and not call.may_join(batch[0][0]):
                passed_over.append(call)
                continue
            share = call.left[:room]
            batch.append((call, share))
            room -= len(share)
        queue.extendleft(reversed(passed_over))
        return batch

    def _next_queue(self) -> tuple[deque[_Call], int]:
        """Say whose turn it is, and how many passages may run."""
        if self._background and (not self._waiting or self._passed_by >= _TURN - 1):
            self._passed_by = 0
            return self._background, max(1, self._max_batch // _PART)
        self._passed_by = self._passed_by + 1 if self._background else 0
        return self._waiting, self._max_batch

    def _run(self, batch: list[tuple[_Call, tuple[str, ...]]]) -> None:
        sources = [source for _, share in batch for source in share]
        first = batch[0][0]
        try:
            with self._running:
                targets = self._inner.generate(sources, count=first.count, seed=first.seed)
            if len(targets) != len(sources):
                raise ValueError(f"{self.name} gave targets for {len(targets)} of {len(sources)} passages")
        except BaseException as error:  # The worker outlives whatever the model does.
            for call, _ in batch:
                call.fail(error)
            return
        self.runs += 1
        self.run_passages += len(sources)
        remaining = iter(targets)
        for call, share in batch:
            call.targets += [next(remaining) for _ in share]
            if call.left:
                with self._changed:
                    self._queue_of(call).append(call)
            else:
                call.finish()
