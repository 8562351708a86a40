from __future__ import annotations

import os
import platform

from evaluation.machine import machine


def test_a_machine_is_known_by_what_its_times_depend_on() -> None:
    first, *_, cores = machine().split(", ")
    assert first == platform.machine()
    assert cores == f"{len(os.sched_getaffinity(0))} cores"
