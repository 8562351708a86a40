from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import httpx2
import pytest

from service.api import create_app
from service.checking import Checker
from service.errors import KeyInUseError, KeyReusedError
from service.idempotency import Answers
from service.settings import Settings
from tests.scripted import ScriptedGenerator, wait_until
from tests.served import desk_with, ready, served

TEXT = "The mayor left on Monday."
KEY = {"idempotency-key": '"8e03978e"'}


def answer(answers: Answers, key: str, content: bytes = b"answer") -> None:
    with answers.answering(key, b"print") as keep:
        keep(content)


# --- what is kept ---


def test_answer_is_kept_for_the_same_request_alone() -> None:
    answers = Answers()
    answer(answers, "a")
    assert (answers.find("a", b"print"), answers.find("b", b"other")) == (b"answer", b"")
    with pytest.raises(KeyReusedError):
        answers.find("a", b"other")


def test_key_is_held_while_its_request_is_under_way_and_free_after_an_error() -> None:
    answers = Answers()
    with suppress(RuntimeError), answers.answering("a", b"print"):
        with pytest.raises(KeyInUseError):
            answers.find("a", b"print")
        raise RuntimeError
    assert answers.find("a", b"other") == b""


def test_answers_are_forgotten_after_a_time() -> None:
    now = [0.0]
    answers = Answers(seconds=10, clock=lambda: now[0])
    answer(answers, "a")
    now[0] = 9.0
    assert answers.find("a", b"print") == b"answer"
    now[0] = 10.0
    assert answers.find("a", b"other") == b""


def test_no_more_keys_are_kept_than_there_is_room_for_and_the_oldest_go_first() -> None:
    answers = Answers(most_keys=2)
    for key in "abc":
        answer(answers, key)
    assert [answers.find(key, b"print") for key in "abc"] == [b"", b"answer", b"answer"]


def test_no_more_bytes_are_kept_than_there_is_room_for() -> None:
    answers = Answers(most_bytes=10)
    for key in "abc":
        answer(answers, key, b"12345")
    assert [answers.find(key, b"print") for key in "abc"] == [b"", b"12345", b"12345"]


def test_request_under_way_is_not_forgotten_for_lack_of_room() -> None:
    answers = Answers(most_keys=1)
    with answers.answering("a", b"print"):
        answer(answers, "b")
        assert answers.find("b", b"print") == b""
        with pytest.raises(KeyInUseError):
            answers.find("a", b"print")


# --- over HTTP ---


@pytest.fixture
def generator() -> ScriptedGenerator:
    return ScriptedGenerator()


@pytest.fixture
def client(checker: Checker, generator: ScriptedGenerator) -> Iterator[httpx2.Client]:
    with served(create_app(lambda: desk_with(checker, generator), Settings(engine="rules"))) as client:
        wait_until(lambda: ready(client))
        generator.calls.clear()
        yield client
        generator.free.set()


def test_the_same_request_with_the_same_key_is_answered_again_and_worked_on_once(
    client: httpx2.Client, generator: ScriptedGenerator
) -> None:
    one, two = (client.post("/v1/rewrite", json={"text": TEXT}, headers=KEY) for _ in range(2))
    assert (one.status_code, one.content, one.headers["content-type"]) == (
        two.status_code,
        two.content,
        two.headers["content-type"],
    )
    assert (len(generator.calls), one.headers["x-request-id"] != two.headers["x-request-id"]) == (1, True)


@pytest.mark.parametrize("key", ["8e03978e", '"8e03978e"'])
def test_another_request_with_the_key_is_refused(client: httpx2.Client, key: str) -> None:
    client.post("/v1/rewrite", json={"text": TEXT}, headers=KEY)
    headers = {"idempotency-key": key, "x-request-id": "test-1"}
    reply = client.post("/v1/rewrite", json={"text": TEXT + " So."}, headers=headers)
    assert (reply.status_code, reply.json()) == (
        422,
        {
            "type": "urn:copydesk:problem:idempotency-key-reused",
            "title": "The idempotency key was another request's",
            "status": 422,
            "detail": "Another request came with this idempotency key: give each request a key of its own.",
            "instance": "/v1/rewrite",
            "request_id": "test-1",
            "errors": [],
        },
    )


def test_request_that_is_sent_again_too_early_is_told_so(client: httpx2.Client, generator: ScriptedGenerator) -> None:
    generator.started.clear()
    generator.free.clear()
    with ThreadPoolExecutor() as threads:
        first = threads.submit(client.post, "/v1/rewrite", json={"text": TEXT}, headers=KEY)
        wait_until(generator.started.is_set)
        early = client.post("/v1/rewrite", json={"text": TEXT}, headers=KEY)
        generator.free.set()
        assert first.result().status_code == 200
    assert (early.status_code, early.headers["retry-after"], early.json()["type"]) == (
        409,
        "1",
        "urn:copydesk:problem:idempotency-key-in-use",
    )


def test_answer_is_there_for_a_caller_who_lost_the_connection(
    client: httpx2.Client, generator: ScriptedGenerator
) -> None:
    generator.free.clear()
    with pytest.raises(httpx2.ReadTimeout):
        client.post("/v1/rewrite", json={"text": TEXT}, headers=KEY, timeout=0.3)
    generator.free.set()
    wait_until(lambda: client.post("/v1/rewrite", json={"text": TEXT}, headers=KEY).status_code == 200)
    assert len(generator.calls) == 1


def test_request_that_failed_leaves_its_key_free(client: httpx2.Client) -> None:
    failed = client.post("/v1/rewrite", json={"text": " "}, headers=KEY)
    reply = client.post("/v1/rewrite", json={"text": TEXT}, headers=KEY)
    assert (failed.json()["type"], reply.status_code) == ("urn:copydesk:problem:empty-article", 200)


def test_events_are_told_again_and_a_key_is_good_for_one_form_of_the_answer(client: httpx2.Client) -> None:
    events = {**KEY, "accept": "text/event-stream"}
    one, two = (client.post("/v1/rewrite", json={"text": TEXT}, headers=events) for _ in range(2))
    other = client.post("/v1/rewrite", json={"text": TEXT + " So."}, headers=events)
    as_json = client.post("/v1/rewrite", json={"text": TEXT}, headers=KEY)
    assert (one.status_code, one.text, other.status_code, as_json.status_code) == (200, two.text, 422, 422)


@pytest.mark.parametrize(
    "key",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b'""', id="empty in marks"),
        pytest.param(b"a b", id="blank"),
        pytest.param(b'"a', id="one mark"),
        pytest.param(b"a" * 256, id="long"),
        pytest.param("clé".encode(), id="not ASCII"),
    ],
)
def test_key_that_is_none_is_refused(client: httpx2.Client, key: bytes) -> None:
    reply = client.post("/v1/rewrite", json={"text": TEXT}, headers={b"idempotency-key": key})
    assert (reply.status_code, reply.json()["type"]) == (400, "urn:copydesk:problem:malformed-idempotency-key")
