"""The service in a process of its own, as it runs in production."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

from evaluation.errors import NotServingError

_COMMAND = (sys.executable, "-c", "from service.cli import main; main()", "serve", "--port", "0")
_ADDRESS = re.compile(r"running on http://([\d.]+):(\d+)")
_TO_LOAD = 180.0
_TO_STOP = 60.0


@dataclass(frozen=True)
class Server:
    """A service that answers.

    Attributes:
        host: Its address.
        port: Its port.
        pid: Its process.
    """

    host: str
    port: int
    pid: int

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://{self.host}:{self.port}"

    @property
    def ready(self) -> bool:
        """Whether articles can be rewritten."""
        return self._get("/health/ready")[0] == 200

    @property
    def model(self) -> dict[str, Any]:
        """What rewrites."""
        described: dict[str, Any] = json.loads(self._get("/v1/model")[1])
        return described

    @property
    def runs(self) -> tuple[int, int]:
        """How many runs of the model there were, and how many passages these had in all."""
        metrics = self._get("/metrics")[1]
        runs, passages = (
            int(float(line.split()[1]))
            for name in ("copydesk_model_runs_total", "copydesk_model_run_passages_total")
            for line in metrics.splitlines()
            if line.startswith(f"{name} ")
        )
        return runs, passages

    def _get(self, path: str) -> tuple[int, str]:
        connection = HTTPConnection(self.host, self.port, timeout=30)
        try:
            connection.request("GET", path)
            response = connection.getresponse()
            return response.status, response.read().decode("utf-8")
        finally:
            connection.close()


@contextmanager
def serving(*arguments: str, seconds: float = _TO_LOAD, **settings: object) -> Iterator[Server]:
    """Run ``copydesk serve`` on a free port until the block is left; it is ready when the block begins.

    Args:
        arguments: Arguments of the command, as ``--engine rules``.
        seconds: Longest time until it is ready.
        settings: Settings by the names of ``service.settings``.

    Raises:
        NotServingError: It ended, or was not ready in time.
    """
    environment = {**os.environ, **{f"COPYDESK_{name.upper()}": str(value) for name, value in settings.items()}}
    with tempfile.TemporaryDirectory() as folder, Path(folder, "log").open("w+", encoding="utf-8") as log:
        process = subprocess.Popen([*_COMMAND, *arguments], stderr=log, stdin=subprocess.DEVNULL, env=environment)
        try:
            yield _await_server(process, Path(log.name), time.monotonic() + seconds)
        finally:
            process.terminate()
            try:
                process.wait(_TO_STOP)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _await_server(process: subprocess.Popen[bytes], log: Path, deadline: float) -> Server:
    server: Server | None = None
    while time.monotonic() < deadline and process.poll() is None:
        address = None if server else _ADDRESS.search(log.read_text(encoding="utf-8"))
        if address:
            server = Server(address[1], int(address[2]), process.pid)
        if server and server.ready:
            return server
        time.sleep(0.1)
    ended = process.poll() is not None
    raise NotServingError(log.read_text(encoding="utf-8"), ended=ended)
