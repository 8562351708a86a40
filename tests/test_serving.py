from __future__ import annotations

import psutil
import pytest

from evaluation.errors import NotServingError
from evaluation.serving import serving


def test_a_service_is_ready_while_it_is_needed_and_gone_after() -> None:
    with serving("--engine", "rules") as server:
        assert server.ready
        assert (server.model["engine"], server.runs) == ("rules", (0, 0))
        process = psutil.Process(server.pid)
        assert process.is_running()
    assert not process.is_running()


def test_a_service_that_does_not_start_says_why() -> None:
    with pytest.raises(NotServingError) as caught, serving("--engine", "rules", max_batch=0):
        pass
    assert str(caught.value) == ("the service has ended (copydesk: COPYDESK_MAX_BATCH: Input should be greater than 0)")


def test_a_service_that_takes_too_long_is_not_waited_for() -> None:
    with (
        pytest.raises(NotServingError, match="was not ready in time"),
        serving("--engine", "rules", seconds=0),
    ):
        pass
