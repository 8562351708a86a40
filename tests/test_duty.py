"""The suite ``service``: its faults, what came of them on disk, and a watch from beginning to end."""

from __future__ import annotations

import json
import os
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console

from evaluation.asking import ask, make_articles
from evaluation.duty import read_plan
from evaluation.duty.faults import (
    FAULTS,
    MAX_ARTICLE_CHARACTERS,
    MAX_BODY_BYTES,
    Fault,
    Refused,
    Reply,
    find_leftover,
)
from evaluation.duty.plan import Plan
from evaluation.duty.rows import Stint, StintFile, latest_stints, read_stints
from evaluation.duty.running import ARTICLES, AS_BEFORE, Watch, make_table
from evaluation.errors import BrokenDataError, BrokenSuiteError
from evaluation.serving import Server
from service.api import create_app
from service.checking import Checker
from service.desk import Desk
from service.settings import Settings
from tests.scripted import ScriptedGenerator, wait_until
from tests.served import desk_with, ready, served

SETTINGS = Settings(
    engine="rules", max_body_bytes=MAX_BODY_BYTES, max_article_characters=MAX_ARTICLE_CHARACTERS, api_keys=None
)
PLAN = Plan(name="mine", title="Mine", folder=Path(), kind="service", clients=1, seconds=1, times=2)
STINT = Stint(
    suite="mine",
    engine="rules",
    fingerprint="rules@1",
    machine="x, 2 cores",
    what="no body",
    when="alone",
    sent=3,
    right=1,
    turned_away=1,
    wrong=1,
    said=("500 and not 422",),
    key="k1",
)


@pytest.fixture(scope="module")
def server(checker: Checker) -> Iterator[Server]:
    with served(create_app(lambda: desk_with(checker, ScriptedGenerator()), SETTINGS)) as client:
        wait_until(lambda: ready(client))
        yield Server("127.0.0.1", client.base_url.port or 0, pid=os.getpid())


# --- faults ---


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_the_service_answers_every_fault_as_it_should(server: Server, fault: Fault) -> None:
    assert fault.send(server) == Reply()
    assert find_leftover(server) == ""


@pytest.mark.parametrize(
    ("request_", "wrong"),
    [
        pytest.param(Refused(400, "malformed-body", b"{}"), "422 and not 400: ", id="another status"),
        pytest.param(Refused(422, "malformed-body", b"{}"), "(422, 'urn:copydesk", id="another problem"),
        pytest.param(
            Refused(200, "", method="GET", path="/health/live"), "the type is application/json", id="no problem"
        ),
    ],
)
def test_an_answer_that_is_not_as_it_should_be_is_told(server: Server, request_: Refused, wrong: str) -> None:
    reply = request_(server)
    assert (reply.wrong.startswith(wrong), reply.turned_away) == (True, False)


def test_a_service_that_is_gone_answers_nothing_right() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        gone = Server("127.0.0.1", free.getsockname()[1], pid=0)
    assert all(fault.send(gone).wrong.startswith("no answer") for fault in FAULTS)
    assert find_leftover(gone).startswith("the service does not tell what is under way")


@contextmanager
def answering(answer: bytes) -> Iterator[Server]:
    """Give one client this answer and hang up."""
    with socket.create_server(("127.0.0.1", 0)) as listening, ThreadPoolExecutor(1) as threads:

        def reply() -> None:
            line, _ = listening.accept()
            with line:
                line.recv(65_536)
                line.sendall(answer)

        replying = threads.submit(reply)
        yield Server("127.0.0.1", listening.getsockname()[1], pid=0)
        replying.result()


@pytest.mark.parametrize(
    ("answer", "wrong", "turned_away"),
    [
        pytest.param(b"HTTP/1.1 200 OK\r\n\r\ndata: ", "", False, id="it has begun"),
        pytest.param(b"HTTP/1.1 503 Busy\r\nRetry-After: 2\r\n\r\n", "", True, id="no room"),
        pytest.param(b"HTTP/1.1 503 Busy\r\n\r\n", "503 and nothing below 500", False, id="no room, nor when"),
        pytest.param(b"HTTP/1.1 500 Oops\r\n\r\n", "500 and nothing below 500", False, id="a failure"),
        pytest.param(b"", "no answer (RemoteDisconnected: ", False, id="nothing"),
    ],
)
def test_a_client_leaves_in_the_middle_of_an_answer_that_has_begun(
    answer: bytes, wrong: str, turned_away: bool
) -> None:
    with answering(answer) as server:
        reply = FAULTS[-1].send(server)
    assert (FAULTS[-1].name, reply.turned_away) == ("a client that leaves in the middle of the answer", turned_away)
    assert reply.wrong[: len(wrong) or None] == wrong


def test_what_stays_under_way_is_told(checker: Checker) -> None:
    generator = ScriptedGenerator()
    with (
        served(create_app(lambda: desk_with(checker, generator), SETTINGS)) as client,
        ThreadPoolExecutor(1) as threads,
    ):
        wait_until(lambda: ready(client))
        server = Server("127.0.0.1", client.base_url.port or 0, pid=os.getpid())
        generator.started.clear()
        generator.free.clear()
        waiting = threads.submit(ask, server, next(make_articles(["The mayor left."])))
        wait_until(generator.started.is_set)
        left = find_leftover(server, seconds=0)
        generator.free.set()
        answered = waiting.result()
    assert (left, answered.fault) == ("1 requests are under way, and nobody waits for them", None)


# --- on disk ---


def test_a_stint_comes_back_as_it_was_added(tmp_path: Path) -> None:
    with StintFile(tmp_path / "s.jsonl") as file:
        file.add(STINT)
        file.add(replace(STINT, figures={"clients": 3}))
    assert read_stints(tmp_path / "s.jsonl") == [STINT, replace(STINT, figures={"clients": 3})]


