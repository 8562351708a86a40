from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console
from typer.testing import CliRunner

from evaluation.asking import Article, Call, make_articles
from evaluation.errors import NotServingError
from evaluation.load import Load, app, differing_alone, judge, make_table, measure, put_under_load, throughput
from evaluation.serving import Server
from service.api import create_app
from service.checking import Checker
from service.desk import Desk
from service.settings import Settings
from tests.scripted import ScriptedGenerator, wait_until
from tests.served import desk_with, ready, served

PASSAGES = ["The mayor left on Monday.", "The board met on Tuesday.", "The ferry lost nine cars."]
RULES = Settings(engine="rules")
LOAD = Load(
    service="together",
    clients=2,
    seconds=4,
    answered=3,
    turned_away=1,
    faults=("no answer",),
    faulty=1,
    passages=10,
    passages_per_second=2.5,
    first_passage=(0.5, 1.25),
    whole=None,
    memory_before=100,
    memory_warm=110,
    memory_end=111,
    run_size=4,
    cpu_seconds=4,
)


@pytest.fixture(scope="module")
def server(checker: Checker) -> Iterator[Server]:
    with served(create_app(lambda: desk_with(checker, ScriptedGenerator()), RULES)) as client:
        wait_until(lambda: ready(client))
        yield Server("127.0.0.1", client.base_url.port or 0, pid=os.getpid())


def test_every_client_gets_its_own_answers(server: Server) -> None:
    load, calls = put_under_load(server, make_articles(PASSAGES), service="ours", clients=3, seconds=1)
    assert (load.service, load.clients, load.turned_away, load.faulty, load.faults) == ("ours", 3, 0, 0, ())
    assert load.answered == len(calls) == len({call.article.number for call in calls}) >= 3
    assert load.first_passage is not None
    assert load.whole is not None
    assert 0 < load.first_passage[0] <= load.whole[0] <= load.whole[1]
    assert min(load.memory_before, load.memory_warm, load.memory_end) > 1
    assert load.run_size is not None
    assert 1 <= load.run_size <= 16
    assert load.passages == sum(len(call.arrivals) for call in calls)
    assert load.cpu_seconds > 0


def test_clients_that_are_turned_away_wait_before_they_ask_again() -> None:
    closing = threading.Event()

    def open_desk() -> Desk:
        closing.wait(timeout=20)
        raise RuntimeError("nobody needs it any more")

    with served(create_app(open_desk, RULES)) as client:
        server = Server("127.0.0.1", client.base_url.port or 0, pid=os.getpid())
        load, calls = put_under_load(server, make_articles(PASSAGES), service="ours", clients=2, seconds=1)
        closing.set()
    assert (load.answered, load.turned_away, load.faulty, load.passages_per_second) == (0, 2, 0, 0)
    assert (load.first_passage, load.whole, len(calls)) == (None, None, 2)


def test_a_service_that_has_ended_is_told(server: Server) -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as ended:
        pass
    with socket.create_server(("127.0.0.1", 0)) as free:
        gone = Server("127.0.0.1", free.getsockname()[1], pid=os.getpid())
    articles = make_articles(PASSAGES)
    with pytest.raises(NotServingError, match=r"the service has ended \(ours: NoSuchProcess: "):
        put_under_load(replace(server, pid=ended.pid), articles, service="ours", clients=1, seconds=1)
    with pytest.raises(NotServingError, match=r"the service has ended \(ours: ConnectionRefusedError: "):
        put_under_load(gone, articles, service="ours", clients=1, seconds=1)


def test_a_service_that_does_not_serve_leaves_a_result_that_says_so(tmp_path: Path) -> None:
    output = tmp_path / "new" / "load.json"
    ran = CliRunner().invoke(app, ["--engine", "steam", "--output", str(output)])
    stored = json.loads(output.read_text(encoding="utf-8"))
    assert (ran.exit_code, ran.stderr) == (1, f"copydesk: {stored['failed']}\n")
    assert stored["failed"].startswith("the service has ended (")
    assert {"engine": "steam", "most_together": 16}.items() <= stored.items()


def test_services_take_turns_and_give_the_same_alone(server: Server) -> None:
    servers = {"one": server, "two": server}
    loads, differing = measure(servers, make_articles(PASSAGES), clients=1, seconds=0.2, rounds=2)
    assert ([load.service for load in loads], differing) == (["one", "two", "one", "two"], [])


def test_an_answer_that_comes_out_otherwise_alone_is_told(server: Server) -> None:
    article = Article("7000001", next(make_articles(PASSAGES)).text.replace("7000000", "7000001"))
    same = Call(article, began=0, ended=1, status=200, copy=article.text)
    assert differing_alone(server, [same, replace(same, copy="Another."), replace(same, copy=None)]) == ["7000001"]


def test_throughput_is_that_of_all_runs() -> None:
    loads = [LOAD, replace(LOAD, service="one at a time"), replace(LOAD, passages_per_second=3.5)]
    assert throughput(loads, "together") == 3


def test_what_is_asked_is_held_against_the_worst_run() -> None:
    good = replace(LOAD, faulty=0)
    met = [demand.met for demand in judge([good, good], [], 3.0)]
    worse = [replace(good, memory_end=90), LOAD]
    assert (met, [(demand.value, demand.met) for demand in judge(worse, ["7000001"], 2.5)]) == (
        [True, True, True],
        [(2, False), (pytest.approx(0.18, abs=0.01), False), (2.5, False)],
    )
    assert [demand.met for demand in judge([replace(good, answered=0)], [], None)] == [False, True, False]


def test_the_table_has_a_column_for_each_run() -> None:
    console = Console(width=100)
    with console.capture() as captured:
        console.print(make_table([LOAD, replace(LOAD, service="one at a time", turned_away=0)]))
    rows = [" ".join(line.split()) for line in captured.get().splitlines()]
    assert [row for row in rows if "median" in row or "503" in row or "memory" in row or "in a run" in row] == [
        "turned away with 503 1 0",
        "first passage, s: median, 95% 0.5, 1.2 0.5, 1.2",
        "whole answer, s: median, 95% – –",
        "passages in a run of the model 4.0 4.0",
        "memory, MiB: before, warm, end 100, 110, 111 100, 110, 111",
    ]
