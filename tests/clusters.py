"""A local Ray cluster of two workers, for the tests that need one."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path

import psutil
import pytest

from tests.scripted import wait_until

ROOT = Path(__file__).parents[1]
NO_RAY = find_spec("ray") is None
REASON = "this is tested on a Ray cluster, and Ray is not installed here: pip install 'copydesk[ray]'"
# Ray gives its own helpers 15 seconds to come up, which no setting changes.
_TOO_BUSY = "The current node timed out during startup"
_STARTED = "Ray runtime started"
_ATTEMPTS = 2


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def local_cluster() -> Iterator[Mapping[str, str]]:
    """Start a cluster with two CPUs; gives the environment of a command that is to run on it."""
    for _ in range(_ATTEMPTS):
        with _node() as environment:
            if environment is not None:
                yield environment
                return
    pytest.skip("this machine is too busy for Ray: its helpers were not up in the time that it gives them")


@contextmanager
def _node() -> Iterator[dict[str, str] | None]:
    """Start Ray; gives None where it was not up in its own time."""
    # Its sockets have room for short names only.
    folder = Path(tempfile.mkdtemp(prefix="ray-", dir="/tmp"))
    environment, command = _describe(folder)
    log = folder / "log"
    with log.open("w") as file:
        node = subprocess.Popen(command, env=environment, stdout=file, stderr=file, start_new_session=True)
    try:
        wait_until(lambda: node.poll() is not None or _STARTED in log.read_text(), seconds=240)
        late = _TOO_BUSY in log.read_text()
        assert late or node.poll() is None, log.read_text()
        yield None if late else environment
    finally:
        _end(node, folder)


def _describe(folder: Path) -> tuple[dict[str, str], list[str]]:
    port = str(free_port())
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith(("COPYDESK_", "RAY_"))},
        "COPYDESK_BATCH_FOLDER": str(folder / "batches"),
        "COPYDESK_ENGINE": "rules",
        "OMP_NUM_THREADS": "1",
        "PYTHONPATH": str(ROOT),
        "RAY_ADDRESS": f"127.0.0.1:{port}",
        "RAY_AUTH_MODE": "token",
        "RAY_AUTH_TOKEN": "0123456789abcdef" * 4,
        "RAY_TMPDIR": str(folder),
        "RAY_USAGE_STATS_ENABLED": "0",
    }
    command = [*(sys.executable, "-m", "ray.scripts.scripts", "start", "--head", "--block", "--num-cpus", "2")]
    command += ["--node-ip-address", "127.0.0.1", "--port", port, "--include-dashboard", "false"]
    return environment, command


def workers_of(environment: Mapping[str, str], name: str) -> list[psutil.Process]:
    """Find the processes of the cluster that Ray calls by a name."""
    return [process for process in _processes(environment["RAY_TMPDIR"]) if name in _title(process)]


def _end(node: subprocess.Popen[bytes], folder: Path) -> None:
    """End all of it at once: Ray takes its time to do so by itself."""
    for process in _processes(str(folder)):
        with suppress(psutil.NoSuchProcess):
            process.kill()
    node.kill()
    node.wait()
    shutil.rmtree(folder, ignore_errors=True)


def _processes(folder: str) -> list[psutil.Process]:
    """Find all that belongs to the cluster: what has its folder on the command line, and what was begun by that."""
    found = {process.pid: process for process in psutil.process_iter() if folder in _title(process)}
    for process in list(found.values()):
        with suppress(psutil.Error):  # It has ended.
            found |= {child.pid: child for child in process.children(recursive=True)}
    return list(found.values())


def _title(process: psutil.Process) -> str:
    try:
        return " ".join(process.cmdline())
    except psutil.Error:
        return ""
