from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping

# Torch threads that wait for each other on a busy machine make a test take minutes; set before anything loads torch.
os.environ.setdefault("OMP_NUM_THREADS", "1")
# No test leaves a batch with those of whoever runs it.
os.environ["XDG_DATA_HOME"] = tempfile.mkdtemp(prefix="copydesk-tests-")

import pytest

from service.annotation import Annotator
from service.checking import Checker
from tests.clusters import local_cluster
from tests.scripted import ScriptedGenerator


def pytest_sessionfinish() -> None:
    shutil.rmtree(os.environ["XDG_DATA_HOME"], ignore_errors=True)


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


@pytest.fixture(scope="session")
def cluster() -> Iterator[Mapping[str, str]]:
    """Run a Ray cluster of two CPUs and give the environment of a command that is to run on it."""
    with local_cluster() as environment:
        yield environment