@pytest.mark.parametrize("change", [{"sent": "3"}, {"figures": []}, {"what": None}], ids=str)
def test_a_line_that_is_no_stint_is_refused(tmp_path: Path, change: dict[str, object]) -> None:
    (tmp_path / "s.jsonl").write_text(json.dumps(STINT.as_json() | change) + "\n", encoding="utf-8")
    with pytest.raises(BrokenDataError, match="is no row of results"):
        read_stints(tmp_path / "s.jsonl")


def test_the_latest_stints_are_those_of_the_last_version() -> None:
    old, again = replace(STINT, fingerprint="rules@0", what="no text"), replace(STINT, wrong=0)
    assert latest_stints([old, STINT, again]) == [again]
    assert latest_stints([]) == []


# --- a watch ---


@pytest.fixture(scope="module")
def kept(server: Server, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Stint]]:
    path = tmp_path_factory.mktemp("duty") / "mine.jsonl"
    with StintFile(path) as file:
        watch = Watch(PLAN, FAULTS[:2], file)
        watch.keep(server)
        return path, watch.found


def test_a_watch_sends_faults_alone_and_under_load_and_looks_whether_all_is_as_before(
    kept: tuple[Path, list[Stint]],
) -> None:
    path, found = kept
    assert read_stints(path) == found
    names = [fault.name for fault in FAULTS[:2]]
    assert [(one.what, one.when) for one in found] == [
        *((name, "alone") for name in names),
        (ARTICLES, "under load"),
        *((name, "under load") for name in names),
        (AS_BEFORE, "after"),
    ]
    assert [(one.sent, one.right) for one in found[:2]] == [(2, 2), (2, 2)]
    assert all(one.right == one.sent > 0 for one in found)
    assert (found[2].figures["clients"], found[2].figures["answered"]) == (1, found[2].right)


def test_what_is_on_record_is_not_done_again(kept: tuple[Path, list[Stint]], server: Server) -> None:
    path, found = kept
    with StintFile(path) as file:
        watch = Watch(PLAN, FAULTS[:2], file)
        assert watch.missing == []
        assert watch.found == found
        assert len(Watch(PLAN, FAULTS[:3], file).missing) == 8
        other = Fault(FAULTS[1].name, Refused(418, "teapot"))
        assert len(Watch(PLAN, [FAULTS[0], other], file).missing) == 6
        assert len(Watch(PLAN.model_copy(update={"seconds": 9.0}), FAULTS[:2], file).missing) == 4


def test_what_was_wrong_is_done_again(tmp_path: Path, server: Server) -> None:
    never = Fault("what is never right", Refused(418, "teapot", b"{}"))
    with StintFile(tmp_path / "s.jsonl") as file:
        watch = Watch(PLAN, [never], file)
        watch.keep(server)
        assert watch.missing == [(never.name, "alone"), (never.name, "under load")]
        assert Watch(PLAN, [never], file).missing == watch.missing
        alone = watch.found[0]
    assert (alone.sent, alone.right, alone.wrong, len(alone.said)) == (2, 0, 2, 2)
    assert alone.said[0].startswith("422 and not 418: ")


def test_a_service_that_turns_everything_away_does_nothing_right(tmp_path: Path) -> None:
    closing = threading.Event()

    def open_desk() -> Desk:
        closing.wait(timeout=60)
        raise RuntimeError("nobody needs it any more")

    article = Fault("an article", Refused(200, "", b'{"text": "The mayor left."}'))
    with (
        served(create_app(open_desk, SETTINGS)) as client,
        StintFile(tmp_path / "s.jsonl") as file,
    ):
        watch = Watch(PLAN, [article], file)
        watch.keep(Server("127.0.0.1", client.base_url.port or 0, pid=os.getpid()))
        closing.set()
    # The fault is sent under load as often as there is time for it.
    alone, articles, loaded, after = watch.found
    assert [(one.what, one.when, one.wrong, one.said[:1]) for one in (alone, articles, after)] == [
        ("an article", "alone", 2, ("turned away, and nobody else was there",)),
        (ARTICLES, "under load", 1, ("nothing was answered",)),
        (AS_BEFORE, "after", 1, ("nothing was answered, so that nothing could be asked again",)),
    ]
    assert (loaded.what, loaded.when, loaded.right) == ("an article", "under load", 0)


def test_what_is_answered_when_the_load_is_over_is_not_under_load(tmp_path: Path, server: Server) -> None:
    def take_long(_: Server) -> Reply:
        time.sleep(3)
        return Reply()

    with StintFile(tmp_path / "s.jsonl") as file:
        watch = Watch(PLAN.model_copy(update={"times": 1, "seconds": 0.2}), [Fault("slow", take_long)], file)
        watch.keep(server)
    alone, _, loaded, _ = watch.found
    assert (alone.right, loaded.right, loaded.wrong, loaded.said) == (
        1,
        0,
        1,
        ("no answer came while the load lasted",),
    )


def test_a_table_has_a_line_for_each_thing_that_was_sent() -> None:
    console = Console(width=100)
    with console.capture() as captured:
        console.print(make_table([STINT, replace(STINT, when="under load", sent=9, right=8, turned_away=0)]))
    assert "no body 1 of 3 8 of 9 – 1 2" in [" ".join(line.split()) for line in captured.get().splitlines()]


def test_a_plan_that_does_not_say_what_it_should_is_named(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text('kind = "service"\ntitle = "Mine"\nclients = 0\n', encoding="utf-8")
    with pytest.raises(BrokenSuiteError, match="clients: Input should be greater than 0"):
        read_plan(str(path))
    assert read_plan("service").engine == "rules"
