"""Let no text take longer than it may."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from threading import current_thread, main_thread
from types import FrameType

from evaluation.errors import TooSlowError


@contextmanager
def deadline(seconds: float) -> Iterator[None]:
    """Break off what runs inside once the time is over.

    It can only interrupt Python's main thread, where the command line runs its suites; in others it lets things run.
    A library that is in the middle of a call is interrupted when that returns.

    Raises:
        TooSlowError: The time was over.
    """
    if current_thread() is not main_thread():
        yield
        return

    def stop(_: int, __: FrameType | None) -> None:
        raise TooSlowError(seconds)

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
