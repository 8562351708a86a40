from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import psutil
import pytest
from typer.testing import CliRunner, Result

from service.cli import app
from tests.scripted import wait_until

# A test run in the background hands down that interruptions are ignored.
PROGRAM = [
    *(sys.executable, "-c"),
    "import signal, sys; signal.signal(signal.SIGINT, signal.default_int_handler); sys.modules['torch'] = None; "
    "from service.cli import main; main()",
]
TEXTS = [f"So the mayor just axed {number} bus routes." for number in range(20, 220)]


def write(path: Path, *rows: dict[str, Any]) -> str:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return str(path)


def run(*arguments: str) -> Result:
    unset = {name: None for name in os.environ if name.startswith("COPYDESK_")}
    return CliRunner().invoke(app, ["batch", *arguments, "--engine", "rules"], env=unset)


def test_sums_are_shown_and_a_row_that_failed_makes_the_exit_status_1(tmp_path: Path) -> None:
    source = write(
        tmp_path / "in.data",
        {"key": "a", "body": "The mayor cut 40 bus routes on Monday. Why did you miss them?"},
        {"key": "b"},
        {"key": "c", "body": "Not taken."},
    )
    target = tmp_path / "out.jsonl"
    options = ("--format", "jsonl", "--text-column", "body", "--id-column", "key", "--limit", "2", "--full")
    result = run(source, str(target), *options, "--seed", "4")
    sums = dict(line.rsplit(maxsplit=1) for line in result.stdout.splitlines()[:-1])
    assert (result.exit_code, result.stderr, {name.strip(): int(value) for name, value in sums.items()}) == (
        1,
        "",
        {"rows": 2, "errors": 1, "passages": 2, "unchanged": 1, "rewritten": 0, "repaired": 0, "facts": 2}
        | {"kept": 2, "altered": 0, "omitted": 0, "unsupported": 0},
    )
    good, bad = (json.loads(line) for line in target.read_text().splitlines())
    assert (good["id"], good["provenance"]["seed"], good["certificate"]["faithful"]) == ("a", 4, True)
    assert bad == {"id": "b", "error": "Body: Field required."}


def test_all_good_rows_make_the_exit_status_0(tmp_path: Path) -> None:
    result = run(write(tmp_path / "in.jsonl", {"text": "The mayor spoke."}), str(tmp_path / "out.csv"))
    assert (result.exit_code, result.stdout.splitlines()[-1].split()[0]) == (0, "time")


def test_rows_are_written_in_the_style_and_with_the_terms_that_are_asked_for(tmp_path: Path) -> None:
    (tmp_path / "terms.tsv").write_text("# what we say\ncops\tofficers\n\n")
    source = write(
        tmp_path / "in.jsonl",
        {"text": "The cops won't leave Axe Street in the U.S."},
        {"text": "The cops won't leave Axe Street in the U.S.", "glossary": {"cops": "police"}},
        {"text": "The mayor spoke.", "protected": "mayor"},
    )
    options = ("--style", "bbc", "--mode", "fix", "--protect", "Axe Street", "--glossary", str(tmp_path / "terms.tsv"))
    result = run(source, str(tmp_path / "out.jsonl"), *options)
    out = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text().splitlines()]
    assert (result.exit_code, [row.get("copy") for row in out]) == (
        1,
        ["The officers will not leave Axe Street in the US.", "The police will not leave Axe Street in the US.", None],
    )
    assert out[2]["error"] == 'Protected: Input should be JSON, as ["Big Mac"].'


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        pytest.param(("gone.jsonl", "out.jsonl"), "gone.jsonl: there is no such file", id="no input"),
        pytest.param(
            ("in.jsonl", "out.jsonl"),
            "out.jsonl: it exists already: name another, or replace it with --no-resume",
            id="output there",
        ),
        pytest.param(
            ("in.jsonl", "new.jsonl", "--workers", "257"),
            "--workers takes at most 256 on one machine: more take --engine ray",
            id="too many workers",
        ),
        pytest.param(
            ("in.jsonl", "new.jsonl", "--style", "tabloid"),
            "there is no style 'tabloid'; known are ap, bbc, reuters",
            id="unknown style",
        ),
    ],
)
def test_batch_that_cannot_be_run_says_why_and_has_the_exit_status_2(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], reason: str
) -> None:
    monkeypatch.chdir(tmp_path)
    write(tmp_path / "in.jsonl", {"text": "The mayor spoke."})
    (tmp_path / "out.jsonl").write_text("before")
    result = run(*arguments)
    assert (result.exit_code, result.stdout, result.stderr) == (2, "", f"copydesk: {reason}\n")
    assert (tmp_path / "out.jsonl").read_text() == "before"


Begin = Callable[..., "subprocess.Popen[bytes]"]


@pytest.fixture
def begin() -> Iterator[Begin]:
    """Start the command in processes of its own, which end with the test."""
    with ExitStack() as ending:

        def start(*arguments: str) -> subprocess.Popen[bytes]:
            command = [*PROGRAM, "batch", *arguments, "--engine", "rules"]
            process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
            ending.enter_context(process)
            ending.callback(process.kill)
            return process

        yield start


def children_of(process: subprocess.Popen[bytes]) -> list[psutil.Process]:
    """Wait for a worker; one child more keeps account of what they share."""
    wait_until(lambda: len(psutil.Process(process.pid).children()) > 1, seconds=240)
    return list(psutil.Process(process.pid).children())


def test_command_goes_on_after_an_interruption_and_after_a_kill_and_its_workers_end_with_it(
    tmp_path: Path, begin: Begin
) -> None:
    source = write(tmp_path / "in.jsonl", *({"id": number, "text": text} for number, text in enumerate(TEXTS)))
    target, record = tmp_path / "out.jsonl", tmp_path / "out.jsonl.progress-wal"
    order = (source, str(target), "--workers", "2")
    first = begin(*order)
    children_of(first)
    size = record.stat().st_size
    wait_until(lambda: record.stat().st_size > size, seconds=240)
    first.send_signal(signal.SIGINT)
    _, said = first.communicate(timeout=240)
    assert (first.returncode, b"the same command goes on from there" in said) == (130, True)
    second = begin(*order)
    workers = children_of(second)
    second.kill()
    second.communicate(timeout=240)
    wait_until(lambda: not any(worker.is_running() for worker in workers), seconds=240)
    third = begin(*order)
    shown, _ = third.communicate(timeout=240)
    assert (third.returncode, b"done in earlier runs" in shown) == (0, True)
    out = [json.loads(line) for line in target.read_text().splitlines()]
    assert [(row["id"], row["copy"]) for row in out] == [
        (number, text.replace("So the", "The")) for number, text in enumerate(TEXTS)
    ]
