"""The one fake of the tests: a generator that says what it is told."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping, Sequence
from threading import Event
from zlib import crc32

import numpy as np

from service.generation import Candidate, Following


class ScriptedGenerator:
    """Proposes ``texts`` for every source, best first; without any, the source itself.

    Attributes:
        calls: What it was asked for: sources, count and seed of each run.
        measured: Every text whose tokens it counted.
        free: Cleared to hold every run back until it is set again.
        started: Set when a run has begun.
        failure: Raised by every run from when it is set.
    """

    name = "scripted"
    max_source_tokens = 400
    least_score = -math.inf

    def __init__(self, *texts: str, answers: Mapping[str, str] | None = None) -> None:
        self._texts = texts
        self._answers = answers or {}
        self.calls: list[tuple[tuple[str, ...], int, int]] = []
        self.measured: list[str] = []
        self.free = Event()
        self.free.set()
        self.started = Event()
        self.failure: BaseException | None = None

    def count_tokens(self, text: str) -> int:
        self.measured.append(text)
        return len(text.split())

    def generate(self, sources: Sequence[str], *, count: int, seed: int) -> list[tuple[Candidate, ...]]:
        self.calls.append((tuple(sources), count, seed))
        self.started.set()
        assert self.free.wait(timeout=20)
        if self.failure is not None:
            raise self.failure
        return [
            tuple(Candidate(text=text, score=-float(rank)) for rank, text in enumerate(self._proposals(source)[:count]))
            for source in sources
        ]

    def follow(self, source: str, targets: Sequence[str]) -> list[Following]:
        """Nothing is likely but what it says itself and what it was asked about."""
        likely = {source, *self._proposals(source)}
        return [_follow(target, doubt=60.0 * (target not in likely)) for target in targets]

    def _proposals(self, source: str) -> Sequence[str]:
        if source in self._answers:
            return (self._answers[source],)
        return self._texts or (source,)


def _follow(target: str, *, doubt: float) -> Following:
    ids = (*(crc32(word.encode()) for word in target.split()), 0)
    each = np.full(len(ids), -1.0 - doubt / len(ids), np.float32)
    return Following(ids=ids, likely=each, best=np.zeros(len(ids), np.float32))


def wait_until(holds: Callable[[], bool], *, seconds: float = 20) -> None:
    """Wait for what another thread does."""
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "it did not come to pass"
        time.sleep(0.01)
