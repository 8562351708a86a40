from __future__ import annotations

import signal
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from evaluation.deadline import deadline
from evaluation.errors import TooSlowError


def test_what_takes_too_long_is_broken_off() -> None:
    with pytest.raises(TooSlowError, match=r"took longer than 0\.05 s"), deadline(0.05):
        time.sleep(20)


def test_what_is_in_time_is_left_alone_and_nothing_rings_afterwards() -> None:
    before = signal.getsignal(signal.SIGALRM)
    with deadline(0.05):
        pass
    time.sleep(0.1)
    assert signal.getsignal(signal.SIGALRM) is before


def wait_a_little() -> bool:
    with deadline(0.01):
        time.sleep(0.05)
    return True


def test_another_thread_is_let_run() -> None:
    with ThreadPoolExecutor(max_workers=1) as pool:
        assert pool.submit(wait_a_little).result()
