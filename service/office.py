"""What stands between the HTTP API and the desk: opens it, and bounds the work under way."""

from __future__ import annotations

import asyncio
import logging
import math
import time
from collections.abc import AsyncIterator, Callable
from concurrent.futures import Future, ThreadPoolExecutor

from service.desk import Desk
from service.errors import ModelFailedError, ModelLoadingError, TooBusyError

_WARM_UP = "The council met on Monday."
_LONGEST_WAIT = 60

_log = logging.getLogger(__name__)


class Office:
    """Opens the desk in the background and hands it out once it is warm."""

    def __init__(self, open_desk: Callable[[], Desk]) -> None:
        self._open_desk = open_desk
        self._executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="office")
        self._opening: Future[Desk] | None = None

    def open(self) -> None:
        """Begin to open the desk, without waiting."""
        self._opening = self._executor.submit(self._open_and_warm)
        self._opening.add_done_callback(_log_failure)

    def desk(self) -> Desk:
        """Give the desk.

        Raises:
            ModelLoadingError: It is not open yet.
            ModelFailedError: It could not be opened.
        """
        if self._opening is None or not self._opening.done():
            raise ModelLoadingError
        if failure := self._opening.exception():
            raise ModelFailedError from failure
        return self._opening.result()

    async def opened(self) -> None:
        """Wait until the desk is open.

        Raises:
            ModelLoadingError: Nobody has begun to open it.
            Exception: Whatever kept it from being opened.
        """
        if self._opening is None:
            raise ModelLoadingError
        await asyncio.wrap_future(self._opening)

    @property
    def ready(self) -> bool:
        """True while there is a desk to give."""
        return self._opening is not None and self._opening.done() and self._opening.exception() is None

    @property
    def waiting(self) -> int:
        """How many passages wait for the model."""
        generator = self.desk().generator if self.ready else None
        return generator.waiting if generator else 0

    @property
    def runs(self) -> tuple[int, int]:
        """How many runs of the model there were, and how many passages these had in all."""
        generator = self.desk().generator if self.ready else None
        return (generator.runs, generator.run_passages) if generator else (0, 0)

    def close(self) -> None:
        """Close the desk, once it is open."""
        self._executor.shutdown()
        if self._opening is not None and self._opening.exception() is None:
            self._opening.result().close()

    def _open_and_warm(self) -> Desk:
        desk = self._open_desk()
        try:
            desk.rewriter.rewrite(_WARM_UP)
        except BaseException:
            desk.close()
            raise
        return desk


def _log_failure(opening: Future[Desk]) -> None:
    if failure := opening.exception():
        _log.error("the model could not be loaded: %s", failure, exc_info=failure)


class Gate:
    """Bounds what is under way at once; used from the event loop alone.

    Args:
        limit: Most requests at once.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._under_way = 0
        self._typical_seconds = 1.0

    @property
    def under_way(self) -> int:
        """How many requests are inside."""
        return self._under_way

    async def enter(self) -> AsyncIterator[None]:
        """Let a request in until its endpoint is done.

        Raises:
            TooBusyError: There is no room.
        """
        if self._under_way >= self._limit:
            wait = min(max(1, math.ceil(self._typical_seconds)), _LONGEST_WAIT)
            raise TooBusyError(self._limit, retry_after=wait)
        self._under_way += 1
        started = time.monotonic()
        try:
            yield
            self._typical_seconds += 0.2 * (time.monotonic() - started - self._typical_seconds)
        finally:
            self._under_way -= 1
