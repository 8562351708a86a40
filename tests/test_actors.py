from __future__ import annotations

import json
import pickle
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from service.actors import Worker, read_outcome
from service.cli import app
from service.crew import Task, rewrite_rows
from service.desk import open_desk
from service.errors import ActorsLostError, ModelError
from service.installation import describe_installation
from service.rows import Row
from service.settings import Settings
from tests.clusters import NO_RAY, REASON, workers_of
from tests.scripted import wait_until

RULES = Settings(engine="rules")
PROGRAM = [sys.executable, "-c", "from service.cli import main; main()"]
# Portions have runs of their own, and no worker outlives the third.
FATAL = """
import os, pickle, signal
from service import actors
from service.crew import Task
from service.errors import ActorsLostError
from service.rows import Row
from service.settings import Settings

class Worker:
    def __init__(self, *given):
        pass

    def __call__(self, portion):
        rows = pickle.loads(portion["portion"])
        if rows[0].number == 3:
            os.kill(os.getpid(), signal.SIGKILL)
        return {"outcome": pickle.dumps([rows[0].number])}

actors.Worker = Worker
actors._PORTIONS = 1
portions = [[Row(number=number)] for number in range(1, 5)]
try:
    for done in actors.work_on_cluster(Settings(engine="rules"), Task(), portions, workers=1):
        print(done)
except ActorsLostError as error:
    print(error)
"""
ROWS = [Row(number=1, identity="a", text="So the mayor axed 40 bus routes, lol."), Row(number=2, identity="b")]


def outcome_of(worker: Worker) -> bytes:
    return worker({"portion": pickle.dumps(ROWS)})["outcome"]


def test_a_worker_gives_what_a_desk_gives() -> None:
    worker = Worker(RULES, Task(), describe_installation(RULES))
    assert read_outcome(outcome_of(worker)) == rewrite_rows(open_desk(RULES), ROWS, Task())


def test_a_worker_on_a_machine_without_the_model_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COPYDESK_CACHE", str(tmp_path))
    settings = Settings(cache=Path("/elsewhere"))
    worker = Worker(settings, Task(), describe_installation(settings))
    with pytest.raises(ModelError, match="the embedded model is not prepared: run `copydesk model prepare`"):
        read_outcome(outcome_of(worker))


def test_a_worker_that_would_rewrite_otherwise_does_not_rewrite() -> None:
    worker = Worker(RULES, Task(), {**describe_installation(RULES), "version of numpy": "1.0"})
    with pytest.raises(ModelError, match=r"would rewrite otherwise \(version of numpy is [0-9.]+, here 1.0\): install"):
        read_outcome(outcome_of(worker))


@contextmanager
def running(environment: Mapping[str, str], *arguments: str) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(
        [*PROGRAM, "batch", *arguments], env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    with process:
        yield process
        process.kill()


@pytest.mark.skipif(NO_RAY, reason=REASON)
def test_neither_a_worker_that_is_killed_nor_a_command_that_is_loses_or_doubles_a_row(
    tmp_path: Path, cluster: Mapping[str, str]
) -> None:
    fields: list[dict[str, Any]] = [
        {"id": number, "text": f"So the mayor just axed {number} bus routes."} for number in range(20, 148)
    ]
    fields[40]["id"] = fields[3]["id"]
    del fields[120]["text"]
    source = tmp_path / "in.jsonl"
    source.write_text("".join(json.dumps(row) + "\n" for row in fields))
    here, there = tmp_path / "here.jsonl", tmp_path / "there.jsonl"
    order = (str(source), str(there), "--engine", "ray", "--workers", "2")
    record = tmp_path / "there.jsonl.progress-wal"

    def wait_for_progress() -> None:
        size = record.stat().st_size
        wait_until(lambda: record.stat().st_size > size, seconds=240)

    with running(cluster, *order) as first:
        wait_until(lambda: bool(workers_of(cluster, "MapWorker")), seconds=240)
        wait_for_progress()
        workers_of(cluster, "MapWorker")[0].kill()
        wait_for_progress()
        first.send_signal(signal.SIGKILL)
        first.communicate()
    assert not there.exists()
    with running(cluster, *order) as second:
        shown, said = second.communicate(timeout=600)
    CliRunner().invoke(app, ["batch", str(source), str(here), "--engine", "rules"])
    assert (second.returncode, b"done in earlier runs" in shown) == (1, True), said.decode()
    assert there.read_bytes() == here.read_bytes()


@pytest.mark.skipif(NO_RAY, reason=REASON)
def test_rows_that_end_every_worker_stop_the_batch_after_what_was_done_before_them(cluster: Mapping[str, str]) -> None:
    done = subprocess.run([sys.executable, "-c", FATAL], env=cluster, capture_output=True, text=True, check=True)
    said = [line for line in done.stdout.splitlines() if line.startswith(("[1]", "[2]", "one worker"))]
    assert said == ["[1]", "[2]", str(ActorsLostError(3))]
