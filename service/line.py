"""A caller's own way to the rewriter, which can be cut off without harm to the others."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import CancelledError, Future
from threading import Lock

from service.batching import BatchingGenerator
from service.errors import HungUpError
from service.generation import Candidate, Following
from service.rewriting import Rewriter


class Line:
    """What one caller has of the desk.

    Args:
        rewriter: The desk's rewriter.
        generator: The model that it shares among callers; None where only rules edit.
        background: Whether this caller can wait for others.

    Attributes:
        rewriter: The same for this caller alone.
    """

    def __init__(self, rewriter: Rewriter, generator: BatchingGenerator | None, *, background: bool = False) -> None:
        self._calls = _Calls(generator, background=background) if generator else None
        self.rewriter = rewriter.asking(self._calls) if self._calls else rewriter

    def hang_up(self) -> None:
        """Withdraw what waits for the model; what is under way ends with ``HungUpError``, and so does all to come."""
        if self._calls:
            self._calls.withdraw()


class _Calls:
    """A ``Generator`` for one caller, who makes one call after the other."""

    def __init__(self, inner: BatchingGenerator, *, background: bool) -> None:
        self.name = inner.name
        self.max_source_tokens = inner.max_source_tokens
        self.least_score = inner.least_score
        self._inner = inner
        self._background = background
        self._lock = Lock()
        self._withdrawn = False
        self._outcome: Future[list[tuple[Candidate, ...]]] | None = None

    def count_tokens(self, text: str) -> int:
        return self._inner.count_tokens(text)

    def generate(self, sources: Sequence[str], *, count: int, seed: int) -> list[tuple[Candidate, ...]]:
        with self._lock:
            if self._withdrawn:
                raise HungUpError
            outcome = self._inner.submit(sources, count=count, seed=seed, background=self._background)
            self._outcome = outcome
        try:
            return outcome.result()
        except CancelledError as error:
            raise HungUpError from error

    def follow(self, source: str, targets: Sequence[str]) -> list[Following]:
        self._require_line()
        found = self._inner.follow(source, targets)
        self._require_line()
        return found

    def _require_line(self) -> None:
        with self._lock:
            if self._withdrawn:
                raise HungUpError

    def withdraw(self) -> None:
        with self._lock:
            self._withdrawn = True
            if self._outcome:
                self._outcome.cancel()
