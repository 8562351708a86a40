from __future__ import annotations

import os
from collections.abc import Callable

# Torch threads that wait for each other on a busy machine make a test take minutes; set before anything loads torch.
os.environ.setdefault("OMP_NUM_THREADS", "1")

import pytest

from service.annotation import Annotator
from service.checking import Checker
from tests.scripted import ScriptedGenerator


@pytest.fixture(scope="session")
def annotator() -> Annotator:
    return Annotator()


@pytest.fixture(scope="session")
def checker(annotator: Annotator) -> Checker:
    return Checker(annotator)


@pytest.fixture
def scripted() -> Callable[..., ScriptedGenerator]:
    """Make a generator that proposes the given texts."""
    return ScriptedGenerator
